"""What a clustering makes of a label column: fill its gaps, or replace it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from modules_library.learning.fitted_estimator import one_thread
from modules_library.learning.labels import is_missing
from modules_library.learning.learner import FloatArray
from modules_library.learning.trained_model import TrainedModel
from runtime.errors import DataError

if TYPE_CHECKING:
    import polars as pl

FILL = "Fill missing values"
OVERWRITE = "Overwrite from closest to center"


def fill_from_neighbours(frame: pl.DataFrame, label: str, others: FloatArray) -> pl.DataFrame:
    """Give rows without a label that of the labelled row nearest by the other features.

    Args:
        frame: The table.
        label: Name of the label column.
        others: Encoded other features; compared after scaling each to 0–1.

    Raises:
        DataError: D005 when no row has a label.
    """
    from sklearn.neighbors import NearestNeighbors

    missing = is_missing(frame[label]).to_numpy()
    if not missing.any():
        return frame
    if missing.all():
        raise DataError(
            "D005",
            f"No row has a value in the label column {label!r}, so its gaps cannot be filled.",
            remedy="Choose the label mode 'Ignore label column'.",
            column=label,
        )
    span = np.ptp(others, axis=0)
    scaled = others / np.where(span > 0, span, 1.0)
    with one_thread():
        search = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(scaled[~missing])
        nearest = search.kneighbors(scaled[missing], return_distance=False)[:, 0]
    rows = np.arange(len(missing))
    rows[missing] = np.flatnonzero(~missing)[nearest]
    return frame.with_columns(frame[label].gather(rows.tolist()))


def fill_from_clusters(model: TrainedModel, frame: pl.DataFrame, port: str) -> pl.DataFrame:
    """Give rows without a label the one typical of the cluster that fits them best with it."""
    import polars as pl

    notes: dict[str, Any] = model.notes["cluster_labels"]
    name, values = notes["column"], notes["values"]
    if name not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.Series(values).dtype).alias(name))
    missing = is_missing(frame[name])
    if not missing.any():
        return frame
    gaps = frame.filter(missing)
    fits = np.column_stack(
        [
            model.predict(_labelled(gaps, name, value), port=port)[:, cluster]
            for cluster, value in enumerate(values)
        ]
    )
    found = pl.Series(name, values).gather(fits.argmin(axis=1).tolist())
    filled = frame[name].scatter(missing.arg_true(), found.cast(frame.schema[name]))
    return frame.with_columns(filled)


def typical_labels(labels: pl.Series, distances: FloatArray) -> list[Any]:
    """Per cluster the mean of its rows' numeric labels, or their most frequent label."""
    assigned = distances.argmin(axis=1)
    return [_typical(labels.filter(assigned == cluster)) for cluster in range(distances.shape[1])]


def closest_labels(labels: pl.Series, distances: FloatArray) -> list[Any]:
    """Per cluster the label of the labelled row closest to its centre; None without any label."""
    known = np.flatnonzero(~is_missing(labels).to_numpy())
    if not len(known):
        return [None] * distances.shape[1]
    nearest = known[distances[known].argmin(axis=0)]
    return [labels[int(row)] for row in nearest]


def _typical(labels: pl.Series) -> Any:
    if not len(labels):
        return None
    if labels.dtype.is_float():
        return labels.mean()
    counts = labels.value_counts().sort(["count", labels.name], descending=[True, False])
    return counts[labels.name][0]


def _labelled(frame: pl.DataFrame, name: str, value: Any) -> pl.DataFrame:
    import polars as pl

    return frame.with_columns(pl.lit(value).cast(frame.schema[name]).alias(name))
