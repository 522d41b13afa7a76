"""Joins and forks brought to the middle of where they are equally good."""

from collections.abc import Iterator, Sequence
from math import inf

from designer.layout.layers import Layers
from designer.layout.straightening import Pull

_STRAIGHT_PX = 0.5
_MOST_ITEMS = 300
"""Larger drawings are looked at from too far away."""


def centre(layers: Layers, places: list[float]) -> None:
    """Move nodes that several wires enter, or leave, half way between those wires' other ends.

    What hangs below a join goes with it, and what stands above a fork: all of it, then only what
    hangs straight. Nothing is moved by which the wires together would become longer.
    """
    if len(layers.widths) <= _MOST_ITEMS:
        _Centring(layers, places).run()


class _Centring:
    def __init__(self, layers: Layers, places: list[float]) -> None:
        self.layers = layers
        self.places = places
        self.row_of = layers.row_of
        self.positions = layers.positions
        self.above: list[list[Pull]] = [[] for _ in places]
        self.below: list[list[Pull]] = [[] for _ in places]
        for upper, lower, upper_x, lower_x, weight in (*layers.links, *layers.far_links):
            self.above[lower].append((upper, upper_x - lower_x, weight))
            self.below[upper].append((lower, lower_x - upper_x, weight))

    def run(self) -> None:
        """Joins from the top, then forks from the bottom."""
        for far in (inf, _STRAIGHT_PX):
            for item in self._several(self.above, self.layers.rows):
                self._centre(self._reached(item, self.below, far))
            for item in self._several(self.below, self.layers.rows[::-1]):
                self._centre(self._reached(item, self.above, far))

    def _several(self, pulls: list[list[Pull]], rows: Sequence[Sequence[int]]) -> Iterator[int]:
        for row in rows:
            yield from (item for item in row if len(pulls[item]) > 1)

    def _reached(self, item: int, pulls: list[list[Pull]], far: float) -> set[int]:
        """The item and what wires lead to from it that are less far from straight."""
        group = [item]
        seen = {item}
        for one in group:
            for other, offset, _ in pulls[one]:
                distance = self.places[other] + offset - self.places[one]
                if other not in seen and abs(distance) < far:
                    seen.add(other)
                    group.append(other)
        return seen

    def _centre(self, group: set[int]) -> None:
        if any(self.layers.block[item] >= 0 for item in group):
            return
        low, high = self._best_moves(group)
        left, right = self._room(group)
        step = max(-left, min(right, (low + high) / 2))
        if low <= step <= high:
            for item in group:
                self.places[item] += step

    def _best_moves(self, group: set[int]) -> tuple[float, float]:
        """Between which moves the wires that lead out of a group are shortest in sum."""
        moves = sorted(
            (self.places[other] + offset - self.places[item], weight)
            for item in group
            for pulls in (self.above[item], self.below[item])
            for other, offset, weight in pulls
            if other not in group
        )
        half = sum(weight for _, weight in moves) / 2
        passed = 0
        for index, (move, weight) in enumerate(moves):
            passed += weight
            if passed > half:
                return move, move
            if passed == half:
                return move, moves[index + 1][0]
        return 0, 0

    def _room(self, group: set[int]) -> tuple[float, float]:
        """How far a group can move to the left and to the right."""
        left = right = inf
        for item in group:
            row, position = self.layers.rows[self.row_of[item]], self.positions[item]
            if position and row[position - 1] not in group:
                left = min(left, self._between(row[position - 1], item))
            if position + 1 < len(row) and row[position + 1] not in group:
                right = min(right, self._between(item, row[position + 1]))
        return max(0.0, left), max(0.0, right)

    def _between(self, one: int, other: int) -> float:
        taken = self.layers.widths[one] + self.layers.gap(one, other)
        return self.places[other] - self.places[one] - taken
