"""Rows of items: nodes, and the bends at which a long wire passes through the rows between."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from designer.layout.spacing import BEND_GAP, NODE_GAP

_MOST_BENDS_PER_NODE = 4
_FEWEST_BENDS = 1000


class Link(NamedTuple):
    """A wire, or a part of one: from an item to one in a lower row.

    Attributes:
        upper_x: Where it leaves the upper item, from that item's left edge.
        lower_x: Where it enters the lower item.
        weight: How much more than others it wants to be straight and not be crossed.
    """

    upper: int
    lower: int
    upper_x: float
    lower_x: float
    weight: int = 1


class Layers:
    """What the order and the coordinates are found for.

    Items `0 … count - 1` are nodes (or whole frames' rows), all later ones are bends.

    Attributes:
        rows: Items by row, from left to right.
        widths: Of every item, in pixels.
        links: Parts of wires that lead from a row to the next.
        far_links: Wires for which there were no bends left; they are never in the way.
        block: Items with the same number here stand exactly below each other; -1 for the rest.
    """

    def __init__(self, rows: list[list[int]], widths: list[int], links: list[Link]) -> None:
        self.rows = rows
        self.widths = widths
        self.links = links
        self.far_links: list[Link] = []
        self.count = len(widths)
        self.block = [-1] * len(widths)

    @property
    def positions(self) -> list[int]:
        """Every item's place in its row."""
        found = [0] * len(self.widths)
        for row in self.rows:
            for position, item in enumerate(row):
                found[item] = position
        return found

    @property
    def row_of(self) -> list[int]:
        """Every item's row."""
        found = [0] * len(self.widths)
        for number, row in enumerate(self.rows):
            for item in row:
                found[item] = number
        return found

    def gap(self, left: int, right: int) -> int:
        """How far apart two neighbours stand at least."""
        return BEND_GAP if self.is_bend(left) or self.is_bend(right) else NODE_GAP

    def is_bend(self, item: int) -> bool:
        """Whether an item is a bend of a wire."""
        return item >= self.count


def layers_of(rows_of: Sequence[int], widths: Sequence[int], links: Iterable[Link]) -> Layers:
    """Put nodes into their rows and give every long wire its bends."""
    rows: list[list[int]] = [[] for _ in range(max(rows_of, default=-1) + 1)]
    for node, row in enumerate(rows_of):
        rows[row].append(node)
    layers = Layers(rows, list(widths), [])
    left = max(_FEWEST_BENDS, _MOST_BENDS_PER_NODE * len(widths))
    for link in sorted(links, key=lambda link: rows_of[link.lower] - rows_of[link.upper]):
        bends = rows_of[link.lower] - rows_of[link.upper] - 1
        left -= bends
        if left >= 0:
            _lead(layers, link, rows_of[link.upper], bends)
        else:
            layers.far_links.append(link)
    return layers


LONG, _BETWEEN_BENDS = 3, 8
"""Weights of a long wire's first and last part, and of those between its bends."""


def _lead(layers: Layers, link: Link, row: int, bends: int) -> None:
    upper, upper_x = link.upper, link.upper_x
    for step in range(1, bends + 1):
        bend = len(layers.widths)
        layers.widths.append(0)
        layers.block.append(-1)
        layers.rows[row + step].append(bend)
        layers.links.append(Link(upper, bend, upper_x, 0, LONG if step == 1 else _BETWEEN_BENDS))
        upper, upper_x = bend, 0
    weight = LONG if bends else link.weight
    layers.links.append(Link(upper, link.lower, upper_x, link.lower_x, weight))
