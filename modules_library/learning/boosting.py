"""Boosted decision trees: LightGBM, in its own text format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from modules_library.learning.learner import FloatArray, Problem, Task

FILE_NAME = "model.txt"
_THREADS = re.compile(r"^\[num_threads: -?\d+\]$", re.MULTILINE)


@dataclass(frozen=True)
class FittedBooster:
    """A LightGBM booster; for two classes its output is the probability of the second."""

    booster: Any
    task: Task

    def predict(self, x: FloatArray, *, threads: int = 1) -> FloatArray:
        """Values, or probabilities of every class."""
        result = np.asarray(self.booster.predict(x, num_threads=max(threads, 1)), dtype=np.float64)
        if self.task == "binary":
            return np.column_stack([1 - result, result])
        return result.reshape(len(x), -1)

    def files(self) -> dict[str, bytes]:
        """LightGBM's text, without the number of threads it was trained with."""
        text = self.booster.model_to_string(num_iteration=-1)
        return {FILE_NAME: _THREADS.sub("[num_threads: 0]", text).encode()}

    def facts(self) -> dict[str, Any]:
        """Gain of every encoded feature over all splits, as shares of the whole."""
        gain = np.asarray(self.booster.feature_importance("gain"), dtype=np.float64)
        return {"importance": (gain / (gain.sum() or 1.0)).tolist()}


@dataclass(frozen=True)
class BoostingLearner:
    """Gradient boosting of trees; missing values are information of their own."""

    id: str
    title: str
    task: Task
    accepts_missing: bool = True

    def fit(self, problem: Problem) -> FittedBooster:
        """Boost. Histograms are built column by column, so threads don't change sums."""
        import lightgbm

        parameters = problem.parameters
        settings = {
            "objective": "regression" if self.task == "regression" else "binary",
            "num_leaves": int(parameters["max_leaves_per_tree"]),
            "min_data_in_leaf": int(parameters["min_samples_per_leaf"]),
            "learning_rate": float(parameters["learning_rate"]),
            "seed": problem.seed % 2**31,
            "deterministic": True,
            "force_col_wise": True,
            "num_threads": max(problem.threads, 1),
            "verbosity": -1,
        }
        rounds = int(parameters["number_of_trees"])
        data = lightgbm.Dataset(problem.x, problem.y, params={"verbosity": -1})
        return FittedBooster(lightgbm.train(settings, data, rounds), self.task)

    def read(self, files: Mapping[str, bytes]) -> FittedBooster:
        """Read the text back."""
        import lightgbm

        return FittedBooster(lightgbm.Booster(model_str=files[FILE_NAME].decode()), self.task)
