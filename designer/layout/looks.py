"""How good a small drawing looks: what the canvas will draw, not what the rows promise.

The canvas draws a wire as one curve from port to port; the bends that kept room for it are not on
it. So a wire may run below a node although no bend does.
"""

from bisect import bisect_right
from collections.abc import Sequence

from designer.layout.curves import Curve
from designer.layout.layers import Layers, Link

_HIDDEN = 2.0
"""A wire that runs below a node is as bad as so many crossings."""
_PX_PER_CROSSING = 1000.0
"""So many pixels sideways, of all wires together, are as bad as a crossing."""


def badness(
    layers: Layers, places: Sequence[float], links: Sequence[Link], crossings: int
) -> float:
    """The sum of what disturbs in a drawing, in crossings."""
    looks = _Looks(layers, places)
    hidden = sum(looks.hiding(link) for link in links)
    sideways = sum(
        abs(places[link.upper] + link.upper_x - places[link.lower] - link.lower_x) for link in links
    )
    return crossings + _HIDDEN * hidden + sideways / _PX_PER_CROSSING


class _Looks:
    def __init__(self, layers: Layers, places: Sequence[float]) -> None:
        self.places = places
        self.row_of = layers.row_of
        nodes = [[item for item in row if not layers.is_bend(item)] for row in layers.rows]
        self.lefts = [[places[item] for item in row] for row in nodes]
        self.rights = [[places[item] + layers.widths[item] for item in row] for row in nodes]

    def hiding(self, link: Link) -> int:
        """In how many of the rows that a wire passes it runs below a node."""
        first, last = self.row_of[link.upper], self.row_of[link.lower]
        if last - first < 2:
            return 0
        start = self.places[link.upper] + link.upper_x
        end = self.places[link.lower] + link.lower_x
        curve = Curve(start, end, last - first)
        return sum(
            self._is_node_between(row, *curve.beside(row - first)) for row in range(first + 1, last)
        )

    def _is_node_between(self, row: int, left: float, right: float) -> bool:
        at = bisect_right(self.rights[row], left)
        return at < len(self.lefts[row]) and self.lefts[row][at] < right
