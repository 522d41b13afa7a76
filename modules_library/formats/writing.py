"""Tables into files that other programs read; the same table gives the same bytes."""

import json
from pathlib import Path
from typing import Literal, get_args

import polars as pl

from modules_library.formats.workbook import write_excel

FileFormat = Literal["CSV", "TSV", "Parquet", "Arrow", "JSON lines", "Excel"]
FILE_FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)
_SUFFIXES: dict[FileFormat, str] = {
    "CSV": ".csv",
    "TSV": ".tsv",
    "Parquet": ".parquet",
    "Arrow": ".arrow",
    "JSON lines": ".jsonl",
    "Excel": ".xlsx",
}


def suffix_of(file_format: FileFormat) -> str:
    """The ending of such a file's name, with the dot."""
    return _SUFFIXES[file_format]


def write_table(frame: pl.DataFrame, path: Path, file_format: FileFormat) -> None:
    """Write a table.

    Text formats are UTF-8 with a header, missing values are empty (absent in JSON lines: null),
    lists and structs become their JSON text in CSV, TSV and Excel.

    Raises:
        DataError: D008 when the table is larger than an Excel sheet.
    """
    match file_format:
        case "CSV" | "TSV":
            separator = "," if file_format == "CSV" else "\t"
            _flat(frame).write_csv(path, separator=separator, check_extension=False)
        case "Parquet":
            frame.write_parquet(path, compression="zstd")
        case "Arrow":
            frame.write_ipc(path, compression="uncompressed")
        case "JSON lines":
            frame.write_ndjson(path, check_extension=False)
        case "Excel":
            write_excel(_flat(frame), path)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The table with lists and structs as JSON text."""
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    return frame.with_columns(
        pl.Series(name, [_json(value) for value in frame[name].to_list()], dtype=pl.String)
        for name in nested
    )


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)
