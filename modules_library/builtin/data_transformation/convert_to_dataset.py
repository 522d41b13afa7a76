"""Convert to Dataset."""

from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules_library.formats import DEFAULT_MISSING, FileOptions, format_of, read_files
from modules_library.sdk import (
    File,
    Foreseen,
    ShownWhen,
    StepContext,
    Summary,
    Table,
    TableSchema,
    Title,
    UnknownUntilRun,
    module,
)
from modules_library.tables import as_value, first_row
from modules_library.transforms import apply_transform
from modules_library.transforms.cleaning import CleaningRules, fit
from modules_library.transforms.foresight import applied, cleaning_transform
from runtime.errors import DataError

Action = Literal["None", "SetMissingValues", "ReplaceValues"]


class ConvertToDataset(NamedTuple):
    """What Convert to Dataset gives.

    Attributes:
        results_dataset: The table.
    """

    results_dataset: Table


def _schema(
    dataset: Table | None,
    known: dict[str, TableSchema],
    action: Action,
    replace: str,
    new_value: str,
) -> Foreseen:
    if dataset is None:
        raise UnknownUntilRun("The columns of a file are known when it has been read.")
    if action == "ReplaceValues" and replace == "Missing":
        transform = cleaning_transform(dataset.frame, dataset.columns, _filling(new_value))
        return applied(transform, dataset, known["dataset"])
    return Foreseen(dataset, rows=known["dataset"].rows)


@module(
    version="1.0.0",
    title="Convert to Dataset",
    icon="table_rows",
    tags=("file", "csv", "tsv", "parquet", "excel", "read", "table", "missing", "replace"),
    schema=_schema,
)
def convert_to_dataset(
    dataset: Table | None = None,
    file: File | None = None,
    *,
    action: Annotated[Action, Title("Action"), Summary()] = "None",
    custom_missing_value: Annotated[
        str, Title("Custom missing value"), ShownWhen("action", "SetMissingValues")
    ] = "?",
    replace: Annotated[
        Literal["Missing", "Custom"], Title("Replace"), ShownWhen("action", "ReplaceValues")
    ] = "Missing",
    custom_value: Annotated[
        str,
        Title("Custom value"),
        ShownWhen("action", "ReplaceValues"),
        ShownWhen("replace", "Custom"),
    ] = "obs",
    new_value: Annotated[str, Title("New value"), ShownWhen("action", "ReplaceValues")] = "0",
    context: StepContext | None = None,
) -> ConvertToDataset:
    """Make a table out of a file, and settle which values are missing.

    A file is read by the ending of its name, as 'Import Data' reads it: CSV, TSV, Parquet, Arrow,
    JSON lines and Excel; other names are read as CSV.

    * **SetMissingValues**: a value that stands for a missing one becomes missing. In a text file it
      counts before the types are found, so a column of numbers and `?` is a column of numbers.
    * **ReplaceValues**: missing values, or all values that equal a custom one, become the new value.
      It takes the type of each column; one that does not fit a column in which it is needed is
      refused. Where missing values of a column of whole numbers become a fraction, the column
      becomes one of floating-point numbers.

    Values are compared as a whole: `1` is not found in `10`.

    Args:
        dataset: A table; connect it or a file.
        file: A file that holds a table, such as the one from 'Export Data'.
        action: What happens to values.
        custom_missing_value: The value that means missing, as text.
        replace: Which values are replaced.
        custom_value: The value to replace, as text.
        new_value: What comes in its place, as text; dates as `2024-12-31`.
        context: The step, which hears progress and warnings.

    Returns:
        The table; columns keep their roles.

    Raises:
        DataError: D003, D004, D007 or D011 when the file cannot be read as a table, D008 when not
            exactly one of the inputs is connected, or the new value does not fit a column.
    """
    missing = custom_missing_value if action == "SetMissingValues" else None
    table = _input(dataset, file, missing, context or StepContext())
    if missing is not None:
        table = table.with_frame(table.frame.with_columns(_without(table.frame, missing)))
    elif action == "ReplaceValues" and replace == "Missing":
        table = apply_transform(fit(table.frame, table.columns, _filling(new_value)), table)
    elif action == "ReplaceValues":
        replaced = [_replaced(column, custom_value, new_value) for column in table.frame]
        table = table.with_frame(table.frame.with_columns(replaced))
    return ConvertToDataset(results_dataset=table)


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"city": ["Bern", "?", "Rome"], "people": [134_000, None, 2_750_000]})
    return {"inputs": {"dataset": frame}, "parameters": {"action": "SetMissingValues"}}


def _input(
    dataset: Table | None, file: File | None, missing: str | None, context: StepContext
) -> Table:
    if (dataset is None) == (file is None):
        raise DataError(
            "D008",
            f"{'Nothing is' if dataset is None else 'A table and a file are'} connected.",
            remedy="Connect either a table or a file.",
        )
    if file is None:
        assert dataset is not None
        return dataset
    name = file.name or file.path.name
    texts = (*DEFAULT_MISSING, *([] if missing is None else [missing]))
    options = FileOptions(file_format=format_of(Path(name), FileOptions()), missing=texts)
    return Table(
        read_files([file.path], [name], options, progress=context.progress, warn=context.warn)
    )


def _filling(new_value: str) -> CleaningRules:
    return CleaningRules(mode="Custom substitution value", replacement=new_value)


def _without(frame: pl.DataFrame, text: str) -> list[pl.Series]:
    """The columns that may hold a value, with missing ones in its place."""
    found = []
    for column in frame:
        value = as_value(text, column.dtype)
        if value is not None:
            found.append(column.set((column == value).fill_null(False), None))
    return found


def _replaced(column: pl.Series, old: str, new: str) -> pl.Series:
    value = as_value(old, column.dtype)
    if value is None:
        return column
    places = (column == value).fill_null(False)
    if not places.any():
        return column
    replacement = as_value(new, column.dtype)
    if replacement is None:
        raise DataError(
            "D008",
            f"The new value {new!r} does not fit column {column.name!r}, which holds "
            f"{column.dtype} and has {old!r} in row {first_row(places)}.",
            remedy="Choose a value of the column's type, or convert it with 'Edit Metadata'.",
            column=column.name,
            parameter="new_value",
        )
    return column.set(places, replacement)
