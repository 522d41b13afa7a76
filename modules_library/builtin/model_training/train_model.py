"""Train Model."""

from typing import Annotated, Any, NamedTuple

import polars as pl

from modules_library.learning.explanation import explain
from modules_library.learning.foresight import trained
from modules_library.learning.training import train
from modules_library.sdk import (
    LEARNING,
    Column,
    FromPort,
    Model,
    ModelSchema,
    StepContext,
    Summary,
    Table,
    Title,
    UntrainedModel,
    module,
)


class TrainModel(NamedTuple):
    """The result.

    Attributes:
        trained_model: The model, for 'Score Model'.
    """

    trained_model: Model


def _schema(
    untrained_model: UntrainedModel | None, dataset: Table, label_column: str | None
) -> ModelSchema:
    return trained(untrained_model, dataset, label_column)


@module(
    version="1.0.0",
    title="Train Model",
    schema=_schema,
    icon="model_training",
    preload=LEARNING,
    tags=("fit", "learn", "classification", "regression"),
)
def train_model(
    untrained_model: UntrainedModel,
    dataset: Table,
    *,
    label_column: Annotated[
        Column | None, FromPort("dataset"), Title("Label column"), Summary()
    ] = None,
    model_explanation: Annotated[bool, Title("Model explanations")] = False,
    context: StepContext,
) -> TrainModel:
    """Let a classifier or a regression learn from a table.

    Every column is a feature except the label and those with the role label, score or ignored.
    Numbers pass through, booleans become 0 and 1, text and categories become one column of 0 and 1
    per category. Dates are refused, and so are text columns with more than 1,000 values of which
    more than 97 % are unique: they name rows. Missing values are refused for linear learners and
    are information for decision trees.

    Rows without a label are left out; their number is in the model and in the metrics. Of two
    classes the greater label in sort order (text by code point, false before true) is the positive
    one.

    A learner with ranges of values is trained with the first value of each. The same seed gives
    the same model, byte for byte, whatever the number of threads.

    Args:
        untrained_model: A learner.
        dataset: Features and label.
        label_column: The column to predict; blank takes the one that has the role of a label.
        model_explanation: Add to the model how much worse its predictions become when the values of
            one column are shuffled, for every column.
        context: Threads, metrics and warnings.

    Returns:
        The model.

    Raises:
        DataError: D001 without a feature, D002 without rows, D004 for columns that are no numbers,
            D005 when the label is missing, D006 when it has one class only, D008 for infinite
            values, D010 when the learner does not fit the label, D012 for missing values, D013 for
            a text column that names rows.
    """
    model = train(untrained_model, dataset, label_column=label_column, context=context)
    context.log_metric("rows_trained", model.rows)
    context.log_metric("rows_without_label", model.rows_without_label)
    if model_explanation:
        model = explain(model, dataset, threads=context.threads)
    return TrainModel(model)


def example() -> dict[str, Any]:
    """A small run of this module."""
    learner = UntrainedModel(
        "two_class_decision_forest",
        "binary",
        {
            "resampling_method": "Bagging",
            "number_of_trees": 2,
            "max_depth": 4,
            "min_samples_per_leaf": 1,
            "seed": 0,
        },
        "Two-Class Decision Forest",
    )
    frame = pl.DataFrame({"age": [20, 25, 50, 60], "bought": ["no", "no", "yes", "yes"]})
    return {
        "inputs": {"untrained_model": learner, "dataset": frame},
        "parameters": {"label_column": "bought"},
    }
