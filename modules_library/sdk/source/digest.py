"""The digest of a module version: its normalised source and the project files it imports.

What counts as a project file: files below `root` that the source imports, directly or through other
project files, by absolute or relative import. For built-ins the root is the folder that holds
`modules_library`, and the SDK and the registry are left out: they are the floor that every module
stands on, tested as such, and a corrected word in them must not give every module a new digest.
`runtime` is left out for the same reason. Third-party packages are covered by locked requirements.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from runtime.model.digest import digest_value

_FLOOR = ("modules_library/sdk/", "modules_library/registry/", "runtime/", "designer/")


def source_digest(path: Path, *, root: Path) -> str:
    """Digest of a module's source and of every project file it imports, transitively.

    Line ends, a byte order mark and the final newline do not count; everything else does.
    """
    files = project_files(path, root=root)
    contents = {name: normalised(file) for name, file in files.items()}
    return digest_value({"format": 1, "main": normalised(path), "files": contents})


def project_files(path: Path, *, root: Path) -> dict[str, Path]:
    """The project files that a source imports, by their path below `root`; without itself."""
    root = root.resolve()
    start = path.resolve()
    found: dict[str, Path] = {}
    waiting = [start]
    while waiting:
        for file in _imported_files(waiting.pop(), root):
            name = file.relative_to(root).as_posix()
            if name not in found and file != start and not name.startswith(_FLOOR):
                found[name] = file
                waiting.append(file)
    return dict(sorted(found.items()))


def normalised(path: Path) -> str:
    """The text with LF line ends, without a byte order mark, with one final newline."""
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"


def _imported_files(path: Path, root: Path) -> Iterator[Path]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, OSError):
        return
    package = path.parent.relative_to(root).parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files_of(alias.name.split("."), root)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            base += node.module.split(".") if node.module else []
            yield from _files_of(base, root)
            for alias in node.names:
                yield from _files_of([*base, alias.name], root)


def _files_of(parts: list[str], root: Path) -> Iterator[Path]:
    """The file of a dotted name, and the `__init__.py` of every package on the way."""
    for end in range(1, len(parts) + 1):
        place = root.joinpath(*parts[:end])
        if (place / "__init__.py").is_file():
            yield place / "__init__.py"
    file = root.joinpath(*parts).with_suffix(".py") if parts else root
    if parts and file.is_file():
        yield file
