r"""The little language of Split Data's relative expression: `\"Year" > 2010 & <= 2020`.

Grammar:

    expression = conditions { "|" conditions }
    conditions = condition { "&" condition }
    condition  = [ column ] operator value        (the first condition names the column)
    column     = \"name"  |  (\number)            (a position, counted from 0)
    operator   = <  |  <=  |  >  |  >=  |  ==  |  =  |  !=  |  <>
    value      = number  |  date  |  "text"  |  'text'  |  word

One column, no parentheses, `&` binds before `|`. A missing value meets no condition.

Source:
    The forms that the Designer's Split Data documents; precedence and quoting are ours.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any, Literal

import polars as pl

from modules_library.sdk import require_column
from runtime.errors import DataError

Operator = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True)
class Condition:
    """One comparison with a value as it was written."""

    operator: Operator
    value: str


@dataclass(frozen=True)
class RelativeExpression:
    """Conditions on one column: any of the groups, all of the conditions of a group.

    Attributes:
        column: A name, or a position counted from 0.
    """

    column: str | int
    any_of: tuple[tuple[Condition, ...], ...]

    def mask(self, frame: pl.DataFrame) -> pl.Series:
        """Tell for every row whether it meets the expression.

        Raises:
            DataError: D001 when the column does not exist, D009 when a value does not fit its type.
        """
        name = self._column_name(frame)
        column = frame[name]
        groups = [
            reduce(operator.and_, [_compare(column, condition) for condition in group])
            for group in self.any_of
        ]
        return reduce(operator.or_, groups)

    def _column_name(self, frame: pl.DataFrame) -> str:
        if isinstance(self.column, str):
            require_column(frame, self.column)
            return self.column
        if self.column < frame.width:
            return frame.columns[self.column]
        raise DataError(
            "D001",
            f"Position \\{self.column} is not in 'dataset', which has {frame.width} columns.",
            remedy=f"Choose a position from 0 to {frame.width - 1}.",
        )


def parse_relative_expression(text: str) -> RelativeExpression:
    r"""Read an expression.

    >>> parse_relative_expression(r'\"Year" > 2010 & != 2015').any_of[0][1]
    Condition(operator='!=', value='2015')

    Raises:
        DataError: D009, with the place where the text stops making sense.
    """
    return _Reader(text).expression()


_COLUMN = re.compile(r'\s*(?:\\"((?:[^"]|"")+)"|\(\\(\d+)\))\s*')
_OPERATOR = re.compile(r"\s*(<=|>=|==|!=|<>|<|>|=)\s*")
_VALUE = re.compile(r"\"((?:[^\"]|\"\")*)\"|'((?:[^']|'')*)'|([^&|<>=!\"']+)")
_OPERATORS: dict[str, Operator] = {
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
    "==": "==",
    "=": "==",
    "!=": "!=",
    "<>": "!=",
}


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.column: str | int | None = None

    def expression(self) -> RelativeExpression:
        groups = [self._conditions()]
        while self._skips("|"):
            groups.append(self._conditions())
        if self.place < len(self.text):
            raise self._error("'&', '|' or the end")
        assert self.column is not None
        return RelativeExpression(self.column, tuple(groups))

    def _conditions(self) -> tuple[Condition, ...]:
        found = [self._condition()]
        while self._skips("&"):
            found.append(self._condition())
        return tuple(found)

    def _condition(self) -> Condition:
        self._read_column()
        sign = self._take(_OPERATOR, "one of < <= > >= == !=").group(1)
        value = self._take(_VALUE, "a value")
        text = next(group for group in value.groups() if group is not None)
        return Condition(_OPERATORS[sign], text.strip() if value.group(3) else text)

    def _read_column(self) -> None:
        match = _COLUMN.match(self.text, self.place)
        if match is None:
            if self.column is None:
                raise self._error('a column such as \\"Year" or (\\0)')
            return
        column = match.group(1).replace('""', '"') if match.group(1) else int(match.group(2))
        if self.column not in (None, column):
            raise self._error(f"conditions on one column only, {self.column!r}")
        self.column = column
        self.place = match.end()

    def _skips(self, sign: str) -> bool:
        rest = self.text[self.place :].lstrip()
        if not rest.startswith(sign):
            return False
        self.place = len(self.text) - len(rest) + 1
        return True

    def _take(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        match = pattern.match(self.text, self.place)
        if match is None or not match.group(0).strip():
            raise self._error(expected)
        self.place = match.end()
        return match

    def _error(self, expected: str) -> DataError:
        rest = self.text[self.place :].lstrip()
        place = len(self.text) - len(rest) + 1
        return DataError(
            "D009",
            f"The relative expression {self.text!r} needs {expected} at character {place}.",
            remedy='Write it like \\"Year" > 2010 & <= 2020.',
            position=place,
        )


_COMPARE: dict[Operator, Callable[[pl.Series, Any], pl.Series]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def _compare(column: pl.Series, condition: Condition) -> pl.Series:
    value = _value_for(column, condition.value)
    if column.dtype.is_float():
        column = column.fill_nan(None)
    elif column.dtype == pl.Boolean:
        column = column.cast(pl.Int8)
    return _COMPARE[condition.operator](column, value).fill_null(False)


def _value_for(column: pl.Series, text: str) -> Any:
    """The written value in the column's own type."""
    dtype = column.dtype
    try:
        if dtype == pl.String:
            return text
        if dtype == pl.Boolean:
            return {"true": 1, "false": 0, "1": 1, "0": 0}[text.lower()]
        if dtype.is_integer() and re.fullmatch(r"[+-]?\d+", text):
            return int(text)
        if dtype.is_numeric():
            return float(text)
        if dtype == pl.Date:
            return _moment(text).date()
        if dtype == pl.Datetime:
            return pl.Series([_moment(text)]).dt.replace_time_zone(
                getattr(dtype, "time_zone", None)
            )[0]
    except (ValueError, KeyError) as exc:
        raise DataError(
            "D009",
            f"{text!r} cannot be compared with column {column.name!r}, which holds {dtype}.",
            remedy="Write a value of the column's type.",
            column=column.name,
        ) from exc
    raise DataError(
        "D004",
        f"Column {column.name!r} holds {dtype}, which cannot be compared with {text!r}.",
        remedy="Choose a column of numbers, text, booleans or dates.",
        column=column.name,
    )


def _moment(text: str) -> datetime:
    """A date or time: ISO 8601, or month/day/year."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        month, day, year = (int(part) for part in text.split("/"))
        return datetime.combine(date(year, month, day), datetime.min.time())
