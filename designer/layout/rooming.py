"""Room for the curves: where a long wire will be drawn, nodes make way for it.

The canvas draws a wire as one curve from port to port. Its bends keep a way free that the curve may
not take; here the bends go to where the curve is, and push the nodes beside them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from designer.layout.centring import centre
from designer.layout.curves import Curve
from designer.layout.layers import LONG, Layers, Link
from designer.layout.straightening import Pull, Row

_ROUNDS = 6
_FIRM = 1000
"""How much a curve's place counts beside the wishes of nodes."""


def make_room(layers: Layers, places: Sequence[float]) -> Iterator[list[float]]:
    """The left edge of every item, bends lying on their curves as far as that can be.

    Nodes and curves make way for each other in turn, which need not come to an end; every answer
    is one step further, and the last one has its joins and forks centred.
    """
    wires = _wires(layers)
    moved = [*places]
    if not any(wire.bends for wire in wires):
        return
    size = len(places)
    moved += [0.0] * size
    roomy = Layers(layers.rows, list(layers.widths), [])
    roomy.count, roomy.block = layers.count, layers.block
    pulls = _pulls(wires, size)
    row_of = layers.row_of
    fixed = [block >= 0 for block in layers.block]
    for round_number in range(_ROUNDS):
        rows = layers.rows if round_number % 2 else layers.rows[::-1]
        _trace(wires, row_of, moved, roomy.widths)
        for row in rows:
            Row(roomy, row, fixed).settle(pulls, moved)
        yield moved[:size]
    roomy.far_links = [wire.link for wire in wires]
    centre(roomy, moved)
    yield moved[:size]


class _Wire(NamedTuple):
    link: Link
    bends: list[int]


def _wires(layers: Layers) -> list[_Wire]:
    """Every wire as a whole, with the bends it has."""
    leaving = {link.upper: link for link in layers.links if layers.is_bend(link.upper)}
    wires = [_Wire(link, []) for link in layers.far_links]
    for link in layers.links:
        if layers.is_bend(link.upper):
            continue
        bends = []
        last = link
        while layers.is_bend(last.lower):
            bends.append(last.lower)
            last = leaving[last.lower]
        whole = Link(link.upper, last.lower, link.upper_x, last.lower_x)
        wires.append(_Wire(whole, bends))
    return wires


def _pulls(wires: Sequence[_Wire], size: int) -> list[list[Pull]]:
    """Nodes are drawn to the other ends of their wires, bends to their place on the curve."""
    pulls: list[list[Pull]] = [[] for _ in range(size)]
    for link, bends in wires:
        offset = link.upper_x - link.lower_x
        weight = LONG if bends else 1
        pulls[link.lower].append((link.upper, offset, weight))
        pulls[link.upper].append((link.lower, -offset, weight))
        for bend in bends:
            pulls[bend].append((size + bend, 0.0, _FIRM))
    return pulls


def _trace(
    wires: Sequence[_Wire], row_of: Sequence[int], places: list[float], widths: list[int]
) -> None:
    """Say for every bend where its curve is, and how wide the curve is beside the nodes."""
    size = len(widths)
    for link, bends in wires:
        if not bends:
            continue
        first = row_of[link.upper]
        start, end = places[link.upper] + link.upper_x, places[link.lower] + link.lower_x
        curve = Curve(start, end, row_of[link.lower] - first)
        for bend in bends:
            left, right = curve.beside(row_of[bend] - first)
            places[size + bend] = left
            widths[bend] = round(right - left)
