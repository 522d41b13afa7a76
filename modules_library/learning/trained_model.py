"""A trained model: what was learnt, and all that is needed to apply it to another table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from modules_library.learning.encoding import FeatureEncoding
from modules_library.learning.labels import Label
from modules_library.learning.learner import Fitted, FloatArray, Learner
from modules_library.sdk import Model

if TYPE_CHECKING:
    import polars as pl

LOADER = "modules_library.learning.archive:load_model"


@dataclass(frozen=True, kw_only=True)
class TrainedModel(Model):
    """A learner's result together with the encoding of its features and its label.

    Attributes:
        label: None for clusterings that ignore labels.
        parameters: Single values, as the learner used them.
        seed: The seed that was used.
        rows: Number of rows it learnt from.
        rows_without_label: Rows that were left out because their label is missing.
        notes: More facts for people and for scoring, JSON values.
    """

    learner: Learner
    label: Label | None
    encoding: FeatureEncoding
    fitted: Fitted
    parameters: dict[str, Any]
    seed: int
    rows: int
    rows_without_label: int = 0
    notes: dict[str, Any] = field(default_factory=dict)

    def predict(
        self, frame: pl.DataFrame, *, port: str = "dataset", threads: int = 1
    ) -> FloatArray:
        """Probabilities (n_rows, n_classes), values (n_rows, 1) or distances (n_rows, n_clusters).

        Raises:
            DataError: D001, D004, D008 or D012 when the table does not fit the training table.
        """
        return self.predict_encoded(self.encoding.encode(frame, port), threads=threads)

    def predict_encoded(self, x: FloatArray, *, threads: int = 1) -> FloatArray:
        """The same for features that are already encoded."""
        if len(x):
            return self.fitted.predict(x, threads=threads)
        return self.fitted.predict(np.zeros((1, x.shape[1])))[:0]

    def facts(self) -> dict[str, Any]:
        """What `model.json` holds, for people and for loading."""
        return {
            "format": 1,
            "loader": LOADER,
            "learner": self.learner.id,
            "title": self.learner.title,
            "task": self.learner.task,
            "label_column": self.label.column if self.label else None,
            "label": self.label.to_json() if self.label else None,
            "classes": self.label.class_names if self.label else [],
            "features": self.encoding.to_json(),
            "allow_unknown_categories": self.encoding.allow_unknown,
            "parameters": self.parameters,
            "seed": self.seed,
            "rows": self.rows,
            "rows_without_label": self.rows_without_label,
            **describe(self.fitted.facts(), self.encoding, self.label),
            **self.notes,
        }

    def save(self, path: Path) -> None:
        """Write the model archive; the same model gives the same bytes."""
        from modules_library.learning.archive import save_model

        save_model(self, path)


def describe(
    facts: dict[str, Any], encoding: FeatureEncoding, label: Label | None
) -> dict[str, Any]:
    """Name the numbers of a fitted learner after the columns of the table."""
    described: dict[str, Any] = {}
    if "importance" in facts:
        described["feature_importance"] = _importance(facts["importance"], encoding)
    if "coefficients" in facts:
        described["coefficients"] = _coefficients(facts, encoding, label)
    if "centers" in facts:
        described["cluster_centers"] = [
            dict(zip(encoding.names, center, strict=True)) for center in facts["centers"]
        ]
    return described


def _importance(shares: Sequence[float], encoding: FeatureEncoding) -> list[dict[str, Any]]:
    """Shares by column of the table, greatest first."""
    by_column = dict.fromkeys(encoding.sources, 0.0)
    for column, share in zip(encoding.sources, shares, strict=True):
        by_column[column] += share
    ordered = sorted(by_column.items(), key=lambda item: -item[1])
    return [{"feature": column, "value": share} for column, share in ordered]


def _coefficients(
    facts: dict[str, Any], encoding: FeatureEncoding, label: Label | None
) -> list[dict[str, Any]]:
    """One entry per set of weights: one for two classes or a number, else one per class."""
    rows, classes = facts["coefficients"], label.class_names if label else []
    names = classes if len(rows) > 1 else classes[-1:] or [""]
    return [
        {
            "class": name,
            "intercept": intercept,
            "weights": [
                {"feature": feature, "value": value}
                for feature, value in zip(encoding.names, weights, strict=True)
            ],
        }
        for name, weights, intercept in zip(names, rows, facts["intercepts"], strict=False)
    ]
