"""The learners' modules: defaults, ranges, and that each belongs to a learner."""

import importlib
import inspect

import pytest

from modules_library.learning import LEARNERS
from modules_library.trainer_mode import single_or_range
from runtime.errors import RequestError

DEFAULTS = {
    "regression.linear_regression": {
        "solution_method": "Ordinary Least Squares",
        "l2_weight": 0.001,
        "include_intercept": True,
        "learning_rate": 0.1,
        "number_of_epochs": 10,
        "normalize_features": True,
        "average_final_hypothesis": True,
        "decrease_learning_rate": True,
    },
    "regression.boosted_decision_tree_regression": {
        "max_leaves_per_tree": 20,
        "min_samples_per_leaf": 10,
        "learning_rate": 0.2,
        "number_of_trees": 100,
    },
    "regression.decision_forest_regression": {
        "resampling_method": "Bagging",
        "number_of_trees": 8,
        "max_depth": 32,
        "min_samples_per_leaf": 1,
    },
    "classification.two_class_logistic_regression": {
        "optimization_tolerance": 1e-7,
        "l1_weight": 1.0,
        "l2_weight": 1.0,
        "memory_size": 20,
    },
    "classification.two_class_boosted_decision_tree": {
        "max_leaves_per_tree": 20,
        "min_samples_per_leaf": 10,
        "learning_rate": 0.2,
        "number_of_trees": 100,
    },
    "classification.two_class_decision_forest": {
        "resampling_method": "Bagging",
        "number_of_trees": 8,
        "max_depth": 32,
        "min_samples_per_leaf": 1,
    },
    "classification.multiclass_logistic_regression": {
        "optimization_tolerance": 1e-7,
        "l1_weight": 1.0,
        "l2_weight": 1.0,
        "memory_size": 20,
    },
    "clustering.k_means_clustering": {
        "number_of_centroids": 2,
        "initialization": "K-Means++",
        "metric": "Euclidean",
        "iterations": 100,
        "label_mode": "Ignore label column",
        "normalize_features": True,
    },
}


def function_of(module_id):
    module = importlib.import_module(f"modules_library.builtin.{module_id}")
    return getattr(module, module_id.partition(".")[2])


@pytest.mark.parametrize("module_id", DEFAULTS)
def test_the_defaults_are_those_that_people_of_the_original_know(module_id):
    untrained = function_of(module_id)().untrained_model
    common = {"seed": 0, "allow_unknown_categories": True}
    assert untrained.parameters == DEFAULTS[module_id] | common


@pytest.mark.parametrize("module_id", DEFAULTS)
def test_the_module_and_its_learner_agree_on_id_title_and_task(module_id):
    untrained = function_of(module_id)().untrained_model
    learner = LEARNERS[untrained.learner]
    assert untrained.learner == module_id.partition(".")[2]
    assert (untrained.title, untrained.task) == (learner.title, learner.task)


@pytest.mark.parametrize("module_id", DEFAULTS)
def test_a_parameter_range_gives_lists_that_begin_with_the_default(module_id):
    function = function_of(module_id)
    single = function().untrained_model.parameters
    ranged = function(create_trainer_mode="Parameter Range").untrained_model.parameters
    lists = {name: values for name, values in ranged.items() if isinstance(values, list)}
    declared = [name for name in inspect.signature(function).parameters if name.endswith("_range")]
    assert [f"{name}_range" for name in lists] == declared and lists
    for name, values in lists.items():
        assert values[0] == single[name] and len(set(values)) == len(values) > 1


@pytest.mark.parametrize("module_id", DEFAULTS)
def test_an_empty_range_or_a_value_out_of_bounds_is_refused(module_id):
    function = function_of(module_id)
    for name in inspect.signature(function).parameters:
        if name.endswith("_range"):
            for values in ([], [-1]):
                with pytest.raises(RequestError) as caught:
                    function(create_trainer_mode="Parameter Range", **{name: values})
                record = caught.value.record
                assert record.code == "V003" and name in record.message and record.remedy


def test_the_range_is_not_looked_at_in_the_single_mode():
    assert single_or_range("Single Parameter", 8, [], parameter="trees_range", least=1) == 8
