"""Where something fits in among what is there already."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from math import ceil, floor, hypot
from typing import NamedTuple

from designer.layout.spacing import GRID, NODE_GAP

_CELL_PX = 256
_MOST_TRIES = 3000

Move = tuple[int, int]
"""To the right and down."""


class Box(NamedTuple):
    """A rectangle; `frame` names the frame whose edge it is."""

    x: float
    y: float
    width: float
    height: float
    frame: str = ""


def distance(one: Move, other: Move) -> float:
    """How far two moves are from each other."""
    return hypot(one[0] - other[0], one[1] - other[1])


class Taken:
    """What is there, found by where it is.

    Args:
        gap: How far apart things stand at least.
    """

    def __init__(self, boxes: Iterable[Box] = (), *, gap: int = NODE_GAP) -> None:
        self._gap = gap
        self._cells: dict[tuple[int, int], list[Box]] = {}
        self._bottom = 0.0
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        """Take one more place."""
        self._bottom = max(self._bottom, box.y + box.height)
        for cell in _cells(box):
            self._cells.setdefault(cell, []).append(box)

    def free_move(
        self,
        boxes: Sequence[Box],
        wish: Move,
        cost: Callable[[Move], float],
        *,
        inside: Collection[str] = (),
    ) -> Move:
        """The cheapest move by which boxes get off everything that is there.

        From a place that is taken the search goes on at the four places beside what takes it.

        Args:
            boxes: What is moved, all by as much.
            wish: Where to look first.
            cost: How far a move is from what is wished.
            inside: Frames that the boxes may be in.
        """
        waiting = [(cost(wish), wish)]
        seen = {wish}
        for _ in range(_MOST_TRIES):
            _, move = heappop(waiting)
            hit = self._first_hit(boxes, move, inside)
            if hit is None:
                return move
            for other in self._beside(*hit, move):
                if other not in seen:
                    seen.add(other)
                    heappush(waiting, (cost(other), other))
        top = min(box.y for box in boxes)
        return wish[0], _up(self._bottom + self._gap - top)

    def _first_hit(
        self, boxes: Sequence[Box], move: Move, inside: Collection[str]
    ) -> tuple[Box, Box] | None:
        gap = self._gap
        for box in boxes:
            x, y = box.x + move[0], box.y + move[1]
            right, bottom = x + box.width + gap, y + box.height + gap
            around = Box(x - gap, y - gap, box.width + 2 * gap, box.height + 2 * gap)
            for cell in _cells(around):
                for other in self._cells.get(cell, ()):
                    if (
                        other.x < right
                        and x < other.x + other.width + gap
                        and other.y < bottom
                        and y < other.y + other.height + gap
                        and not (other.frame and other.frame in inside)
                    ):
                        return box, other
        return None

    def _beside(self, box: Box, other: Box, move: Move) -> Iterator[Move]:
        """The moves that take a box to the left, the right, above and below another."""
        gap = self._gap
        yield _down(other.x - gap - box.width - box.x), move[1]
        yield _up(other.x + other.width + gap - box.x), move[1]
        yield move[0], _down(other.y - gap - box.height - box.y)
        yield move[0], _up(other.y + other.height + gap - box.y)


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(floor(box.x / _CELL_PX), floor((box.x + box.width) / _CELL_PX) + 1):
        for row in range(floor(box.y / _CELL_PX), floor((box.y + box.height) / _CELL_PX) + 1):
            yield column, row


def _down(value: float) -> int:
    return GRID * floor(value / GRID)


def _up(value: float) -> int:
    return GRID * ceil(value / GRID)
