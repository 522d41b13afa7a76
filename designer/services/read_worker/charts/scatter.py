"""One number against another: points while they are few, their density or an honest sample beyond."""

from typing import Any

import numpy as np
import polars as pl

from designer.services.read_worker.cells import as_json
from designer.services.read_worker.chart_request import Chart
from designer.services.read_worker.charts.subject import Subject, as_numbers, axis_value, groups_of
from designer.services.read_worker.turns import Turn

MOST_POINTS = 4000
TILES_X, TILES_Y = 96, 64
SEED = 20_240_229


def scatter(subject: Subject, chart: Chart, turn: Turn) -> dict[str, Any]:
    """Points, tiles with how many rows lie in each, or a sample of the points."""
    turn.tell(None, f"Reading '{chart.x}' and '{chart.y}'")
    x, y = subject.number(chart.x), subject.number(chart.y)
    frame = pl.DataFrame({"x": as_numbers(x), "y": as_numbers(y)})
    turn.check()
    groups = groups_of(subject.column(chart.by)) if chart.by else None
    if groups is not None:
        frame = frame.with_columns(groups.codes.alias("group"))
    inside = frame.filter(pl.col("x").is_finite() & pl.col("y").is_finite())
    turn.check()
    is_dense = inside.height > MOST_POINTS and not (chart.points or groups)
    drawn = _tiles(inside, x, y) if is_dense else _points(inside, x, y)
    return {
        "kind": "scatter",
        "x": subject.described(chart.x),
        "y": subject.described(chart.y),
        "by": subject.described(chart.by) if chart.by else None,
        "groups": list(groups.names) if groups else [],
        "rows": subject.rows,
        "drawn": inside.height,
        "correlation": _correlation(inside),
        **drawn,
    }


def _points(inside: pl.DataFrame, x: pl.Series, y: pl.Series) -> dict[str, Any]:
    is_sample = inside.height > MOST_POINTS
    shown = inside
    if is_sample:
        chosen = np.random.default_rng(SEED).choice(inside.height, MOST_POINTS, replace=False)
        shown = inside[np.sort(chosen)]
    columns = [_axis_values(x, shown.get_column("x")), _axis_values(y, shown.get_column("y"))]
    if "group" in shown.columns:
        columns.append(shown.get_column("group").to_list())
    return {
        "form": "points",
        "points": [list(point) for point in zip(*columns, strict=True)],
        "sample": MOST_POINTS if is_sample else None,
    }


def _axis_values(column: pl.Series, places: pl.Series) -> list[Any]:
    if not column.dtype.is_temporal():
        return places.to_list()
    return [as_json(value) for value in places.round().cast(pl.Int64).cast(column.dtype)]


def _tiles(inside: pl.DataFrame, x: pl.Series, y: pl.Series) -> dict[str, Any]:
    counts, x_edges, y_edges = np.histogram2d(
        inside.get_column("x").to_numpy(),
        inside.get_column("y").to_numpy(),
        bins=(TILES_X, TILES_Y),
    )
    across, up = np.nonzero(counts)
    tiles = np.stack([across, up, counts[across, up].astype(np.int64)], axis=1)
    return {
        "form": "tiles",
        "x_edges": [axis_value(x, edge) for edge in x_edges],
        "y_edges": [axis_value(y, edge) for edge in y_edges],
        "tiles": tiles.tolist(),
        "sample": None,
    }


def _correlation(inside: pl.DataFrame) -> float | None:
    if inside.height < 2:
        return None
    with np.errstate(all="ignore"):
        found = inside.select(pl.corr("x", "y")).item()
    return float(found) if found is not None and np.isfinite(found) else None
