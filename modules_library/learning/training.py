"""Training: an untrained model and a table give a trained model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from modules_library.learning.catalogue import find_learner
from modules_library.learning.encoding import feature_columns, fit_encoding
from modules_library.learning.labels import find_label, fit_label, is_missing
from modules_library.learning.learner import Learner, Problem
from modules_library.learning.trained_model import TrainedModel
from modules_library.sdk import StepContext, Table, UntrainedModel, require_rows
from runtime.errors import DataError


def train(
    untrained: UntrainedModel,
    table: Table,
    *,
    label_column: str | None = None,
    context: StepContext | None = None,
    port: str = "dataset",
) -> TrainedModel:
    """Train a classifier or a regression.

    Args:
        untrained: The learner and its parameters; of a range of values the first one is used.
        table: Features and label. Rows without a label are left out and counted.
        label_column: The label; None takes the column that has the role of a label.
        context: Threads to use, and where warnings go.
        port: The table's port, for messages.

    Raises:
        DataError: D002, D004, D005, D006, D008, D010, D012 or D013 when the table does not fit.
    """
    context = context or StepContext()
    learner = supervised_learner(untrained)
    require_rows(table, port)
    name = find_label(table, label_column, port=port)
    labelled, without = drop_unlabelled(table, name, port=port)
    if without:
        context.warn(f"{without} rows without a value in {name!r} were left out.")
    label = fit_label(labelled.frame[name], learner.task, learner=learner.title)
    parameters = single_values(untrained.parameters)
    encoding = fit_encoding(
        labelled,
        training_features(labelled, name, port),
        learner=learner.title,
        allow_missing=learner.accepts_missing,
        allow_unknown=bool(parameters.get("allow_unknown_categories", True)),
        port=port,
    )
    seed = recorded_seed(parameters, context)
    problem = Problem(
        x=encoding.encode(labelled.frame, port),
        y=label.encode(labelled.frame[name]),
        class_count=len(label.classes),
        parameters=parameters,
        seed=seed,
        threads=context.threads,
        warn=context.warn,
    )
    return TrainedModel(
        learner=learner,
        label=label,
        encoding=encoding,
        fitted=learner.fit(problem),
        parameters=parameters,
        seed=seed,
        rows=labelled.height,
        rows_without_label=without,
    )


def drop_unlabelled(table: Table, label: str, *, port: str = "dataset") -> tuple[Table, int]:
    """The rows that have a label, and how many have none.

    Raises:
        DataError: D005 when no row has a label.
    """
    missing = is_missing(table.frame[label])
    without = int(missing.sum())
    if without == table.height:
        raise DataError(
            "D005",
            f"No row of '{port}' has a value in the label column {label!r}.",
            remedy="Choose another label column, or look at where its values were lost.",
            column=label,
            port=port,
        )
    if not without:
        return table, 0
    return Table(table.frame.filter(~missing), table.roles), without


def single_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """One value per parameter: the first of every range.

    >>> single_values({"number_of_trees": [8, 1, 32], "seed": 0})
    {'number_of_trees': 8, 'seed': 0}
    """
    return {
        name: value[0] if isinstance(value, (list, tuple)) and value else value
        for name, value in parameters.items()
    }


def recorded_seed(parameters: Mapping[str, Any], context: StepContext) -> int:
    """The learner's seed; without one the step's, without either one that is drawn now."""
    for seed in (parameters.get("seed"), context.seed):
        if seed is not None:
            return int(seed)
    return int(np.random.SeedSequence().generate_state(1)[0])


def supervised_learner(untrained: UntrainedModel) -> Learner:
    """The learner of an untrained model.

    Raises:
        DataError: D010 for a clustering and for one that this library does not have.
    """
    learner = find_learner(untrained.learner)
    if learner.task != "clustering":
        return learner
    raise DataError(
        "D010",
        f"'{learner.title}' learns without a label.",
        remedy="Use 'Train Clustering Model' for it.",
        learner=learner.id,
    )


def training_features(table: Table, label: str, port: str = "dataset") -> list[str]:
    """The columns to learn from. Raises DataError D001 when there is none."""
    columns = feature_columns(table, label)
    if columns:
        return columns
    raise DataError(
        "D001",
        f"'{port}' has no feature column beside the label {label!r}.",
        remedy="Keep at least one more column, or give one the role 'Feature' in 'Edit Metadata'.",
        port=port,
    )
