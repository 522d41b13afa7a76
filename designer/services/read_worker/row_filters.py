"""Conditions on rows as Polars expressions, by the type of the column they look at."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from designer.services.read_worker.query import Filter
from designer.services.read_worker.stored_table import StoredTable, is_opaque, is_text, type_name
from runtime.errors import DataError


def condition(table: StoredTable, one: Filter) -> pl.Expr:
    """The rows that a filter keeps, as an expression that is never missing.

    Raises:
        DataError: D001 for an unknown column, D004 for a test or value that its type does not have.
    """
    dtype = table.check(one.column)
    kept = _TESTS[one.test](pl.col(one.column), dtype, one).fill_null(False)
    return ~kept if one.negated else kept


def contains(column: pl.Expr, dtype: pl.DataType, text: str) -> pl.Expr:
    """Whether the text of a value contains a text, whatever its case."""
    shown = text_of(column, dtype)
    if text.lower() != text.upper():
        return shown.str.to_lowercase().str.contains(text.lower(), literal=True)
    return shown.str.contains(text, literal=True)


def text_of(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """The text of values, as it is searched."""
    return column.dt.to_string("polars") if dtype == pl.Duration else column.cast(pl.String)


def _equals(column: pl.Expr, dtype: pl.DataType, one: Filter) -> pl.Expr:
    if one.value is None:
        return column.is_null()
    return column == _literal(one.value, dtype, one)


def _contains(column: pl.Expr, dtype: pl.DataType, one: Filter) -> pl.Expr:
    if is_opaque(dtype):
        raise _unsuitable(one, dtype)
    return contains(column, dtype, str(one.value))


def _range(column: pl.Expr, dtype: pl.DataType, one: Filter) -> pl.Expr:
    ends = []
    if one.low is not None:
        ends.append(column >= _literal(one.low, dtype, one))
    if one.high is not None:
        ends.append(column <= _literal(one.high, dtype, one))
    if dtype.is_float() and ends:
        ends.append(column.is_not_nan())
    return pl.all_horizontal(ends) if ends else column.is_not_null()


def _missing(column: pl.Expr, dtype: pl.DataType, one: Filter) -> pl.Expr:
    return column.is_null()


def _one_of(column: pl.Expr, dtype: pl.DataType, one: Filter) -> pl.Expr:
    values = [_literal(value, dtype, one) for value in one.values if value is not None]
    tests = [column == value for value in values]
    if any(value is None for value in one.values):
        tests.append(column.is_null())
    return pl.any_horizontal(tests) if tests else pl.lit(False)


_TESTS: dict[str, Callable[[pl.Expr, pl.DataType, Filter], pl.Expr]] = {
    "equals": _equals,
    "contains": _contains,
    "range": _range,
    "missing": _missing,
    "one_of": _one_of,
}


def _literal(value: Any, dtype: pl.DataType, one: Filter) -> pl.Expr:
    """A value from JSON as a literal of the column's type."""
    if is_opaque(dtype):
        raise _unsuitable(one, dtype)
    try:
        read = _read(value, dtype)
    except (ValueError, TypeError, InvalidOperation, OverflowError) as exc:
        raise DataError(
            "D008",
            f"{_shown(value)} is no {type_name(dtype)}, as column '{one.column}' holds.",
            remedy=f"Give {_EXAMPLES.get(type_name(dtype), 'a value of that type')}.",
        ) from exc
    return read if isinstance(read, pl.Expr) else pl.lit(read)


_EXAMPLES = {
    "integer": "a whole number",
    "number": "a number",
    "datetime": "a date such as 2024-05-31 or 2024-05-31T12:00",
    "boolean": "true or false",
}


def _read(value: Any, dtype: pl.DataType) -> Any:
    if is_text(dtype):
        return str(value)
    if dtype == pl.Boolean:
        return _truth(value)
    if dtype == pl.Datetime:
        return _moment(datetime.fromisoformat(str(value)), getattr(dtype, "time_zone", None))
    if dtype == pl.Date:
        return date.fromisoformat(str(value)[:10])
    if dtype == pl.Time:
        return time.fromisoformat(str(value))
    if dtype == pl.Duration:
        return timedelta(seconds=float(value))
    if isinstance(value, dict) and "$number" in value:
        return float(value["$number"])
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(value)
    return _number(value, dtype)


def _moment(moment: datetime, zone: str | None) -> datetime | pl.Expr:
    """A moment as the column holds them; one without an offset is meant in the column's zone."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
        if zone:
            return pl.lit(moment).dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    if zone:
        return pl.lit(moment).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return moment


def _number(value: float | str, dtype: pl.DataType) -> Any:
    if dtype == pl.Decimal:
        return Decimal(str(value))
    number = float(value)
    if dtype.is_integer() and number.is_integer():
        return int(value)
    return number


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise ValueError(value)


def _unsuitable(one: Filter, dtype: pl.DataType) -> DataError:
    return DataError(
        "D004",
        f"Column '{one.column}' holds {type_name(dtype)}, which cannot be filtered by value.",
        remedy="Filter it by whether it is missing, or filter another column.",
    )


def _shown(value: Any) -> str:
    text = str(value)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


def names_of(filters: Iterable[Filter]) -> list[str]:
    """The columns that filters look at, each once."""
    return list(dict.fromkeys(one.column for one in filters))
