"""What the scikit-learn learners have in common once they are fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from modules_library.learning.learner import FloatArray
from modules_library.learning.sklearn_file import dump_estimator, load_estimator

FILE_NAME = "estimator.skops"


@dataclass(frozen=True)
class FittedEstimator:
    """A fitted scikit-learn estimator and the method that gives its predictions.

    Attributes:
        data: The bytes it was read from, so that writing it again gives the same ones.
    """

    estimator: Any
    method: Literal["predict_proba", "predict", "transform"]
    data: bytes = field(default=b"", repr=False)

    def predict(self, x: FloatArray, *, threads: int = 1) -> FloatArray:
        """Apply the method on one thread: sums in a fixed order, whatever the budget."""
        with one_thread():
            result = np.asarray(getattr(self.estimator, self.method)(x), dtype=np.float64)
        return result.reshape(len(x), -1)

    def files(self) -> dict[str, bytes]:
        """The estimator in the skops format."""
        return {FILE_NAME: self.data or dump_estimator(self.estimator)}

    def facts(self) -> dict[str, Any]:
        """Coefficients of linear models, importance of forests, centres of clusters."""
        last = self.estimator[-1] if hasattr(self.estimator, "steps") else self.estimator
        if hasattr(last, "coef_"):
            return {
                "coefficients": np.atleast_2d(last.coef_).tolist(),
                "intercepts": np.atleast_1d(last.intercept_).tolist(),
            }
        if hasattr(last, "feature_importances_"):
            return {"importance": last.feature_importances_.tolist()}
        if hasattr(last, "cluster_centers_"):
            return {"centers": self._centers(last).tolist()}
        return {}

    def _centers(self, k_means: Any) -> FloatArray:
        """Cluster centres in the units of the table."""
        centers: FloatArray = k_means.cluster_centers_
        if k_means is self.estimator:
            return centers
        original: FloatArray = self.estimator[0].inverse_transform(centers)
        return original


def read_estimator(
    files: Mapping[str, bytes], method: Literal["predict_proba", "predict", "transform"]
) -> FittedEstimator:
    """Read back what `FittedEstimator.files` gave."""
    data = files[FILE_NAME]
    return FittedEstimator(load_estimator(data), method, data)


def one_thread() -> threadpool_limits:
    """Keep BLAS and OpenMP to one thread: their sums depend on how the work is cut."""
    return threadpool_limits(limits=1)
