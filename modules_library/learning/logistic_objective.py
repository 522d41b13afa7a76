"""Logistic regression with L1 and L2 penalties, minimised by L-BFGS.

The objective is that of the original's learner: with class scores `z = W x + b`,

    sum over rows of -log p(class | z)  +  L1 · Σ|W|  +  L2 / 2 · Σ W²

where `b` is free and `x` is standardised (mean 0, population standard deviation 1), so that the
penalties treat all columns alike. The L1 term is not smooth; writing `W = P - N` with `P, N ≥ 0`
makes it the linear term `Σ(P + N)`, which a bounded L-BFGS minimises exactly.

Source: R. H. Byrd, P. Lu, J. Nocedal, C. Zhu, "A Limited Memory Algorithm for Bound Constrained
Optimization", SIAM J. Sci. Comput. 16 (1995); M. Schmidt, G. Fung, R. Rosales, "Fast Optimization
Methods for L1 Regularization", ECML 2007, section 3 (the split into two non-negative parts).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from modules_library.learning.learner import FloatArray

_MOST_ITERATIONS = 2000

Loss = Callable[[FloatArray], tuple[float, FloatArray]]
"""Takes scores (n_rows, n_outputs); gives the summed loss and its derivative by the scores."""


@dataclass(frozen=True)
class LogisticSolution:
    """Weights in the units of the given features.

    Attributes:
        weights: Array of shape (1, n_features) for two classes, else (n_classes, n_features).
        intercepts: Array of shape (1,) or (n_classes,).
        iterations: Steps taken.
        converged: Whether the tolerance was reached.
    """

    weights: FloatArray
    intercepts: FloatArray
    iterations: int
    converged: bool


def solve_logistic(
    x: FloatArray,
    y: FloatArray,
    *,
    class_count: int,
    l1: float,
    l2: float,
    tolerance: float,
    memory: int,
) -> LogisticSolution:
    """Minimise the objective of this file from zero weights.

    Args:
        x: Features, shape (n_rows, n_features), no missing values.
        y: Class numbers, shape (n_rows,).
        class_count: 2 gives one weight per feature, more give one per feature and class.
        l1: Weight of the sum of absolute values.
        l2: Weight of half the sum of squares.
        tolerance: Stop when no component of the gradient of the mean objective is larger.
        memory: Number of past steps that L-BFGS keeps.
    """
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 1e-12 * (1 + np.abs(mean)), scale, np.inf)
    standard = (x - mean) / scale
    loss = _two_class_loss(y) if class_count == 2 else _softmax_loss(y, class_count)
    outputs = 1 if class_count == 2 else class_count
    weights, intercepts, iterations, converged = _minimise(
        standard, loss, outputs, (l1, l2), tolerance, memory
    )
    original = weights / scale
    return LogisticSolution(original, intercepts - original @ mean, iterations, converged)


def _minimise(
    x: FloatArray,
    loss: Loss,
    outputs: int,
    penalties: tuple[float, float],
    tolerance: float,
    memory: int,
) -> tuple[FloatArray, FloatArray, int, bool]:
    rows, features = x.shape
    l1, l2 = penalties
    size = outputs * features
    parts = 2 if l1 else 1

    def unpack(theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        flat = theta[:size] - theta[size : 2 * size] if l1 else theta[:size]
        return flat.reshape(outputs, features), theta[parts * size :]

    def objective(theta: FloatArray) -> tuple[float, FloatArray]:
        weights, intercepts = unpack(theta)
        value, slope = loss(x @ weights.T + intercepts)
        gradient = (slope.T @ x + l2 * weights).ravel()
        value += l2 / 2 * float(np.sum(weights**2)) + l1 * float(np.sum(theta[: parts * size]))
        pieces = [gradient + l1, l1 - gradient] if l1 else [gradient]
        return value / rows, np.concatenate([*pieces, slope.sum(axis=0)]) / rows

    found = minimize(
        objective,
        np.zeros(parts * size + outputs),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, None)] * (parts * size) + [(None, None)] * outputs if l1 else None,
        options={"maxcor": memory, "gtol": tolerance, "ftol": 1e-14, "maxiter": _MOST_ITERATIONS},
    )
    weights, intercepts = unpack(np.asarray(found.x, dtype=np.float64))
    return weights, intercepts, int(found.nit), int(found.nit) < _MOST_ITERATIONS


def _two_class_loss(y: FloatArray) -> Loss:
    def loss(scores: FloatArray) -> tuple[float, FloatArray]:
        z = scores[:, 0]
        value = float(np.sum(np.logaddexp(0.0, z) - y * z))
        return value, (expit(z) - y)[:, np.newaxis]

    return loss


def _softmax_loss(y: FloatArray, class_count: int) -> Loss:
    actual = np.eye(class_count)[y.astype(np.int64)]

    def loss(scores: FloatArray) -> tuple[float, FloatArray]:
        log_sum = logsumexp(scores, axis=1, keepdims=True)
        value = float(np.sum(log_sum) - np.sum(scores * actual))
        return value, np.exp(scores - log_sum) - actual

    return loss
