"""A scored table becomes metrics and charts; which ones follows from its columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from modules_library.learning.labels import class_name, is_missing
from modules_library.learning.learner import FloatArray
from modules_library.learning.metrics.binary import BinaryOutcome, binary_charts, binary_metrics
from modules_library.learning.metrics.clustering import (
    cluster_map,
    cluster_table,
    clustering_metrics,
)
from modules_library.learning.metrics.multiclass import (
    confusion_counts,
    multiclass_log_loss,
    multiclass_metrics,
)
from modules_library.learning.metrics.regression import regression_charts, regression_metrics
from modules_library.learning.scoring import SCORED_LABELS, SCORED_PROBABILITIES
from modules_library.sdk import Table, require_rows
from runtime.errors import DataError, close_matches

if TYPE_CHECKING:
    import polars as pl

Task = Literal["binary", "multiclass", "regression", "clustering"]
ASSIGNMENTS = "Assignments"
DISTANCES = "DistancesToClusterCenter no."


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """How good the predictions of one table are.

    Attributes:
        rows: Number of rows that were judged.
        without: Rows that were left out because what is true is not known of them.
    """

    task: Task
    rows: int
    metrics: dict[str, float]
    charts: dict[str, Any] = field(default_factory=dict)
    without: int = 0


def evaluate(table: Table, *, port: str = "scored_dataset") -> Evaluation:
    """Judge a scored table.

    `Assignments` makes it a clustering, `Scored Probabilities` two classes,
    `Scored Probabilities_<class>` or labels that are no numbers many classes, else a regression.

    Raises:
        DataError: D001 when there is no prediction, D002 without rows, D005 without one label
            column, D010 when label and predictions do not fit each other, D012 when a prediction
            is missing.
    """
    require_rows(table, port)
    task = scored_task(table, port=port)
    if task == "clustering":
        return _clustering(table, port)
    label = _label(table, port)
    known = ~is_missing(table.frame[label])
    without = table.height - int(known.sum())
    if without == table.height:
        raise DataError(
            "D005",
            f"No row of '{port}' has a value in the label column {label!r}.",
            remedy="Evaluate rows whose label is known.",
            column=label,
            port=port,
        )
    frame = table.frame.filter(known) if without else table.frame
    _refuse_missing_scores(frame, port)
    judge = {"binary": _binary, "multiclass": _multiclass, "regression": _regression}[task]
    return judge(Table(frame, table.roles), label, without)


def scored_task(table: Table, *, port: str = "scored_dataset") -> Task:
    """What kind of predictions a table holds.

    Raises:
        DataError: D001 when it holds none.
    """
    names = table.columns
    if ASSIGNMENTS in names and any(name.startswith(DISTANCES) for name in names):
        return "clustering"
    if SCORED_LABELS not in names:
        raise DataError(
            "D001",
            f"'{port}' has no column '{SCORED_LABELS}', so there are no predictions to judge."
            f"{close_matches(SCORED_LABELS, names)}",
            remedy="Connect the output of 'Score Model' or 'Assign Data to Clusters'.",
            column=SCORED_LABELS,
            port=port,
        )
    if SCORED_PROBABILITIES in names:
        return "binary"
    if any(name.startswith(f"{SCORED_PROBABILITIES}_") for name in names):
        return "multiclass"
    return "regression" if table.frame.schema[SCORED_LABELS].is_numeric() else "multiclass"


def judged_task(table: Table, *, port: str = "scored_dataset") -> Task:
    """What kind of predictions a table holds, and whether it has what is true beside them.

    Only columns, types and roles are looked at.

    Raises:
        DataError: D001 when there is no prediction, D005 without one label column, D010 when label
            and predictions do not fit each other.
    """
    task = scored_task(table, port=port)
    if task != "clustering":
        label = _label(table, port)
        if task == "regression":
            _require_number(table, label)
    return task


def _binary(table: Table, label: str, without: int) -> Evaluation:
    actual, predicted, classes = _class_numbers(table.frame, label)
    if len(classes) > 2:
        raise DataError(
            "D010",
            f"The label column {label!r} and the predictions together have {len(classes)} classes "
            f"({', '.join(classes[:4])}…), but the scores are those of a two-class model.",
            remedy="Score with a multiclass model, or evaluate rows of the two classes only.",
            column=label,
        )
    marked = table.roles.of(SCORED_PROBABILITIES).detail
    positive = classes.index(marked) if marked in classes else len(classes) - 1
    if len(classes) == 1 and marked and marked not in classes:
        positive = 1
    outcome = BinaryOutcome(
        actual=actual == positive,
        predicted=predicted == positive,
        probability=_floats(table.frame[SCORED_PROBABILITIES]),
    )
    charts = binary_charts(outcome) | _confusion(actual, predicted, classes)
    return Evaluation(
        task="binary",
        rows=table.height,
        metrics=binary_metrics(outcome),
        charts=charts,
        without=without,
    )


def _multiclass(table: Table, label: str, without: int) -> Evaluation:
    actual, predicted, classes = _class_numbers(table.frame, label)
    metrics = multiclass_metrics(confusion_counts(actual, predicted, len(classes)))
    columns = [f"{SCORED_PROBABILITIES}_{name}" for name in classes]
    if any(column in table.columns for column in columns):
        nothing = np.zeros(table.height)
        probabilities = np.column_stack(
            [_floats(table.frame[c]) if c in table.columns else nothing for c in columns]
        )
        metrics["log_loss"] = multiclass_log_loss(actual, probabilities)
    return Evaluation(
        task="multiclass",
        rows=table.height,
        metrics=metrics,
        charts=_confusion(actual, predicted, classes),
        without=without,
    )


def _require_number(table: Table, label: str) -> None:
    if not table.frame.schema[label].is_numeric():
        raise DataError(
            "D010",
            f"The scores are numbers, but the label column {label!r} holds "
            f"{table.frame.schema[label]}.",
            remedy="Mark the column that the model predicts as label with 'Edit Metadata'.",
            column=label,
        )


def _regression(table: Table, label: str, without: int) -> Evaluation:
    _require_number(table, label)
    actual, predicted = _floats(table.frame[label]), _floats(table.frame[SCORED_LABELS])
    return Evaluation(
        task="regression",
        rows=table.height,
        metrics=regression_metrics(actual, predicted),
        charts=regression_charts(actual, predicted),
        without=without,
    )


def _clustering(table: Table, port: str) -> Evaluation:
    columns = [name for name in table.columns if name.startswith(DISTANCES)]
    distances = np.column_stack([_floats(table.frame[name]) for name in columns])
    assigned = table.frame[ASSIGNMENTS].cast(int).to_numpy()
    if not np.all((assigned >= 0) & (assigned < distances.shape[1])):
        raise DataError(
            "D008",
            f"'{ASSIGNMENTS}' of '{port}' names clusters that have no column of distances.",
            remedy="Connect the output of 'Assign Data to Clusters' as it is.",
            port=port,
        )
    return Evaluation(
        task="clustering",
        rows=table.height,
        metrics=clustering_metrics(distances, assigned),
        charts={
            "clusters": cluster_table(distances, assigned),
            "cluster_map": cluster_map(_map_features(table, distances), assigned),
        },
    )


def _map_features(table: Table, distances: FloatArray) -> FloatArray:
    """Numeric features without missing values; the distances where there are none."""
    frame = table.frame
    columns = [
        _floats(frame[name])
        for name in frame.columns
        if table.roles.of(name).kind in ("", "feature") and frame.schema[name].is_numeric()
    ]
    usable = [column for column in columns if np.isfinite(column).all()]
    return np.column_stack(usable) if len(usable) > 1 else distances


def _label(table: Table, port: str) -> str:
    marked = [name for name in table.columns if table.roles.of(name).kind == "label"]
    if len(marked) == 1:
        return marked[0]
    found = f"marks {', '.join(map(repr, marked))} as labels" if marked else "marks no label"
    raise DataError(
        "D005",
        f"'{port}' {found}, so what is true is not known.",
        remedy="Score rows that hold the label, or mark one column with 'Edit Metadata'.",
        port=port,
    )


def _class_numbers(frame: pl.DataFrame, label: str) -> tuple[Any, Any, list[str]]:
    """True and predicted classes as numbers, and the classes as text in sort order."""

    actual, predicted = frame[label], frame[SCORED_LABELS]
    values = set(actual.unique().to_list()) | set(predicted.unique().to_list())
    try:
        classes = list(dict.fromkeys(class_name(value) for value in sorted(values)))
    except TypeError:
        classes = sorted({class_name(value) for value in values})
    numbers = {value: classes.index(class_name(value)) for value in values}

    def numbered(series: pl.Series) -> Any:
        return np.fromiter((numbers[value] for value in series), np.int64, len(series))

    return numbered(actual), numbered(predicted), classes


def _confusion(actual: Any, predicted: Any, classes: list[str]) -> dict[str, Any]:
    counts = confusion_counts(actual, predicted, len(classes))
    return {"confusion": {"labels": classes, "counts": counts.tolist()}}


def _floats(series: pl.Series) -> FloatArray:
    import polars as pl

    return series.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _refuse_missing_scores(frame: pl.DataFrame, port: str) -> None:
    for name in frame.columns:
        if (name == SCORED_LABELS or name.startswith(SCORED_PROBABILITIES)) and bool(
            is_missing(frame[name]).any()
        ):
            raise DataError(
                "D012",
                f"Column {name!r} of '{port}' has missing predictions.",
                remedy="Connect the output of 'Score Model' as it is.",
                column=name,
                port=port,
            )
