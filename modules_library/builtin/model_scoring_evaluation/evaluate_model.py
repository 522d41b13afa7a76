"""Evaluate Model."""

from typing import Any, NamedTuple

import polars as pl

from modules_library.learning.evaluation import Evaluation, Task, evaluate, judged_task
from modules_library.sdk import (
    LEARNING,
    ColumnRole,
    Report,
    Roles,
    StepContext,
    Table,
    module,
)
from runtime.errors import DataError

COMPARED = "_compared"


class EvaluateModel(NamedTuple):
    """The result.

    Attributes:
        evaluation_results: Metrics and charts of one or two models.
    """

    evaluation_results: Report


def _schema(scored_dataset: Table, scored_dataset_to_compare: Table | None) -> dict[str, Any]:
    """A report has no columns; what it needs of the tables is checked."""
    task = judged_task(scored_dataset)
    if scored_dataset_to_compare is not None:
        _require_same(
            task, judged_task(scored_dataset_to_compare, port="scored_dataset_to_compare")
        )
    return {}


@module(
    version="1.0.0",
    title="Evaluate Model",
    schema=_schema,
    icon="analytics",
    preload=LEARNING,
    tags=("metrics", "roc", "confusion matrix", "compare", "accuracy"),
)
def evaluate_model(
    scored_dataset: Table,
    scored_dataset_to_compare: Table | None = None,
    *,
    context: StepContext,
) -> EvaluateModel:
    """Judge the predictions of one model, or compare those of two.

    What is judged follows from the columns that 'Score Model' and 'Assign Data to Clusters' add.

    * **Two classes**: accuracy, precision, recall, F1, AUC, log loss; ROC, precision-recall and
      lift curves, confusion matrix, counts at 101 thresholds. The positive class is the greater
      label in sort order.
    * **More classes**: accuracy, average accuracy, macro precision, recall and F1, weighted F1, log
      loss; confusion matrix.
    * **Numbers**: MAE, RMSE, relative absolute and squared error, R²; residuals.
    * **Clusters**: silhouette by distances to centres, mean and greatest distances, sizes; a map of
      the rows.

    Confusion matrices have what is true in rows and what was predicted in columns. Rows without a
    label are left out. The metrics are logged on the step; those of the second table with
    `_compared` behind the name.

    Args:
        scored_dataset: A table with predictions and, but for clusters, a label column.
        scored_dataset_to_compare: Another one of the same kind.
        context: Metrics and warnings.

    Returns:
        The report.

    Raises:
        DataError: D001 without predictions, D002 without rows, D005 without one label column, D007
            when the tables hold different kinds of predictions, D010 when label and predictions do
            not fit, D012 when predictions are missing.

    Source:
        T. Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006), and
        the pages named in `modules_library/learning/metrics`.
    """
    evaluations = {"scored_dataset": evaluate(scored_dataset)}
    if scored_dataset_to_compare is not None:
        port = "scored_dataset_to_compare"
        evaluations[port] = evaluate(scored_dataset_to_compare, port=port)
        first, second = evaluations.values()
        _require_same(first.task, second.task)
    for port, evaluation in evaluations.items():
        _log(evaluation, port, context)
    first = evaluations["scored_dataset"]
    models = [_entry(port, evaluation) for port, evaluation in evaluations.items()]
    return EvaluateModel(Report({"format": 1, "task": first.task, "models": models}))


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame(
        {
            "bought": ["no", "no", "yes", "yes"],
            "Scored Labels": ["no", "yes", "yes", "yes"],
            "Scored Probabilities": [0.1, 0.6, 0.7, 0.9],
        }
    )
    roles = Roles({"bought": ColumnRole(kind="label")})
    return {"inputs": {"scored_dataset": Table(frame, roles)}, "parameters": {}}


_TITLES = {
    "scored_dataset": "Scored dataset",
    "scored_dataset_to_compare": "Scored dataset to compare",
}


def _entry(port: str, evaluation: Evaluation) -> dict[str, Any]:
    return {
        "name": port,
        "title": _TITLES[port],
        "rows": evaluation.rows,
        "metrics": evaluation.metrics,
        "charts": evaluation.charts,
    }


def _log(evaluation: Evaluation, port: str, context: StepContext) -> None:
    suffix = "" if port == "scored_dataset" else COMPARED
    for name, value in evaluation.metrics.items():
        context.log_metric(name + suffix, value)
    if evaluation.without:
        context.warn(f"{evaluation.without} rows of '{port}' have no label and were left out.")
    if evaluation.task == "binary" and "auc" not in evaluation.metrics:
        context.warn(f"All rows of '{port}' are of one class, so there is no AUC.")


def _require_same(first: Task, second: Task) -> None:
    if first != second:
        raise DataError(
            "D007",
            f"'scored_dataset' holds {first} predictions, 'scored_dataset_to_compare' {second} "
            "predictions.",
            remedy="Compare two models of the same kind.",
        )
