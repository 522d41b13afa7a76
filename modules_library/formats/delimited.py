"""Tables in text files with a delimiter: CSV, TSV and their relatives.

Everything is read as text first; `infer_types` finds the types afterwards, over all rows and all
files, so that a late value never contradicts an early guess.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from modules_library.formats.delimiter import divides, first_record, guess_delimiter, name_of
from modules_library.formats.encoding import Encoding, decoded, require_text
from modules_library.tables import unique_names
from runtime.errors import DataError

DEFAULT_MISSING = ("", "NA", "N/A", "NaN", "null")
_SAMPLE_BYTES = 1 << 18
_BLOCK_BYTES = 1 << 24  # no value may be longer


@dataclass(frozen=True, kw_only=True)
class TextOptions:
    """How a text file is read.

    Attributes:
        delimiter: The sign between values; None finds it.
        unnamed: Columns without a name get this with their position behind it.
    """

    delimiter: str | None = None
    has_header: bool = True
    encoding: Encoding = "UTF-8"
    unnamed: str = "col"


def read_delimited(source: Path | bytes, options: TextOptions, *, name: str) -> pl.DataFrame:
    """Read a table of texts as a frame; see `read_texts`."""
    return pl.DataFrame(list(text_columns([read_texts(source, options, name=name)])))


def text_columns(tables: list[Any]) -> Iterator[pl.Series]:
    """The columns of one table of texts, each let go before the next one is taken.

    So a large file is never in memory twice as a whole: the list is emptied, and nobody else may
    hold the table.
    """
    import pyarrow as pa

    table = tables.pop()
    while table.num_columns:
        texts = pl.Series(table.column_names[0], table.column(0))
        table = table.remove_column(0)
        yield texts
        del texts
        pa.default_memory_pool().release_unused()


def read_texts(source: Path | bytes, options: TextOptions, *, name: str) -> Any:
    """Read an Arrow table of texts: values as they stand in the file, quotes taken off.

    Blank lines are passed over, names that occur twice get a number.

    Args:
        source: A file, or its bytes.
        options: How to read it.
        name: How errors name it.

    Raises:
        DataError: D003 when the file is empty, no text, ragged (with the row), has a quote that is
            never closed, or another delimiter; D011 when it is not in the encoding.
    """
    source = _as_utf8(source, options.encoding, name)
    sample = _sample(source)
    if not sample.strip():
        raise DataError(
            "D003", f"'{name}' is empty.", remedy="Choose a file that holds a table.", file=name
        )
    delimiter = options.delimiter or guess_delimiter(sample)
    columns = len(first_record(sample, delimiter))
    if columns == 1:
        _require_right_delimiter(sample, delimiter, name)
    texts = _parsed(source, delimiter, columns, sample, name)
    _require_closed_quotes(texts, source, name)
    return _with_header(texts, options)


def _as_utf8(source: Path | bytes, encoding: Encoding, name: str) -> Path | bytes:
    """UTF-8 stays where it is, everything else is translated in memory."""
    if encoding == "UTF-8":
        require_text(_head(source), name=name)
        return source
    data = source.read_bytes() if isinstance(source, Path) else source
    return decoded(data, encoding, name=name).encode()


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:_SAMPLE_BYTES]
    with source.open("rb") as file:
        return file.read(_SAMPLE_BYTES)


def _sample(source: Path | bytes) -> str:
    """The first whole lines, as text."""
    head = _head(source)
    if len(head) == _SAMPLE_BYTES and b"\n" in head:
        head = head[: head.rindex(b"\n") + 1]
    return head.decode("utf-8-sig", "replace")


def _require_right_delimiter(sample: str, delimiter: str, name: str) -> None:
    better = guess_delimiter(sample)
    if better != delimiter and divides(sample, better):
        fields = len(first_record(sample, better))
        raise DataError(
            "D003",
            f"With the delimiter {name_of(delimiter)} '{name}' has one column only, with "
            f"{name_of(better)} it has {fields}.",
            remedy=f"Choose the delimiter {name_of(better)}.",
            file=name,
            try_delimiter=better,
        )


def _parsed(source: Path | bytes, delimiter: str, columns: int, sample: str, name: str) -> Any:
    import pyarrow as pa

    try:
        return _read(source, delimiter, columns)
    except pa.ArrowInvalid as exc:
        if "UTF8" in str(exc):
            data = source.read_bytes() if isinstance(source, Path) else source
            decoded(data, "UTF-8", name=name)
        raise _ragged_error(source, delimiter, columns, sample, name, str(exc)) from exc


def _read(
    source: Path | bytes,
    delimiter: str,
    columns: int,
    on_bad_row: Callable[[Any], str] | None = None,
) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    return csv.read_csv(
        source if isinstance(source, Path) else io.BytesIO(source),
        read_options=csv.ReadOptions(
            column_names=[f"f{i}" for i in range(columns)],
            use_threads=on_bad_row is None,
            block_size=_BLOCK_BYTES,
        ),
        parse_options=csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=on_bad_row
        ),
        convert_options=csv.ConvertOptions(
            column_types={f"f{i}": pa.string() for i in range(columns)}, strings_can_be_null=False
        ),
    )


def _ragged_error(
    source: Path | bytes, delimiter: str, columns: int, sample: str, name: str, words: str
) -> DataError:
    """Read once more on one thread, where the reader knows the number of the row."""
    import pyarrow as pa

    bad: list[Any] = []

    def remember(row: Any) -> str:
        bad.append(row)
        return "error"

    try:
        _read(source, delimiter, columns, remember)
    except pa.ArrowInvalid as exc:
        words = str(exc)
    if not bad:
        return DataError(
            "D003",
            f"'{name}' cannot be read as a table: {words}.",
            remedy="Correct the file, or choose another delimiter.",
            file=name,
        )
    row = bad[0]
    better = guess_delimiter(sample)
    hint = "" if better == delimiter else f", or choose the delimiter {name_of(better)}"
    return DataError(
        "D003",
        f"Row {row.number} of '{name}' has {row.actual_columns} values, but row 1 has "
        f"{row.expected_columns}: {row.text[:80]!r}.",
        remedy=f"Correct the row{hint}; put quotes around values that hold the delimiter.",
        file=name,
        row=row.number,
    )


def _require_closed_quotes(texts: Any, source: Path | bytes, name: str) -> None:
    """A quote that nobody closes swallows the rest of the file into one value of the last row."""
    rows = texts.num_rows
    if not any("\n" in value for value in _row(texts, rows - 1)):
        return
    data = source.read_bytes() if isinstance(source, Path) else source
    if data.count(b'"') % 2:
        raise DataError(
            "D003",
            f"A quote in row {rows} of '{name}' is opened and never closed.",
            remedy="Close the quote, or write it twice where it belongs to the text.",
            file=name,
            row=rows,
        )


def _with_header(texts: Any, options: TextOptions) -> Any:
    unnamed = [f"{options.unnamed}{position}" for position in range(1, texts.num_columns + 1)]
    if not options.has_header:
        return texts.rename_columns(unnamed)
    pairs = zip(_row(texts, 0), unnamed, strict=True)
    given = [name.strip() or other for name, other in pairs]
    return texts.slice(1).rename_columns(unique_names(given))


def _row(texts: Any, number: int) -> list[str]:
    return [column[number].as_py() for column in texts.columns]
