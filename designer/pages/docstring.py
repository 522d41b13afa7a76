"""A module's docstring as HTML: paragraphs, lists, code and Google-style sections, all escaped."""

import re
import textwrap
from collections.abc import Collection, Iterator, Sequence

from designer.pages.markup import Child, Markup, tag

__all__ = ["draw_docstring"]

_SECTION = re.compile(r"^([A-Z][A-Za-z ]{2,24}):\s*$")
_BULLET = re.compile(r"^\s{0,3}[*-] +")
_ITEM = re.compile(r"^(\*{0,2}[A-Za-z_][\w., ]*?)(?: \([^)]*\))?: +(.*)$", re.DOTALL)
_INLINE = re.compile(r"(`+)(.+?)\1|\*\*(.+?)\*\*", re.DOTALL)


def draw_docstring(text: str, *, without: Collection[str] = ()) -> Markup:
    """The documentation of a module.

    Args:
        text: The docstring as the author wrote it.
        without: Titles of sections that are shown elsewhere.
    """
    parts: list[Child] = []
    for title, lines in _sections(text):
        if title in without:
            continue
        if title:
            parts.append(tag("h3", title))
        parts += _blocks(lines, has_items=bool(title))
    return tag("div.pg-prose", parts)


def inline(text: str) -> list[Child]:
    """Text with `code` and **strong** marks; everything else is text."""
    parts: list[Child] = []
    at = 0
    for match in _INLINE.finditer(text):
        parts.append(text[at : match.start()])
        code, strong = match[2], match[3]
        parts.append(tag("code", code.strip()) if code is not None else tag("strong", strong))
        at = match.end()
    return [*parts, text[at:]]


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    title, lines = "", list[str]()
    for line in text.expandtabs(4).splitlines():
        if found := _SECTION.match(line):
            yield title, lines
            title, lines = found[1], []
        else:
            lines.append(line)
    yield title, lines


def _blocks(lines: Sequence[str], *, has_items: bool) -> Iterator[Markup]:
    text = textwrap.dedent("\n".join(lines)).strip("\n")
    for block in re.split(r"\n\s*\n", text):
        if block.strip():
            yield _block(block, has_items=has_items)


def _block(block: str, *, has_items: bool) -> Markup:
    if block.lstrip().startswith((">>>", "```")) or all(
        line.startswith("    ") for line in block.splitlines()
    ):
        return tag("pre", re.sub(r"^```\w*\n?|\n?```$", "", textwrap.dedent(block)))
    if _BULLET.match(block):
        items = re.split(r"\n(?=\s{0,3}[*-] )", block)
        return tag("ul", (tag("li", inline(_joined(_BULLET.sub("", item)))) for item in items))
    items = re.split(r"\n(?=\S)", block)
    pairs = [_ITEM.match(item) for item in items]
    if has_items and all(pairs):
        rows = ((pair[1], _joined(pair[2])) for pair in pairs if pair)
        return tag("dl", ((tag("dt", tag("code", k)), tag("dd", inline(v))) for k, v in rows))
    return tag("p", inline(_joined(block)))


def _joined(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()
