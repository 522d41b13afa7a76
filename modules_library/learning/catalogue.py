"""Every learner of this library by id."""

from __future__ import annotations

from modules_library.learning.boosting import BoostingLearner
from modules_library.learning.forest import ForestLearner
from modules_library.learning.k_means import KMeansLearner
from modules_library.learning.learner import Learner
from modules_library.learning.linear import LinearLearner
from modules_library.learning.logistic import LogisticLearner
from runtime.errors import DataError, close_matches

LEARNERS: dict[str, Learner] = {
    learner.id: learner
    for learner in (
        LinearLearner("linear_regression", "Linear Regression"),
        BoostingLearner(
            "boosted_decision_tree_regression", "Boosted Decision Tree Regression", "regression"
        ),
        ForestLearner("decision_forest_regression", "Decision Forest Regression", "regression"),
        LogisticLearner("two_class_logistic_regression", "Two-Class Logistic Regression", "binary"),
        BoostingLearner(
            "two_class_boosted_decision_tree", "Two-Class Boosted Decision Tree", "binary"
        ),
        ForestLearner("two_class_decision_forest", "Two-Class Decision Forest", "binary"),
        LogisticLearner(
            "multiclass_logistic_regression", "Multiclass Logistic Regression", "multiclass"
        ),
        KMeansLearner("k_means_clustering", "K-Means Clustering"),
    )
}
"""Adding a learner is one class with `fit` and `read`, one entry here, and its module."""


def find_learner(learner_id: str) -> Learner:
    """The learner of that id.

    Raises:
        DataError: D010 when this library has none.
    """
    if learner_id in LEARNERS:
        return LEARNERS[learner_id]
    raise DataError(
        "D010",
        f"There is no learner {learner_id!r}.{close_matches(learner_id, LEARNERS)}",
        remedy="Connect the output of a learner of this library.",
        learner=learner_id,
    )
