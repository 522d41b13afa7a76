"""From a part's wires to the row of every node, and from rows to heights."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from designer.layout.cycles import leading_back
from designer.layout.layers import Link
from designer.layout.parts import Part
from designer.layout.ranking import rank
from designer.layout.simplex import Span
from designer.layout.spacing import FRAME_PADDING, FRAME_TITLE, ROW_GAP
from designer.layout.wrapping import wrapped

_FRAME_PULL = 2
"""How much a frame's height counts beside the lengths of wires."""


def links_of(part: Part) -> list[Link]:
    """The wires, all leading down: those that close a cycle are turned round."""
    back = leading_back(len(part.ids), [(wire.tail, wire.head) for wire in part.wires])
    return [
        Link(wire.head, wire.tail, wire.head_x, wire.tail_x)
        if index in back
        else Link(wire.tail, wire.head, wire.tail_x, wire.head_x)
        for index, wire in enumerate(part.wires)
    ]


class Ranked(NamedTuple):
    """The row of every node, and the links that are long only because a row was wrapped."""

    rows: list[int]
    stretched: set[Link]


def ranked(part: Part, links: Sequence[Link]) -> Ranked:
    """Put the nodes of a part into rows; the members of a frame stay near each other."""
    count = len(part.ids)
    weights = Counter((link.upper, link.lower) for link in links)
    spans = [Span(upper, lower, weight=weight) for (upper, lower), weight in weights.items()]
    borders = _borders(part)
    rows = rank(count + 2 * len(set(filter(None, part.frames))), [*spans, *borders])[:count]
    top = min(rows)
    natural = [row - top for row in rows]
    found = wrapped(natural, spans)
    stretched = {
        link
        for link in links
        if found[link.lower] - found[link.upper] > natural[link.lower] - natural[link.upper]
    }
    return Ranked(found, stretched)


def _borders(part: Part) -> list[Span]:
    """Every frame's first and last row as nodes of their own, drawn to each other."""
    members: dict[str, list[int]] = {}
    for node, frame in enumerate(part.frames):
        if frame:
            members.setdefault(frame, []).append(node)
    spans = []
    for number, nodes in enumerate(members.values()):
        first = len(part.ids) + 2 * number
        spans.append(Span(first, first + 1, 0, _FRAME_PULL))
        spans += [Span(first, node, 0, 0) for node in nodes]
        spans += [Span(node, first + 1, 0, 0) for node in nodes]
    return spans


class Extent(NamedTuple):
    """The rows of a frame, the last one included."""

    first: int
    last: int


def extents_of(part: Part, rows: Sequence[int]) -> dict[str, Extent]:
    """The rows of every frame."""
    found: dict[str, Extent] = {}
    for frame, row in zip(part.frames, rows, strict=True):
        if frame:
            first, last = found.get(frame, (row, row))
            found[frame] = Extent(min(first, row), max(last, row))
    return found


class Heights(NamedTuple):
    """The upper and lower edge of every row."""

    tops: list[int]
    bottoms: list[int]


ABOVE_FRAME = FRAME_TITLE + FRAME_PADDING


def heights_of(part: Part, rows: Sequence[int], frames: Mapping[str, Extent]) -> Heights:
    """Stack the rows, each as high as its highest node, with room for the edges of frames."""
    count = max(rows) + 1
    heights = [0] * count
    for row, height in zip(rows, part.heights, strict=True):
        heights[row] = max(heights[row], height)
    begins = {extent.first for extent in frames.values()}
    ends = {extent.last for extent in frames.values()}
    tops, bottoms = [], []
    y = 0
    for row, height in enumerate(heights):
        y += ABOVE_FRAME if row in begins else 0
        tops.append(y)
        bottoms.append(y + height)
        y += height + (FRAME_PADDING if row in ends else 0) + ROW_GAP
    return Heights(tops, bottoms)
