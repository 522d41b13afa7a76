"""Add Rows."""

from typing import Any, NamedTuple

import polars as pl

from modules_library.sdk import Foreseen, Roles, Table, TableSchema, module
from modules_library.tables import stacked


class AddRows(NamedTuple):
    """What Add Rows gives.

    Attributes:
        results_dataset: The rows of the first table, then those of the second.
    """

    results_dataset: Table


def _schema(dataset1: Table, dataset2: Table, known: dict[str, TableSchema]) -> Foreseen:
    upper, lower = known["dataset1"].rows, known["dataset2"].rows
    table = add_rows(dataset1, dataset2).results_dataset
    return Foreseen(table, rows=None if upper is None or lower is None else upper + lower)


@module(
    version="1.0.0",
    title="Add Rows",
    icon="playlist_add",
    schema=_schema,
    tags=("append", "concatenate", "union", "stack"),
)
def add_rows(dataset1: Table, dataset2: Table) -> AddRows:
    """Put the rows of a second table below those of the first.

    Both tables have the same columns; the second one's may come in another order. Numbers of two
    types meet in the type that holds both (whole and floating-point numbers give floating-point
    numbers), a column without any value takes the other one's type; all other types must agree.

    Args:
        dataset1: The upper rows; its order of columns is kept.
        dataset2: The lower rows.

    Returns:
        All rows. A column's role is the first table's, or the second's where that has none.

    Raises:
        DataError: D007 when the names or types of the columns differ.
    """
    frame = stacked([dataset1.frame, dataset2.frame], ["dataset1", "dataset2"])
    roles = Roles({**dataset2.roles, **dataset1.roles})
    return AddRows(results_dataset=Table(frame, roles))


def example() -> dict[str, Any]:
    """A small run of this module."""
    upper = pl.DataFrame({"city": ["Bern"], "people": [134_000]})
    lower = pl.DataFrame({"people": [2_750_000], "city": ["Rome"]})
    return {"inputs": {"dataset1": upper, "dataset2": lower}, "parameters": {}}
