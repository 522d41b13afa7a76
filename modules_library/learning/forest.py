"""Decision forests: bagged trees of scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from modules_library.learning.fitted_estimator import FittedEstimator, one_thread, read_estimator
from modules_library.learning.learner import Problem, Task, sklearn_seed


@dataclass(frozen=True)
class ForestLearner:
    """A forest of trees that vote; missing values go to the side of a split that fits better."""

    id: str
    title: str
    task: Task
    accepts_missing: bool = True

    @property
    def _method(self) -> Literal["predict", "predict_proba"]:
        return "predict" if self.task == "regression" else "predict_proba"

    def fit(self, problem: Problem) -> FittedEstimator:
        """Grow the trees in parallel; each tree has a seed of its own drawn from the forest's."""
        from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

        parameters = problem.parameters
        kind = RandomForestRegressor if self.task == "regression" else RandomForestClassifier
        forest = kind(
            n_estimators=int(parameters["number_of_trees"]),
            max_depth=int(parameters["max_depth"]),
            min_samples_leaf=int(parameters["min_samples_per_leaf"]),
            bootstrap=parameters["resampling_method"] == "Bagging",
            max_features="sqrt" if self.task != "regression" else 1.0,
            random_state=sklearn_seed(problem.seed),
            n_jobs=max(problem.threads, 1),
        )
        with one_thread():
            forest.fit(problem.x, problem.y)
        forest.set_params(n_jobs=None)
        return FittedEstimator(forest, self._method)

    def read(self, files: Mapping[str, bytes]) -> FittedEstimator:
        """Read the forest back."""
        return read_estimator(files, self._method)
