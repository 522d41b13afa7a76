"""The beginning of files, read the way the whole will be read: which columns does the table have?"""

import codecs
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from modules_library.formats.delimited import read_texts, text_columns
from modules_library.formats.encoding import CODECS, Encoding
from modules_library.formats.inference import infer_types
from modules_library.formats.json_lines import read_json_lines
from modules_library.formats.spreadsheet import read_excel
from modules_library.formats.table_files import (
    FileOptions,
    format_of,
    text_options,
    typed_texts,
)
from modules_library.tables import stacked
from runtime.errors import DataError

HEAD_BYTES = 1 << 20
"""Text files up to this size are read whole."""

MOST_FILES = 16
"""Of a folder with more files only the first ones are read."""

MOST_WORKBOOK_BYTES = 4 << 20
"""Larger workbooks have no beginning that could be read alone."""

_WIDER = {
    "Boolean": ("String",),
    "Int64": ("Float64", "String"),
    "Float64": ("String",),
}


@dataclass(frozen=True, kw_only=True)
class Head:
    """The columns of a table, told by the beginning of its files.

    Attributes:
        frame: The columns, with some rows or none.
        rows: How many rows the whole has, where that is known.
        other_types: What later rows may make of a column, by name.
        has_more: Later rows may bring columns that nobody knows yet.
    """

    frame: pl.DataFrame
    rows: int | None
    other_types: Mapping[str, Sequence[str]]
    has_more: bool = False


def read_heads(files: Sequence[Path], names: Sequence[str], options: FileOptions) -> Head | None:
    """Read the beginning of each file; None for workbooks that are too large.

    Args:
        files: At least one file.
        names: How errors name each of them.
        options: How to read them.

    Raises:
        DataError: D003, D004, D007 or D011, as reading the whole would raise.
    """
    heads = [
        _read(file, name, options)
        for file, name in zip(files[:MOST_FILES], names[:MOST_FILES], strict=True)
    ]
    if any(head is None for head in heads):
        return None
    known = [head for head in heads if head is not None]
    is_whole = len(files) <= MOST_FILES and all(head.is_whole for head in known)
    if all(head.texts is not None for head in known):
        tables: list[Any] = [head.texts for head in known]
        frame = typed_texts(tables, names[: len(known)], options, lambda message: None)
    else:
        frame = stacked([_frame_of(head, options) for head in known], names[: len(known)])
    rows = [head.rows for head in known]
    return Head(
        frame=frame,
        rows=sum(row for row in rows if row is not None) if is_whole and None not in rows else None,
        other_types={} if is_whole else _other_types(frame),
        has_more=any(head.is_open for head in known),
    )


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What was read of one file: texts, or typed columns."""

    is_whole: bool
    rows: int | None
    texts: Any = None
    frame: pl.DataFrame | None = None
    is_open: bool = False


def _read(file: Path, name: str, options: FileOptions) -> _Part | None:
    kind = format_of(file, options)
    match kind:
        case "CSV" | "TSV":
            return _delimited(file, name, kind, options)
        case "JSON lines":
            data, is_whole = _beginning(file, "UTF-8")
            frame = read_json_lines(data, name=name)
            rows = frame.height if is_whole else None
            return _Part(is_whole=is_whole, rows=rows, frame=frame, is_open=not is_whole)
        case "Parquet":
            return _columnar(lambda: pl.scan_parquet(file, glob=False), file, name, kind)
        case "Arrow":
            return _columnar(lambda: _scan_arrow(file), file, name, kind)
        case "Excel":
            if file.stat().st_size > MOST_WORKBOOK_BYTES:
                return None
            has_header = options.text.has_header
            frame = read_excel(file, name=name, sheet=options.sheet, has_header=has_header)
            return _Part(is_whole=True, rows=frame.height, frame=frame)


def _delimited(file: Path, name: str, kind: Any, options: FileOptions) -> _Part | None:
    data, is_whole = _beginning(file, options.text.encoding)
    try:
        texts = read_texts(data, text_options(kind, options), name=name)
    except DataError as exc:
        if is_whole or exc.code != "D003" or exc.record.details.get("row") is None:
            raise
        # Where the beginning was cut off, a quote may stand open.
        if exc.record.details["row"] < data.count(b"\n"):
            raise
        return None
    return _Part(is_whole=is_whole, rows=texts.num_rows if is_whole else None, texts=texts)


def _columnar(scan: Any, file: Path, name: str, kind: str) -> _Part:
    if file.stat().st_size == 0:
        raise DataError(
            "D003", f"'{name}' is empty.", remedy="Choose a file that holds a table.", file=name
        )
    try:
        lazy: pl.LazyFrame = scan()
        frame = lazy.head(0).collect()
        rows = int(lazy.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as exc:
        raise DataError(
            "D003",
            f"'{name}' cannot be read as {kind}: {exc}.",
            remedy="Choose the file format that fits, or write the file again.",
            file=name,
        ) from exc
    return _Part(is_whole=True, rows=rows, frame=frame)


def _scan_arrow(file: Path) -> pl.LazyFrame:
    with file.open("rb") as content:
        is_file = content.read(6) == b"ARROW1"
    return pl.scan_ipc(file, glob=False) if is_file else pl.read_ipc_stream(file).lazy()


def _frame_of(part: _Part, options: FileOptions) -> pl.DataFrame:
    if part.frame is not None:
        return part.frame
    return infer_types(text_columns([part.texts]), options.missing)[0]


def _beginning(file: Path, encoding: Encoding) -> tuple[bytes, bool]:
    """The file, or its first whole lines; and whether that is all of it."""
    with file.open("rb") as content:
        data = content.read(HEAD_BYTES + 1)
    if len(data) <= HEAD_BYTES:
        return data, True
    return _whole_lines(data[:HEAD_BYTES], encoding), False


def _whole_lines(data: bytes, encoding: Encoding) -> bytes:
    """The lines that end before the data do, with every quote closed."""
    codec = CODECS[encoding]
    if encoding not in ("UTF-8", "UTF-8 lossy"):
        with contextlib.suppress(UnicodeDecodeError):
            text = codecs.getincrementaldecoder(codec)().decode(data)
            return _up_to_line_end(text).encode(codec)
    cut = data.rfind(b"\n") + 1
    while cut > 0 and data.count(b'"', 0, cut) % 2:
        cut = data.rfind(b"\n", 0, cut - 1) + 1
    return data[:cut] or data


def _up_to_line_end(text: str) -> str:
    cut = text.rfind("\n") + 1
    while cut > 0 and text.count('"', 0, cut) % 2:
        cut = text.rfind("\n", 0, cut - 1) + 1
    return text[:cut] or text


def _other_types(frame: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """What later rows may make of each column; nothing known of one without a value so far."""
    found: dict[str, tuple[str, ...]] = {}
    for column in frame:
        word = str(column.dtype)
        if column.null_count() == len(column):
            found[column.name] = ()
        elif word != "String":
            found[column.name] = (word, *_WIDER.get(word, ("String",)))
    return found
