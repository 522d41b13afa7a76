"""The order within the rows: few crossings of wires, by the ports that they really lead to.

Several first orders are tried with a few sweeps; the best is swept on, with neighbours exchanged
where that helps. A sweep sorts every row by the mean position of what its items are wired to in
the row before (Sugiyama, Tagawa, Toda: "Methods for visual understanding of hierarchical system
structures", 1981). A port counts as a part of its item's position, so two wires into one node
cross or not by the order of its ports.
"""

from collections.abc import Sequence

from designer.layout.crossings import End, Neighbours, Rows
from designer.layout.first_orders import first_orders
from designer.layout.layers import Layers

_TRIAL_SWEEPS = 4
_PATIENCE = 4
_POLISH_PATIENCE = 4
_MOST_VISITS = 150_000
_FEWEST_SWEEPS = 4
_EXCHANGES = 2


def order(layers: Layers, hints: Sequence[float | None] = ()) -> None:
    """Put the rows into an order with few crossings.

    Args:
        layers: What is ordered; its present order is one of those tried.
        hints: Where nodes stood before, from left to right; that order wins a draw.
    """
    links = Neighbours(layers)
    tried = [_Sweeper(links, rows) for rows in first_orders(layers, links, hints)]
    for sweeper in tried:
        sweeper.try_out()
    best = min(tried, key=lambda sweeper: sweeper.least)
    best.finish()
    layers.rows = best.best


def orders(layers: Layers, hints: Sequence[float | None] = ()) -> list[tuple[int, Rows]]:
    """Good orders, and how many wires cross in each: what every first order leads to.

    Args:
        layers: As for `order`, small; they are left alone.
        hints: As for `order`.
    """
    links = Neighbours(layers)
    found: list[tuple[int, Rows]] = []
    for rows in first_orders(layers, links, hints):
        sweeper = _Sweeper(links, rows)
        sweeper.finish()
        if (sweeper.least, sweeper.best) not in found:
            found.append((sweeper.least, sweeper.best))
    return found


class _Sweeper:
    """One order on its way to a better one.

    Attributes:
        best: The best order so far.
        least: How many wires cross in it.
    """

    def __init__(self, links: Neighbours, rows: Rows) -> None:
        self.links = links
        self.rows = [list(row) for row in rows]
        self.positions = [0] * len(links.block)
        for row in self.rows:
            self._number(row)
        if links.has_blocks:
            for number in range(1, len(self.rows)):
                self._align_blocks(number, number - 1)
        self.best = [list(row) for row in self.rows]
        self.least = self._crossings()
        self.sweeps = 0

    def try_out(self) -> None:
        """Go down and up the rows a few times without looking."""
        for _ in range(_TRIAL_SWEEPS):
            self._sweep_once()
        self._keep_if_better(exchanges=False)

    def finish(self) -> None:
        """Sweep, then sweep with exchanges, until nothing becomes better."""
        most = max(_FEWEST_SWEEPS, _MOST_VISITS // len(self.positions))
        self._sweep(patience=_PATIENCE, most=most)
        self._sweep(patience=_POLISH_PATIENCE, most=most, exchanges=True)

    def _sweep(self, *, patience: int, most: int, exchanges: bool = False) -> None:
        """Go down and up the rows until nothing has become better for a while."""
        if exchanges:
            self._go_back()
            self._keep_if_better(exchanges=True)
        vain = 0
        for _ in range(most):
            if not self.least or vain >= patience:
                break
            self._sweep_once()
            vain = 0 if self._keep_if_better(exchanges=exchanges) else vain + 1
        self._go_back()

    def _keep_if_better(self, *, exchanges: bool) -> bool:
        if exchanges:
            self._exchange()
        crossings = self._crossings()
        if crossings >= self.least:
            return False
        self.least = crossings
        self.best = [list(row) for row in self.rows]
        return True

    def _go_back(self) -> None:
        self.rows = [list(row) for row in self.best]
        for row in self.rows:
            self._number(row)

    def _crossings(self) -> int:
        return self.links.crossings(self.rows[:-1], self.positions)

    def _number(self, row: list[int]) -> None:
        for position, item in enumerate(row):
            self.positions[item] = position

    def _sweep_once(self) -> None:
        links, count = self.links, len(self.rows)
        is_downward, turns_ties = self.sweeps % 2 == 0, self.sweeps % 4 >= 2
        self.sweeps += 1
        items = links.above_items if is_downward else links.below_items
        leans = links.above_lean if is_downward else links.below_lean
        for number in range(1, count) if is_downward else range(count - 2, -1, -1):
            self.rows[number] = self._sorted(self.rows[number], items, leans, turns_ties)
            self._number(self.rows[number])
            if links.has_blocks:
                self._align_blocks(number, number - 1 if is_downward else number + 1)

    def _sorted(
        self, row: list[int], items: list[list[int]], leans: list[float], turns_ties: bool
    ) -> list[int]:
        """The row by the mean place of what its items are wired to; the others stay where they are."""
        positions = self.positions
        wishes: dict[int, float] = {}
        for item in reversed(row) if turns_ties else row:
            others = items[item]
            if others:
                place = sum([positions[other] for other in others])
                wishes[item] = place / len(others) + leans[item]
        ordered = sorted(wishes, key=wishes.__getitem__)
        if len(ordered) == len(row):
            return ordered
        moving = iter(ordered)
        return [next(moving) if item in wishes else item for item in row]

    def _align_blocks(self, number: int, reference: int) -> None:
        """Bring the blocks that the row shares with its neighbour into the neighbour's order."""
        block = self.links.block
        order = {
            block[item]: at for at, item in enumerate(self.rows[reference]) if block[item] >= 0
        }
        row = self.rows[number]
        shared = [at for at, item in enumerate(row) if block[item] in order]
        arranged = sorted((row[at] for at in shared), key=lambda item: order[block[item]])
        for at, item in zip(shared, arranged, strict=True):
            row[at] = item
        self._number(row)

    def _exchange(self) -> None:
        """Exchange neighbours in every row where that takes crossings away."""
        for row in self.rows:
            for _ in range(_EXCHANGES):
                if not self._exchange_in(row):
                    break

    def _exchange_in(self, row: list[int]) -> bool:
        above = [self._places(self.links.above[item]) for item in row]
        below = [self._places(self.links.below[item]) for item in row]
        block = self.links.block
        has_changed = False
        for left in range(len(row) - 1):
            right = left + 1
            gain = _gain(above[left], above[right]) + _gain(below[left], below[right])
            if gain <= 0 or (block[row[left]] >= 0 and block[row[right]] >= 0):
                continue
            row[left], row[right] = row[right], row[left]
            above[left], above[right] = above[right], above[left]
            below[left], below[right] = below[right], below[left]
            has_changed = True
        self._number(row)
        return has_changed

    def _places(self, ends: list[End]) -> list[float]:
        positions = self.positions
        return sorted([positions[item] + lean for item, lean in ends])


def _gain(left: list[float], right: list[float]) -> int:
    """How many crossings fewer there are when two neighbours, by their wires' ends, change sides."""
    if not left or not right:
        return 0
    if left[-1] < right[0]:
        return -len(left) * len(right)
    if right[-1] < left[0]:
        return len(left) * len(right)
    return sum([(a > b) - (a < b) for a in left for b in right])
