"""Select Columns in Dataset."""

from typing import Annotated, Any, NamedTuple

import polars as pl

from modules_library.sdk import (
    ALL_COLUMNS,
    SAME_ROWS,
    Columns,
    FromPort,
    Roles,
    Summary,
    Table,
    Title,
    module,
)
from modules_library.tables import unique_names
from runtime.errors import DataError


class SelectColumnsInDataset(NamedTuple):
    """What Select Columns in Dataset gives.

    Attributes:
        results_dataset: The table with the selected columns only.
    """

    results_dataset: Table


@module(
    version="1.0.0",
    title="Select Columns in Dataset",
    icon="view_column",
    schema=SAME_ROWS,
    tags=("project", "drop", "keep", "columns"),
)
def select_columns_in_dataset(
    dataset: Table,
    *,
    columns: Annotated[Columns, FromPort("dataset"), Title("Columns"), Summary()] = ALL_COLUMNS,
    allow_duplicates_and_preserve_order: Annotated[
        bool, Title("Allow duplicates and keep the order of the selection")
    ] = False,
) -> SelectColumnsInDataset:
    """Keep some columns of a table.

    Args:
        dataset: The table.
        columns: The columns to keep: by name, type, pattern, position or role.
        allow_duplicates_and_preserve_order: Off: columns stay in the table's order, each once. On:
            they come in the order of the selection, and a column named twice comes twice, the
            second time as `name (1)`.

    Returns:
        The table with these columns, with their roles.

    Raises:
        DataError: D001 when a column does not exist or the selection leaves none.
    """
    selected = columns.resolve(dataset)
    if not selected:
        raise DataError(
            "D001",
            "The selection leaves no column of 'dataset'.",
            remedy="Select at least one column.",
            parameter="columns",
        )
    if not allow_duplicates_and_preserve_order:
        selected = [name for name in dataset.columns if name in set(selected)]
    names = unique_names(selected)
    pairs = list(zip(selected, names, strict=True))
    frame = dataset.frame.select(dataset.frame[old].alias(new) for old, new in pairs)
    roles = Roles({new: dataset.roles.of(old) for old, new in pairs})
    return SelectColumnsInDataset(results_dataset=Table(frame, roles))


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame(
        {"city": ["Bern", "Rome"], "people": [134_000, 2_750_000], "note": ["", ""]}
    )
    return {"inputs": {"dataset": frame}, "parameters": {"columns": ["city", "people"]}}
