"""One value out of a text, as a column holds it."""

from datetime import date, datetime, time
from typing import Any

import polars as pl

_TRUTHS = {"true": True, "false": False}


def as_value(text: str, dtype: pl.DataType) -> Any:
    """What the text means in a column of a type; None where it means nothing there.

    >>> as_value("3", pl.Int64()), as_value("0.5", pl.Int64()), as_value("3", pl.String())
    (3, None, '3')
    """
    try:
        return _value(text, dtype)
    except ValueError:
        return None


def _value(text: str, dtype: pl.DataType) -> Any:
    if dtype == pl.String:
        return text
    if dtype == pl.Boolean:
        return _TRUTHS.get(text.strip().lower())
    if dtype.is_integer():
        return int(text)
    if dtype.is_float():
        return float(text)
    if dtype == pl.Date:
        return date.fromisoformat(text.strip())
    if dtype == pl.Datetime and getattr(dtype, "time_zone", None) is None:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    return time.fromisoformat(text.strip()) if dtype == pl.Time else None
