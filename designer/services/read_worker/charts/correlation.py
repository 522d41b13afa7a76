"""How columns go together, pair by pair, each by the measure that fits its types.

Two numbers: Pearson's or Spearman's coefficient. Two categories: Cramér's V. A number and a
category: the correlation ratio, the root of the share of the variance that the groups explain.

Source: Harald Cramér, "Mathematical Methods of Statistics", 1946; R. A. Fisher, "Statistical
Methods for Research Workers", 1925.
"""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from designer.services.read_worker.chart_request import MOST_COLUMNS, Chart
from designer.services.read_worker.charts.subject import Subject, as_numbers, places_of
from designer.services.read_worker.stored_table import is_opaque, is_text, type_name
from designer.services.read_worker.turns import Turn

MOST_CATEGORIES = 50
SAMPLE_ROWS = 1_000_000
CHOSEN_AT_FIRST = 24

Numbers = npt.NDArray[np.float64]


class Part(NamedTuple):
    """A column made ready: a number with NaN where it is missing, or codes with -1."""

    name: str
    values: Numbers
    categories: int = 0


def correlation(subject: Subject, chart: Chart, turn: Turn) -> dict[str, Any]:
    """The matrix of how columns go together, what was left out of it and why."""
    names = chart.columns or tuple(subject.view.table.names)
    most = MOST_COLUMNS if chart.columns else CHOSEN_AT_FIRST
    parts: list[Part] = []
    left_out: list[dict[str, str]] = []
    for at, name in enumerate(names):
        turn.tell(at / len(names) / 2, f"Reading '{name}'")
        part = (
            _part(subject, name, chart) if len(parts) < most else f"only {most} are shown at first"
        )
        if isinstance(part, Part):
            parts.append(part)
        else:
            left_out.append({"name": name, "reason": part})
    values = _matrix(parts, turn)
    return {
        "kind": "correlation",
        "measure": chart.measure,
        "columns": [
            {**subject.described(part.name), "is_category": part.categories > 0} for part in parts
        ],
        "values": values,
        "left_out": left_out,
        "rows": subject.rows,
        "sample": SAMPLE_ROWS if subject.rows > SAMPLE_ROWS else None,
    }


def _part(subject: Subject, name: str, chart: Chart) -> Part | str:
    column = subject.sample(name, SAMPLE_ROWS)
    if is_opaque(column.dtype):
        return f"{type_name(column.dtype)} has no order"
    if column.dtype.is_numeric() or column.dtype.is_temporal():
        return _number(name, column, chart)
    return _category(name, column)


def _number(name: str, column: pl.Series, chart: Chart) -> Part | str:
    numbers = as_numbers(column)
    numbers = numbers.set(~numbers.is_finite().fill_null(False), None)
    if numbers.min() == numbers.max():
        return "it has a single value"
    if chart.measure == "spearman":
        numbers = numbers.rank("average")
    return Part(name, numbers.cast(pl.Float64).fill_null(math.nan).to_numpy())


def _category(name: str, column: pl.Series) -> Part | str:
    texts = column.cast(pl.String) if is_text(column.dtype) else column
    values = texts.drop_nulls().unique().sort()
    if values.len() < 2:
        return "it has a single value"
    if values.len() > MOST_CATEGORIES:
        return f"it has more than {MOST_CATEGORIES} different values"
    places = places_of(texts, values).cast(pl.Float64).fill_null(-1)
    return Part(name, places.to_numpy(), values.len())


def _matrix(parts: list[Part], turn: Turn) -> list[list[float | None]]:
    count = len(parts)
    values: list[list[float | None]] = [[1.0] * count for _ in range(count)]
    done = 0
    for row in range(count):
        for column in range(row):
            pairs = max(1, count * (count - 1) // 2)
            turn.tell(0.5 + done / pairs / 2, "Comparing pairs of columns")
            done += 1
            found = _together(parts[row], parts[column])
            values[row][column] = values[column][row] = found
    return values


def _together(a: Part, b: Part) -> float | None:
    if a.categories and b.categories:
        found = cramers_v(a.values, b.values)
    elif a.categories or b.categories:
        number, category = (b, a) if a.categories else (a, b)
        found = correlation_ratio(number.values, category.values)
    else:
        found = pearson(a.values, b.values)
    return found if math.isfinite(found) else None


def pearson(a: Numbers, b: Numbers) -> float:
    """Pearson's coefficient over the rows in which both numbers are there; NaN where undefined."""
    both = ~(np.isnan(a) | np.isnan(b))
    if np.count_nonzero(both) < 2:
        return math.nan
    with np.errstate(all="ignore"):
        x, y = a[both] - a[both].mean(), b[both] - b[both].mean()
        scale = math.sqrt(float(x @ x)) * math.sqrt(float(y @ y))
        return max(-1.0, min(1.0, float(x @ y) / scale)) if scale > 0 else math.nan


def cramers_v(a: Numbers, b: Numbers) -> float:
    """Cramér's V of two columns of codes, over the rows in which neither is -1."""
    both = (a >= 0) & (b >= 0)
    x, y = a[both].astype(np.int64), b[both].astype(np.int64)
    if len(x) == 0:
        return math.nan
    width = int(y.max()) + 1
    table = np.bincount(x * width + y, minlength=(int(x.max()) + 1) * width).reshape(-1, width)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0].astype(float)
    smaller = min(table.shape) - 1
    if smaller < 1:
        return math.nan
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / len(x)
    return math.sqrt(float(((table - expected) ** 2 / expected).sum()) / len(x) / smaller)


def correlation_ratio(numbers: Numbers, codes: Numbers) -> float:
    """The correlation ratio of a number in groups, over the rows in which both are there."""
    both = ~np.isnan(numbers) & (codes >= 0)
    values, groups = numbers[both], codes[both].astype(np.int64)
    if len(values) < 2:
        return math.nan
    with np.errstate(all="ignore"):
        values = values - values.mean()
        whole = float(values @ values)
        counts = np.bincount(groups)
        sums = np.bincount(groups, weights=values)
        between = float((sums[counts > 0] ** 2 / counts[counts > 0]).sum())
        return math.sqrt(min(1.0, between / whole)) if whole > 0 else math.nan
