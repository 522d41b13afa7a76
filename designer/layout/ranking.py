"""In which row every node stands: as near to what it is wired to as the wires' direction allows."""

from collections.abc import Sequence

from designer.layout.simplex import Span, shortest

_MOST_WORK = 1_500_000
"""Enough for the best rows of any graph that people draw; twenty thousand nodes stay quick."""


def rank(count: int, spans: Sequence[Span]) -> list[int]:
    """The row of each of `count` nodes, so that the wires are short in sum.

    Args:
        count: How many nodes there are.
        spans: Wires without a cycle that join all nodes into one part.

    >>> rank(4, [Span(0, 1), Span(1, 2), Span(3, 2)])
    [0, 1, 2, 1]
    """
    rows = shortest(spans, _first_rows(count, spans), most_work=_MOST_WORK)
    top = min(rows)
    return [row - top for row in rows]


def _first_rows(count: int, spans: Sequence[Span]) -> list[int]:
    """Rows as far up as possible, then what is rather pulled down as far down as possible."""
    leaving: list[list[Span]] = [[] for _ in range(count)]
    missing = [0] * count
    pull = [0] * count
    for span in spans:
        leaving[span.tail].append(span)
        missing[span.head] += 1
        pull[span.tail] += span.weight
        pull[span.head] -= span.weight
    rows = [0] * count
    order = [node for node in range(count) if not missing[node]]
    for node in order:
        for _, head, length, _ in leaving[node]:
            rows[head] = max(rows[head], rows[node] + length)
            missing[head] -= 1
            if not missing[head]:
                order.append(head)
    for node in reversed(order):
        if pull[node] > 0:
            rows[node] = min(rows[span.head] - span.length for span in leaving[node])
    return rows
