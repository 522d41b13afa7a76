"""Train Clustering Model."""

from typing import Annotated, Any, NamedTuple

import polars as pl

from modules_library.learning.clustering import assign_clusters, train_clusters
from modules_library.learning.foresight import assigned, trained_clusters
from modules_library.sdk import (
    ALL_COLUMNS,
    LEARNING,
    Columns,
    Foreseen,
    FromPort,
    Model,
    ModelSchema,
    StepContext,
    Table,
    TableSchema,
    Title,
    UntrainedModel,
    module,
)


class TrainClusteringModel(NamedTuple):
    """The result.

    Attributes:
        trained_model: The clusters, for 'Assign Data to Clusters'.
        results_dataset: The table with the cluster of every row.
    """

    trained_model: Model
    results_dataset: Table


def _schema(
    untrained_model: UntrainedModel | None,
    dataset: Table,
    known: dict[str, TableSchema],
    column_set: Columns,
    append: bool,
) -> dict[str, Foreseen | ModelSchema]:
    model = trained_clusters(untrained_model, dataset, column_set)
    results = assigned(model, dataset, known["dataset"], append=append)
    return {"trained_model": model, "results_dataset": results}


@module(
    version="1.0.0",
    title="Train Clustering Model",
    schema=_schema,
    icon="bubble_chart",
    preload=LEARNING,
    tags=("fit", "k-means", "groups", "unsupervised"),
)
def train_clustering_model(
    untrained_model: UntrainedModel,
    dataset: Table,
    *,
    column_set: Annotated[Columns, FromPort("dataset"), Title("Column set")] = ALL_COLUMNS,
    append: Annotated[bool, Title("Check for append or uncheck for result only")] = True,
    context: StepContext,
) -> TrainClusteringModel:
    """Find clusters in a table.

    Columns with the role label, score or ignored are not used, unless the learner's label mode
    takes the label in. Categories become columns of 0 and 1; missing values are refused. The same
    seed gives the same clusters, byte for byte.

    Args:
        untrained_model: A clustering learner.
        dataset: The rows.
        column_set: The columns to use.
        append: Keep the table's columns in the second output; otherwise it holds the new ones only.
        context: Threads and warnings.

    Returns:
        The clusters, and the table with `Assignments` and `DistancesToClusterCenter no.0` and so on.

    Raises:
        DataError: D001 without a column to use, D002 without rows, D004 for columns that are no
            numbers, D008 for infinite values or too few distinct rows, D010 for learners that
            predict, D012 for missing values, D013 for a text column that names rows.
    """
    columns = column_set.resolve(dataset)
    model = train_clusters(untrained_model, dataset, columns, context=context)
    context.log_metric("rows_trained", model.rows)
    return TrainClusteringModel(model, assign_clusters(model, dataset, append=append))


def example() -> dict[str, Any]:
    """A small run of this module."""
    learner = UntrainedModel(
        "k_means_clustering",
        "clustering",
        {
            "number_of_centroids": 2,
            "initialization": "First N",
            "iterations": 10,
            "label_mode": "Ignore label column",
            "normalize_features": True,
            "seed": 0,
        },
        "K-Means Clustering",
    )
    frame = pl.DataFrame({"x": [0.0, 10.0, 0.5, 9.5], "y": [0.0, 10.0, 0.5, 9.0]})
    return {"inputs": {"untrained_model": learner, "dataset": frame}, "parameters": {}}
