"""Which wires lead back: the graph without them has no cycle."""

from collections.abc import Sequence


def leading_back(count: int, wires: Sequence[tuple[int, int]]) -> set[int]:
    """The indices of wires to turn round so that no cycle is left.

    They are the wires that lead to a node from which the search is still under way, sources first,
    so a graph without cycles loses none and a ring is cut where it closes.

    >>> leading_back(3, [(0, 1), (1, 2), (2, 0)])
    {2}
    """
    leaving: list[list[int]] = [[] for _ in range(count)]
    is_fed = [False] * count
    for index, (tail, head) in enumerate(wires):
        leaving[tail].append(index)
        is_fed[head] = True
    back: set[int] = set()
    state = bytearray(count)
    for start in sorted(range(count), key=is_fed.__getitem__):
        if not state[start]:
            _search(start, wires, leaving, state, back)
    return back


_OPEN, _DONE = 1, 2


def _search(
    start: int,
    wires: Sequence[tuple[int, int]],
    leaving: list[list[int]],
    state: bytearray,
    back: set[int],
) -> None:
    state[start] = _OPEN
    way = [(start, iter(leaving[start]))]
    while way:
        node, rest = way[-1]
        index = next(rest, None)
        if index is None:
            state[node] = _DONE
            way.pop()
            continue
        head = wires[index][1]
        if state[head] == _OPEN:
            back.add(index)
        elif not state[head]:
            state[head] = _OPEN
            way.append((head, iter(leaving[head])))
