"""Scoring: a trained model and a table give the table with predictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from modules_library.learning.learner import FloatArray
from modules_library.learning.trained_model import TrainedModel
from modules_library.sdk import ColumnRole, Roles, Table
from runtime.errors import DataError

if TYPE_CHECKING:
    import polars as pl

SCORED_LABELS = "Scored Labels"
SCORED_PROBABILITIES = "Scored Probabilities"
THRESHOLD = 0.5
"""A row is scored positive when its probability reaches it."""


def score(model: TrainedModel, table: Table, *, port: str = "dataset", threads: int = 1) -> Table:
    """Add predictions to a table.

    Every prediction: `Scored Labels`. Two classes: `Scored Probabilities`, the probability of the
    positive class, which is the greater label in sort order; a row is scored positive at 0.5 and
    above. More classes: `Scored Probabilities_<class>` for each. Predictions of an earlier model
    are replaced.

    Raises:
        DataError: D010 for a clustering; D001, D004, D008, D012 when the table does not fit.
    """
    if model.label is None or model.learner.task == "clustering":
        raise no_label(model.learner.title)
    kept = table.frame.select(name for name in table.columns if not is_score(name))
    predictions = model.predict(kept, port=port, threads=threads)
    return with_scores(Table(kept, table.roles), model.label.column, _scores(model, predictions))


def with_scores(
    kept: Table, label: str | None, scores: Sequence[tuple[pl.Series, ColumnRole]]
) -> Table:
    """The table with predictions beside its columns; the label column gets its role."""
    frame = kept.frame.with_columns(series for series, _ in scores)
    roles = kept.roles.keep(kept.columns)
    if label in kept.columns:
        roles = roles.changed([label], kind="label")
    return Table(frame, Roles({**roles, **{series.name: role for series, role in scores}}))


def no_label(title: str) -> DataError:
    """The error for a clustering that should predict."""
    return DataError(
        "D010",
        f"'{title}' assigns clusters and predicts no label.",
        remedy="Use 'Assign Data to Clusters' for it.",
    )


def is_score(name: str) -> bool:
    """Whether a column has the name of a prediction."""
    return name in (SCORED_LABELS, SCORED_PROBABILITIES) or name.startswith(
        f"{SCORED_PROBABILITIES}_"
    )


def _scores(model: TrainedModel, predictions: FloatArray) -> list[tuple[pl.Series, ColumnRole]]:
    import polars as pl

    assert model.label is not None
    if model.learner.task == "regression":
        return [(pl.Series(SCORED_LABELS, predictions[:, 0]), score_role("scored_labels"))]
    if model.learner.task == "binary":
        positive = predictions[:, 1]
        codes = (positive >= THRESHOLD).astype(np.int64)
        probabilities = [(SCORED_PROBABILITIES, positive, model.label.class_names[1])]
    else:
        codes = predictions.argmax(axis=1)
        probabilities = [
            (f"{SCORED_PROBABILITIES}_{name}", predictions[:, number], name)
            for number, name in enumerate(model.label.class_names)
        ]
    labels = model.label.decode(codes, SCORED_LABELS)
    return [
        (labels, score_role("scored_labels", categorical=True)),
        *((pl.Series(name, values), score_role(detail)) for name, values, detail in probabilities),
    ]


def score_role(detail: str, *, categorical: bool | None = None) -> ColumnRole:
    """The role of a prediction: which score it is, or of which class."""
    return ColumnRole(kind="score", categorical=categorical, detail=detail)
