"""A long, thin drawing in columns beside each other, as a text is set.

A chain of five hundred nodes is a hair on the screen that shows all of it. Where hardly any wire
passes from a row to the next, the drawing goes on at the top of a new column.
"""

from collections.abc import Collection, Sequence
from math import sqrt
from typing import NamedTuple

from designer.layout.spacing import PART_GAP

TALLEST = 40
"""So many rows always stay below each other."""
_THIN = 4
"""So many times as high as wide is thin."""
_ASPECT = 1.6
_MOST_WIRES = 1
"""How many wires may lead from a column to the next."""


class Slice(NamedTuple):
    """Rows of a column, the last one not included."""

    first: int
    end: int


def slices(
    row_tops: Sequence[int],
    size: tuple[int, int],
    wires: Sequence[tuple[int, int]],
    whole: Collection[tuple[int, int]],
) -> list[Slice]:
    """The columns to fold a drawing into; one if it is neither long nor thin.

    Args:
        row_tops: The upper edges of the rows.
        size: Width and height of the drawing.
        wires: The first and the last row of every wire.
        whole: The first and the last row of everything that must not be cut.
    """
    count, (width, height) = len(row_tops), size
    if count <= TALLEST or height < _THIN * width:
        return [Slice(0, count)]
    per_column = count / max(1, round(sqrt(_ASPECT * height / (width + PART_GAP))))
    cuts = [0]
    for row in _allowed(count, wires, whole):
        length = row - cuts[-1]
        if length >= per_column:
            cuts.append(row)
    return [Slice(first, end) for first, end in zip(cuts, [*cuts[1:], count], strict=True)]


def _allowed(
    count: int, wires: Sequence[tuple[int, int]], whole: Collection[tuple[int, int]]
) -> list[int]:
    """The rows above which the drawing may be cut."""
    changes = [0] * (count + 1)
    for ends, weight in ((wires, 1), (whole, _MOST_WIRES + 1)):
        for first, last in ends:
            changes[first + 1] += weight
            changes[last + 1] -= weight
    passing, found = 0, []
    for row in range(count):
        passing += changes[row]
        if row and passing <= _MOST_WIRES:
            found.append(row)
    return found
