"""A number in each category: quartiles, how far the rest reaches, and how many lie beyond."""

from typing import Any

import polars as pl

from designer.services.read_worker.chart_request import Chart
from designer.services.read_worker.charts.subject import Subject, as_numbers, groups_of, unsuitable
from designer.services.read_worker.stored_table import finite
from designer.services.read_worker.turns import Turn

MOST_BOXES = 16
REACH = 1.5
"""Whiskers reach the farthest value within so many interquartile ranges of the box.

Source: John Tukey, "Exploratory Data Analysis", 1977.
"""


def boxes(subject: Subject, chart: Chart, turn: Turn) -> dict[str, Any]:
    """A box for each of the most frequent values of a column."""
    turn.tell(None, f"Reading '{chart.x}' and '{chart.y}'")
    number = subject.column(chart.y)
    if not number.dtype.is_numeric():
        raise unsuitable(chart.y, number.dtype, "a number")
    groups = groups_of(subject.column(chart.x), MOST_BOXES)
    turn.check()
    frame = pl.DataFrame({"group": groups.codes, "y": as_numbers(number)})
    inside = frame.filter(pl.col("group").is_not_null() & pl.col("y").is_finite())
    turn.tell(None, "Finding quartiles")
    quartiles = inside.group_by("group").agg(
        pl.len().alias("rows"),
        pl.col("y").mean().alias("mean"),
        pl.col("y").min().alias("minimum"),
        pl.col("y").max().alias("maximum"),
        *(
            pl.col("y").quantile(share, interpolation="linear").alias(name)
            for name, share in (("q1", 0.25), ("median", 0.5), ("q3", 0.75))
        ),
    )
    turn.check()
    reach = REACH * (pl.col("q3") - pl.col("q1"))
    within = pl.col("y").is_between(pl.col("q1") - reach, pl.col("q3") + reach)
    whiskers = (
        inside.join(quartiles.select("group", "q1", "q3"), on="group")
        .filter(within)
        .group_by("group")
        .agg(
            pl.col("y").min().alias("low"),
            pl.col("y").max().alias("high"),
            pl.len().alias("within"),
        )
    )
    found = quartiles.join(whiskers, on="group", how="left").sort("group")
    return {
        "kind": "box",
        "x": subject.described(chart.x),
        "y": subject.described(chart.y),
        "rows": subject.rows,
        "drawn": inside.height,
        "boxes": [_box(row, groups.names) for row in found.iter_rows(named=True)],
    }


def _box(row: dict[str, Any], names: tuple[Any, ...]) -> dict[str, Any]:
    numbers = {
        name: finite(row[name])
        for name in ("minimum", "low", "q1", "median", "q3", "high", "maximum", "mean")
    }
    return {
        "name": names[row["group"]],
        "rows": row["rows"],
        "beyond": row["rows"] - (row["within"] or 0),
        **numbers,
    }
