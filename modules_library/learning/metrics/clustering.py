"""Clusters, judged by the distances of rows to centres."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from modules_library.learning.learner import FloatArray
from modules_library.learning.metrics.thinning import drawn_rows

MOST_POINTS = 2000
IntArray = npt.NDArray[np.int64]


def clustering_metrics(distances: FloatArray, assigned: IntArray) -> dict[str, float]:
    """Silhouette and mean distances over all rows.

    With `a` the distance of a row to its own centre and `b` that to the nearest other centre, the
    silhouette of a row is `(b - a) / max(a, b)`: the simplified silhouette, which needs no
    distances between rows. It is absent for a single cluster.

    Source: L. Vendramin, R. J. G. B. Campello, E. R. Hruschka, "Relative clustering validity
    criteria", Statistical Analysis and Data Mining 3 (2010), section 2.2 (simplified silhouette).
    """
    own, nearest, others = own_and_others(distances, assigned)
    metrics = {
        "clusters": float(len(np.unique(assigned))),
        "average_distance_to_own_center": float(own.mean()),
        "maximum_distance": float(own.max()),
    }
    if distances.shape[1] > 1:
        larger = np.maximum(own, nearest)
        shape = np.divide(nearest - own, larger, out=np.zeros(len(own)), where=larger > 0)
        metrics["average_distance_to_other_center"] = float(others.mean())
        metrics = {"silhouette": float(shape.mean())} | metrics
    return metrics


def cluster_table(distances: FloatArray, assigned: IntArray) -> dict[str, list[Any]]:
    """Sizes and distances by cluster; clusters without rows have None for distances."""
    own, _, others = own_and_others(distances, assigned)
    clusters = range(distances.shape[1])
    members = [assigned == cluster for cluster in clusters]
    return {
        "labels": [str(cluster) for cluster in clusters],
        "sizes": [int(member.sum()) for member in members],
        "average_distance_to_own_center": [_mean(own[member]) for member in members],
        "average_distance_to_other_center": [_mean(others[member]) for member in members],
        "maximum_distance": [float(own[m].max()) if m.any() else None for m in members],
    }


def cluster_map(features: FloatArray, assigned: IntArray) -> dict[str, Any]:
    """At most 2,000 rows on the two directions of greatest variance of standardised columns.

    The sign of a direction is chosen so that its greatest weight is positive.
    """
    rows = drawn_rows(len(features), MOST_POINTS)
    spread = features.std(axis=0)
    standard = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    _, _, directions = np.linalg.svd(standard[rows], full_matrices=False)
    first_two = np.zeros((2, features.shape[1]))
    first_two[: len(directions[:2])] = directions[:2]
    strongest = np.abs(first_two).argmax(axis=1)
    first_two *= np.where(first_two[np.arange(2), strongest] < 0, -1.0, 1.0)[:, np.newaxis]
    points = standard[rows] @ first_two.T
    return {
        "x": points[:, 0].tolist(),
        "y": points[:, 1].tolist(),
        "cluster": assigned[rows].tolist(),
    }


def own_and_others(
    distances: FloatArray, assigned: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """For every row: distance to its own centre, to the nearest other, mean of all others.

    The last two are NaN where there is one cluster only.
    """
    rows, clusters = np.arange(len(distances)), distances.shape[1]
    own = distances[rows, assigned]
    if clusters == 1:
        nothing = np.full(len(own), np.nan)
        return own, nothing, nothing
    others = distances.copy()
    others[rows, assigned] = np.inf
    return own, others.min(axis=1), (distances.sum(axis=1) - own) / (clusters - 1)


def _mean(values: FloatArray) -> float | None:
    return float(values.mean()) if len(values) and not np.isnan(values).any() else None
