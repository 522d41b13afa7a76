"""What every item is wired to in the rows beside its own, and how many wires cross there."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from designer.layout.layers import Layers

Rows = list[list[int]]

End = tuple[int, float]
"""Where a wire ends: the item, and the port's place in it from -0.5 to 0.5 of its width."""

_BLOCK_WEIGHT = 4
"""As how many wires the parts of a block count that holds together from row to row."""


class Neighbours:
    """The links of layers, by item and direction.

    Attributes:
        above: Per item the ends of its links in the row above, in the order of its own ports.
        below: The same in the row below.
        above_items: The items of `above`.
        above_lean: The mean place of their ports in `above`.
        below_ports: `below` by port, from left to right.
    """

    def __init__(self, layers: Layers) -> None:
        size = len(layers.widths)
        above: list[list[tuple[float, int, float]]] = [[] for _ in range(size)]
        below: list[list[tuple[float, int, float]]] = [[] for _ in range(size)]
        for link in layers.links:
            upper, lower = link.upper, link.lower
            out = link.upper_x / layers.widths[upper] - 0.5 if layers.widths[upper] else 0.0
            into = link.lower_x / layers.widths[lower] - 0.5 if layers.widths[lower] else 0.0
            is_block = layers.block[upper] >= 0 and layers.block[upper] == layers.block[lower]
            for _ in range(_BLOCK_WEIGHT if is_block else 1):
                above[lower].append((into, upper, out))
                below[upper].append((out, lower, into))
        self.block = layers.block
        self.has_blocks = any(block >= 0 for block in layers.block)
        self.above, self.above_items, self.above_lean = _by_item(above)
        self.below, self.below_items, self.below_lean = _by_item(below)
        self.below_ports = [_by_port(ends) for ends in below]

    def crossings(self, rows: Iterable[Sequence[int]], positions: Sequence[int]) -> int:
        """How many links cross between these rows and the ones below them."""
        return sum(self._crossings_below(row, positions) for row in rows)

    def _crossings_below(self, row: Sequence[int], positions: Sequence[int]) -> int:
        places: list[float] = []
        for item in row:
            for port in self.below_ports[item]:
                if len(port) == 1:
                    other, lean = port[0]
                    places.append(positions[other] + lean)
                else:
                    places += sorted([positions[other] + lean for other, lean in port])
        return inversions(places)


def inversions(places: Iterable[float]) -> int:
    """How many pairs stand the wrong way round.

    >>> inversions([3, 1, 2])
    2
    """
    passed: list[float] = []
    largest = float("-inf")
    total = 0
    for place in places:
        if place >= largest:
            passed.append(place)
            largest = place
        else:
            left = bisect_right(passed, place)
            total += len(passed) - left
            passed.insert(left, place)
    return total


def _by_item(
    found: list[list[tuple[float, int, float]]],
) -> tuple[list[list[End]], list[list[int]], list[float]]:
    ends = [[(item, lean) for _, item, lean in sorted(links)] for links in found]
    items = [[item for item, _ in links] for links in ends]
    leans = [sum(lean for _, lean in links) / len(links) if links else 0.0 for links in ends]
    return ends, items, leans


def _by_port(links: list[tuple[float, int, float]]) -> list[list[End]]:
    ports: dict[float, list[End]] = {}
    for port, item, lean in sorted(links):
        ports.setdefault(port, []).append((item, lean))
    return list(ports.values())
