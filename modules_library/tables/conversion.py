"""Convert the values of a column to another type, and say which value does not fit."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import polars as pl

from runtime.errors import DataError

ColumnKind = Literal["String", "Integer", "Double", "Boolean", "DateTime"]

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def convert_column(column: pl.Series, kind: ColumnKind, date_format: str = "") -> pl.Series:
    """The column with values of another kind; missing values stay missing.

    Args:
        column: The column.
        kind: What it shall hold.
        date_format: For moments in text: Python's notation, blank for ISO 8601.

    Raises:
        DataError: D008 with the first value that does not fit and its row; D004 when no value of
            the column's type ever fits.
    """
    converters: dict[ColumnKind, Callable[[pl.Series], pl.Series]] = {
        "String": _to_text,
        "Integer": _to_integer,
        "Double": lambda values: _stripped(values).cast(pl.Float64, strict=False),
        "Boolean": _to_boolean,
        "DateTime": lambda values: _to_moment(values, date_format),
    }
    _require_convertible(column, kind)
    if column.dtype in (pl.Categorical, pl.Enum):
        column = column.cast(pl.String)
    converted = converters[kind](column).alias(column.name)
    _require_nothing_lost(column, converted, kind)
    return converted


def _require_convertible(column: pl.Series, kind: ColumnKind) -> None:
    is_moment = column.dtype.is_temporal() and kind not in ("String", "DateTime")
    if column.dtype.is_nested() or is_moment:
        raise DataError(
            "D004",
            f"Column {column.name!r} holds {column.dtype}, which cannot become {kind}.",
            remedy="Leave the column out, or convert it with 'Execute Python Script'.",
            column=column.name,
        )


def first_row(mask: pl.Series) -> int:
    """Number of the first row, counted from 1, where the mask holds."""
    return int(mask.arg_max() or 0) + 1


def _require_nothing_lost(column: pl.Series, converted: pl.Series, kind: ColumnKind) -> None:
    lost = converted.is_null() & column.is_not_null()
    if column.dtype.is_float():
        lost &= column.is_not_nan()
    if not lost.any():
        return
    row = first_row(lost)
    raise DataError(
        "D008",
        f"Column {column.name!r} has the value {column[row - 1]!r} in row {row}, which cannot become "
        f"{kind}.",
        remedy="Correct the value, remove it with 'Split Data', or choose another type.",
        column=column.name,
        row=row,
    )


def _stripped(column: pl.Series) -> pl.Series:
    return column.str.strip_chars() if column.dtype == pl.String else column


def _to_text(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Datetime:
        pattern = "%Y-%m-%dT%H:%M:%S%.f"
        zone = "%:z" if getattr(column.dtype, "time_zone", None) else ""
        return column.dt.to_string(pattern + zone)
    return column.cast(pl.String)


def _to_integer(column: pl.Series) -> pl.Series:
    values = _stripped(column)
    whole = values.cast(pl.Int64, strict=False)
    if values.dtype == pl.String:
        numbers = values.cast(pl.Float64, strict=False)
    elif values.dtype.is_float() or values.dtype.is_decimal():
        numbers = values.cast(pl.Float64)
    else:
        return whole
    exact = numbers.is_finite() & (numbers == numbers.round()) & (numbers.abs() < 2.0**63)
    from_numbers = numbers.cast(pl.Int64, strict=False)
    frame = pl.DataFrame([whole.alias("w"), from_numbers.alias("n"), exact.alias("e")])
    chosen = (
        pl.coalesce("w", pl.when("e").then("n"))
        if values.dtype == pl.String
        else (pl.when("e").then("n"))
    )
    return frame.select(chosen.alias(column.name)).to_series()


def _to_boolean(column: pl.Series) -> pl.Series:
    if column.dtype != pl.String:
        numbers = column.fill_nan(None) if column.dtype.is_float() else column
        return numbers.cast(pl.Boolean, strict=False)
    return (
        _stripped(column)
        .str.to_lowercase()
        .replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)
    )


def _to_moment(column: pl.Series, date_format: str) -> pl.Series:
    """Moments by Python's own reader, once for each distinct text."""
    if column.dtype.is_temporal():
        return (
            column if column.dtype == pl.Datetime else column.cast(pl.Datetime("us"), strict=False)
        )
    texts = column.cast(pl.String)
    distinct = texts.drop_nulls().unique()
    read = {text: _moment(text.strip(), date_format) for text in distinct}
    zoned = any(moment is not None and moment.tzinfo for moment in read.values())
    dtype = pl.Datetime("us", "UTC" if zoned else None)
    values = pl.Series([read[text] for text in distinct], dtype=dtype)
    if distinct.is_empty():
        return pl.Series(column.name, [None] * len(column), dtype=dtype)
    return texts.replace_strict(distinct, values, default=None, return_dtype=dtype)


def _moment(text: str, date_format: str) -> datetime | None:
    try:
        if date_format:
            return datetime.strptime(text, date_format)
        return datetime.fromisoformat(text)
    except ValueError:
        return None
