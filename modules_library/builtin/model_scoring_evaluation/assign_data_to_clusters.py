"""Assign Data to Clusters."""

from typing import Annotated, Any, NamedTuple

import polars as pl

from modules_library.learning.clustering import assign_clusters, train_clusters
from modules_library.learning.foresight import assigned
from modules_library.learning.trained_model import TrainedModel
from modules_library.sdk import (
    LEARNING,
    Foreseen,
    Model,
    ModelSchema,
    StepContext,
    Table,
    TableSchema,
    Title,
    UntrainedModel,
    module,
)
from runtime.errors import DataError


class AssignDataToClusters(NamedTuple):
    """The result.

    Attributes:
        results_dataset: The table with the cluster of every row, for 'Evaluate Model'.
    """

    results_dataset: Table


def _schema(
    trained_model: ModelSchema | None, dataset: Table, known: dict[str, TableSchema], append: bool
) -> Foreseen:
    return assigned(trained_model, dataset, known["dataset"], append=append)


@module(
    version="1.0.0",
    title="Assign Data to Clusters",
    schema=_schema,
    icon="hub",
    preload=LEARNING,
    tags=("cluster", "k-means", "nearest", "score"),
)
def assign_data_to_clusters(
    trained_model: Model,
    dataset: Table,
    *,
    append: Annotated[bool, Title("Check for append or uncheck for result only")] = True,
) -> AssignDataToClusters:
    """Say for every row which cluster it belongs to.

    `Assignments` is the number of the nearest centre, counted from 0, and
    `DistancesToClusterCenter no.0` and so on are the Euclidean distances to all centres, in the
    space that the clustering was trained in (0–1 per feature where it normalizes).

    A clustering with the label mode 'Overwrite from closest to center' replaces the label column;
    one with 'Fill missing values' fills its gaps with the label typical of the cluster that fits
    the row best.

    Args:
        trained_model: Clusters from 'Train Clustering Model'.
        dataset: Rows with the columns that the clustering uses.
        append: Keep the table's own columns; otherwise give the new ones only.

    Returns:
        The table with its clusters; the new columns have the role of a score.

    Raises:
        DataError: D001 when a column is missing, D004 when it is no number, D008 for infinite
            values and unknown categories, D010 for models that predict, D012 for missing values.
    """
    if not isinstance(trained_model, TrainedModel):
        raise DataError(
            "D010",
            f"'{type(trained_model).__name__}' is not a clustering.",
            remedy="Connect the output of 'Train Clustering Model'.",
        )
    return AssignDataToClusters(assign_clusters(trained_model, dataset, append=append))


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"x": [0.0, 10.0, 0.5, 9.5]})
    learner = UntrainedModel(
        "k_means_clustering",
        "clustering",
        {
            "number_of_centroids": 2,
            "initialization": "First N",
            "iterations": 10,
            "label_mode": "Ignore label column",
            "normalize_features": False,
            "seed": 0,
        },
        "K-Means Clustering",
    )
    model = train_clusters(learner, Table(frame), ["x"], context=StepContext())
    return {"inputs": {"trained_model": model, "dataset": frame}, "parameters": {}}
