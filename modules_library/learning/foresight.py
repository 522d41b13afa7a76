"""What training and scoring will give, told by columns and parameters alone.

Every function checks what the run will check, with the same errors, as far as types and roles tell
it; missing values, classes and sizes are for the run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from modules_library.learning.cluster_labels import FILL, OVERWRITE
from modules_library.learning.clustering import (
    clustering_features,
    clustering_learner,
    is_assignment,
    no_clusters,
    with_assignments,
)
from modules_library.learning.cross_validation import EXAMPLES, FOLD, MODEL
from modules_library.learning.encoding import Feature, FeatureEncoding, feature_kind
from modules_library.learning.evaluation import DISTANCES
from modules_library.learning.labels import find_label, label_kind, label_type
from modules_library.learning.metrics import binary, multiclass, regression
from modules_library.learning.scoring import (
    SCORED_LABELS,
    SCORED_PROBABILITIES,
    is_score,
    no_label,
    score_role,
    with_scores,
)
from modules_library.learning.training import (
    single_values,
    supervised_learner,
    training_features,
)
from modules_library.sdk import (
    ColumnRole,
    Columns,
    ColumnSchema,
    Foreseen,
    ModelSchema,
    Table,
    TableSchema,
    UntrainedModel,
)
from modules_library.tables import with_folds
from runtime.model import ANY_NAME

if TYPE_CHECKING:
    import polars as pl

_BOOLEAN_CLASSES = ("false", "true")


def trained(
    untrained: UntrainedModel | None, table: Table, label_column: str | None
) -> ModelSchema:
    """The model that a table without rows will train.

    Raises:
        DataError: D001, D004, D005 or D010 when the columns do not fit.
    """
    learner = supervised_learner(untrained) if untrained is not None else None
    name = find_label(table, label_column)
    kind = label_kind(table.frame[name], learner.task, learner=learner.title) if learner else ""
    features = tuple(_feature(table, column) for column in training_features(table, name))
    label_word = str(label_type(kind)) if kind else ""
    return ModelSchema(
        learner=learner.id if learner else "",
        task=learner.task if learner else "",
        title=learner.title if learner else "",
        label=ColumnSchema(name=name, type=label_word),
        features=features,
        classes=_BOOLEAN_CLASSES if kind == "boolean" else None,
    )


def scored(model: ModelSchema | None, table: Table, known: TableSchema) -> Foreseen:
    """A table without rows with the predictions of a model.

    Raises:
        DataError: D001 or D004 when a feature is missing or of another type, D010 for a clustering.
    """
    model = model or ModelSchema()
    if model.task == "clustering":
        raise no_label(model.title)
    kept = Table(
        table.frame.select(name for name in table.columns if not is_score(name)), table.roles
    )
    _check_features(model, kept.frame)
    scores, more = _scores(model)
    label = model.label.name if model.label else None
    return Foreseen(
        with_scores(kept, label, scores),
        rows=known.rows,
        other_types=_other_label_types(model),
        more=more,
    )


def cross_validated(
    untrained: UntrainedModel | None, table: Table, label_column: str | None
) -> tuple[Foreseen, Foreseen]:
    """Scored rows and the metrics by fold, without rows.

    Raises:
        DataError: D001, D004, D005 or D010 when the columns do not fit.
    """
    import polars as pl

    model = trained(untrained, table, label_column)
    label = model.label.name if model.label else ""
    labelled = table.with_roles(table.roles.changed([label], kind="label"))
    scores = scored(model, labelled, TableSchema())
    assert isinstance(scores.table, Table)
    with_numbers = with_folds(scores.table, pl.Series([], dtype=pl.Int64))
    return replace(scores, table=with_numbers), _by_fold(model)


def trained_clusters(
    untrained: UntrainedModel | None, table: Table, columns: Columns
) -> ModelSchema:
    """The clustering that a table without rows will give.

    Raises:
        DataError: D001, D004 or D010 when the columns do not fit.
    """
    selected = columns.resolve(table)
    learner = clustering_learner(untrained) if untrained is not None else None
    parameters = single_values(untrained.parameters) if untrained else {}
    chosen = clustering_features(table, selected)
    facts: dict[str, Any] = {"parameters": parameters} if untrained else {}
    mode, label = parameters.get("label_mode"), table.roles.label
    if label is not None and mode in (FILL, OVERWRITE):
        chosen = [*chosen, label] if mode == FILL else chosen
        kind = str(table.frame.schema[label])
        facts["cluster_labels"] = {"mode": mode, "column": label, "type": kind}
    return ModelSchema(
        learner=learner.id if learner else "",
        task="clustering",
        title=learner.title if learner else "",
        features=tuple(_feature(table, name) for name in chosen),
        facts=facts,
    )


def assigned(
    model: ModelSchema | None, table: Table, known: TableSchema, *, append: bool
) -> Foreseen:
    """A table without rows with the clusters of its rows.

    Raises:
        DataError: D001 or D004 when a feature is missing or of another type, D010 for a model that
            predicts.
    """
    import polars as pl

    model = model or ModelSchema(task="clustering")
    if model.task != "clustering":
        raise no_clusters(model.title)
    kept = table.frame.select(name for name in table.columns if not is_assignment(name))
    _check_features(model, kept)
    count = model.facts.get("parameters", {}).get("number_of_centroids")
    labels = model.facts.get("cluster_labels", {})
    column = labels.get("column")
    other_types: dict[str, tuple[str, ...]] = {}
    if column and column not in kept.columns:
        kept = kept.with_columns(pl.lit(None, dtype=pl.Null).alias(column))
        other_types = {column: ()}
    elif labels.get("mode") == OVERWRITE:
        other_types = {column: (str(kept.schema[column]), "Int64", "Float64", "Null")}
    distances = np.empty((0, count if isinstance(count, int) else 0))
    result = with_assignments(
        Table(kept, table.roles.keep(kept.columns)), [], distances, append=append
    )
    return Foreseen(
        result,
        rows=known.rows,
        other_types={name: types for name, types in other_types.items() if name in result.columns},
        more=() if isinstance(count, int) else (DISTANCES,),
    )


def _other_label_types(model: ModelSchema) -> dict[str, tuple[str, ...]]:
    if model.task == "regression":
        return {}
    if model.label is None or not model.label.type:
        return {SCORED_LABELS: ()}
    return {SCORED_LABELS: model.label.other_types} if model.label.other_types else {}


def _feature(table: Table, name: str) -> ColumnSchema:
    column = table.frame[name]
    kind = feature_kind(column, table.roles)
    return ColumnSchema(
        name=name, type=str(column.dtype), categorical=kind == "categorical" or None
    )


def _check_features(model: ModelSchema, frame: pl.DataFrame) -> None:
    """Refuse tables that lack a feature or hold something else in it than the training table."""
    certain = [feature for feature in model.features or () if feature.is_certain]
    filled = model.facts.get("cluster_labels", {}).get("column")
    features = tuple(
        Feature(column=feature.name, kind=_feature_kind(feature))
        for feature in certain
        if feature.name != filled
    )
    encoding = FeatureEncoding(
        features=features, allow_unknown=True, allow_missing=True, learner=model.title
    )
    encoding.encode(frame)


def _feature_kind(feature: ColumnSchema) -> Any:
    """Categories take any type, so they stand for what is not known."""
    if feature.categorical or not feature.type or feature.other_types:
        return "categorical"
    return "boolean" if feature.type == "Boolean" else "numeric"


def _scores(model: ModelSchema) -> tuple[list[tuple[pl.Series, ColumnRole]], tuple[str, ...]]:
    """The columns that scoring adds, and how the names of others begin that only a run tells."""
    import polars as pl

    from modules_library.sdk.foresight.types import type_of

    is_number = model.task == "regression"
    word = model.label.type if model.label and model.label.type else "String"
    labels = pl.Series(SCORED_LABELS, [], dtype=type_of("Float64" if is_number else word))
    scores = [(labels, score_role("scored_labels", categorical=None if is_number else True))]
    if model.task == "binary":
        positive = model.classes[1] if model.classes and len(model.classes) == 2 else ""
        probabilities = pl.Series(SCORED_PROBABILITIES, [], dtype=pl.Float64)
        return [*scores, (probabilities, score_role(positive))], ()
    if is_number:
        return scores, ()
    if not model.task or model.classes is None:
        start = SCORED_PROBABILITIES + ("_" if model.task else "")
        return scores, (start,)
    named = [
        (pl.Series(f"{SCORED_PROBABILITIES}_{name}", [], dtype=pl.Float64), score_role(name))
        for name in model.classes
    ]
    return [*scores, *named], ()


def _by_fold(model: ModelSchema) -> Foreseen:
    import polars as pl

    names, absent = _METRICS.get(model.task, ((), ()))
    columns = {
        FOLD: pl.String,
        EXAMPLES: pl.Int64,
        MODEL: pl.String,
        **dict.fromkeys(names, pl.Float64),
    }
    more = () if model.task else (ANY_NAME,)
    return Foreseen(Table(pl.DataFrame(schema=columns)), uncertain=absent, more=more)


_METRICS = {
    "binary": (binary.NAMES, binary.ABSENT_AT_TIMES),
    "multiclass": (multiclass.NAMES, multiclass.ABSENT_AT_TIMES),
    "regression": (regression.NAMES, regression.ABSENT_AT_TIMES),
}
