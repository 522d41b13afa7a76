"""Folds: which part of a table each row belongs to, carried by the table itself.

The fold of a row is a whole number from 1 in the column `Fold Number`. Its role is `ignored` with
the detail `fold`, so learners leave it out and Cross Validate Model finds it.
"""

import polars as pl

from modules_library.sdk import ColumnRole, Table
from modules_library.tables.naming import unique_name

FOLD_COLUMN = "Fold Number"
FOLD_ROLE = ColumnRole(kind="ignored", detail="fold")


def with_folds(table: Table, folds: pl.Series) -> Table:
    """The table with a fold for every row, replacing the folds it had.

    Args:
        table: The table.
        folds: Whole numbers from 1, one for each row.
    """
    bare = without_folds(table)
    name = unique_name(FOLD_COLUMN, bare.columns)
    frame = bare.frame.with_columns(folds.cast(pl.Int64).alias(name))
    return Table(frame, bare.roles.with_role(name, FOLD_ROLE))


def without_folds(table: Table) -> Table:
    """The table without the column that holds its folds."""
    name = _fold_column(table)
    if name is None:
        return table
    frame = table.frame.drop(name)
    return Table(frame, table.roles.keep(frame.columns))


def fold_of_rows(table: Table) -> pl.Series | None:
    """The fold of every row, None when the table carries no folds."""
    name = _fold_column(table)
    return None if name is None else table.frame[name]


def _fold_column(table: Table) -> str | None:
    return next((n for n in table.columns if table.roles.of(n).detail == FOLD_ROLE.detail), None)
