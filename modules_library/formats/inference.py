"""The types of columns that were read as text.

In this order: boolean (`true`, `false` in any case), whole numbers of 64 bits, floating-point numbers,
dates and times in ISO 8601, text. Numbers that begin with a zero (`007`) and whole numbers beyond 64
bits are identifiers, so they stay text. A column without any value is text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

_DATE_TIMES = (
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
)
_ZONED = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z")


@dataclass(frozen=True)
class MixedColumn:
    """A column that is text only because some of its values are no numbers.

    Attributes:
        row: Number of the first row whose value is no number, counted from 1 without the header.
        numbers: How many of its values are numbers.
        others: How many are not.
    """

    name: str
    row: int
    value: str
    numbers: int
    others: int

    def __str__(self) -> str:
        return (
            f"Column {self.name!r} was read as text: {self.numbers} of its values are numbers, but "
            f"{self.others} are not, the first one {self.value!r} in row {self.row}."
        )


def infer_types(
    texts: Iterable[pl.Series], missing: Sequence[str] = ()
) -> tuple[pl.DataFrame, tuple[MixedColumn, ...]]:
    """Give every column of texts its type, and say which columns mix numbers and text.

    Args:
        texts: Columns of text, taken one after the other.
        missing: Texts that stand for a missing value; spaces around them do not count.

    Returns:
        The typed table, and the columns of which at least half of the values are numbers, but not
        all.
    """
    columns: list[pl.Series] = []
    mixed: list[MixedColumn] = []
    for text in texts:
        column = _typed(_without(text, missing))
        found = _mixed(column) if column.dtype == pl.String else None
        columns.append(column)
        mixed += [found] if found else []
    return pl.DataFrame(columns), tuple(mixed)


def _without(texts: pl.Series, missing: Sequence[str]) -> pl.Series:
    gaps = texts.str.strip_chars().is_in(list(missing))
    if not gaps.any():
        return texts
    known = pl.DataFrame([texts.alias("text"), gaps.alias("gap")])
    return known.select(pl.when(~pl.col("gap")).then("text").alias(texts.name)).to_series()


def _typed(column: pl.Series) -> pl.Series:
    values = column.str.strip_chars()
    known = values.drop_nulls()
    if known.is_empty():
        return column
    for convert in (_boolean, _integer, _real, _date, _date_time, _zoned):
        if convert(known[:1]) is not None:
            found = convert(values)
            if found is not None:
                return found.alias(column.name)
    return column


def _complete(found: pl.Series, values: pl.Series) -> pl.Series | None:
    return found if found.null_count() == values.null_count() else None


def _boolean(values: pl.Series) -> pl.Series | None:
    truths = {"true": True, "false": False}
    found = values.str.to_lowercase().replace_strict(truths, default=None, return_dtype=pl.Boolean)
    return _complete(found, values)


def _integer(values: pl.Series) -> pl.Series | None:
    found = _complete(values.cast(pl.Int64, strict=False), values)
    return None if found is None or _has_identifiers(values) else found


def _real(values: pl.Series) -> pl.Series | None:
    found = _complete(values.cast(pl.Float64, strict=False), values)
    if found is None or _has_identifiers(values) or _are_too_long(values):
        return None
    return found


def _are_too_long(values: pl.Series) -> bool:
    """Whole numbers only, of which one has more than 64 bits."""
    whole = r"^[+-]?\d+$"
    if not (values[:1].str.contains(whole).all() and values.str.contains(whole).all()):
        return False
    return _complete(values.cast(pl.Int64, strict=False), values) is None


def _has_identifiers(values: pl.Series) -> bool:
    return bool(values.str.contains(r"^[+-]?0\d").any())


def _date(values: pl.Series) -> pl.Series | None:
    if not values.str.contains(r"^\d{4}-\d\d-\d\d$").all():
        return None
    return _complete(values.str.to_date("%Y-%m-%d", strict=False), values)


def _date_time(values: pl.Series) -> pl.Series | None:
    return _first_format(values, _DATE_TIMES)


def _zoned(values: pl.Series) -> pl.Series | None:
    return _first_format(values, _ZONED)


def _first_format(values: pl.Series, formats: Sequence[str]) -> pl.Series | None:
    for text in formats:
        found = _complete(values.str.to_datetime(text, strict=False, time_unit="us"), values)
        if found is not None:
            return found
    return None


def _mixed(column: pl.Series) -> MixedColumn | None:
    numbers = column.str.strip_chars().cast(pl.Float64, strict=False)
    others = numbers.is_null() & column.is_not_null()
    count = int(others.sum())
    found = len(column) - column.null_count() - count
    if count == 0 or found == 0 or found < count:
        return None
    row = int(others.arg_max() or 0)
    return MixedColumn(column.name, row + 1, column[row], found, count)
