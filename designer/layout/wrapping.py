"""Rows that are not endless: what does not fit into a row goes into the next ones."""

from collections import Counter
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from math import ceil, sqrt

from designer.layout.simplex import Span

WIDEST_ROW = 16
"""So many nodes may always stand side by side."""
_ENDLESS = 3.0
"""A row is endless that holds more than so many times the square root of all nodes."""
_FILLED = 1.3
"""Wrapped rows hold at most so many times that square root."""


def wrapped(rows: Sequence[int], spans: Sequence[Span]) -> list[int]:
    """Rows of which none is an endless ribbon.

    Rows are filled from the top. What the nodes just placed lead to goes first, so a branch stays
    together, and the branches that find no room follow below it.

    Args:
        rows: Of every node, as the wires alone would have it.
        spans: The wires.

    >>> wrapped([0] + [1] * 30, [Span(0, leaf) for leaf in range(1, 31)])[-3:]
    [2, 2, 2]
    """
    root = sqrt(len(rows))
    widest = max(Counter(rows).values(), default=0)
    if widest <= max(WIDEST_ROW, _ENDLESS * root):
        return list(rows)
    fits = max(WIDEST_ROW, ceil(_FILLED * root))
    fits = ceil(widest / ceil(widest / fits))
    return _sources_lowered(_filled(rows, spans, fits), spans, fits)


def _filled(rows: Sequence[int], spans: Sequence[Span], fits: int) -> list[int]:
    following: list[list[Span]] = [[] for _ in rows]
    missing = [0] * len(rows)
    for span in spans:
        following[span.tail].append(span)
        missing[span.head] += 1
    found = [0] * len(rows)
    waiting = [(row, 0, node) for node, row in enumerate(rows) if not missing[node]]
    heapify(waiting)
    room: Counter[int] = Counter()
    ready: list[tuple[int, int, int]] = []
    row = 0
    while waiting or ready:
        while waiting and waiting[0][0] <= row:
            _, fed_from, node = heappop(waiting)
            heappush(ready, (-fed_from, rows[node], node))
        while ready and room[row] < fits:
            node = heappop(ready)[2]
            found[node] = row
            room[row] += 1
            for span in following[node]:
                found[span.head] = max(found[span.head], row + span.length)
                missing[span.head] -= 1
                if not missing[span.head]:
                    earliest = max(rows[span.head], found[span.head])
                    heappush(waiting, (earliest, row + 1, span.head))
        row += 1
    return found


def _sources_lowered(rows: list[int], spans: Sequence[Span], fits: int) -> list[int]:
    """Bring nodes that nothing leads to as near to what they lead to as there is room."""
    lowest: dict[int, int] = {}
    for span in spans:
        limit = rows[span.head] - span.length
        lowest[span.tail] = min(lowest.get(span.tail, limit), limit)
    for span in spans:
        lowest.pop(span.head, None)
    room = Counter(row for node, row in enumerate(rows) if node not in lowest)
    lowered = list(rows)
    for node in sorted(lowest, key=lambda node: (-lowest[node], node)):
        row = lowest[node]
        while room[row] >= fits:
            row -= 1
        room[row] += 1
        lowered[node] = row
    top = min(lowered)
    return [row - top for row in lowered]
