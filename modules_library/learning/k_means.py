"""K-means clustering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from modules_library.learning.fitted_estimator import FittedEstimator, one_thread, read_estimator
from modules_library.learning.learner import FloatArray, Problem, Task, sklearn_seed
from runtime.errors import DataError


@dataclass(frozen=True)
class KMeansLearner:
    """Clusters around centres, Euclidean distance, Lloyd's iterations.

    Predictions are distances to the centres, in the normalised space where the features are
    normalised.
    """

    id: str
    title: str
    task: Task = "clustering"
    accepts_missing: bool = False

    def fit(self, problem: Problem) -> FittedEstimator:
        """Find the centres, starting once from the chosen initialisation."""
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import MinMaxScaler

        centroids = int(problem.parameters["number_of_centroids"])
        _require_points(problem.x, centroids, self.title)
        with one_thread():
            if not problem.parameters["normalize_features"]:
                return FittedEstimator(_fit(problem, problem.x, centroids), "transform")
            scaler = MinMaxScaler().fit(problem.x)
            k_means = _fit(problem, scaler.transform(problem.x), centroids)
        return FittedEstimator(Pipeline([("scale", scaler), ("cluster", k_means)]), "transform")

    def read(self, files: Mapping[str, bytes]) -> FittedEstimator:
        """Read the clusters back."""
        return read_estimator(files, "transform")


def _fit(problem: Problem, x: FloatArray, centroids: int) -> Any:
    from sklearn.cluster import KMeans

    starts = {"First N": x[:centroids], "Random": "random", "K-Means++": "k-means++"}
    return KMeans(
        n_clusters=centroids,
        init=starts[str(problem.parameters["initialization"])],
        n_init=1,
        max_iter=int(problem.parameters["iterations"]),
        random_state=sklearn_seed(problem.seed),
    ).fit(x)


def _require_points(x: FloatArray, centroids: int, title: str) -> None:
    distinct = len(np.unique(x, axis=0)) if len(x) <= 100_000 else len(x)
    if distinct < centroids:
        raise DataError(
            "D008",
            f"'{title}' is asked for {centroids} centroids, but the table has only {distinct} "
            "distinct rows.",
            remedy=f"Ask for at most {distinct} centroids.",
            distinct=distinct,
        )
