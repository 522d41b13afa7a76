"""Rows nudged sideways until no wire gets shorter by it.

Every item is drawn to where its wires would be straight. A row is settled as a whole: neighbours
that want to the same place share the way between them, as in isotonic regression with absolute
distances (pool adjacent violators).
"""

from collections.abc import Sequence

from designer.layout.layers import Layers

Target = tuple[float, int]
"""Where an item would stand for one of its wires, and how much that wire counts."""

Pull = tuple[int, float, int]
"""What an item is wired to, how far from it a straight wire would have it, and how much it counts."""


def straighten(layers: Layers, places: list[float], *, fixed: Sequence[bool], rounds: int) -> None:
    """Move items sideways in place; none passes another or comes too near, the fixed ones stay."""
    pulls = _pulls(layers)
    rows = [Row(layers, row, fixed) for row in layers.rows]
    for round_number in range(rounds):
        for row in rows if round_number % 2 else reversed(rows):
            row.settle(pulls, places)


def _pulls(layers: Layers) -> list[list[Pull]]:
    pulls: list[list[Pull]] = [[] for _ in layers.widths]
    for upper, lower, upper_x, lower_x, weight in (*layers.links, *layers.far_links):
        pulls[lower].append((upper, upper_x - lower_x, weight))
        pulls[upper].append((lower, lower_x - upper_x, weight))
    return pulls


class Row:
    """A row between those of its items that are fixed.

    Attributes:
        steps: How far every item is from the first of the row, if all stand as near as they may.
        stretches: The movable items between a wall on the left and one on the right.
    """

    def __init__(self, layers: Layers, row: Sequence[int], fixed: Sequence[bool]) -> None:
        self.steps: dict[int, int] = {}
        self.stretches: list[tuple[int | None, list[int], int | None]] = []
        step, wall, stretch = 0, None, list[int]()
        for position, item in enumerate(row):
            if position:
                before = row[position - 1]
                step += layers.widths[before] + layers.gap(before, item)
            self.steps[item] = step
            if fixed[item]:
                self.stretches.append((wall, stretch, item))
                wall, stretch = item, []
            else:
                stretch.append(item)
        self.stretches.append((wall, stretch, None))

    def settle(self, pulls: list[list[Pull]], places: list[float]) -> None:
        """Put every stretch where its wires are shortest."""
        steps = self.steps
        for left, stretch, right in self.stretches:
            if not stretch:
                continue
            low = places[left] - steps[left] if left is not None else float("-inf")
            high = places[right] - steps[right] if right is not None else float("inf")
            items = iter(stretch)
            for pool in _pools(stretch, steps, pulls, places):
                place = max(low, min(high, pool.place))
                for _ in range(pool.count):
                    item = next(items)
                    places[item] = place + steps[item]


class _Pool:
    """Neighbours that stand shoulder to shoulder.

    Attributes:
        count: How many they are.
        targets: Where their wires want the first item of the row, sorted.
        present: The sum of where each of them would have it now.
        place: Where it is best.
    """

    __slots__ = ("count", "place", "present", "targets")

    def __init__(self, count: int, targets: list[Target], present: float) -> None:
        self.count = count
        self.targets = targets
        self.present = present
        self.place = _best(targets, present / count)


def _pools(
    stretch: list[int], steps: dict[int, int], pulls: list[list[Pull]], places: list[float]
) -> list[_Pool]:
    pools: list[_Pool] = []
    for item in stretch:
        step = steps[item]
        targets = [(places[other] + offset - step, weight) for other, offset, weight in pulls[item]]
        if len(targets) > 1:
            targets.sort()
        pool = _Pool(1, targets, places[item] - step)
        while pools and pools[-1].place > pool.place:
            before = pools.pop()
            both = sorted(before.targets + pool.targets)
            pool = _Pool(before.count + pool.count, both, before.present + pool.present)
        pools.append(pool)
    return pools


def _best(targets: list[Target], present: float) -> float:
    """The place nearest to the present one from which all targets together are least far."""
    if len(targets) == 1:
        return targets[0][0]
    rest = 0
    for _, weight in targets:
        rest += weight
    passed = 0
    for index, (place, weight) in enumerate(targets):
        passed += weight
        if 2 * passed > rest:
            return place
        if 2 * passed == rest:
            return max(place, min(targets[index + 1][0], present))
    return present
