"""Normalize Data."""

from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules_library.sdk import (
    NUMERIC_COLUMNS,
    Columns,
    Foreseen,
    FromPort,
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
from modules_library.transforms.foresight import applied, normalizing_transform
from modules_library.transforms.normalizing import fit


class NormalizeData(NamedTuple):
    """What Normalize Data gives.

    Attributes:
        transformed_dataset: The table on the new scale.
        transformation_function: What was learnt, for Apply Transformation.
    """

    transformed_dataset: Table
    transformation_function: Transform


def _schema(
    dataset: Table, known: dict[str, TableSchema], columns: Columns
) -> dict[str, Foreseen | TransformSchema]:
    transform = normalizing_transform(columns.resolve(dataset))
    scaled = applied(transform, dataset, known["dataset"])
    return {"transformed_dataset": scaled, "transformation_function": transform}


@module(
    version="1.0.0",
    title="Normalize Data",
    icon="linear_scale",
    schema=_schema,
    tags=("scale", "standardize", "zscore", "minmax", "tanh", "logistic", "lognormal"),
)
def normalize_data(
    dataset: Table,
    *,
    transformation_method: Annotated[
        Literal["ZScore", "MinMax", "Logistic", "LogNormal", "TanH"],
        Title("Transformation method"),
        Summary(),
    ] = "ZScore",
    columns: Annotated[
        Columns, FromPort("dataset"), Title("Columns to transform")
    ] = NUMERIC_COLUMNS,
    use_0_for_constant_columns: Annotated[
        bool,
        Title("Use 0 for constant columns"),
        ShownWhen("transformation_method", "ZScore", "MinMax", "LogNormal", "TanH"),
    ] = True,
) -> NormalizeData:
    """Put columns of numbers on a common scale, and learn how to do the same to other tables.

    | method | result |
    |---|---|
    | ZScore | (x − mean) / sd, with the population's standard deviation |
    | MinMax | (x − min) / (max − min) |
    | Logistic | 1 / (1 + e^−x); nothing is learnt |
    | LogNormal | distribution function of the log-normal with maximum-likelihood μ and σ |
    | TanH | 0.5 (tanh(0.01 z) + 1) with z as in ZScore, so that 0.5 is the mean |

    Missing values stay missing, NaN becomes missing, and neither counts in what is learnt. Results
    are Float64; booleans count as 0 and 1. Other tables' values beyond the learnt range map beyond
    0 to 1 under MinMax; under LogNormal values that are not positive map to 0.

    Args:
        dataset: The table.
        transformation_method: The scale.
        columns: The columns to transform; all numeric ones by default.
        use_0_for_constant_columns: A column with one value only has no scale: its values become 0,
            or missing where this is off.

    Returns:
        The table on the new scale, with its roles, and the fitted transformation.

    Raises:
        DataError: D001 when a column does not exist, D004 when one holds no numbers, D008 when one
            has an infinite value or, for LogNormal, one that is not positive.

    Source:
        TanH after Hampel as simplified in Jain, Nandakumar, Ross, "Score normalization in multimodal
        biometric systems", Pattern Recognition 38 (2005); the others are textbook definitions.
    """
    transform = fit(
        dataset.frame,
        columns.resolve(dataset),
        transformation_method,
        zero_for_constant=use_0_for_constant_columns,
    )
    return NormalizeData(
        transformed_dataset=apply_transform(transform, dataset), transformation_function=transform
    )


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"age": [20, 40, 60], "city": ["Bern", "Rome", "Oslo"]})
    return {"inputs": {"dataset": frame}, "parameters": {"transformation_method": "MinMax"}}
