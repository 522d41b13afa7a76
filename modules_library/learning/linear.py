"""Linear regression by least squares or by online gradient descent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from modules_library.learning.fitted_estimator import FittedEstimator, one_thread, read_estimator
from modules_library.learning.learner import FloatArray, Problem, Task, sklearn_seed
from runtime.errors import DataError


@dataclass(frozen=True)
class LinearLearner:
    """A weighted sum of the features; kept as a scikit-learn linear model."""

    id: str
    title: str
    task: Task = "regression"
    accepts_missing: bool = False

    def fit(self, problem: Problem) -> FittedEstimator:
        """Fit with the chosen solution method."""
        with one_thread():
            if problem.parameters["solution_method"] == "Online Gradient Descent":
                estimator = _gradient_descent(problem, self.title)
            else:
                estimator = _least_squares(problem)
        return FittedEstimator(estimator, "predict")

    def read(self, files: Mapping[str, bytes]) -> FittedEstimator:
        """Read the model back."""
        return read_estimator(files, "predict")


def _least_squares(problem: Problem) -> Any:
    """Minimise Σ(y - xw - b)² + L2 · Σw²; the intercept is not penalised.

    Without a penalty, collinear columns share their weight (the solution of least norm).
    """
    from sklearn.linear_model import LinearRegression, Ridge

    l2 = float(problem.parameters["l2_weight"])
    intercept = bool(problem.parameters["include_intercept"])
    if l2 == 0:
        estimator = LinearRegression(fit_intercept=intercept)
    else:
        estimator = Ridge(alpha=l2, fit_intercept=intercept, solver="svd")
    return estimator.fit(problem.x, problem.y)


def _gradient_descent(problem: Problem, title: str) -> Any:
    """Stochastic gradient descent over shuffled rows, a fixed number of epochs."""
    from sklearn.linear_model import SGDRegressor

    parameters = problem.parameters
    low, span = _scaling(problem.x) if parameters["normalize_features"] else (0.0, 1.0)
    estimator = SGDRegressor(
        penalty="l2",
        alpha=float(parameters["l2_weight"]),
        learning_rate="invscaling" if parameters["decrease_learning_rate"] else "constant",
        eta0=float(parameters["learning_rate"]),
        power_t=0.5,
        max_iter=int(parameters["number_of_epochs"]),
        tol=None,
        average=bool(parameters["average_final_hypothesis"]),
        random_state=sklearn_seed(problem.seed),
    )
    try:
        estimator.fit((problem.x - low) / span, problem.y)
    except ValueError as exc:
        raise _diverged(title) from exc
    estimator.coef_ = estimator.coef_ / span
    estimator.intercept_ = estimator.intercept_ - np.sum(estimator.coef_ * low)
    with np.errstate(over="ignore", invalid="ignore"):
        squared = (problem.y - problem.x @ estimator.coef_ - estimator.intercept_) ** 2
    if not np.all(np.isfinite(squared)):
        raise _diverged(title)
    if squared.mean() > np.var(problem.y):
        problem.warn(
            f"The gradient descent of '{title}' predicts its own training rows worse than their "
            "mean does; lower the learning rate, or let it normalize the features."
        )
    return estimator


def _scaling(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Smallest value and span of every feature; a constant feature becomes 0."""
    low, high = x.min(axis=0), x.max(axis=0)
    return low, np.where(high > low, high - low, 1.0)


def _diverged(title: str) -> DataError:
    return DataError(
        "D008",
        f"The gradient descent of '{title}' left the range of numbers.",
        remedy="Lower the learning rate, or let it normalize the features.",
    )
