"""Parts side by side on an area about as wide as a screen is beside its height."""

from collections.abc import Iterable, Sequence
from math import ceil, sqrt
from typing import NamedTuple

from designer.layout.spacing import NODE_GAP, PART_GAP, ROW_GAP

_ASPECT = 1.6


class Size(NamedTuple):
    """How wide and high something is."""

    width: int
    height: int


_WIDTHS = (1.0, 1.2, 1.4, 1.7, 2.0)


def packed(sizes: Sequence[Size]) -> list[tuple[int, int]]:
    """The upper left corner of each, so that all of them fit well on a screen.

    They go onto shelves in the order given: below the last one while the shelf is high enough,
    beside it while the shelf is wide enough, else onto the next shelf.

    >>> packed([Size(800, 600), Size(208, 176), Size(208, 176)])
    [(0, 0), (864, 0), (864, 240)]
    """
    if not sizes:
        return []
    widest = max(size.width for size in sizes)
    area = sum((size.width + PART_GAP) * (size.height + PART_GAP) for size in sizes)
    tries = [_shelved(sizes, max(widest, width * sqrt(_ASPECT * area) / 1.2)) for width in _WIDTHS]
    return min(tries, key=lambda corners: _extent(size_of(corners, sizes)))


def _extent(size: Size) -> float:
    """How far away one must be to see it all."""
    return max(size.width / _ASPECT, size.height)


def _shelved(sizes: Sequence[Size], wide: float) -> list[tuple[int, int]]:
    corners: list[tuple[int, int]] = []
    top, height, x, column, y = 0, 0, 0, 0, 0
    for size in sizes:
        if not (column and y + size.height <= top + height and size.width <= column):
            x += column + PART_GAP if column else 0
            if x and x + size.width > wide:
                top, height, x = top + height + PART_GAP, 0, 0
            column, y = size.width, top
        corners.append((x, y))
        height = max(height, y + size.height - top)
        y += size.height + PART_GAP
    return corners


def in_a_block(sizes: Sequence[Size]) -> list[tuple[int, int]]:
    """The upper left corners of single nodes in rows, as many below each other as a screen has."""
    if not sizes:
        return []
    width = max(size.width for size in sizes) + NODE_GAP
    height = max(size.height for size in sizes) + ROW_GAP
    across = max(1, ceil(sqrt(len(sizes) * _ASPECT * height / width)))
    return [(index % across * width, index // across * height) for index in range(len(sizes))]


def size_of(corners: Iterable[tuple[int, int]], sizes: Iterable[Size]) -> Size:
    """The size of things at their corners."""
    pairs = list(zip(corners, sizes, strict=True))
    return Size(
        max((x + size.width for (x, _), size in pairs), default=0),
        max((y + size.height for (_, y), size in pairs), default=0),
    )
