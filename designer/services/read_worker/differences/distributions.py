"""How the values of each column lie in two tables, over one another, and measures of the shift.

* KS distance: the largest gap between the two cumulative distributions, read at ten thousand
  quantiles of either, so within 0.0001.
* Mean shift: the change of the mean in standard deviations of the former values.
* PSI (population stability index): over the former deciles; by convention below 0.1 is stable.
* Total variation: half the sum of how much the share of every value changed.

Source: A. N. Kolmogorov, 1933; N. V. Smirnov, 1948; Naeem Siddiqi, "Credit Risk Scorecards", 2006.
"""

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from designer.services.read_worker.cells import as_json
from designer.services.read_worker.differences.schema import comparable_columns
from designer.services.read_worker.profiles import (
    EXACT_ROWS,
    Runs,
    finite_part,
    quantile,
    sampled,
    sorted_numbers,
)
from designer.services.read_worker.stored_table import (
    StoredTable,
    describe_column,
    finite,
    is_opaque,
    is_text,
    open_table,
)
from designer.services.read_worker.turns import Turn

BARS = 32
PLACES = 10_000
TOP_VALUES = 12
_SMALL = 1e-4

Values = npt.NDArray[Any]


def distribution_difference(before: Path, after: Path, turn: Turn) -> dict[str, Any]:
    """For every common column how its values lay and lie; each is told as soon as it is known."""
    was, is_ = open_table(before), open_table(after)
    names = comparable_columns(was, is_)

    def compared(name: str) -> dict[str, Any]:
        return {**describe_column(is_, name), **column_difference(was, is_, name)}

    columns = []
    for at, column in enumerate(turn.each(names, compared, "Comparing distributions")):
        turn.tell((at + 1) / len(names), "Comparing distributions", {"column": column})
        columns.append(column)
    return {"columns": columns}


def column_difference(before: StoredTable, after: StoredTable, name: str) -> dict[str, Any]:
    """One column in both tables."""
    was, is_ = before.column(name), after.column(name)
    facts: dict[str, Any] = {
        "missing": {"before": _missing_share(was), "after": _missing_share(is_)}
    }
    if is_opaque(was.dtype):
        return {**facts, "measures": []}
    was, is_ = sampled(was, EXACT_ROWS), sampled(is_, EXACT_ROWS)
    if was.dtype.is_numeric() or was.dtype.is_temporal():
        return facts | _of_numbers(was, is_)
    return facts | _of_values(was, is_)


def _of_numbers(was: pl.Series, is_: pl.Series) -> dict[str, Any]:
    old, new = _numbers(was), _numbers(is_)
    facts: dict[str, Any] = {
        "before": _number_facts(old, was),
        "after": _number_facts(new, is_),
        "measures": [],
        "histogram": None,
    }
    if not len(old) or not len(new):
        return facts
    edges = _edges(old, new)
    measures = [_measure("KS distance", ks_distance(old, new))]
    if was.dtype.is_numeric():
        measures.append(_measure("Mean shift", _mean_shift(old, new)))
    measures.append(_measure("PSI", stability_index(old, new)))
    return facts | {
        "measures": measures,
        "histogram": {
            "edges": [_as_value(edge, was) for edge in edges],
            "before": _counts(old, edges),
            "after": _counts(new, edges),
        },
    }


def _of_values(was: pl.Series, is_: pl.Series) -> dict[str, Any]:
    old, new = (_words(column) for column in (was, is_))
    distinct, distance, top = _shares(old, new)
    return {
        "before": {"distinct": distinct[0], "rows": old.len()},
        "after": {"distinct": distinct[1], "rows": new.len()},
        "measures": [_measure("Total variation", distance)] if old.len() and new.len() else [],
        "values": top,
    }


def ks_distance(old: Values, new: Values) -> float:
    """The largest gap between the cumulative distributions of two arrays of sorted numbers."""
    points = np.concatenate([_places(old), _places(new)])
    gaps = [
        np.abs(_reached(old, points, side) - _reached(new, points, side)).max()
        for side in ("left", "right")
    ]
    return float(max(gaps))


def _reached(values: Values, points: Values, side: str) -> Values:
    return np.searchsorted(values, points, side=side) / len(values)  # type: ignore[call-overload, no-any-return]


def _places(values: Values) -> Values:
    if len(values) <= PLACES:
        return values
    return values[np.linspace(0, len(values) - 1, PLACES).astype(np.int64)]


def stability_index(old: Values, new: Values) -> float:
    """The population stability index of two arrays of sorted numbers, over the deciles of the first."""
    edges = np.unique([quantile(old, share / 10) for share in range(1, 10)])
    shares = [
        np.diff(np.concatenate([[0], np.searchsorted(values, edges), [len(values)]])) / len(values)
        for values in (old, new)
    ]
    was, is_ = (np.maximum(share, _SMALL) for share in shares)
    return float(((is_ - was) * np.log(is_ / was)).sum())


def _mean_shift(old: Values, new: Values) -> float | None:
    with np.errstate(all="ignore"):
        spread = float(old.std(ddof=1)) if len(old) > 1 else 0.0
        return finite((float(new.mean()) - float(old.mean())) / spread) if spread else None


def _numbers(column: pl.Series) -> Values:
    whole = column.to_physical() if column.dtype.is_temporal() else column
    return finite_part(sorted_numbers(whole))


def _number_facts(values: Values, column: pl.Series) -> dict[str, Any]:
    if not len(values):
        return {"rows": 0}
    facts: dict[str, Any] = {
        "rows": len(values),
        "min": _as_value(values[0], column),
        "median": _as_value(quantile(values, 0.5), column),
        "max": _as_value(values[-1], column),
    }
    if column.dtype.is_numeric():
        with np.errstate(all="ignore"):
            facts["mean"] = finite(values.mean(dtype=np.float64))
            facts["std"] = finite(values.std(ddof=1, dtype=np.float64)) if len(values) > 1 else None
    return facts


def _edges(old: Values, new: Values) -> Values:
    low = min(float(old[0]), float(new[0]))
    high = max(float(old[-1]), float(new[-1]))
    if not low < high or not math.isfinite(high - low):
        return np.array([low, high])
    return np.linspace(low, high, BARS + 1)


def _counts(values: Values, edges: Values) -> list[int]:
    ends = np.searchsorted(values, edges[1:-1], side="left")
    counts: list[int] = np.diff(np.concatenate([[0], ends, [len(values)]])).tolist()
    return counts


def _as_value(number: Any, column: pl.Series) -> Any:
    if not column.dtype.is_temporal():
        return as_json(float(number))
    return as_json(pl.Series([round(float(number))], dtype=pl.Int64).cast(column.dtype).item())


def _words(column: pl.Series) -> pl.Series:
    present = column.drop_nulls()
    return present.cast(pl.String) if is_text(present.dtype) else present


def _shares(
    old: pl.Series, new: pl.Series
) -> tuple[tuple[int, int], float | None, list[dict[str, Any]]]:
    """Distinct values of both, their total variation, and the values whose shares are largest."""
    hashes = [np.sort(values.hash().to_numpy()) for values in (old, new)]
    runs = [Runs(sorted_) for sorted_ in hashes]
    distinct = (runs[0].distinct, runs[1].distinct)
    if not old.len() or not new.len():
        return distinct, None, []
    counts = [Counts.of(sorted_) for sorted_ in hashes]
    every = np.union1d(counts[0].values, counts[1].values)
    shares = [count.shares(every) for count in counts]
    distance = float(np.abs(shares[0] - shares[1]).sum() / 2)
    if max(distinct) > TOP_VALUES and all(r.most_frequent(1) == [] for r in runs):
        return distinct, distance, []
    largest = np.argsort(-np.maximum(*shares), kind="stable")[:TOP_VALUES]
    top = [
        {
            "value": _value_of(every[at], old, new),
            "before": float(shares[0][at]),
            "after": float(shares[1][at]),
        }
        for at in largest
    ]
    return distinct, distance, top


class Counts:
    """How often each of some sorted numbers occurs."""

    def __init__(self, values: Values, counts: Values, total: int) -> None:
        self.values = values
        self._counts = counts
        self._total = total

    @classmethod
    def of(cls, sorted_: Values) -> "Counts":
        """Counted from sorted numbers, of which there is at least one."""
        starts = np.concatenate([[0], np.flatnonzero(sorted_[1:] != sorted_[:-1]) + 1])
        return cls(sorted_[starts], np.diff(starts, append=len(sorted_)), len(sorted_))

    def shares(self, every: Values) -> Values:
        """The share of each of some numbers, which hold all of these."""
        found = np.zeros(len(every))
        found[np.searchsorted(every, self.values)] = self._counts / self._total
        return found


def _value_of(number: Any, old: pl.Series, new: pl.Series) -> Any:
    for values in (new, old):
        places = np.flatnonzero(values.hash().to_numpy() == number)
        if len(places):
            return as_json(values[int(places[0])], longest=200)
    return None


def _missing_share(column: pl.Series) -> float:
    return column.null_count() / column.len() if column.len() else 0.0


def _measure(name: str, value: float | None) -> dict[str, Any]:
    return {"name": name, "value": value}
