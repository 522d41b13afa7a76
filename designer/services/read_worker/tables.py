"""Pages, profiles and exports of stored tables, from memory-mapped Arrow files."""

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import polars as pl
import pyarrow as pa

from runtime.errors import DataError

MOST_ROWS = 1000
LONGEST_TEXT = 10_000
HISTOGRAM_BARS = 24
TOP_VALUES = 10
_SAFE_INTEGER = 2**53 - 1
_ROLES = b"designer.roles"
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def page(
    path: Path,
    *,
    offset: int = 0,
    limit: int = 100,
    sort: str = "",
    descending: bool = False,
    search: str = "",
) -> dict[str, Any]:
    """Some rows of a table, sorted by a column and reduced to those that contain a text."""
    table = _open(path)
    offset, limit = max(0, offset), max(0, min(limit, MOST_ROWS))
    if sort and sort not in table.schema:
        raise DataError(
            "D001", f"The table has no column '{sort}'.", remedy="Sort by one of its columns."
        )
    if sort or search:
        stamp = path.stat().st_mtime_ns
        arranged = _arranged(str(path), stamp, sort, descending, search)
        total, part = arranged.height, arranged.slice(offset, limit)
    else:
        total, part = table.arrow.num_rows, _frame_of(table.arrow.slice(offset, limit))
    return {
        "columns": [_column(name, dtype, table.roles) for name, dtype in table.schema.items()],
        "rows": [[as_json(value) for value in row] for row in part.iter_rows()],
        "total": total,
        "offset": offset,
    }


def profile(path: Path) -> dict[str, Any]:
    """What is in every column: missing and distinct values, spread, frequent values, histogram."""
    table = _open(path)
    columns = [
        {**_column(name, dtype, table.roles), **_facts(_column_of(table.arrow, name))}
        for name, dtype in table.schema.items()
    ]
    return {"rows": table.arrow.num_rows, "columns": columns}


def export(path: Path, *, to: str, kind: str) -> dict[str, Any]:
    """Write a table as CSV or Parquet."""
    frame = _whole(path)
    if kind == "parquet":
        frame.write_parquet(to)
    else:
        opaque = [name for name, dtype in frame.schema.items() if _is_opaque(dtype)]
        spans = [name for name, dtype in frame.schema.items() if dtype == pl.Duration]
        texts = [pl.col(name).map_elements(_as_text, return_dtype=pl.String) for name in opaque]
        texts += [_text_of(name, frame.schema[name]) for name in spans]
        frame.with_columns(texts).write_csv(to)
    return {"bytes": Path(to).stat().st_size}


def as_json(value: Any) -> Any:
    """A cell as JSON: what JavaScript cannot hold exactly is a text or `{"$number": …}`."""
    match value:
        case None | bool():
            return value
        case int():
            return value if abs(value) <= _SAFE_INTEGER else str(value)
        case float():
            return value if math.isfinite(value) else {"$number": _number_name(value)}
        case str():
            return value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…"
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta() | Decimal():
            return str(value)
        case bytes():
            return value[:64].hex() + ("…" if len(value) > 64 else "")
        case dict():
            return {str(key): as_json(inner) for key, inner in value.items()}
        case list() | tuple() | pl.Series():
            return [as_json(inner) for inner in value]
    return str(value)


class _Table(NamedTuple):
    """A mapped file: nothing of it is read before it is shown."""

    arrow: pa.Table
    schema: pl.Schema
    roles: dict[str, dict[str, Any]]


@lru_cache(maxsize=8)
def _mapped(path: str, _stamp: int) -> _Table:
    table = pa.ipc.open_file(pa.memory_map(path)).read_all()
    roles = msgspec.json.decode((table.schema.metadata or {}).get(_ROLES, b"{}"))
    empty = _frame_of(table.slice(0, 0))
    return _Table(table, empty.schema, roles if isinstance(roles, dict) else {})


def _open(path: Path) -> _Table:
    return _mapped(str(path), path.stat().st_mtime_ns)


def _whole(path: Path) -> pl.DataFrame:
    return _frame_of(_open(path).arrow)


@lru_cache(maxsize=2)
def _arranged(path: str, _stamp: int, sort: str, descending: bool, search: str) -> pl.DataFrame:
    frame = _whole(Path(path))
    if search:
        frame = frame.filter(_contains(frame, search))
    if sort and not frame.schema[sort].is_nested():
        frame = frame.sort(sort, descending=descending, nulls_last=True, maintain_order=True)
    return frame


def _column_of(table: pa.Table, name: str) -> pl.Series:
    return _frame_of(table.select([name])).get_column(name)


def _frame_of(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _contains(frame: pl.DataFrame, search: str) -> pl.Expr:
    tests = [
        _text_of(name, dtype).str.to_lowercase().str.contains(search.lower(), literal=True)
        for name, dtype in frame.schema.items()
        if not _is_opaque(dtype)
    ]
    return pl.any_horizontal(tests).fill_null(False) if tests else pl.lit(False)


def _text_of(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    return column.dt.to_string("polars") if dtype == pl.Duration else column.cast(pl.String)


def _is_opaque(dtype: pl.DataType) -> bool:
    """Whether values of the type have no order and no text of their own."""
    return dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Null)


def _column(name: str, dtype: pl.DataType, roles: dict[str, dict[str, Any]]) -> dict[str, Any]:
    role = roles.get(name) or {}
    return {
        "name": name,
        "type": _type_name(dtype),
        "role": role.get("kind", ""),
        "categorical": role.get("categorical"),
    }


def _type_name(dtype: pl.DataType) -> str:
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    if dtype.is_temporal():
        return "datetime"
    if dtype == pl.Boolean:
        return "boolean"
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return "categorical"
    return "string" if dtype == pl.String else str(dtype).lower()


def _facts(column: pl.Series) -> dict[str, Any]:
    dtype = column.dtype
    facts: dict[str, Any] = {"nulls": column.null_count(), "distinct": None}
    if _is_opaque(dtype):
        return facts
    facts["distinct"] = column.drop_nulls().n_unique()
    if dtype.is_numeric():
        facts |= _number_facts(column)
    elif dtype.is_temporal():
        facts |= {"min": as_json(column.min()), "max": as_json(column.max())}
    if not dtype.is_float():
        facts["top"] = _top(column)
    return facts


def _number_facts(column: pl.Series) -> dict[str, Any]:
    values = column.cast(pl.Float64, strict=False).drop_nulls()
    finite = values.filter(values.is_finite())
    facts = {"not_finite": values.len() - finite.len()}
    if finite.is_empty():
        return facts
    quantiles = {str(q): finite.quantile(q, interpolation="linear") for q in _QUANTILES}
    return {
        **facts,
        "min": finite.min(),
        "max": finite.max(),
        "mean": finite.mean(),
        "std": finite.std(),
        "quantiles": quantiles,
        "histogram": _histogram(finite),
    }


def _histogram(values: pl.Series) -> dict[str, list[float]]:
    # Finite numbers, at least one: Polars types the extremes of every kind of column alike.
    low, high = float(values.min()), float(values.max())  # type: ignore[arg-type]
    if low == high or not math.isfinite(high - low):
        return {"edges": [low, high], "counts": [values.len()]}
    width = (high - low) / HISTOGRAM_BARS
    bars = ((values - low) / width).floor().clip(0, HISTOGRAM_BARS - 1).cast(pl.Int32)
    counted = dict(bars.value_counts().iter_rows())
    edges = [low + width * index for index in range(HISTOGRAM_BARS)] + [high]
    return {"edges": edges, "counts": [counted.get(index, 0) for index in range(HISTOGRAM_BARS)]}


def _top(column: pl.Series) -> Sequence[Sequence[Any]]:
    counted = column.drop_nulls().rename("value").value_counts(name="rows")
    top = counted.sort(["rows", "value"], descending=[True, False]).head(TOP_VALUES)
    return [[as_json(value), rows] for value, rows in top.iter_rows()]


def _number_name(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _as_text(value: Any) -> str:
    return msgspec.json.encode(as_json(value)).decode()
