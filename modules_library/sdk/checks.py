"""The checks that most modules begin with, each with its coded error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from modules_library.sdk.table import Table
from runtime.errors import DataError, close_matches

if TYPE_CHECKING:
    import polars as pl


def require_column(frame: pl.DataFrame | Table, name: str, port: str = "dataset") -> None:
    """Refuse a table that lacks a column.

    Raises:
        DataError: D001, with the nearest names.
    """
    columns = frame.columns
    if name not in columns:
        raise DataError(
            "D001",
            f"Column {name!r} is not in '{port}'.{close_matches(name, columns)}",
            remedy=f"Choose one of the columns of '{port}'.",
            column=name,
            port=port,
        )


def require_numeric(
    frame: pl.DataFrame | Table, names: str | Iterable[str], port: str = "dataset"
) -> None:
    """Refuse columns that hold no numbers; booleans count as numbers.

    Raises:
        DataError: D001 when a column is missing, D004 when it is not numeric.
    """
    import polars as pl

    data = frame.frame if isinstance(frame, Table) else frame
    for name in [names] if isinstance(names, str) else names:
        require_column(data, name, port)
        dtype = data.schema[name]
        if not (dtype.is_numeric() or dtype in (pl.Boolean, pl.Null)):
            raise DataError(
                "D004",
                f"Column {name!r} of '{port}' holds {dtype}, but numbers are needed.",
                remedy="Choose a numeric column, or convert it with 'Edit Metadata'.",
                column=name,
                port=port,
            )


def require_rows(frame: pl.DataFrame | Table, port: str = "dataset", minimum: int = 1) -> None:
    """Refuse a table with too few rows.

    Raises:
        DataError: D002.
    """
    if frame.height < minimum:
        has = "has no rows" if frame.height == 0 else f"has only {frame.height} rows"
        raise DataError(
            "D002",
            f"'{port}' {has}; at least {minimum} {'is' if minimum == 1 else 'are'} needed.",
            remedy="Look at what the step before gives, and loosen its filter.",
            port=port,
            rows=frame.height,
        )
