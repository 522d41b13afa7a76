"""The files of a module version, as people read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from modules_library.programs import DECLARATION, files_of
from runtime.errors import RequestError
from runtime.model import ModuleSpec

MOST_FILES = 50
LARGEST_BYTES = 200_000


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file as highlighted HTML, escaped; empty where it is no text, or too long to read here.

    Attributes:
        name: Its path below the module's folder.
        html: Line 12 of the first file has the id `L-12`, of the third `L3-12`.
    """

    name: str
    bytes: int
    html: str


def source_files(spec: ModuleSpec) -> list[SourceFile]:
    """What a version consists of, the file that is run first; nothing where it is gone."""
    return [
        _shown(name, path, "L" if number == 1 else f"L{number}")
        for number, (name, path) in enumerate(_files(spec), start=1)
    ]


def _files(spec: ModuleSpec) -> list[tuple[str, Path]]:
    source = Path(spec.entry.source)
    if source.name != DECLARATION:
        return [(source.name, source)] if source.is_file() else []
    try:
        found = files_of(source.parent)
    except (OSError, RequestError):
        return []
    first = {spec.entry.function: 0, DECLARATION: 1}
    names = sorted(found, key=lambda name: (first.get(name, 2), name))
    return [(name, found[name]) for name in names[:MOST_FILES]]


def _shown(name: str, path: Path, lines: str) -> SourceFile:
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    is_text = len(data) <= LARGEST_BYTES and b"\0" not in data
    html = _highlighted(name, data.decode("utf-8", errors="replace"), lines) if is_text else ""
    return SourceFile(name=name, bytes=len(data), html=html)


def _highlighted(name: str, text: str, lines: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer, TextLexer, get_lexer_for_filename
    from pygments.util import ClassNotFound

    if name.endswith(".ipynb"):
        text, lexer = _cells(text), PythonLexer()
    else:
        try:
            lexer = get_lexer_for_filename(name)
        except ClassNotFound:
            lexer = TextLexer()
    formatted: str = highlight(text, lexer, HtmlFormatter(cssclass="source", linespans=lines))
    return formatted


def _cells(text: str) -> str:
    """A notebook as a Python text with a line `# %%` before every cell, without what was printed."""
    try:
        cells: list[dict[str, Any]] = json.loads(text)["cells"]
        return "\n\n".join(_cell(one) for one in cells) + "\n"
    except (ValueError, KeyError, TypeError):
        return text


def _cell(cell: dict[str, Any]) -> str:
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    tags = " ".join(cell.get("metadata", {}).get("tags", ()))
    if cell["cell_type"] == "code":
        return f"# %%{f' {tags}' if tags else ''}\n{text}"
    return "\n".join(["# %% [markdown]", *(f"# {line}".rstrip() for line in text.splitlines())])
