"""Numbers over time, gathered into pieces of time so many that each is about a pixel or two."""

from typing import Any

import polars as pl

from designer.services.read_worker.cells import as_json
from designer.services.read_worker.chart_request import Aggregate, Chart
from designer.services.read_worker.charts.subject import Subject, groups_of, unsuitable
from designer.services.read_worker.stored_table import finite
from designer.services.read_worker.turns import Turn

MOST_PIECES = 400
MOST_LINES = 6
_SECOND = 1.0
_DAY = 86_400.0
PIECES: tuple[tuple[str, str, float], ...] = (
    ("1ms", "millisecond", 0.001),
    ("10ms", "10 milliseconds", 0.01),
    ("100ms", "100 milliseconds", 0.1),
    ("1s", "second", _SECOND),
    ("5s", "5 seconds", 5.0),
    ("15s", "15 seconds", 15.0),
    ("1m", "minute", 60.0),
    ("5m", "5 minutes", 300.0),
    ("15m", "15 minutes", 900.0),
    ("1h", "hour", 3600.0),
    ("6h", "6 hours", 21_600.0),
    ("1d", "day", _DAY),
    ("1w", "week", 7 * _DAY),
    ("1mo", "month", 30 * _DAY),
    ("1q", "quarter", 91 * _DAY),
    ("1y", "year", 365 * _DAY),
    ("10y", "10 years", 3652 * _DAY),
)


def time_line(subject: Subject, chart: Chart, turn: Turn) -> dict[str, Any]:
    """What the numbers of each piece of time are together; how many rows, where there is no number."""
    turn.tell(None, f"Reading '{chart.x}'")
    moments = subject.column(chart.x)
    if moments.dtype not in (pl.Datetime, pl.Date):
        raise unsuitable(chart.x, moments.dtype, "a date or a moment")
    frame = pl.DataFrame({"at": moments})
    if chart.y:
        frame = frame.with_columns(_number(subject, chart.y).alias("y"))
    groups = groups_of(subject.column(chart.by), MOST_LINES) if chart.by else None
    code = groups.codes if groups else pl.lit(0, pl.UInt32)
    frame = frame.with_columns(code.alias("line")).drop_nulls(["at", "line"])
    turn.tell(None, "Gathering pieces of time")
    every, words = piece_for(frame.get_column("at"))
    pieces = (
        frame.with_columns(pl.col("at").dt.truncate(every))
        .group_by("line", "at")
        .agg(*_gathered(chart))
        .sort("line", "at")
    )
    return {
        "kind": "time_line",
        "x": subject.described(chart.x),
        "y": subject.described(chart.y) if chart.y else None,
        "by": subject.described(chart.by) if chart.by else None,
        "rows": subject.rows,
        "drawn": frame.height,
        "every": words,
        "aggregate": chart.aggregate if chart.y else "count",
        "series": [
            _line(pieces.filter(pl.col("line") == at), name)
            for at, name in enumerate(groups.names if groups else (None,))
        ],
    }


def piece_for(moments: pl.Series) -> tuple[str, str]:
    """The smallest piece of time that does not make too many, and what it is called."""
    if moments.is_empty():
        return PIECES[0][:2]
    span = (moments.max() - moments.min()).total_seconds()  # type: ignore[operator, union-attr]
    smallest = _DAY if moments.dtype == pl.Date else 0.0
    for every, words, seconds in PIECES:
        if seconds >= smallest and span / seconds <= MOST_PIECES:
            return every, words
    return PIECES[-1][:2]


def _number(subject: Subject, name: str) -> pl.Series:
    column = subject.column(name)
    if not (column.dtype.is_numeric() or column.dtype == pl.Boolean):
        raise unsuitable(name, column.dtype, "a number")
    return column.cast(pl.Float64).fill_nan(None)


def _gathered(chart: Chart) -> list[pl.Expr]:
    if not chart.y:
        return [pl.len().cast(pl.Float64).alias("value"), pl.len().alias("rows")]
    y = pl.col("y")
    whole: dict[Aggregate, pl.Expr] = {
        "mean": y.mean(),
        "median": y.median(),
        "sum": y.sum(),
        "minimum": y.min(),
        "maximum": y.max(),
        "count": y.count().cast(pl.Float64),
    }
    gathered = [whole[chart.aggregate].alias("value"), pl.len().alias("rows")]
    if chart.aggregate in ("mean", "median") and not chart.by:
        gathered += [y.quantile(0.25).alias("low"), y.quantile(0.75).alias("high")]
    return gathered


def _line(pieces: pl.DataFrame, name: Any) -> dict[str, Any]:
    numbers = [column for column in ("value", "low", "high") if column in pieces.columns]
    return {
        "name": name,
        "times": [as_json(at) for at in pieces.get_column("at")],
        "rows": pieces.get_column("rows").to_list(),
        **{column: [finite(value) for value in pieces.get_column(column)] for column in numbers},
    }
