"""Numbers that keep their distances and are as near to each other as those allow.

Given differences that must not be smaller than some length, and how much every one of them counts,
find numbers whose weighted differences are smallest in sum. Both the rows of nodes (whole numbers
from top to bottom) and the columns (pixels from left to right) are such numbers. The network simplex
method keeps a spanning tree of differences that are as small as allowed (Gansner, Koutsofios, North,
Vo: "A technique for drawing directed graphs", 1993). A subtree may move as a whole; it gains when
more pulls on it than holds it, which the sum of its members' pulls tells at once.
"""

from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple

_MOVES_PER_NODE = 20


class Span(NamedTuple):
    """A difference: the number of `head` is at least `length` more than that of `tail`."""

    tail: int
    head: int
    length: int = 1
    weight: int = 1


def shortest(
    spans: Sequence[Span], start: Sequence[int], *, most_work: int | None = None
) -> list[int]:
    """The numbers with the smallest sum of weighted differences; only these are meant.

    Args:
        spans: Which differences there are.
        start: Numbers that keep the differences, the better the sooner.
        most_work: How many numbers may be touched; then the best so far is given.

    >>> found = shortest([Span(0, 1), Span(1, 2), Span(3, 2)], [0, 1, 2, 0])
    >>> [number - found[0] for number in found]
    [0, 1, 2, 1]
    """
    simplex = _Simplex(spans, start)
    simplex.improve(most_work)
    return simplex.numbers


class _Simplex:
    """The spanning tree, and the numbers while it is improved.

    Attributes:
        pull: What pulls the subtree below each node up, less what pulls it down.
        joint: The span by which a node hangs from its parent.
    """

    def __init__(self, spans: Sequence[Span], start: Sequence[int]) -> None:
        self.spans = spans
        self.numbers = list(start)
        count = len(start)
        self.outgoing: list[list[int]] = [[] for _ in range(count)]
        self.incoming: list[list[int]] = [[] for _ in range(count)]
        self.pull = [0] * count
        for index, (tail, head, _, weight) in enumerate(spans):
            self.outgoing[tail].append(index)
            self.incoming[head].append(index)
            self.pull[tail] += weight
            self.pull[head] -= weight
        self.parent = [-1] * count
        self.joint = [-1] * count
        self.children: list[dict[int, None]] = [{} for _ in range(count)]
        tree = _Growth(self)
        for node in reversed(tree.joined):
            if self.parent[node] >= 0:
                self.pull[self.parent[node]] += self.pull[node]
        self.waiting = deque(node for node in tree.joined if self._gains(node))

    def improve(self, most_work: int | None) -> None:
        """Move subtrees until none gains."""
        left = most_work if most_work is not None else 1 << 60
        for _ in range(_MOVES_PER_NODE * len(self.numbers)):
            while self.waiting and not self._gains(self.waiting[0]):
                self.waiting.popleft()
            if not self.waiting or left <= 0:
                return
            left -= self._move(self.waiting.popleft())

    def _gains(self, node: int) -> bool:
        """Whether something gets shorter when the subtree below a node leaves its parent."""
        if self.parent[node] < 0:
            return False
        pull = self.pull[node]
        return pull < 0 if self.spans[self.joint[node]].tail == node else pull > 0

    def _move(self, top: int) -> int:
        """Take a subtree to the nearest span that stops it, and hang it there; gives its size."""
        is_up = self.pull[top] > 0
        subtree = self._subtree(top)
        entering, distance = self._nearest(subtree, is_up=is_up)
        if distance:
            numbers = self.numbers
            step = distance if is_up else -distance
            for node in subtree:
                numbers[node] += step
        span = self.spans[entering]
        inner, outer = (span.tail, span.head) if is_up else (span.head, span.tail)
        self._rehang(top, inner, outer, entering)
        return len(subtree)

    def _subtree(self, top: int) -> list[int]:
        found = [top]
        for node in found:
            found.extend(self.children[node])
        return found

    def _nearest(self, subtree: list[int], *, is_up: bool) -> tuple[int, int]:
        """The span that leads out of the subtree and has least to spare, and how much."""
        inside = set(subtree)
        numbers, spans = self.numbers, self.spans
        leading = self.outgoing if is_up else self.incoming
        best, least = -1, 1 << 60
        for node in subtree:
            for index in leading[node]:
                tail, head, length, _ = spans[index]
                if (head if is_up else tail) not in inside:
                    spare = numbers[head] - numbers[tail] - length
                    if spare < least:
                        best, least = index, spare
        return best, least

    def _rehang(self, top: int, inner: int, outer: int, entering: int) -> None:
        """Cut a subtree off its parent and hang it from `outer` by its node `inner`."""
        total = self.pull[top]
        old_parent = self.parent[top]
        del self.children[old_parent][top]
        self._turn(top, inner, outer, entering)
        lost, won = self._up_to_common(old_parent, outer)
        for node in lost:
            self.pull[node] -= total
        for node in won:
            self.pull[node] += total
        self.waiting.extend([node for node in lost + won if self._gains(node)])

    def _turn(self, top: int, inner: int, outer: int, entering: int) -> None:
        """Make `inner` the top of a subtree: the way from it to the old top turns round."""
        total, below = self.pull[top], 0
        node, parent, joint = inner, outer, entering
        while True:
            above, old_joint, old_pull = self.parent[node], self.joint[node], self.pull[node]
            if node != top:
                del self.children[above][node]
            self.parent[node], self.joint[node] = parent, joint
            self.children[parent][node] = None
            self.pull[node] = total - below
            if self._gains(node):
                self.waiting.append(node)
            if node == top:
                return
            node, parent, joint, below = above, node, old_joint, old_pull

    def _up_to_common(self, one: int, other: int) -> tuple[list[int], list[int]]:
        """The ways up from two nodes to below the first that both pass."""
        parent = self.parent
        ways: tuple[list[int], list[int]] = [], []
        seen: dict[int, int] = {}
        ends = [one, other]
        side = 0
        while True:
            node = ends[side]
            if node >= 0:
                if seen.setdefault(node, side) != side:
                    met = ways[1 - side].index(node)
                    del ways[1 - side][met:]
                    return ways
                ways[side].append(node)
                ends[side] = parent[node]
            if ends[1 - side] >= 0:
                side = 1 - side
            elif ends[side] < 0:
                return ways


class _Growth:
    """The first tree, grown along the span that has least to spare.

    The tree moves as one to reach the next node. By how much it has moved so far is kept apart, so
    that what is left to spare needs no new account after every step.
    """

    def __init__(self, simplex: _Simplex) -> None:
        self.simplex = simplex
        self.moved = 0
        self.joined: list[int] = []
        self.is_joined = [False] * len(simplex.numbers)
        self.leading_out: list[tuple[int, int]] = []
        self.leading_in: list[tuple[int, int]] = []
        for root in range(len(simplex.numbers)):
            if not self.is_joined[root]:
                self._grow(root)

    def _grow(self, root: int) -> None:
        """Join everything that spans lead to."""
        self.moved = 0
        first = len(self.joined)
        self._join(root)
        while self._join_nearest():
            pass
        for node in self.joined[first:]:
            self.simplex.numbers[node] += self.moved

    def _join_nearest(self) -> bool:
        simplex, spans = self.simplex, self.simplex.spans
        self._drop_inner(self.leading_out, 1)
        self._drop_inner(self.leading_in, 0)
        if not self.leading_out and not self.leading_in:
            return False
        out = self.leading_out[0][0] - self.moved if self.leading_out else 1 << 60
        into = self.leading_in[0][0] + self.moved if self.leading_in else 1 << 60
        if out <= into:
            self.moved += out
            index = heappop(self.leading_out)[1]
            parent, node = spans[index].tail, spans[index].head
        else:
            self.moved -= into
            index = heappop(self.leading_in)[1]
            parent, node = spans[index].head, spans[index].tail
        simplex.parent[node], simplex.joint[node] = parent, index
        simplex.children[parent][node] = None
        self._join(node)
        return True

    def _join(self, node: int) -> None:
        numbers, spans = self.simplex.numbers, self.simplex.spans
        self.joined.append(node)
        self.is_joined[node] = True
        numbers[node] -= self.moved
        number = numbers[node]
        for index in self.simplex.outgoing[node]:
            _, head, length, _ = spans[index]
            if not self.is_joined[head]:
                heappush(self.leading_out, (numbers[head] - number - length, index))
        for index in self.simplex.incoming[node]:
            tail, _, length, _ = spans[index]
            if not self.is_joined[tail]:
                heappush(self.leading_in, (number - numbers[tail] - length, index))

    def _drop_inner(self, heap: list[tuple[int, int]], end: int) -> None:
        """Forget the spans whose other end has joined meanwhile."""
        spans = self.simplex.spans
        while heap and self.is_joined[spans[heap[0][1]][end]]:
            heappop(heap)
