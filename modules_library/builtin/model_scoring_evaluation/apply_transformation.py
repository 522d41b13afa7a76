"""Apply Transformation."""

from typing import Any, NamedTuple

import polars as pl

from modules_library.sdk import (
    Foreseen,
    Table,
    TableSchema,
    Transform,
    TransformSchema,
    module,
)
from modules_library.transforms import apply_transform
from modules_library.transforms.foresight import applied


class ApplyTransformation(NamedTuple):
    """What Apply Transformation gives.

    Attributes:
        transformed_dataset: The transformed table.
    """

    transformed_dataset: Table


def _schema(
    transformation: TransformSchema | None, dataset: Table, known: dict[str, TableSchema]
) -> Foreseen:
    return applied(transformation, dataset, known["dataset"])


@module(
    version="1.0.0",
    title="Apply Transformation",
    schema=_schema,
    icon="auto_fix_high",
    tags=("replay", "transform", "normalize", "clean", "fitted"),
)
def apply_transformation(transformation: Transform, dataset: Table) -> ApplyTransformation:
    """Do to a table exactly what was learnt from another one.

    Fill a test table's gaps with the training table's means, put it on the training table's scale:
    nothing is learnt anew, so nothing of the test table leaks into the result. The columns are
    those of the fitted transformation; others pass through.

    Args:
        transformation: A fitted transformation, from Clean Missing Data or Normalize Data.
        dataset: The table to transform.

    Returns:
        The transformed table.

    Raises:
        DataError: D001 when a column is missing, D004 when one has another type than the fitted one.
    """
    return ApplyTransformation(transformed_dataset=apply_transform(transformation, dataset))


def example() -> dict[str, Any]:
    """A small run of this module."""
    state = {"method": "MinMax", "constant": "zero", "columns": {"age": {"min": 20.0, "max": 60.0}}}
    return {
        "inputs": {
            "transformation": Transform(kind="normalize_data", state=state, columns=("age",)),
            "dataset": pl.DataFrame({"age": [20, 40, 60]}),
        },
        "parameters": {},
    }
