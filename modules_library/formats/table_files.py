"""One table out of one file or several, of whatever format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import polars as pl

from modules_library.formats.columnar import read_arrow, read_parquet
from modules_library.formats.delimited import TextOptions, read_texts, text_columns
from modules_library.formats.inference import MixedColumn, infer_types
from modules_library.formats.json_lines import read_json_lines
from modules_library.formats.spreadsheet import read_excel
from modules_library.formats.writing import FileFormat
from modules_library.tables import require_same_columns, stacked
from runtime.errors import DataError

_FORMATS: dict[str, FileFormat] = {
    ".tsv": "TSV",
    ".tab": "TSV",
    ".parquet": "Parquet",
    ".pq": "Parquet",
    ".arrow": "Arrow",
    ".feather": "Arrow",
    ".ipc": "Arrow",
    ".jsonl": "JSON lines",
    ".ndjson": "JSON lines",
    ".json": "JSON lines",
    ".xlsx": "Excel",
    ".xls": "Excel",
    ".xlsb": "Excel",
    ".xlsm": "Excel",
    ".ods": "Excel",
}


@dataclass(frozen=True, kw_only=True)
class FileOptions:
    """How files are read.

    Attributes:
        file_format: `Auto` goes by the ending of each name; other endings are CSV.
        missing: Texts that stand for a missing value in text files.
        stops_on_mixed: Refuse columns of text files that mix numbers and text.
        sheet: Sheet of a workbook, empty for the first one.
    """

    file_format: FileFormat | Literal["Auto"] = "Auto"
    text: TextOptions = field(default_factory=TextOptions)
    missing: tuple[str, ...] = ()
    stops_on_mixed: bool = False
    sheet: str = ""


def read_files(
    files: Sequence[Path],
    names: Sequence[str],
    options: FileOptions,
    *,
    progress: Callable[[float, str], None],
    warn: Callable[[str], None],
) -> pl.DataFrame:
    """Read files and put their rows below each other.

    Args:
        files: At least one file.
        names: How errors name each of them.
        options: How to read them.
        progress: Hears the share that is read, and the name of the next file.
        warn: Hears of columns that mix numbers and text.

    Raises:
        DataError: D003, D004, D007 or D011, with the file and the row where there is one.
    """
    formats = [format_of(file, options) for file in files]
    is_text = set(formats) <= {"CSV", "TSV"}
    found: list[Any] = []
    for number, (file, name, kind) in enumerate(zip(files, names, formats, strict=True)):
        progress(number / len(files), name)
        if kind in ("CSV", "TSV"):
            texts = read_texts(file, text_options(kind, options), name=name)
            found.append(
                texts if is_text else infer_types(text_columns([texts]), options.missing)[0]
            )
            del texts
        else:
            found.append(_read(file, name, kind, options))
    return typed_texts(found, names, options, warn) if is_text else stacked(found, names)


def format_of(file: Path, options: FileOptions) -> FileFormat:
    """How a file is read: as the options say, else by the ending of its name."""
    if options.file_format != "Auto":
        return options.file_format
    return _FORMATS.get(file.suffix.lower(), "CSV")


def text_options(kind: FileFormat, options: FileOptions) -> TextOptions:
    """How a text file of a format is read."""
    return replace(options.text, delimiter="\t") if kind == "TSV" else options.text


def _read(file: Path, name: str, kind: FileFormat, options: FileOptions) -> pl.DataFrame:
    match kind:
        case "Parquet":
            return read_parquet(file, name=name)
        case "Arrow":
            return read_arrow(file, name=name)
        case "JSON lines":
            return read_json_lines(file, name=name)
        case "Excel":
            return read_excel(
                file, name=name, sheet=options.sheet, has_header=options.text.has_header
            )
        case "CSV" | "TSV":
            raise AssertionError("text files are read as texts")


def typed_texts(
    tables: list[Any], names: Sequence[str], options: FileOptions, warn: Callable[[str], None]
) -> pl.DataFrame:
    """Find the types over the rows of all text files; the list of tables is emptied.

    Raises:
        DataError: D004 for a column that mixes numbers and text and shall not, D007 when the files
            have other columns.
    """
    import pyarrow as pa

    heights = [table.num_rows for table in tables]
    require_same_columns([table.column_names for table in tables], names)
    order = tables[0].column_names
    tables[:] = [pa.concat_tables([table.select(order) for table in tables])]
    frame, mixed = infer_types(text_columns(tables), options.missing)
    for column in mixed:
        name, row = _place(column, heights, names)
        message = (
            f"Column {column.name!r} of '{name}' holds {column.numbers} numbers and "
            f"{column.others} other values, the first one {column.value!r} in data row {row}."
        )
        remedy = f"Correct the value, or add {column.value!r} to the texts that mean missing."
        if options.stops_on_mixed:
            raise DataError("D004", message, remedy=remedy, column=column.name, row=row, file=name)
        warn(f"D004 {message} It was read as text. {remedy}")
    return frame


def _place(column: MixedColumn, heights: Sequence[int], names: Sequence[str]) -> tuple[str, int]:
    """The file of a row of all files together, and its row there."""
    row = column.row
    for height, name in zip(heights, names, strict=True):
        if row <= height:
            return name, row
        row -= height
    return names[-1], row
