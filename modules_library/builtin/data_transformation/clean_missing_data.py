"""Clean Missing Data."""

from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules_library.sdk import (
    ALL_COLUMNS,
    Columns,
    Foreseen,
    FromPort,
    Range,
    ShownWhen,
    Summary,
    Table,
    TableSchema,
    Title,
    Transform,
    TransformSchema,
    module,
)
from modules_library.transforms import apply_transform
from modules_library.transforms.cleaning import CleaningMode, CleaningRules, fit
from modules_library.transforms.foresight import applied, cleaning_transform


class CleanMissingData(NamedTuple):
    """What Clean Missing Data gives.

    Attributes:
        cleaned_dataset: The cleaned table.
        cleaning_transformation: What was learnt, for Apply Transformation.
    """

    cleaned_dataset: Table
    cleaning_transformation: Transform


def _schema(
    dataset: Table,
    known: dict[str, TableSchema],
    columns: Columns,
    minimum_missing_value_ratio: float,
    maximum_missing_value_ratio: float,
    cleaning_mode: CleaningMode,
    replacement_value: str,
    columns_with_all_missing_values: str,
    generate_missing_value_indicator_column: bool,
) -> dict[str, Foreseen | TransformSchema]:
    """Which columns have gaps, and so which change, only the data tell."""
    rules = CleaningRules(
        mode=cleaning_mode,
        minimum_ratio=minimum_missing_value_ratio,
        maximum_ratio=maximum_missing_value_ratio,
        replacement=replacement_value,
        removes_empty_columns=columns_with_all_missing_values == "Remove",
        has_indicators=generate_missing_value_indicator_column,
    )
    transform = cleaning_transform(dataset.frame, columns.resolve(dataset), rules)
    cleaned = applied(transform, dataset, known["dataset"])
    return {"cleaned_dataset": cleaned, "cleaning_transformation": transform}


@module(
    version="1.0.0",
    title="Clean Missing Data",
    icon="cleaning_services",
    schema=_schema,
    tags=("null", "nan", "impute", "fill", "drop", "missing"),
)
def clean_missing_data(
    dataset: Table,
    *,
    columns: Annotated[Columns, FromPort("dataset"), Title("Columns to be cleaned")] = ALL_COLUMNS,
    minimum_missing_value_ratio: Annotated[
        float, Range(0, 1), Title("Minimum missing value ratio")
    ] = 0.0,
    maximum_missing_value_ratio: Annotated[
        float, Range(0, 1), Title("Maximum missing value ratio")
    ] = 1.0,
    cleaning_mode: Annotated[
        Literal[
            "Custom substitution value",
            "Replace with mean",
            "Replace with median",
            "Replace with mode",
            "Remove entire row",
            "Remove entire column",
        ],
        Title("Cleaning mode"),
        Summary(),
    ] = "Custom substitution value",
    replacement_value: Annotated[
        str,
        Title("Replacement value"),
        ShownWhen("cleaning_mode", "Custom substitution value"),
    ] = "0",
    columns_with_all_missing_values: Annotated[
        Literal["Remove", "Propagate"],
        Title("Columns with all missing values"),
        ShownWhen("cleaning_mode", "Replace with mean", "Replace with median", "Replace with mode"),
    ] = "Remove",
    generate_missing_value_indicator_column: Annotated[
        bool, Title("Generate missing value indicator columns")
    ] = False,
) -> CleanMissingData:
    """Fill or remove missing values, and learn how to do the same to other tables.

    NaN counts as missing. A column is cleaned when its share of missing values lies between the
    two ratios, both included.

    * **Custom substitution value**: the value takes the column's type; a fraction turns a column of
      whole numbers into one of floating-point numbers. Columns without missing values that the
      value does not fit stay as they are.
    * **Replace with mean, median**: for numbers and booleans (counted as 0 and 1); a column with
      missing values becomes Float64, a complete one keeps its type.
    * **Replace with mode**: the most frequent value; of several the smallest.
    * **Remove entire row**: rows with a missing value in any cleaned column. Applied to another
      table, the same columns are looked at.
    * **Remove entire column**: cleaned columns with at least one missing value. Applied to another
      table, the same columns go.

    Args:
        dataset: The table to clean.
        columns: The columns to look at.
        minimum_missing_value_ratio: Columns with a smaller share of missing values stay as they are.
        maximum_missing_value_ratio: Columns with a larger share of missing values stay as they are.
        cleaning_mode: What happens to missing values.
        replacement_value: The custom value, as text; dates as `2024-12-31`.
        columns_with_all_missing_values: Whether a column without any value, for which there is no
            mean, median or mode, is removed or kept as it is.
        generate_missing_value_indicator_column: Add a boolean column `name_IsMissing` for each
            cleaned column that has missing values.

    Returns:
        The cleaned table and the fitted transformation.

    Raises:
        DataError: D001 when a column does not exist, D004 when mean or median is asked of a column
            with missing values that holds no numbers, D008 when the custom value does not fit a
            column or the ratios exclude each other.
    """
    rules = CleaningRules(
        mode=cleaning_mode,
        minimum_ratio=minimum_missing_value_ratio,
        maximum_ratio=maximum_missing_value_ratio,
        replacement=replacement_value,
        removes_empty_columns=columns_with_all_missing_values == "Remove",
        has_indicators=generate_missing_value_indicator_column,
    )
    transform = fit(dataset.frame, columns.resolve(dataset), rules)
    return CleanMissingData(
        cleaned_dataset=apply_transform(transform, dataset), cleaning_transformation=transform
    )


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"age": [31, None, 45], "city": ["Bern", "Rome", None]})
    return {
        "inputs": {"dataset": frame},
        "parameters": {"cleaning_mode": "Replace with mode"},
    }
