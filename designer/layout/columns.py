"""Where in its row every item stands, so that wires are short sideways and long ones straight.

Items that must stand straight below each other share a column. All columns are first pushed
together around a common middle, then rows are settled one by one, then columns are brought as near
to what they are wired to as the others allow. Ports count: it is the wire that becomes straight,
not the boxes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import floor

from designer.layout.centring import centre
from designer.layout.layers import Layers, Link
from designer.layout.simplex import Span, shortest
from designer.layout.straightening import straighten

_PAIRED = range(301, 1501)
"""With so many items two bends of a wire below each other share a column: the work is less, and
long wires are straight. With fewer that is not needed, with more the drawing would become wide."""
_WORK_PER_ITEM = 30
_LEAST_WORK = 25_000


def settle(layers: Layers) -> list[float]:
    """The left edge of every item, in the present order."""
    columns = _Columns(layers)
    places = columns.pushed_together()
    straighten(layers, places, fixed=columns.are_shared(range(len(layers.widths))), rounds=2)
    places = columns.drawn_together(places)
    straighten(layers, places, fixed=columns.are_shared(range(layers.count)), rounds=1)
    centre(layers, places)
    return places


class _Columns:
    """The column of every item, and how far apart columns must be that meet in a row."""

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        self.of = _columns(layers)
        self.count = max(self.of, default=-1) + 1
        self.needs: dict[tuple[int, int], int] = {}
        for row in layers.rows:
            for left, right in pairwise(row):
                pair = self.of[left], self.of[right]
                need = layers.widths[left] + layers.gap(left, right)
                self.needs[pair] = max(self.needs.get(pair, 0), need)

    def are_shared(self, items: Iterable[int]) -> list[bool]:
        """For every item whether it is one of these and shares its column with another."""
        shared = [False] * len(self.of)
        first: dict[int, int] = {}
        for item in items:
            other = first.setdefault(self.of[item], item)
            if other != item:
                shared[item] = shared[other] = True
        return shared

    def pushed_together(self) -> list[float]:
        """Every column half way between as far left and as far right as it can be."""
        following: list[list[tuple[int, int]]] = [[] for _ in range(self.count)]
        missing = [0] * self.count
        for (left, right), need in self.needs.items():
            following[left].append((right, need))
            missing[right] += 1
        lefts = [0] * self.count
        order = [column for column in range(self.count) if not missing[column]]
        for column in order:
            for right, need in following[column]:
                lefts[right] = max(lefts[right], lefts[column] + need)
                missing[right] -= 1
                if not missing[right]:
                    order.append(right)
        rights = [0] * self.count
        for item, column in enumerate(self.of):
            rights[column] = max(rights[column], self.layers.widths[item])
        for column in reversed(order):
            for right, need in following[column]:
                rights[column] = max(rights[column], rights[right] + need)
        middles = [(left - right) // 2 for left, right in zip(lefts, rights, strict=True)]
        return [float(middles[column]) for column in self.of]

    def drawn_together(self, places: Sequence[float]) -> list[float]:
        """Every column as near to its wires' other ends as the work allowed finds out."""
        start = [0] * self.count
        for item, column in enumerate(self.of):
            start[column] = floor(places[item] + 0.5)
        spans = [Span(left, right, need, 0) for (left, right), need in self.needs.items()]
        for link in (*self.layers.links, *self.layers.far_links):
            upper, lower = self.of[link.upper], self.of[link.lower]
            if upper == lower:
                continue
            upper_x, lower_x = round(link.upper_x), round(link.lower_x)
            spans.append(Span(len(start), upper, -upper_x, link.weight))
            spans.append(Span(len(start), lower, -lower_x, link.weight))
            start.append(min(start[upper] + upper_x, start[lower] + lower_x))
        work = max(_LEAST_WORK, _WORK_PER_ITEM * len(places))
        found = shortest(spans, start, most_work=work)
        return [float(found[column]) for column in self.of]


def _columns(layers: Layers) -> list[int]:
    """Give blocks, and bends below each other, the same column where nothing stands in the way."""
    size = len(layers.widths)
    longest = 2 if size in _PAIRED else 1
    column = [-1] * size
    length = [1] * size
    count = 0
    joined = _straight_below(layers, with_bends=longest > 1)
    for row in layers.rows:
        for item in row:
            above = joined.get(item)
            if above is not None and (layers.block[item] >= 0 or length[above] < longest):
                column[item] = column[above]
                length[item] = length[above] + 1
            else:
                column[item] = count
                count += 1
    return column


def _straight_below(layers: Layers, *, with_bends: bool) -> dict[int, int]:
    """The item above for those that may stand straight below it."""
    block, positions = layers.block, layers.positions
    held: list[Link] = []
    bends: dict[int, list[Link]] = {}
    row_of = layers.row_of
    for link in layers.links:
        if block[link.upper] >= 0 and block[link.upper] == block[link.lower]:
            held.append(link)
        elif with_bends and layers.is_bend(link.upper) and layers.is_bend(link.lower):
            bends.setdefault(row_of[link.upper], []).append(link)
    for link in held:
        if row_of[link.upper] in bends:
            bends[row_of[link.upper]].append(link)
    found = {link.lower: link.upper for link in held}
    for links in bends.values():
        walls = _Walls(links, positions)
        found |= {link.lower: link.upper for link in links if not walls.is_crossed(link)}
    return found


class _Walls:
    """Links between two rows: which of them cross another is found by bisection."""

    def __init__(self, links: Sequence[Link], positions: Sequence[int]) -> None:
        self.positions = positions
        ends = sorted((positions[link.upper], positions[link.lower]) for link in links)
        self.upper = [upper for upper, _ in ends]
        self.rightmost = [-1]
        for _, lower in ends:
            self.rightmost.append(max(self.rightmost[-1], lower))
        self.leftmost = [len(positions)]
        for _, lower in reversed(ends):
            self.leftmost.append(min(self.leftmost[-1], lower))
        self.leftmost.reverse()

    def is_crossed(self, link: Link) -> bool:
        """Whether another link changes sides with this one."""
        upper, lower = self.positions[link.upper], self.positions[link.lower]
        before = bisect_left(self.upper, upper)
        after = bisect_right(self.upper, upper)
        return self.rightmost[before] > lower or self.leftmost[after] < lower
