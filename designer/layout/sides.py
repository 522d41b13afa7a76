"""From rows to the left edge of every node: bends, order, columns, room for the curves.

Large drawings are judged by their crossings alone. Of a small one several orders are drawn, and
neighbours exchanged, and what looks best is taken.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from designer.layout.columns import settle
from designer.layout.crossings import Neighbours, Rows
from designer.layout.layers import Layers, Link, layers_of
from designer.layout.looks import badness
from designer.layout.ordering import order, orders
from designer.layout.rooming import make_room
from designer.layout.rows import Ranked

_SMALL = 60
"""Up to so many nodes several orders are drawn."""
_DRAWN_NODES = 240
"""As many drawings with exchanged neighbours are tried as have so many nodes together."""
_TOLERATED = 3
"""How many crossings more than the least an order may have to be drawn."""
_SEEN_WHOLE = 1000
"""Up to so many items wires are kept from running below nodes."""


def lefts_of(
    ranked: Ranked, widths: Sequence[int], links: Sequence[Link], hints: Sequence[float | None]
) -> list[float]:
    """The left edge of every node."""
    layers = layered(ranked, widths, links)
    if layers.count <= _SMALL:
        return _Choice(layers, links).best_of(orders(layers, hints))[: layers.count]
    order(layers, hints)
    places = settle(layers)
    if len(layers.widths) <= _SEEN_WHOLE:
        drawn = [places, *make_room(layers, places)]
        places = min(drawn, key=lambda one: badness(layers, one, links, 0))
    return places[: layers.count]


def layered(ranked: Ranked, widths: Sequence[int], links: Sequence[Link]) -> Layers:
    """The layers of the nodes and of the bends of their wires."""
    near = [link for link in links if link not in ranked.stretched]
    layers = layers_of(ranked.rows, widths, near)
    layers.far_links += [link for link in links if link in ranked.stretched]
    return layers


class _Drawn(NamedTuple):
    badness: float
    rows: Rows
    places: list[float]


class _Choice:
    """Draws orders of a small graph, and chooses."""

    def __init__(self, layers: Layers, links: Sequence[Link]) -> None:
        self.layers = layers
        self.links = links
        self.neighbours = Neighbours(layers)
        self.left = _DRAWN_NODES // layers.count

    def best_of(self, found: list[tuple[int, Rows]]) -> list[float]:
        """The places in the order that looks best, or in one near to it that looks better."""
        most = min(crossings for crossings, _ in found) + _TOLERATED
        drawn = [self._draw(rows, crossings) for crossings, rows in found if crossings <= most]
        drawn.sort(key=lambda one: one.badness)
        return min((self._improved(one, most) for one in drawn), key=lambda one: one.badness).places

    def _draw(self, rows: Rows, crossings: int) -> _Drawn:
        self.layers.rows = rows
        places = settle(self.layers)
        judged = [
            (badness(self.layers, one, self.links, crossings), one)
            for one in (places, *make_room(self.layers, places))
        ]
        best, places = min(judged, key=lambda pair: pair[0])
        return _Drawn(best, rows, places)

    def _improved(self, drawn: _Drawn, most: int) -> _Drawn:
        """Exchange neighbours while that looks better and the tries last."""
        for rows in self._exchanged(drawn.rows):
            if not self.left:
                break
            crossings = self._crossings(rows)
            if crossings <= most:
                self.left -= 1
                other = self._draw(rows, crossings)
                if other.badness < drawn.badness - 1e-6:
                    return self._improved(other, most)
        return drawn

    def _exchanged(self, rows: Rows) -> Iterator[Rows]:
        block = self.layers.block
        for number, row in enumerate(rows):
            for left in range(len(row) - 1):
                if block[row[left]] < 0 or block[row[left + 1]] < 0:
                    other = [*row[:left], row[left + 1], row[left], *row[left + 2 :]]
                    yield [*rows[:number], other, *rows[number + 1 :]]

    def _crossings(self, rows: Rows) -> int:
        self.layers.rows = rows
        return self.neighbours.crossings(rows[:-1], self.layers.positions)
