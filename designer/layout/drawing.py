"""One part of a graph drawn: rows, sides, heights."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from designer.layout.folding import slices
from designer.layout.frames import framed
from designer.layout.layers import Link
from designer.layout.parts import Part
from designer.layout.rows import ABOVE_FRAME, Extent, extents_of, heights_of, links_of, ranked
from designer.layout.shapes import Area
from designer.layout.sides import lefts_of
from designer.layout.spacing import FRAME_PADDING, PART_GAP, on_grid


class Drawing(NamedTuple):
    """A part with its upper left corner at 0, 0; the edges of frames count."""

    part: Part
    xs: list[int]
    ys: list[int]
    frames: dict[str, Area]

    @property
    def width(self) -> int:
        """From the left edge to the right one."""
        rights = [x + width for x, width in zip(self.xs, self.part.widths, strict=True)]
        return max(rights + [area.x + area.width for area in self.frames.values()])

    @property
    def height(self) -> int:
        """From the upper edge to the lower one."""
        bottoms = [y + height for y, height in zip(self.ys, self.part.heights, strict=True)]
        return max(bottoms + [area.y + area.height for area in self.frames.values()])


def draw(part: Part) -> Drawing:
    """Lay out a part of a graph."""
    if len(part.ids) == 1 and not part.frames[0]:
        return Drawing(part, [0], [0], {})
    links = links_of(part)
    found = ranked(part, links)
    extents = extents_of(part, found.rows)
    hints = [hint[0] if hint else None for hint in part.hints]
    sides: dict[str, tuple[int, int]] = {}
    if extents:
        lefts, sides = framed(part, found, links, extents, hints)
    else:
        lefts = lefts_of(found, part.widths, links, hints)
    heights = heights_of(part, found.rows, extents)
    frames = {
        name: Area(
            x=left,
            y=heights.tops[extents[name].first] - ABOVE_FRAME,
            width=width,
            height=ABOVE_FRAME
            + FRAME_PADDING
            + heights.bottoms[extents[name].last]
            - heights.tops[extents[name].first],
        )
        for name, (left, width) in sides.items()
    }
    xs = [on_grid(left) for left in lefts]
    ys = [heights.tops[row] for row in found.rows]
    drawing = _cornered(Drawing(part, xs, ys, frames))
    return _folded(drawing, found.rows, links, extents)


def _cornered(drawing: Drawing) -> Drawing:
    """The drawing moved so that its corner is at 0, 0."""
    areas = drawing.frames.values()
    left = min([*drawing.xs, *(area.x for area in areas)])
    top = min([*drawing.ys, *(area.y for area in areas)])
    return moved(drawing, -left, -top)


def moved(drawing: Drawing, x: int, y: int) -> Drawing:
    """The drawing somewhere else."""
    frames = {
        name: Area(x=area.x + x, y=area.y + y, width=area.width, height=area.height)
        for name, area in drawing.frames.items()
    }
    return Drawing(
        drawing.part, [one + x for one in drawing.xs], [one + y for one in drawing.ys], frames
    )


def _folded(
    drawing: Drawing, rows: Sequence[int], links: Sequence[Link], extents: Mapping[str, Extent]
) -> Drawing:
    tops = [0] * (max(rows) + 1)
    for row, y in zip(rows, drawing.ys, strict=True):
        tops[row] = y
    wires = [(rows[link.upper], rows[link.lower]) for link in links]
    columns = slices(tops, (drawing.width, drawing.height), wires, extents.values())
    if len(columns) == 1:
        return drawing
    xs, ys = list(drawing.xs), list(drawing.ys)
    frames: dict[str, Area] = {}
    x = 0
    for first, end in columns:
        nodes = [node for node, row in enumerate(rows) if first <= row < end]
        inside = [name for name, extent in extents.items() if first <= extent.first < end]
        column = _cornered(
            Drawing(
                _picked(drawing.part, nodes),
                [drawing.xs[node] for node in nodes],
                [drawing.ys[node] for node in nodes],
                {name: drawing.frames[name] for name in inside},
            )
        )
        placed = moved(column, x, 0)
        for node, node_x, node_y in zip(nodes, placed.xs, placed.ys, strict=True):
            xs[node], ys[node] = node_x, node_y
        frames |= placed.frames
        x += column.width + PART_GAP
    return Drawing(drawing.part, xs, ys, frames)


def _picked(part: Part, nodes: Sequence[int]) -> Part:
    """Some nodes of a part, without their wires."""
    return Part(
        [part.ids[node] for node in nodes],
        [part.widths[node] for node in nodes],
        [part.heights[node] for node in nodes],
        [part.frames[node] for node in nodes],
        [part.hints[node] for node in nodes],
        [],
    )
