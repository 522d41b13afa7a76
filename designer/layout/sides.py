"""From rows to the left edge of every node: bends, order, columns, room for the curves."""

from collections.abc import Sequence

from designer.layout.columns import settle
from designer.layout.crossings import Rows
from designer.layout.layers import Layers, Link, layers_of
from designer.layout.looks import badness
from designer.layout.ordering import order, orders
from designer.layout.rooming import make_room
from designer.layout.rows import Ranked

_SMALL = 60
"""Up to so many nodes several orders are drawn, and the one is taken that looks best."""
_TOLERATED = 3
"""How many crossings more than the least an order may have to be drawn."""
_SEEN_WHOLE = 1000
"""Up to so many items wires are kept from running below nodes."""


def lefts_of(
    ranked: Ranked, widths: Sequence[int], links: Sequence[Link], hints: Sequence[float | None]
) -> list[float]:
    """The left edge of every node."""
    layers = layered(ranked, widths, links)
    drawings: list[tuple[int, Rows, list[float]]] = []
    for crossings, rows in _good_orders(layers, hints):
        layers.rows = rows
        places = settle(layers)
        drawings.append((crossings, rows, places))
        if len(layers.widths) <= _SEEN_WHOLE:
            drawings += [(crossings, rows, roomy) for roomy in make_room(layers, places)]
    return _best_looking(layers, links, drawings)[: len(widths)]


def layered(ranked: Ranked, widths: Sequence[int], links: Sequence[Link]) -> Layers:
    """The layers of the nodes and of the bends of their wires."""
    near = [link for link in links if link not in ranked.stretched]
    layers = layers_of(ranked.rows, widths, near)
    layers.far_links += [link for link in links if link in ranked.stretched]
    return layers


def _good_orders(layers: Layers, hints: Sequence[float | None]) -> list[tuple[int, Rows]]:
    if layers.count > _SMALL:
        order(layers, hints)
        return [(0, layers.rows)]
    found = orders(layers, hints)
    least = min(crossings for crossings, _ in found)
    return [(crossings, rows) for crossings, rows in found if crossings <= least + _TOLERATED]


def _best_looking(
    layers: Layers, links: Sequence[Link], drawings: Sequence[tuple[int, Rows, list[float]]]
) -> list[float]:
    if len(drawings) == 1:
        return drawings[0][2]
    judged = []
    for crossings, rows, places in drawings:
        layers.rows = rows
        judged.append((badness(layers, places, links, crossings), places))
    return min(judged, key=lambda drawing: drawing[0])[1]
