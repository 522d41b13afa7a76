"""Remove Duplicate Rows."""

from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules_library.sdk import ALL_COLUMNS, Columns, FromPort, Summary, Table, Title, module
from runtime.errors import DataError


class RemoveDuplicateRows(NamedTuple):
    """What Remove Duplicate Rows gives.

    Attributes:
        results_dataset: One row of each group of duplicates, in the order of the table.
    """

    results_dataset: Table


@module(
    version="1.0.0",
    title="Remove Duplicate Rows",
    icon="filter_none",
    tags=("distinct", "unique", "deduplicate"),
)
def remove_duplicate_rows(
    dataset: Table,
    *,
    key_columns: Annotated[
        Columns, FromPort("dataset"), Title("Key columns"), Summary()
    ] = ALL_COLUMNS,
    retain_first_duplicate_row: Annotated[bool, Title("Keep the first of equal rows")] = True,
) -> RemoveDuplicateRows:
    """Keep one of all rows that agree in the key columns.

    Missing equals missing, and NaN equals NaN. Text is compared exactly.

    Args:
        dataset: The table.
        key_columns: The columns that must agree; all by default.
        retain_first_duplicate_row: Keep the first of equal rows; off keeps the last.

    Returns:
        The rows that stay, in their order.

    Raises:
        DataError: D001 when a key column does not exist or none is selected.
    """
    keys = key_columns.resolve(dataset)
    if not keys:
        raise DataError(
            "D001",
            "No key column of 'dataset' is selected.",
            remedy="Select the columns in which equal rows agree.",
            parameter="key_columns",
        )
    keep: Literal["first", "last"] = "first" if retain_first_duplicate_row else "last"
    numbered = dataset.frame.select(keys).with_row_index(_fresh(keys))
    rows = numbered.unique(subset=keys, keep=keep)[_fresh(keys)].sort()
    return RemoveDuplicateRows(results_dataset=dataset.with_frame(dataset.frame[rows]))


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"city": ["Bern", "Rome", "Bern"], "year": [2020, 2020, 2021]})
    return {"inputs": {"dataset": frame}, "parameters": {"key_columns": ["city"]}}


def _fresh(names: list[str]) -> str:
    """A name that none of these is."""
    return "row " + max(names, key=len)
