"""Numbers that sort as a column does: missing values last, ties as they were."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from designer.services.read_worker.row_order import Flags, Key, Keys, Rows
from designer.services.read_worker.stored_table import StoredTable, is_text

_TOP_BIT = np.uint64(1 << 63)
_ALL_BITS = (1 << 64) - 1
_ROWS_IN_CACHE = 1 << 16
_WORD_BYTES = 8
_MOST_WORDS = 8
_MOST_WORDS_KNOWN = 1 << 20
_FEW_VALUES = 64
_FEW_VALUES_SHARE = 0.05


def keys_of(table: StoredTable, name: str, *, descending: bool) -> Iterator[Key]:
    """The keys of a column, one to be asked after the other."""
    dtype = table.schema[name]
    if is_text(dtype):
        yield from _text_keys(table, name, descending=descending)
        return
    values = _number_keys(table.column(name))
    yield from _finished(values, _missing(table, name), descending=descending)


def _finished(values: Keys, missing: Flags | None, *, descending: bool) -> list[Key]:
    """Keys turned around where wanted, with missing values behind all others."""
    if len(values) == 0:
        return []
    if missing is None:
        return [_asked(values.max() - values if descending else values)]
    present = values[~missing]
    if present.size == 0:
        return []
    low, high = present.min(), present.max()
    values = high - values if descending else values - low
    if int(high) - int(low) == _ALL_BITS:
        return [_asked(missing.astype(np.uint64)), _asked(np.where(missing, np.uint64(0), values))]
    values[missing] = high - low + np.uint64(1)
    return [_asked(values)]


def _asked(keys: Keys) -> Key:
    return lambda rows: keys if rows is None else keys[rows]


def _missing(table: StoredTable, name: str) -> Flags | None:
    column = table.column(name)
    return column.is_null().to_numpy() if column.null_count() else None


def _number_keys(column: pl.Series) -> Keys:
    dtype = column.dtype
    if dtype.is_float():
        return _float_keys(column.fill_null(0).cast(pl.Float64).to_numpy())
    if dtype == pl.Boolean:
        return column.fill_null(False).to_numpy().astype(np.uint64)
    if dtype == pl.UInt64:
        return column.fill_null(0).to_numpy()
    if dtype.is_temporal() or (dtype.is_integer() and dtype not in (pl.Int128, pl.UInt128)):
        whole = column.to_physical().fill_null(0).cast(pl.Int64).to_numpy()
        return whole.view(np.uint64) ^ _TOP_BIT
    return column.rank("dense").fill_null(0).cast(pl.UInt64).to_numpy()


def _float_keys(values: npt.NDArray[np.float64]) -> Keys:
    """Bits of floating-point numbers, turned so that they sort as the numbers do; NaN is largest.

    Source: Michael Herf, "Radix tricks", 2001.
    """
    keys = np.empty(len(values), np.uint64)
    for start in range(0, len(values), _ROWS_IN_CACHE):
        part = values[start : start + _ROWS_IN_CACHE] + 0.0
        bits = part.view(np.int64)
        signs = bits >> 63
        signs &= np.int64(0x7FFF_FFFF_FFFF_FFFF)
        bits ^= signs
        turned = bits.view(np.uint64)
        turned ^= _TOP_BIT
        turned[np.isnan(values[start : start + _ROWS_IN_CACHE])] = np.uint64(_ALL_BITS - 1)
        keys[start : start + _ROWS_IN_CACHE] = turned
    return keys


def _text_keys(table: StoredTable, name: str, *, descending: bool) -> Iterator[Key]:
    missing = _missing(table, name)
    ranks = _ranks_of_few(table, name)
    if ranks is not None:
        yield from _finished(ranks, missing, descending=descending)
        return
    if missing is not None:
        yield _asked(missing.astype(np.uint64))
    texts = _Texts(table, name, missing)
    for start in range(texts.common, texts.common + texts.words * _WORD_BYTES, _WORD_BYTES):
        yield _turned(_word_key(texts, start), descending=descending)
    yield _turned(texts.rest, descending=descending)


def _turned(key: Key, *, descending: bool) -> Key:
    return (lambda rows: ~key(rows)) if descending else key


def _word_key(texts: "_Texts", start: int) -> Key:
    return lambda rows: texts.word(start, rows)


def _ranks_of_few(table: StoredTable, name: str) -> Keys | None:
    """Ranks of the values of a column that has few different ones, else None."""
    first = table.part(0, [name]).get_column(name) if table.batches else None
    if first is None or _is_varied(first):
        return None
    known: dict[str | None, int] = {}
    codes = np.empty(table.rows, np.uint32)
    for (start, end), batch in zip(pairwise(table.starts), table.batches, strict=True):
        encoded = _plain(batch.column(name)).dictionary_encode()
        words = encoded.dictionary.to_pylist()
        numbers = np.fromiter(
            (known.setdefault(w, len(known)) for w in words), np.uint32, len(words)
        )
        if len(known) > _MOST_WORDS_KNOWN:
            return None
        indices = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)
        codes[start:end] = numbers[indices] if len(numbers) else 0
    ranks = np.empty(max(1, len(known)), np.uint64)
    for rank, word in enumerate(sorted(known, key=_as_bytes)):
        ranks[known[word]] = rank
    return ranks[codes]


def _is_varied(column: pl.Series) -> bool:
    distinct = column.alias("text").to_frame().select(pl.col("text").approx_n_unique()).item()
    return int(distinct) > max(_FEW_VALUES, column.len() * _FEW_VALUES_SHARE)


def _as_bytes(word: str | None) -> bytes:
    return (word or "").encode()


def _plain(column: pa.Array) -> pa.Array:
    """A column of texts as Arrow's large strings."""
    is_dictionary = pa.types.is_dictionary(column.type)
    values = column.dictionary_decode() if is_dictionary else column
    return values if pa.types.is_large_string(values.type) else values.cast(pa.large_string())


class _Texts:
    """The bytes of a column of texts, eight at a time.

    Attributes:
        common: Bytes that all texts begin with alike.
        words: How many groups of eight bytes are looked at before whole texts are compared.
    """

    def __init__(self, table: StoredTable, name: str, missing: Flags | None) -> None:
        self._table, self._name, self._missing = table, name, missing
        self._parts = [_bytes_of(_plain(batch.column(name))) for batch in table.batches]
        column = table.column(name)
        low, high = column.min(), column.max()
        self.common = _common_bytes(str(low or ""), str(high or ""))
        longest = max((int(np.diff(ends).max(initial=0)) for ends, _ in self._parts), default=0)
        self.words = min(_MOST_WORDS, -(-max(0, longest - self.common) // _WORD_BYTES))

    def word(self, start: int, rows: Rows | None) -> Keys:
        """Eight bytes of some rows, or of all, as a number; zeros behind a text's end."""
        found = self._word(start, rows)
        if self._missing is not None:
            found[self._missing if rows is None else self._missing[rows]] = 0
        return found

    def _word(self, start: int, rows: Rows | None) -> Keys:
        if rows is None:
            parts = [_words(ends[:-1], ends[1:], data, start) for ends, data in self._parts]
            return np.concatenate(parts) if parts else np.empty(0, np.uint64)
        found = np.empty(len(rows), np.uint64)
        where = np.searchsorted(self._table.starts, rows, side="right") - 1
        for index in np.unique(where):
            ends, data = self._parts[index]
            chosen = where == index
            inside = rows[chosen].astype(np.int64) - self._table.starts[index]
            found[chosen] = _words(ends[inside], ends[inside + 1], data, start)
        return found

    def rest(self, rows: Rows | None) -> Keys:
        """Ranks of whole texts, for those that agree in all the bytes looked at."""
        name = self._name
        column = (
            self._table.column(name)
            if rows is None
            else self._table.take(rows, [name]).get_column(name)
        )
        return column.rank("dense").fill_null(0).cast(pl.UInt64).to_numpy()


def _bytes_of(texts: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Where each text begins and ends, and the bytes of all; missing texts are empty."""
    _, offsets, data = texts.buffers()
    if offsets is None or len(texts) == 0:
        return np.zeros(len(texts) + 1, np.int64), np.empty(0, np.uint8)
    ends = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    is_empty = data is None or data.size == 0
    return ends, np.empty(0, np.uint8) if is_empty else np.frombuffer(data, np.uint8)


def _words(
    begins: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    data: npt.NDArray[np.uint8],
    start: int,
) -> Keys:
    """Eight bytes of each text from `start` on, as big-endian numbers."""
    if len(data) < _WORD_BYTES:
        data = np.concatenate([data, np.zeros(_WORD_BYTES, np.uint8)])
    last = len(data) - _WORD_BYTES
    every = np.ndarray(last + 1, ">u8", buffer=data, strides=(1,))
    places = begins + start
    read = np.minimum(places, last)
    words = every[read].astype(np.uint64)
    ahead = np.clip(places - read, 0, _WORD_BYTES)
    present = np.clip(ends - places, 0, _WORD_BYTES)
    words <<= (ahead * 8 % 64).astype(np.uint64)
    blank = ((_WORD_BYTES - present) * 8 % 64).astype(np.uint64)
    words >>= blank
    words <<= blank
    words[present == 0] = 0
    return words


def _common_bytes(low: str, high: str) -> int:
    """How many bytes the smallest and the largest text, and so all between, begin with alike."""
    count = 0
    for ours, theirs in zip(low.encode(), high.encode(), strict=False):
        if ours != theirs:
            break
        count += 1
    return count
