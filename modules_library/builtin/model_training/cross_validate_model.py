"""Cross Validate Model."""

from typing import Annotated, Any, NamedTuple

import polars as pl

from modules_library.learning.cross_validation import cross_validate
from modules_library.learning.foresight import cross_validated
from modules_library.sdk import (
    LEARNING,
    Column,
    Foreseen,
    FromPort,
    Seed,
    StepContext,
    Summary,
    Table,
    Title,
    UntrainedModel,
    module,
)


class CrossValidateModel(NamedTuple):
    """The result.

    Attributes:
        scored_results: Every row with the prediction of a model that has not seen it.
        evaluation_results_by_fold: Metrics by fold, then their mean and standard deviation.
    """

    scored_results: Table
    evaluation_results_by_fold: Table


def _schema(
    untrained_model: UntrainedModel | None, dataset: Table, label_column: str | None
) -> dict[str, Foreseen]:
    scored, by_fold = cross_validated(untrained_model, dataset, label_column)
    return {"scored_results": scored, "evaluation_results_by_fold": by_fold}


@module(
    version="1.0.0",
    title="Cross Validate Model",
    schema=_schema,
    icon="grid_view",
    preload=LEARNING,
    tags=("k-fold", "validation", "folds", "generalisation"),
)
def cross_validate_model(
    untrained_model: UntrainedModel,
    dataset: Table,
    *,
    label_column: Annotated[
        Column | None, FromPort("dataset"), Title("Label column"), Summary()
    ] = None,
    seed: Annotated[Seed, Title("Random seed")] = 0,
    context: StepContext,
) -> CrossValidateModel:
    """Estimate how well a learner predicts rows that it has not seen.

    The table is divided into ten folds, or into those that it carries from 'Partition and Sample'.
    For every fold a model is trained on all other folds and scores it. For classes, every fold has
    them in the proportions of the table. Feature encoding is learnt anew for every fold, so nothing
    of a fold leaks into the model that scores it.

    The mean of each metric is logged under its name, the standard deviation (of a sample) with
    `_std` behind it. AUC is left out for folds of one class only.

    Args:
        untrained_model: A classifier or regression.
        dataset: Features and label; rows without a label are left out.
        label_column: The column to predict; blank takes the one that has the role of a label.
        seed: Seed of the drawing of folds; 0 is a seed like any other. The learner has its own.
        context: Threads, progress, metrics and warnings.

    Returns:
        The scored rows in the order of the table, with the column `Fold Number` from 1, and a table
        with a row per fold.

    Raises:
        DataError: D002 with fewer than ten rows, D008 with one fold only, D010 for clusterings, and
            what 'Train Model' and 'Score Model' raise.

    Source:
        R. Kohavi, "A Study of Cross-Validation and Bootstrap for Accuracy Estimation and Model
        Selection", IJCAI 1995 (stratified folds).
    """
    result = cross_validate(
        untrained_model, dataset, label_column=label_column, seed=seed, context=context
    )
    for name, (mean, deviation) in result.metrics.items():
        context.log_metric(name, mean)
        context.log_metric(f"{name}_std", deviation)
    return CrossValidateModel(result.scored, Table(result.by_fold))


def example() -> dict[str, Any]:
    """A small run of this module."""
    learner = UntrainedModel(
        "linear_regression",
        "regression",
        {
            "solution_method": "Ordinary Least Squares",
            "l2_weight": 0.001,
            "include_intercept": True,
            "seed": 0,
        },
        "Linear Regression",
    )
    numbers = [float(number) for number in range(20)]
    frame = pl.DataFrame({"size": numbers, "price": [3 * number + 1 for number in numbers]})
    return {
        "inputs": {"untrained_model": learner, "dataset": frame},
        "parameters": {"label_column": "price"},
    }
