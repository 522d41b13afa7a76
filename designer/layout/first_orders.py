"""Orders to start from: as it was, as it is given, and outwards from the far ends of the graph."""

from collections.abc import Iterator, Sequence

from designer.layout.crossings import Neighbours, Rows
from designer.layout.layers import Layers


def first_orders(
    layers: Layers, links: Neighbours, hints: Sequence[float | None] = ()
) -> Iterator[Rows]:
    """Give each of the first orders.

    A walk over the whole graph from one of its far ends visits what lies near that end first, so
    the order of visits runs from one side of the drawing to the other.

    Args:
        layers: Its own order is among them.
        links: What the items are wired to.
        hints: Where nodes stood before, from left to right.
    """
    if any(hint is not None for hint in hints):
        yield _as_before(layers, hints)
    yield [list(row) for row in layers.rows]
    row_of = layers.row_of
    yield _deep(layers, links, row_of)
    seen: set[int] = set()
    for start in _far_ends(layers, links):
        if start not in seen:
            seen.add(start)
            yield _split(_all_from(start, layers, links), row_of, len(layers.rows))


def _as_before(layers: Layers, hints: Sequence[float | None]) -> Rows:
    """Sorted by where nodes stood; bends and new nodes follow what they are next to."""
    known = [hint for hint in hints if hint is not None]
    middle = sum(known) / len(known)
    keys = [hint if hint is not None else middle for hint in hints]
    keys += [middle] * (len(layers.widths) - len(keys))
    return [sorted(row, key=keys.__getitem__) for row in layers.rows]


def _deep(layers: Layers, links: Neighbours, row_of: Sequence[int]) -> Rows:
    visits: list[int] = []
    is_seen = bytearray(len(layers.widths))
    for start in (item for row in layers.rows for item in row):
        waiting = [start]
        while waiting:
            item = waiting.pop()
            if is_seen[item]:
                continue
            is_seen[item] = 1
            visits.append(item)
            waiting.extend(reversed(links.below_items[item]))
    return _split(visits, row_of, len(layers.rows))


def _far_ends(layers: Layers, links: Neighbours) -> Iterator[int]:
    """Items far from each other: the far end, its far end, and what is far from both."""
    start = next(item for row in layers.rows for item in row)
    first = _walk(start, links)[0][-1]
    yield first
    order, from_first = _walk(first, links)
    second = order[-1]
    yield second
    _, from_second = _walk(second, links)
    third = max(order, key=lambda item: (min(from_first[item], from_second[item]), -item))
    yield third
    yield _walk(third, links)[0][-1]


def _all_from(start: int, layers: Layers, links: Neighbours) -> list[int]:
    """All items, from one on; what no wire joins to it follows."""
    visits, steps = _walk(start, links)
    for row in layers.rows:
        for item in row:
            if steps[item] < 0:
                visits += _walk_on(item, links, steps)
    return visits


def _walk(start: int, links: Neighbours) -> tuple[list[int], list[int]]:
    """The items in the order of a walk outwards, and how many steps away each is; -1 for never."""
    steps = [-1] * len(links.block)
    return _walk_on(start, links, steps), steps


def _walk_on(start: int, links: Neighbours, steps: list[int]) -> list[int]:
    steps[start] = 0
    order = [start]
    above, below = links.above_items, links.below_items
    for item in order:
        far = steps[item] + 1
        for others in (below[item], above[item]):
            for other in others:
                if steps[other] < 0:
                    steps[other] = far
                    order.append(other)
    return order


def _split(visits: list[int], row_of: Sequence[int], count: int) -> Rows:
    rows: Rows = [[] for _ in range(count)]
    for item in visits:
        rows[row_of[item]].append(item)
    return rows
