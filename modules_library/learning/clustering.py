"""Clusters: found in a table, and assigned to the rows of another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from modules_library.learning.catalogue import find_learner
from modules_library.learning.cluster_labels import (
    FILL,
    OVERWRITE,
    closest_labels,
    fill_from_clusters,
    fill_from_neighbours,
    typical_labels,
)
from modules_library.learning.encoding import feature_columns, fit_encoding
from modules_library.learning.evaluation import ASSIGNMENTS, DISTANCES
from modules_library.learning.learner import FloatArray, Learner, Problem
from modules_library.learning.trained_model import TrainedModel
from modules_library.learning.training import recorded_seed, single_values
from modules_library.sdk import ColumnRole, Roles, StepContext, Table, UntrainedModel, require_rows
from runtime.errors import DataError

if TYPE_CHECKING:
    import polars as pl


def train_clusters(
    untrained: UntrainedModel,
    table: Table,
    columns: Sequence[str],
    *,
    context: StepContext,
) -> TrainedModel:
    """Find clusters.

    Args:
        untrained: A clustering learner; of a range of values the first one is used.
        table: The rows.
        columns: Columns to use; labels, scores and ignored ones among them are left out, unless
            the learner's label mode takes the label in.
        context: Threads to use, and where warnings go.

    Raises:
        DataError: D001 without a column to use, D002 without rows, D004, D008, D010, D012 or D013
            when the table does not fit.
    """
    learner = clustering_learner(untrained)
    require_rows(table)
    parameters = single_values(untrained.parameters)
    mode, label = parameters.get("label_mode"), table.roles.label
    chosen = clustering_features(table, columns)
    fit = partial(
        fit_encoding,
        learner=learner.title,
        allow_missing=learner.accepts_missing,
        allow_unknown=bool(parameters.get("allow_unknown_categories", True)),
    )
    if mode == FILL and label is not None:
        others = fit(table, chosen).encode(table.frame)
        table = Table(fill_from_neighbours(table.frame, label, others), table.roles)
        chosen = [*chosen, label]
    encoding = fit(table, chosen)
    x = encoding.encode(table.frame)
    seed = recorded_seed(parameters, context)
    problem = Problem(
        x=x,
        y=np.empty(0),
        class_count=0,
        parameters=parameters,
        seed=seed,
        threads=context.threads,
        warn=context.warn,
    )
    fitted = learner.fit(problem)
    return TrainedModel(
        learner=learner,
        label=None,
        encoding=encoding,
        fitted=fitted,
        parameters=parameters,
        seed=seed,
        rows=table.height,
        notes=_label_notes(table.frame, label, str(mode), fitted.predict(x)),
    )


def assign_clusters(
    model: TrainedModel, table: Table, *, append: bool = True, port: str = "dataset"
) -> Table:
    """Say for every row which cluster it belongs to, and how far it is from every centre.

    Args:
        model: A clustering.
        table: Rows with the columns that the clustering uses.
        append: Keep the table's own columns; otherwise give the new ones only.
        port: The table's port, for messages.

    Raises:
        DataError: D010 when the model is no clustering; D001, D004, D008 or D012 when the table
            does not fit.
    """
    if model.learner.task != "clustering":
        raise no_clusters(model.learner.title)
    kept = table.frame.select(name for name in table.columns if not is_assignment(name))
    frame, distances = _distances(model, kept, port)
    assigned = distances.argmin(axis=1) if len(distances) else np.empty(0, np.int64)
    frame = _overwritten(model, frame, assigned)
    roles = table.roles.keep(kept.columns)
    return with_assignments(Table(frame, roles), assigned, distances, append=append)


def with_assignments(table: Table, assigned: Any, distances: FloatArray, *, append: bool) -> Table:
    """The table with its clusters, or the clusters alone."""
    added = _columns(assigned, distances)
    roles = {series.name: ColumnRole(kind="score", detail="cluster") for series in added}
    if not append:
        return Table(table.frame.select(added), Roles(roles))
    return Table(table.frame.with_columns(added), Roles({**table.roles, **roles}))


def no_clusters(title: str) -> DataError:
    """The error for a model that predicts and should assign."""
    return DataError(
        "D010",
        f"'{title}' predicts labels and knows no clusters.",
        remedy="Use 'Score Model' for it.",
    )


def is_assignment(name: str) -> bool:
    """Whether a column has the name of one that `assign_clusters` adds."""
    return name == ASSIGNMENTS or name.startswith(DISTANCES)


def _distances(
    model: TrainedModel, frame: pl.DataFrame, port: str
) -> tuple[pl.DataFrame, FloatArray]:
    """Distances to the centres; missing labels that the clustering uses are filled in."""
    notes = model.notes.get("cluster_labels")
    if notes and notes["mode"] == FILL:
        frame = fill_from_clusters(model, frame, port)
    return frame, model.predict(frame, port=port)


def _columns(assigned: Any, distances: FloatArray) -> list[pl.Series]:
    import polars as pl

    return [
        pl.Series(ASSIGNMENTS, assigned, dtype=pl.Int64),
        *(
            pl.Series(f"{DISTANCES}{number}", distances[:, number])
            for number in range(distances.shape[1])
        ),
    ]


def _overwritten(model: TrainedModel, frame: pl.DataFrame, assigned: Any) -> pl.DataFrame:
    import polars as pl

    notes = model.notes.get("cluster_labels")
    if not notes or notes["mode"] != OVERWRITE:
        return frame
    labels = pl.Series(notes["column"], notes["values"])
    return frame.with_columns(labels.gather(assigned.tolist()).alias(notes["column"]))


def _label_notes(
    frame: pl.DataFrame, label: str | None, mode: str, distances: FloatArray
) -> dict[str, Any]:
    if label is None or mode not in (FILL, OVERWRITE):
        return {}
    labels = typical_labels if mode == FILL else closest_labels
    values = labels(frame[label], distances)
    return {"cluster_labels": {"mode": mode, "column": label, "values": values}}


def clustering_learner(untrained: UntrainedModel) -> Learner:
    """The learner of an untrained model. Raises DataError D010 for one that predicts."""
    learner = find_learner(untrained.learner)
    if learner.task == "clustering":
        return learner
    raise DataError(
        "D010",
        f"'{learner.title}' learns to predict a label and finds no clusters.",
        remedy="Use 'Train Model' for it, or connect 'K-Means Clustering'.",
        learner=learner.id,
    )


def clustering_features(table: Table, columns: Sequence[str]) -> list[str]:
    """Those of the columns that a clustering uses. Raises DataError D001 when there is none."""
    usable = set(feature_columns(table, table.roles.label))
    chosen = [name for name in columns if name in usable]
    if not chosen:
        raise DataError(
            "D001",
            "No column of 'dataset' is left for the clustering: labels, scores and ignored columns "
            "are not used.",
            remedy="Choose at least one other column.",
            port="dataset",
        )
    return chosen
