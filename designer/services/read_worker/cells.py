"""Cells as JSON, and as the text that people search for."""

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

LONGEST_TEXT = 10_000
LONGEST_CELL = 1 << 20
_SAFE_INTEGER = 2**53 - 1
_BYTES_SHOWN = 64


def as_json(value: Any, *, longest: int = LONGEST_TEXT) -> Any:
    """A cell as JSON: what JavaScript cannot hold exactly is a text or `{"$number": …}`."""
    match value:
        case None | bool():
            return value
        case int():
            return value if abs(value) <= _SAFE_INTEGER else str(value)
        case float():
            return value if math.isfinite(value) else {"$number": number_name(value)}
        case str():
            return value if len(value) <= longest else value[:longest] + "…"
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta() | Decimal():
            return str(value)
        case bytes():
            return value[:_BYTES_SHOWN].hex() + ("…" if len(value) > _BYTES_SHOWN else "")
        case dict():
            return {str(key): as_json(inner, longest=longest) for key, inner in value.items()}
        case list() | tuple() | pl.Series():
            return [as_json(inner, longest=longest) for inner in value]
    return str(value)


def as_short_json(value: Any, longest: int) -> Any:
    """A cell for a page: a longer text as `{"$cut": its beginning, "length": characters}`."""
    if isinstance(value, str):
        return value if len(value) <= longest else {"$cut": value[:longest], "length": len(value)}
    if isinstance(value, bytes | list | dict | pl.Series) and len(value) > longest // 4:
        return _cut(value, longest)
    return as_json(value, longest=longest)


def _cut(value: Any, longest: int) -> Any:
    """The beginning of something with parts."""
    if isinstance(value, bytes):
        return {"$cut": value[: longest // 2].hex(), "length": len(value)}
    parts = list(value.items() if isinstance(value, dict) else value)[: longest // 4]
    shown = as_json(dict(parts) if isinstance(value, dict) else parts, longest=longest)
    return {"$cut": shown, "length": len(value)}


def number_name(value: float) -> str:
    """What a number that is not finite is called."""
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"
