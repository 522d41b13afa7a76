"""Frames: their members are laid out inside them, and nobody else's node gets in.

A frame is first drawn by itself. In the rows that it takes it then stands among the others as one
wide item per row; these items are a block, which keeps its order and stands straight.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from designer.layout.columns import settle
from designer.layout.layers import Layers, Link
from designer.layout.ordering import order
from designer.layout.parts import Part
from designer.layout.rows import Extent, Ranked
from designer.layout.sides import layered
from designer.layout.spacing import FRAME_PADDING, on_grid

_TOGETHER = 1000
"""How much a block's own links count."""


class Framed(NamedTuple):
    """The left edge of every node, and the left edge and the width of every frame."""

    lefts: list[float]
    frames: dict[str, tuple[int, int]]


class _Inside(NamedTuple):
    """A frame drawn by itself: its width, and where in it its members are."""

    width: int
    lefts: dict[int, int]


def framed(
    part: Part,
    ranked: Ranked,
    links: Sequence[Link],
    extents: Mapping[str, Extent],
    hints: Sequence[float | None],
) -> Framed:
    """The left edges in a part that has frames."""
    free = layered(ranked, part.widths, links)
    order(free, hints)
    sides: list[float | None] = list(settle(free)[: len(part.ids)])
    insides = {
        name: _inside(part, ranked, links, name=name, first=extent.first, sides=sides)
        for name, extent in extents.items()
    }
    outside = _Outside(part, ranked, extents, insides)
    layers = outside.layers(links)
    order(layers, outside.sides(sides))
    places = settle(layers)
    return outside.taken_apart(places)


def _inside(
    part: Part,
    ranked: Ranked,
    links: Sequence[Link],
    *,
    name: str,
    first: int,
    sides: Sequence[float | None],
) -> _Inside:
    members = [node for node, frame in enumerate(part.frames) if frame == name]
    index = {node: number for number, node in enumerate(members)}
    inner = [
        Link(index[link.upper], index[link.lower], link.upper_x, link.lower_x)
        for link in links
        if link.upper in index and link.lower in index and link not in ranked.stretched
    ]
    widths = [part.widths[node] for node in members]
    layers = layered(Ranked([ranked.rows[node] - first for node in members], set()), widths, inner)
    order(layers, [sides[node] for node in members])
    places = settle(layers)[: len(members)]
    left = min(places)
    lefts = {
        node: FRAME_PADDING + on_grid(place - left)
        for node, place in zip(members, places, strict=True)
    }
    right = max(lefts[node] + part.widths[node] for node in members)
    return _Inside(right + FRAME_PADDING, lefts)


class _Outside:
    """The part with every frame as a block of items, one for each of its rows."""

    def __init__(
        self,
        part: Part,
        ranked: Ranked,
        extents: Mapping[str, Extent],
        insides: Mapping[str, _Inside],
    ) -> None:
        self.part = part
        self.ranked = ranked
        self.extents = extents
        self.insides = insides
        self.free = [node for node, frame in enumerate(part.frames) if not frame]
        self.item = {node: number for number, node in enumerate(self.free)}
        self.first_item: dict[str, int] = {}
        count = len(self.free)
        for name, extent in extents.items():
            self.first_item[name] = count
            count += extent.last - extent.first + 1

    def layers(self, links: Sequence[Link]) -> Layers:
        """The layers of the free nodes and the blocks."""
        row_of = [self.ranked.rows[node] for node in self.free]
        widths = [self.part.widths[node] for node in self.free]
        block = [-1] * len(self.free)
        own: list[Link] = []
        for number, (name, extent) in enumerate(self.extents.items()):
            for row in range(extent.first, extent.last + 1):
                if row > extent.first:
                    own.append(Link(len(row_of) - 1, len(row_of), 0, 0, _TOGETHER))
                row_of.append(row)
                widths.append(self.insides[name].width)
                block.append(number)
        led: list[Link] = []
        stretched: set[Link] = set()
        for link in links:
            lead = self._lead(link)
            if lead is not None:
                led.append(lead)
                if link in self.ranked.stretched:
                    stretched.add(lead)
        layers = layered(Ranked(row_of, stretched), widths, [*own, *led])
        layers.block[: len(block)] = block
        return layers

    def sides(self, sides: Sequence[float | None]) -> list[float | None]:
        """From left to right where the items would be if there were no frames."""
        found: list[float | None] = [sides[node] for node in self.free]
        for name, extent in self.extents.items():
            inside = [sides[node] or 0.0 for node in self.insides[name].lefts]
            found += [sum(inside) / len(inside)] * (extent.last - extent.first + 1)
        return found

    def taken_apart(self, places: Sequence[float]) -> Framed:
        """The places of nodes and frames from those of the items."""
        lefts = [0.0] * len(self.part.ids)
        for node, number in self.item.items():
            lefts[node] = places[number]
        frames = {}
        for name, inside in self.insides.items():
            left = on_grid(places[self.first_item[name]])
            frames[name] = left, inside.width
            for node, inner in inside.lefts.items():
                lefts[node] = left + inner
        return Framed(lefts, frames)

    def _lead(self, link: Link) -> Link | None:
        """A wire between items; it leaves a frame below and enters one above, if it can."""
        upper_frame, lower_frame = self.part.frames[link.upper], self.part.frames[link.lower]
        if upper_frame and upper_frame == lower_frame:
            return None
        upper_row, lower_row = self.ranked.rows[link.upper], self.ranked.rows[link.lower]
        if upper_frame:
            upper_row = min(self.extents[upper_frame].last, lower_row - 1)
        if lower_frame:
            lower_row = max(self.extents[lower_frame].first, upper_row + 1)
        upper, upper_x = self._end(link.upper, link.upper_x, upper_row)
        lower, lower_x = self._end(link.lower, link.lower_x, lower_row)
        return Link(upper, lower, upper_x, lower_x)

    def _end(self, node: int, x: float, row: int) -> tuple[int, float]:
        frame = self.part.frames[node]
        if not frame:
            return self.item[node], x
        item = self.first_item[frame] + row - self.extents[frame].first
        return item, x + self.insides[frame].lefts[node]
