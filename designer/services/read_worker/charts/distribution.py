"""How the values of a column lie: a histogram, or how often each value occurs; split by another."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from designer.services.read_worker.cells import as_json
from designer.services.read_worker.chart_request import Chart
from designer.services.read_worker.charts.subject import (
    Groups,
    Subject,
    as_numbers,
    axis_value,
    frequent_values,
    groups_of,
    places_of,
    unsuitable,
)
from designer.services.read_worker.stored_table import is_opaque, is_text
from designer.services.read_worker.turns import Turn

MOST_VALUES = 30
FEWEST_BARS, MOST_BARS = 5, 80
TRIM = 0.005
_LARGEST_EXACT = 2.0**52

Numbers = npt.NDArray[np.float64]


def distribution(subject: Subject, chart: Chart, turn: Turn) -> dict[str, Any]:
    """The histogram of numbers or moments, or the counts of the most frequent other values."""
    turn.tell(None, f"Reading '{chart.x}'")
    column = subject.column(chart.x)
    if is_opaque(column.dtype):
        raise unsuitable(chart.x, column.dtype, "numbers, moments or texts")
    groups = groups_of(subject.column(chart.by)) if chart.by else None
    turn.check()
    is_continuous = column.dtype.is_numeric() or column.dtype.is_temporal()
    drawn = _histogram(column, groups, chart) if is_continuous else _counts(column, groups)
    return {
        "kind": "distribution",
        "x": subject.described(chart.x),
        "by": subject.described(chart.by) if chart.by else None,
        "rows": subject.rows,
        "missing": column.null_count(),
        **drawn,
    }


def _histogram(column: pl.Series, groups: Groups | None, chart: Chart) -> dict[str, Any]:
    values = as_numbers(column)
    inside = values.is_finite().fill_null(False)
    finite = int(inside.sum())
    left_out = column.len() - column.null_count() - finite
    if chart.trimmed and finite:
        inside &= _within(values, inside).fill_null(False)
    all_numbers = values.filter(inside).to_numpy()
    if len(all_numbers) == 0:
        return {"form": "histogram", "edges": [], "series": [], "left_out": left_out}
    edges = bar_edges(all_numbers, chart.bars, is_whole=column.dtype.is_integer())
    if groups is None:
        series = [_series(None, all_numbers, edges)]
    else:
        codes = groups.codes.filter(inside)
        series = [
            _series(name, all_numbers[(codes == code).fill_null(False).to_numpy()], edges)
            for code, name in enumerate(groups.names)
        ]
    return {
        "form": "histogram",
        "edges": [axis_value(column, edge) for edge in edges],
        "series": series,
        "left_out": left_out,
        "outside": finite - len(all_numbers),
    }


def _within(values: pl.Series, inside: pl.Series) -> pl.Series:
    kept = values.filter(inside)
    low, high = (kept.quantile(share) for share in (TRIM, 1 - TRIM))
    return (values >= low) & (values <= high)


def _series(name: Any, numbers: Numbers, edges: Numbers) -> dict[str, Any]:
    counts, _ = np.histogram(numbers, edges)
    return {"name": name, "counts": counts.tolist(), "rows": len(numbers)}


def bar_edges(numbers: Numbers, bars: int, *, is_whole: bool) -> Numbers:
    """The edges of bars: as many as wished, or as suit the spread; whole numbers are not cut apart.

    Source: Freedman and Diaconis, "On the histogram as a density estimator", 1981.
    """
    low, high = float(numbers.min()), float(numbers.max())
    span = high - low
    if span <= 0 or not np.isfinite(span):
        return np.array([low - 0.5, high + 0.5]) if np.isfinite(span) else np.array([low, high])
    is_whole = is_whole and max(abs(low), abs(high)) < _LARGEST_EXACT
    if is_whole and span < (bars or MOST_BARS):
        return np.arange(low - 0.5, high + 1)
    bars = bars or _suitable_bars(numbers, span)
    if is_whole:
        step = np.ceil((span + 1) / bars)
        edges: Numbers = low - 0.5 + step * np.arange(int(np.ceil((span + 1) / step)) + 1)
        return edges
    return np.linspace(low, high, bars + 1)


def _suitable_bars(numbers: Numbers, span: float) -> int:
    some = numbers[:: max(1, len(numbers) // 100_000)]
    first, third = (float(end) for end in np.quantile(some, [0.25, 0.75]))
    width: float = 2 * (third - first) / len(numbers) ** (1 / 3)
    if width * MOST_BARS <= span:
        return MOST_BARS if width > 0 else FEWEST_BARS * 4
    return max(FEWEST_BARS, math.ceil(span / width))


def _counts(column: pl.Series, groups: Groups | None) -> dict[str, Any]:
    values = column.cast(pl.String) if is_text(column.dtype) else column
    found = frequent_values(values, MOST_VALUES)
    places = places_of(values, found.values)
    lines = groups.codes if groups else pl.repeat(0, values.len(), dtype=pl.UInt32, eager=True)
    both = (places.is_not_null() & lines.is_not_null()).to_numpy()
    names = groups.names if groups else (None,)
    width = found.values.len() + 1
    cells = lines.fill_null(0).to_numpy()[both].astype(np.int64) * width
    cells += places.fill_null(0).to_numpy()[both]
    counts = np.bincount(cells, minlength=len(names) * width).reshape(len(names), width)
    return {
        "form": "counts",
        "values": [as_json(value, longest=200) for value in found.values],
        "series": [
            {"name": name, "counts": line[:-1].tolist(), "rows": int(line.sum())}
            for name, line in zip(names, counts, strict=True)
        ],
        "others": {"values": found.distinct - width + 1, "rows": int(counts[:, -1].sum())},
        "left_out": 0,
    }
