"""Tables in Excel workbooks."""

import re
from pathlib import Path

import polars as pl

from modules_library.tables import unique_names
from runtime.errors import DataError, close_matches


def read_excel(
    path: Path, *, name: str, sheet: str = "", has_header: bool = True, unnamed: str = "col"
) -> pl.DataFrame:
    """Read one sheet; the first where none is named. Empty rows at the end are left out.

    Raises:
        DataError: D003 when it is no workbook, the sheet does not exist or holds nothing.
    """
    import fastexcel

    if path.stat().st_size == 0:
        raise _error(f"'{name}' is empty.", "Choose a file that holds a table.", name)
    try:
        workbook = fastexcel.read_excel(path)
    except fastexcel.FastExcelError as exc:
        raise _error(
            f"'{name}' cannot be read as an Excel workbook: {_reason(exc)}.",
            "Choose the file format that fits, or save the workbook again.",
            name,
        ) from exc
    names = workbook.sheet_names
    if sheet and sheet not in names:
        raise _error(
            f"'{name}' has no sheet {sheet!r}.{close_matches(sheet, names)}",
            f"Choose one of {', '.join(names)}.",
            name,
        )
    try:
        loaded = workbook.load_sheet(
            sheet or 0, header_row=0 if has_header else None, schema_sample_rows=None
        )
        frame = loaded.to_polars()
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as exc:
        raise _error(
            f"'{name}' has an unreadable sheet: {_reason(exc)}.", "Look at the sheet.", name
        ) from exc
    if frame.width == 0:
        raise _error(f"The sheet of '{name}' is empty.", "Choose another sheet.", name)
    return _named(frame, has_header=has_header, unnamed=unnamed)


def _named(frame: pl.DataFrame, *, has_header: bool, unnamed: str) -> pl.DataFrame:
    """Names of our own for columns that have none."""
    given = [
        f"{unnamed}{position}" if not has_header or name.startswith("__UNNAMED__") else name
        for position, name in enumerate(frame.columns, start=1)
    ]
    return frame.rename(dict(zip(frame.columns, unique_names(given), strict=True)))


def _reason(exc: Exception) -> str:
    """What the reader says in its first line, without the names of its layers."""
    said = str(exc).partition("\n")[0].strip()
    return re.sub(r"^(?:\w+ error: )+", "", said).rstrip(".") or type(exc).__name__


def _error(message: str, remedy: str, name: str) -> DataError:
    return DataError("D003", message, remedy=remedy, file=name)
