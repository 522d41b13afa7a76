"""Random rows: the same seed gives the same rows, whatever the machine's number of threads.

Everything is drawn by one NumPy generator on one thread; row numbers come back in row order where
the caller wants order kept.
"""

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from modules_library.sdk import Seed

Rows = np.ndarray


def shuffled_rows(count: int, seed: Seed) -> Rows:
    """Row numbers 0 to count - 1 in random order.

    Returns:
        Array of shape (count,), int64.
    """
    return np.random.default_rng(seed).permutation(count)


def draw_rows(count: int, fraction: float, seed: Seed) -> Rows:
    """A random share of the rows, in row order: `rounded(count × fraction)` of them.

    Returns:
        Array of row numbers, int64, ascending.
    """
    return np.sort(shuffled_rows(count, seed)[: rounded(count * fraction)])


def draw_rows_by_stratum(strata: pl.Series, fraction: float, seed: Seed) -> Rows:
    """A random share of the rows of every stratum, in row order.

    As many rows in all as without strata; what rounding leaves over goes to the strata that lost
    most by rounding (largest remainder).

    Returns:
        Array of row numbers, int64, ascending.
    """
    order = shuffled_rows(len(strata), seed)
    place = np.empty(len(strata), dtype=np.int64)
    place[order] = np.arange(len(strata))
    return _by_stratum(strata, fraction, place)


def first_rows_by_stratum(strata: pl.Series, fraction: float) -> Rows:
    """The first rows of every stratum, as many as `draw_rows_by_stratum` would draw.

    Returns:
        Array of row numbers, int64, ascending.
    """
    return _by_stratum(strata, fraction, np.arange(len(strata)))


def _by_stratum(strata: pl.Series, fraction: float, place: Rows) -> Rows:
    groups = rows_by_stratum(strata)
    quotas = shares([len(rows) for rows in groups], rounded(len(strata) * fraction))
    chosen = [
        rows[np.argsort(place[rows])][:quota] for rows, quota in zip(groups, quotas, strict=True)
    ]
    return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *chosen]))


def assign_folds(
    strata: pl.Series,
    proportions: Sequence[float],
    *,
    seed: Seed,
    is_randomized: bool,
    has_replacement: bool,
) -> tuple[Rows, Rows]:
    """Divide the rows of every stratum over folds.

    Args:
        strata: The stratum of each row; one value for all where nothing is stratified.
        proportions: Share of each fold, their sum 1.
        seed: Seed of the drawing.
        is_randomized: Draw rows at random; otherwise they are dealt out in blocks, in their order.
        has_replacement: Draw each fold anew from all rows of the stratum.

    Returns:
        Row numbers, ascending, and the fold of each, from 1: both arrays of shape (n,), int64.
    """
    generator = np.random.default_rng(seed)
    rows, folds = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    dealt = [0] * len(proportions)
    for group in rows_by_stratum(strata):
        sizes = _fold_sizes(len(group), proportions, dealt)
        dealt = [sum(pair) for pair in zip(dealt, sizes, strict=True)]
        if has_replacement:
            group = generator.choice(group, size=len(group), replace=True)
        elif is_randomized:
            group = generator.permutation(group)
        rows.append(group)
        folds.append(np.repeat(np.arange(1, len(sizes) + 1), sizes))
    numbers, fold_of = np.concatenate(rows), np.concatenate(folds)
    order = np.lexsort((fold_of, numbers))
    return numbers[order], fold_of[order]


def _fold_sizes(count: int, proportions: Sequence[float], dealt: Sequence[int]) -> list[int]:
    """Sizes in proportion; what rounding leaves goes where most is lacking over all strata."""
    sizes = [math.floor(round(count * share, 9)) for share in proportions]
    whole = sum(dealt) + count
    lacking = [
        share * whole - had - size
        for share, had, size in zip(proportions, dealt, sizes, strict=True)
    ]
    by_need = sorted(range(len(sizes)), key=lambda i: (-round(lacking[i], 9), i))
    for i in by_need[: count - sum(sizes)]:
        sizes[i] += 1
    return sizes


def rows_by_stratum(strata: pl.Series) -> list[Rows]:
    """Row numbers of each distinct value, in the order in which the values first appear.

    A missing value is a stratum like any other.
    """
    keyed = pl.DataFrame({"key": strata}).with_row_index("row")
    groups = keyed.group_by("key", maintain_order=True).agg("row")["row"]
    return [rows.to_numpy().astype(np.int64) for rows in groups]


def shares(sizes: Sequence[int], total: int) -> list[int]:
    """Divide a total over groups in proportion to their sizes, by largest remainder.

    >>> shares([50, 30, 20], 7)
    [4, 2, 1]
    """
    whole = sum(sizes)
    if whole == 0:
        return [0 for _ in sizes]
    exact = [total * size / whole for size in sizes]
    given = [math.floor(value) for value in exact]
    by_remainder = sorted(range(len(sizes)), key=lambda i: (given[i] - exact[i], i))
    for i in by_remainder[: total - sum(given)]:
        given[i] += 1
    return given


def rounded(value: float) -> int:
    """The nearest whole number, halves up; what binary fractions blur is cleared first.

    >>> rounded(2.5), rounded(1000 * 0.7)
    (3, 700)
    """
    return math.floor(round(value, 9) + 0.5)
