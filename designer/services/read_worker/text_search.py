"""In which rows some cell contains a text, whatever its case.

Columns whose values cannot have the text in them are not looked at; of a column with few different
words each word is looked at once.
"""

import re
from collections.abc import Callable

import numpy as np
import polars as pl
import pyarrow as pa

from designer.services.read_worker.row_filters import contains
from designer.services.read_worker.row_order import Flags
from designer.services.read_worker.stored_table import StoredTable, frame_of, is_opaque, is_text

_IN_NUMBERS = frozenset("0123456789+-.einfa")
_IN_MOMENTS = frozenset("0123456789+-.: dhmsµunw")
_IN_TRUTHS = frozenset("truefals")
_FEW_WORDS_SHARE = 0.05


class TextSearch:
    """A text looked for in a table.

    Args:
        table: Where.
        text: What, taken literally.
    """

    def __init__(self, table: StoredTable, text: str) -> None:
        self._table = table
        self._text = text
        self._columns = {
            name: self._way_to_look(name, dtype)
            for name, dtype in table.schema.items()
            if can_contain(table, name, text)
        }

    def passed(self, index: int) -> Flags:
        """Which rows of one part have the text in some cell."""
        found = np.zeros(self._table.batches[index].num_rows, np.bool_)
        for look in self._columns.values():
            found |= look(index)
        return found

    def columns_with(self, index: int) -> list[str]:
        """The columns that have the text in some cell of one part."""
        return [name for name, look in self._columns.items() if look(index).any()]

    def _way_to_look(self, name: str, dtype: pl.DataType) -> Callable[[int], Flags]:
        if is_text(dtype) and self._has_few_words(name):
            return lambda index: self._in_words(self._table.batches[index].column(name))
        if _is_of_days(dtype, self._text):
            return lambda index: self._in_words(self._days(index, name))
        test = contains(pl.col(name), dtype, self._text).fill_null(False)
        return lambda index: self._table.part(index, [name]).select(test).to_series().to_numpy()

    def _has_few_words(self, name: str) -> bool:
        if not self._table.batches:
            return False
        first = self._table.part(0, [name])
        distinct = first.select(pl.col(name).approx_n_unique()).item()
        return int(distinct) <= first.height * _FEW_WORDS_SHARE

    def _days(self, index: int, name: str) -> pa.Array:
        return self._table.part(index, [name]).get_column(name).cast(pl.Date).to_arrow()

    def _in_words(self, column: pa.Array) -> Flags:
        """Which of the values have the text, each different one looked at once."""
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        words = frame_of(pa.table({"word": encoded.dictionary}))
        test = contains(pl.col("word"), words.schema["word"], self._text).fill_null(False)
        has_text = np.append(words.select(test).to_series().to_numpy(), False)
        numbers = encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
        found: Flags = has_text[numbers]
        return found


def _is_of_days(dtype: pl.DataType, text: str) -> bool:
    """Whether the text can only be part of a moment's day."""
    is_local = dtype == pl.Datetime and getattr(dtype, "time_zone", None) is None
    return is_local and re.fullmatch(r"\d*(-\d*)+", text) is not None


def can_contain(table: StoredTable, name: str, text: str) -> bool:
    """Whether some value of a column may have a text in it, as far as its type and range tell."""
    dtype = table.schema[name]
    if is_opaque(dtype):
        return False
    if is_text(dtype) or getattr(dtype, "time_zone", None):
        return True
    letters = set(text.lower())
    if dtype == pl.Boolean:
        return letters <= _IN_TRUTHS
    if dtype.is_temporal():
        return letters <= _IN_MOMENTS and _longest_number(text) <= _digits(dtype)
    return letters <= _IN_NUMBERS and (
        not dtype.is_integer() or _is_short_enough(table, name, text)
    )


def _longest_number(text: str) -> int:
    return max((len(number) for number in re.findall(r"\d+", text)), default=0)


def _digits(dtype: pl.DataType) -> int:
    """How many digits in a row the text of a moment may have."""
    return {"ms": 4, "us": 6}.get(getattr(dtype, "time_unit", "ns"), 9)


def _is_short_enough(table: StoredTable, name: str, text: str) -> bool:
    """Whether the largest whole number of a column has as many characters as the text."""
    column = table.column(name)
    ends = [str(end) for end in (column.min(), column.max()) if end is not None]
    return len(text) <= max(map(len, ends), default=0)
