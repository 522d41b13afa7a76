"""Logistic regression for two and for many classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from modules_library.learning.fitted_estimator import FittedEstimator, one_thread, read_estimator
from modules_library.learning.learner import Problem, Task
from modules_library.learning.logistic_objective import LogisticSolution, solve_logistic


@dataclass(frozen=True)
class LogisticLearner:
    """Penalised logistic regression; kept as a scikit-learn `LogisticRegression`."""

    id: str
    title: str
    task: Task
    accepts_missing: bool = False

    def fit(self, problem: Problem) -> FittedEstimator:
        """Minimise the penalised log loss; see `logistic_objective`."""
        parameters = problem.parameters
        with one_thread():
            solution = solve_logistic(
                problem.x,
                problem.y,
                class_count=problem.class_count,
                l1=float(parameters["l1_weight"]),
                l2=float(parameters["l2_weight"]),
                tolerance=float(parameters["optimization_tolerance"]),
                memory=int(parameters["memory_size"]),
            )
        if not solution.converged:
            problem.warn(
                f"'{self.title}' stopped after {solution.iterations} iterations before it reached "
                "the optimization tolerance; a larger regularization weight or tolerance helps."
            )
        return FittedEstimator(_estimator(solution, problem.class_count), "predict_proba")

    def read(self, files: Mapping[str, bytes]) -> FittedEstimator:
        """Read the estimator back."""
        return read_estimator(files, "predict_proba")


def _estimator(solution: LogisticSolution, class_count: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    estimator = LogisticRegression()
    estimator.classes_ = np.arange(class_count)
    estimator.coef_ = solution.weights
    estimator.intercept_ = solution.intercepts
    estimator.n_features_in_ = solution.weights.shape[1]
    estimator.n_iter_ = np.array([solution.iterations], dtype=np.int32)
    return estimator
