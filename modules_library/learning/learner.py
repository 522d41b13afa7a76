"""The learner protocol: what every learning algorithm is to the modules that train and score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Task = Literal["binary", "multiclass", "regression", "clustering"]
FloatArray: TypeAlias = npt.NDArray[np.float64]
"""Numbers; matrices have one row per row of the table and one column per encoded feature."""


def _silent(message: str) -> None:
    """Where nobody listens for warnings."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What a learner learns from: numbers only, no column names and no missing labels.

    Attributes:
        x: Encoded features, array of shape (n_rows, n_features), float64; missing values are NaN
            and only occur for learners that accept them.
        y: Class numbers 0…k-1 or target values, array of shape (n_rows,); empty for clustering.
        class_count: Number of classes; 0 for regression and clustering.
        parameters: Single values by parameter name.
        seed: Any integer; learners fold it into the range of their library.
        threads: Thread budget. The result does not depend on it.
        warn: Takes a sentence for the person.
    """

    x: FloatArray
    y: FloatArray
    class_count: int
    parameters: Mapping[str, Any]
    seed: int
    threads: int = 1
    warn: Callable[[str], None] = _silent


class Fitted(Protocol):
    """What a learner has learnt."""

    def predict(self, x: FloatArray, *, threads: int = 1) -> FloatArray:
        """Apply it to encoded features.

        Returns:
            Array of shape (n_rows, n_classes) with probabilities, (n_rows, 1) with values, or
            (n_rows, n_clusters) with distances to the cluster centres.
        """
        ...

    def files(self) -> dict[str, bytes]:
        """The framework's own safe format by file name; equal models give equal bytes."""
        ...

    def facts(self) -> dict[str, Any]:
        """Coefficients or importance by encoded feature, in the order of the features."""
        ...


class Learner(Protocol):
    """A learning algorithm."""

    @property
    def id(self) -> str:
        """How untrained models and archives name it."""
        ...

    @property
    def title(self) -> str:
        """What people read."""
        ...

    @property
    def task(self) -> Task:
        """What it learns."""
        ...

    @property
    def accepts_missing(self) -> bool:
        """Whether NaN in the features is information to it instead of an error."""
        ...

    def fit(self, problem: Problem) -> Fitted:
        """Learn; the same problem gives the same result whatever the number of threads."""
        ...

    def read(self, files: Mapping[str, bytes]) -> Fitted:
        """Read back what `Fitted.files` gave, without running code that lies in it."""
        ...


def sklearn_seed(seed: int) -> int:
    """Fold any integer into the range that scikit-learn takes, 0 to 2³²-1; 0 stays 0."""
    return seed % 2**32
