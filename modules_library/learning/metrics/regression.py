"""Predicted numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from modules_library.learning.learner import FloatArray
from modules_library.learning.metrics.thinning import drawn_rows

MOST_POINTS = 2000
BINS = 30


NAMES = ("mae", "rmse", "rae", "rse", "r2")
"""What `regression_metrics` gives, in order."""

ABSENT_AT_TIMES = ("rae", "rse", "r2")
"""What it leaves out when all actual values are equal."""


def regression_metrics(actual: FloatArray, predicted: FloatArray) -> dict[str, float]:
    """Mean absolute and root mean squared error, both also relative, and R².

    With errors `e = predicted - actual` and `d = actual - mean(actual)`: MAE `mean|e|`, RMSE
    `√mean(e²)`, relative absolute error `Σ|e| / Σ|d|`, relative squared error `Σe² / Σd²`, R²
    `1 - RSE`. The last three are absent when all actual values are equal.

    Source: I. H. Witten, E. Frank, M. A. Hall, "Data Mining", 3rd edition (2011), table 5.8.
    """
    error, spread = predicted - actual, actual - actual.mean()
    metrics = {
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt(np.mean(error**2))),
    }
    if np.any(spread != 0):
        rse = float(np.sum(error**2) / np.sum(spread**2))
        rae = float(np.abs(error).sum() / np.abs(spread).sum())
        metrics |= {"rae": rae, "rse": rse, "r2": 1 - rse}
    return metrics


def regression_charts(actual: FloatArray, predicted: FloatArray) -> dict[str, Any]:
    """Residuals (actual minus predicted) of at most 2,000 rows, and the histogram of all."""
    residual = actual - predicted
    rows = drawn_rows(len(actual), MOST_POINTS)
    counts, edges = np.histogram(residual, bins=BINS)
    return {
        "residuals": {
            "predicted": predicted[rows].tolist(),
            "actual": actual[rows].tolist(),
            "residual": residual[rows].tolist(),
            "sampled": len(rows) < len(actual),
        },
        "residual_histogram": {"edges": edges.tolist(), "counts": counts.tolist()},
    }
