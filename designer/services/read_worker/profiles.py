"""What is in every column of a table: missing and distinct values, spread, histogram, frequent ones.

Everything is exact up to a size that is worked through in seconds; beyond it quantiles, distinct
and frequent values come from a sample, and the profile says so. Numbers are sorted once, and all
facts are read off the sorted values; texts are compared by 64-bit hashes, whose chance to meet
among ten million is three in a million.
"""

import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from designer.services.read_worker.cells import as_json
from designer.services.read_worker.stored_table import (
    StoredTable,
    describe_column,
    finite,
    is_opaque,
    is_text,
    open_table,
)
from designer.services.read_worker.turns import Turn

HISTOGRAM_BARS = 32
TOP_VALUES = 12
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
EXACT_ROWS = 50_000_000
EXACT_CELLS = 1_000_000_000
SAMPLE_ROWS = 1_000_000
SAMPLE_PIECES = 200

_MOST_DISTINCT_SHARE = 0.75
_ROWS_IN_CACHE = 1 << 16

Values = npt.NDArray[Any]


class Effort(NamedTuple):
    """Up to which size everything is exact, and how large the sample is beyond."""

    rows: int = EXACT_ROWS
    cells: int = EXACT_CELLS
    sample: int = SAMPLE_ROWS

    def is_affordable(self, table: StoredTable) -> bool:
        """Whether every value of a table may be looked at in every way."""
        return table.rows <= self.rows and table.rows * len(table.names) <= self.cells


def profile(path: Path, *, turn: Turn, effort: Effort | None = None) -> dict[str, Any]:
    """The profile of every column; each is told as a part when it is known."""
    table = open_table(path)
    effort = effort or Effort()
    is_exact = effort.is_affordable(table)

    def described(name: str) -> dict[str, Any]:
        facts = column_facts(table, name, None if is_exact else effort.sample)
        return {**describe_column(table, name), **facts}

    columns = []
    for index, column in enumerate(turn.each(table.names, described, "Profiling")):
        share = (index + 1) / len(table.names)
        turn.tell(share, "Profiling", {"rows": table.rows, "column": column})
        columns.append(column)
    return {"rows": table.rows, "columns": columns}


def column_facts(table: StoredTable, name: str, sample: int | None = None) -> dict[str, Any]:
    """The facts of one column; with `sample` the costly ones come from so many rows."""
    column = table.column(name)
    facts: dict[str, Any] = {"nulls": column.null_count(), "distinct": None}
    if is_opaque(column.dtype):
        return facts
    looked_at = column if sample is None else sampled(column, sample)
    if looked_at.len() < column.len():
        facts["sample"] = looked_at.len()
    if column.dtype.is_numeric():
        return facts | _number_facts(column, looked_at)
    if column.dtype.is_temporal():
        return facts | _moment_facts(column, looked_at)
    if is_text(column.dtype):
        return facts | _text_facts(looked_at.cast(pl.String))
    return facts | _truth_facts(column)


def sampled(column: pl.Series, rows: int) -> pl.Series:
    """Evenly spread pieces of a column; all of it where it is no longer than wanted."""
    if column.len() <= rows:
        return column
    size = max(1, rows // SAMPLE_PIECES)
    starts = np.linspace(0, column.len() - size, SAMPLE_PIECES).astype(int)
    return pl.concat([column.slice(int(start), size) for start in starts])


def _number_facts(column: pl.Series, looked_at: pl.Series) -> dict[str, Any]:
    values = sorted_numbers(looked_at)
    inside = finite_part(values)
    facts: dict[str, Any] = {"not_finite": _not_finite(column), **_spread(values)}
    if not len(inside):
        return facts
    low, high, mean, std = (
        _moments_of_sorted(inside) if looked_at is column else _moments(_finite_only(column))
    )
    return {
        **facts,
        "min": as_json(low),
        "max": as_json(high),
        "mean": finite(mean),
        "std": finite(std),
        "quantiles": {str(share): quantile(inside, share) for share in QUANTILES},
        "histogram": histogram(inside, float(low), float(high)),
    }


def _moments_of_sorted(values: Values) -> tuple[Any, Any, float, float | None]:
    """Minimum, maximum, mean and standard deviation, piece by piece, so that no copy is made."""
    pieces = range(0, len(values), _ROWS_IN_CACHE)
    parts = [values[at : at + _ROWS_IN_CACHE] for at in pieces]
    with np.errstate(all="ignore"):
        mean = float(np.sum([part.sum(dtype=np.float64) for part in parts]) / len(values))
        squares = float(np.sum([np.square(part - mean).sum() for part in parts]))
    std = math.sqrt(squares / (len(values) - 1)) if len(values) > 1 else None
    return values[0].item(), values[-1].item(), mean, std


def _moments(column: pl.Series) -> tuple[Any, Any, float, float | None]:
    std = column.cast(pl.Float64).std()
    return column.min(), column.max(), finite(column.mean()) or 0.0, finite(std)


def _moment_facts(column: pl.Series, looked_at: pl.Series) -> dict[str, Any]:
    values = np.sort(looked_at.drop_nulls().to_physical().cast(pl.Int64).to_numpy())
    facts = _spread(values, column.dtype)
    if not len(values):
        return facts
    bars = histogram(values, int(values[0]), int(values[-1]))
    edges = pl.Series(np.asarray(bars["edges"]).astype(np.int64)).cast(column.dtype)
    middle = pl.Series([round(quantile(values, share)) for share in QUANTILES], dtype=pl.Int64)
    found = zip(QUANTILES, middle.cast(column.dtype), strict=True)
    return {
        **facts,
        "min": as_json(column.min()),
        "max": as_json(column.max()),
        "quantiles": {str(share): as_json(value) for share, value in found},
        "histogram": {"edges": [as_json(edge) for edge in edges], "counts": bars["counts"]},
    }


def _text_facts(column: pl.Series) -> dict[str, Any]:
    present = column.drop_nulls()
    hashes = present.hash().to_numpy()
    runs = Runs(np.sort(hashes))
    lengths = present.str.len_chars()
    top = [
        (str(present[int((hashes == value).argmax())]), rows)
        for value, rows in runs.most_frequent(TOP_VALUES)
    ]
    return {
        "distinct": runs.distinct,
        "empty": int((lengths == 0).sum()),
        "shortest": lengths.min(),
        "longest": lengths.max(),
        "top": [[as_json(value, longest=200), rows] for value, rows in sorted(top, key=_first)],
    }


def _truth_facts(column: pl.Series) -> dict[str, Any]:
    present = column.drop_nulls()
    true = int(present.sum())
    counted = [[True, true], [False, present.len() - true]]
    top = [[value, rows] for value, rows in counted if rows]
    return {"distinct": len(top), "top": sorted(top, key=lambda pair: -int(pair[1]))}


def _spread(values: Values, dtype: pl.DataType | None = None) -> dict[str, Any]:
    """Distinct and frequent values, from sorted ones."""
    runs = Runs(values)
    frequent = runs.most_frequent(TOP_VALUES)
    shown = pl.Series([value for value, _ in frequent], dtype=_dtype_of(values))
    shown = shown if dtype is None else shown.cast(dtype)
    top = [[as_json(value), rows] for value, (_, rows) in zip(shown, frequent, strict=True)]
    return {"distinct": runs.distinct, "top": top}


def _dtype_of(values: Values) -> type[pl.DataType]:
    return (
        pl.Float64
        if values.dtype.kind == "f"
        else pl.UInt64
        if values.dtype.kind == "u"
        else pl.Int64
    )


class Runs:
    """Equal values among sorted ones; all NaN are equal.

    Args:
        values: Sorted, without missing ones.

    Attributes:
        distinct: How many different ones there are.
    """

    def __init__(self, values: Values) -> None:
        self._values = values
        self._changes = values[1:] != values[:-1]
        if values.dtype.kind == "f" and len(values) and np.isnan(values[-1]):
            self._changes &= ~np.isnan(values[:-1])
        self.distinct = int(np.count_nonzero(self._changes)) + (1 if len(values) else 0)

    def most_frequent(self, most: int) -> list[tuple[Any, int]]:
        """Values with how often they occur, the most frequent first, then the smaller ones.

        None where nearly every value occurs just once: there is nothing to tell.
        """
        count = len(self._values)
        if not count or (self.distinct > most and self.distinct > count * _MOST_DISTINCT_SHARE):
            return []
        starts = np.concatenate([[0], np.flatnonzero(self._changes) + 1])
        counts = np.diff(starts, append=count)
        least = np.partition(counts, -most)[-most] if len(counts) > most else 0
        places = np.flatnonzero(counts >= least)
        places = places[np.lexsort((places, -counts[places]))][:most]
        return [(self._values[starts[at]].item(), int(counts[at])) for at in places]


def sorted_numbers(column: pl.Series) -> Values:
    """The values that are there, sorted; NaN last."""
    present = column.drop_nulls()
    if not (present.dtype.is_float() or _is_plain_integer(present.dtype)):
        present = present.cast(pl.Float64)
    return np.sort(present.to_numpy())


def _is_plain_integer(dtype: pl.DataType) -> bool:
    return dtype.is_integer() and dtype not in (pl.Int128, pl.UInt128)


def finite_part(values: Values) -> Values:
    """Of sorted numbers those that are neither infinite nor NaN."""
    if values.dtype.kind != "f":
        return values
    low = np.searchsorted(values, -np.inf, side="right")
    high = np.searchsorted(values, np.inf, side="left")
    return values[low:high]


def _finite_only(column: pl.Series) -> pl.Series:
    present = column.drop_nulls()
    if not present.dtype.is_float():
        return present
    kept = present.is_finite()
    return present if kept.all() else present.filter(kept)


def _not_finite(column: pl.Series) -> int:
    if not column.dtype.is_float():
        return 0
    return column.len() - column.null_count() - int(column.is_finite().sum())


def quantile(values: Values, share: float) -> float:
    """A quantile of sorted finite numbers, linear between neighbours."""
    place = share * (len(values) - 1)
    below = int(place)
    low = float(values[below])
    high = float(values[min(below + 1, len(values) - 1)])
    return low + (high - low) * (place - below)


def histogram(
    values: Values, low: float, high: float, bars: int = HISTOGRAM_BARS
) -> dict[str, Any]:
    """Counts of sorted finite numbers in bars of equal width."""
    if not low < high or not np.isfinite(float(high) - float(low)):
        return {"edges": [low, high], "counts": [len(values)]}
    edges = np.linspace(low, high, bars + 1)
    ends = np.searchsorted(values, edges[1:-1], side="left")
    counts = np.diff(np.concatenate([[0], ends, [len(values)]]))
    return {"edges": edges.tolist(), "counts": counts.tolist()}


def _first(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
