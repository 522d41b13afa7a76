"""Score Model."""

from typing import Any, NamedTuple

import polars as pl

from modules_library.learning.foresight import scored
from modules_library.learning.scoring import score
from modules_library.learning.trained_model import TrainedModel
from modules_library.learning.training import train
from modules_library.sdk import (
    LEARNING,
    Foreseen,
    Model,
    ModelSchema,
    StepContext,
    Table,
    TableSchema,
    UntrainedModel,
    module,
)
from runtime.errors import DataError


class ScoreModel(NamedTuple):
    """The result.

    Attributes:
        scored_dataset: The table with its predictions, for 'Evaluate Model'.
    """

    scored_dataset: Table


def _schema(
    trained_model: ModelSchema | None, dataset: Table, known: dict[str, TableSchema]
) -> Foreseen:
    return scored(trained_model, dataset, known["dataset"])


@module(
    version="1.0.0",
    title="Score Model",
    schema=_schema,
    icon="online_prediction",
    preload=LEARNING,
    tags=("predict", "inference", "probability"),
)
def score_model(trained_model: Model, dataset: Table, *, context: StepContext) -> ScoreModel:
    """Add a model's predictions to a table.

    * Every prediction: `Scored Labels`.
    * Two classes: `Scored Probabilities`, the probability of the positive class, which is the
      greater label in sort order. A row is scored positive at 0.5 and above.
    * More classes: `Scored Probabilities_<class>` for each class; the greatest one wins.

    The table needs the columns that the model learnt from, by name; the label may be absent. The
    new columns have the role of a score, and the label column, if present, that of a label.
    Predictions of an earlier model are replaced.

    Args:
        trained_model: A classifier or regression from 'Train Model'.
        dataset: The rows to score.
        context: Threads to use.

    Returns:
        The table with its predictions.

    Raises:
        DataError: D001 when a feature is missing, D004 when it is no number, D008 for infinite
            values and unknown categories, D010 for a clustering, D012 for missing values.
    """
    if not isinstance(trained_model, TrainedModel):
        raise DataError(
            "D010",
            f"'{type(trained_model).__name__}' is not a model that predicts from tables.",
            remedy="Connect the output of 'Train Model'.",
        )
    return ScoreModel(score(trained_model, dataset, threads=context.threads))


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"size": [1.0, 2.0, 3.0, 4.0], "price": [10.0, 20.0, 30.0, 40.0]})
    learner = UntrainedModel(
        "linear_regression",
        "regression",
        {
            "solution_method": "Ordinary Least Squares",
            "l2_weight": 0.0,
            "include_intercept": True,
            "seed": 0,
        },
        "Linear Regression",
    )
    model = train(learner, Table(frame), label_column="price")
    return {
        "inputs": {"trained_model": model, "dataset": frame.select("size")},
        "parameters": {},
    }
