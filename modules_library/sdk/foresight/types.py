"""Column types as text, and back."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

_PLAIN = (
    *("Int8", "Int16", "Int32", "Int64", "Int128", "UInt8", "UInt16", "UInt32", "UInt64"),
    *("Float32", "Float64", "Boolean", "String", "Binary", "Date", "Time", "Null"),
    *("Datetime", "Duration", "Decimal", "List", "Array", "Struct"),
)


def type_word(dtype: pl.DataType) -> str:
    """The type as Polars writes it."""
    return str(dtype)


@lru_cache(maxsize=512)
def type_of(word: str) -> pl.DataType:
    """The type that a word names.

    Raises:
        ValueError: It names none that a stored table can have.

    >>> type_of("List(Int64)")
    List(Int64)
    """
    try:
        found = _value(ast.parse(word, mode="eval").body)
    except SyntaxError as exc:
        raise ValueError(f"{word!r} names no column type") from exc
    dtype: pl.DataType = found() if isinstance(found, type) else found
    return dtype


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name in _PLAIN:
            import polars as pl

            return getattr(pl, name)
        case ast.Tuple(elts=items):
            return tuple(map(_value, items))
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {_value(key): _value(value) for key, value in pairs if key is not None}
        case ast.Call(func=func, args=arguments, keywords=keywords):
            named = {str(item.arg): _value(item.value) for item in keywords}
            return _value(func)(*map(_value, arguments), **named)
    raise ValueError(f"'{ast.unparse(node)}' names no column type")
