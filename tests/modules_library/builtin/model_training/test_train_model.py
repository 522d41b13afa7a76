"""Train Model: what it learns from, what it refuses, and that it always learns the same."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, Ridge

from modules_library.builtin.classification.multiclass_logistic_regression import (
    multiclass_logistic_regression,
)
from modules_library.builtin.classification.two_class_boosted_decision_tree import (
    two_class_boosted_decision_tree,
)
from modules_library.builtin.classification.two_class_decision_forest import (
    two_class_decision_forest,
)
from modules_library.builtin.classification.two_class_logistic_regression import (
    two_class_logistic_regression,
)
from modules_library.builtin.clustering.k_means_clustering import k_means_clustering
from modules_library.builtin.data_input_output.sample_dataset import sample_dataset
from modules_library.builtin.model_training.train_model import train_model
from modules_library.builtin.regression.boosted_decision_tree_regression import (
    boosted_decision_tree_regression,
)
from modules_library.builtin.regression.decision_forest_regression import (
    decision_forest_regression,
)
from modules_library.builtin.regression.linear_regression import linear_regression
from modules_library.learning import load_model
from modules_library.sdk import ColumnRole, Model, Roles, StepContext, Table, UntrainedModel
from runtime.errors import DataError, DesignerError

ROOT = Path(__file__).parents[4]
CLASSIFIERS = [
    two_class_logistic_regression,
    two_class_boosted_decision_tree,
    two_class_decision_forest,
]
REGRESSIONS = [
    linear_regression,
    boosted_decision_tree_regression,
    decision_forest_regression,
]


def trained(learner, frame, label="label", *, roles=None, context=None, **settings):
    untrained = learner if isinstance(learner, UntrainedModel) else learner().untrained_model
    table = frame if isinstance(frame, Table) else Table(pl.DataFrame(frame), Roles(roles or {}))
    result = train_model(
        untrained, table, label_column=label, context=context or StepContext(), **settings
    )
    return result.trained_model


def refused(*arguments, **settings):
    with pytest.raises(DesignerError) as caught:
        trained(*arguments, **settings)
    record = caught.value.record
    assert record.remedy, "every error ends with what to do"
    return record


@pytest.fixture(scope="module")
def breast_cancer():
    return sample_dataset(name="breast_cancer").dataset


@pytest.mark.parametrize("learner", CLASSIFIERS, ids=lambda learner: learner.__name__)
def test_every_two_class_learner_tells_malignant_from_benign(learner, breast_cancer):
    model = trained(learner, breast_cancer, "target")
    probabilities = model.predict(breast_cancer.frame)
    malignant = (breast_cancer.frame["target"] == "malignant").to_numpy()
    assert probabilities.shape == (569, 2)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(569))
    assert model.facts()["classes"] == ["benign", "malignant"]
    assert np.mean((probabilities[:, 1] >= 0.5) == malignant) > 0.95


@pytest.mark.parametrize("learner", REGRESSIONS, ids=lambda learner: learner.__name__)
def test_every_regression_explains_most_of_diabetes_it_has_seen(learner):
    table = sample_dataset(name="diabetes").dataset
    model = trained(learner, table, "target")
    errors = model.predict(table.frame)[:, 0] - table.frame["target"].to_numpy()
    assert np.var(errors) < 0.55 * np.var(table.frame["target"].to_numpy())


def test_many_classes_are_told_apart():
    table = sample_dataset(name="iris").dataset
    model = trained(multiclass_logistic_regression, table, None)
    assert model.facts()["classes"] == ["setosa", "versicolor", "virginica"]
    found = model.predict(table.frame).argmax(axis=1)
    assert np.mean(found == np.repeat([0, 1, 2], 50)) > 0.94
    assert [entry["class"] for entry in model.facts()["coefficients"]] == model.facts()["classes"]


def test_least_squares_are_those_of_the_normal_equations():
    table = sample_dataset(name="diabetes").dataset
    untrained = linear_regression(l2_weight=0.0).untrained_model
    facts = trained(untrained, table, "target").facts()["coefficients"][0]
    x = table.frame.drop("target").to_numpy()
    design = np.column_stack([x, np.ones(len(x))])
    y = table.frame["target"].to_numpy()
    solution = np.linalg.solve(design.T @ design, design.T @ y)
    assert [weight["value"] for weight in facts["weights"]] == pytest.approx(
        solution[:-1], rel=1e-6
    )
    assert facts["intercept"] == pytest.approx(solution[-1], rel=1e-6)


def test_the_l2_weight_is_that_of_ridge_regression_and_spares_the_intercept():
    frame = pl.DataFrame({"x": [0.0, 1, 2, 3], "label": [10.0, 12, 14, 16]})
    untrained = linear_regression(l2_weight=5.0).untrained_model
    facts = trained(untrained, frame).facts()["coefficients"][0]
    assert facts["weights"][0]["value"] == pytest.approx(2 * 5 / (5 + 5))  # Σxy / (Σx² + L2)
    reference = Ridge(alpha=5.0).fit(frame[["x"]].to_numpy(), frame["label"].to_numpy())
    assert facts["intercept"] == pytest.approx(reference.intercept_)


def test_without_an_intercept_the_line_goes_through_the_origin():
    frame = pl.DataFrame({"x": [1.0, 2.0], "label": [3.0, 5.0]})
    untrained = linear_regression(l2_weight=0.0, include_intercept=False).untrained_model
    facts = trained(untrained, frame).facts()["coefficients"][0]
    assert facts["intercept"] == 0
    assert facts["weights"][0]["value"] == pytest.approx(13 / 5)


def gradient_descent(frame, **settings):
    untrained = linear_regression(
        solution_method="Online Gradient Descent", **settings
    ).untrained_model
    facts = trained(untrained, frame).facts()["coefficients"][0]
    return np.array([*(weight["value"] for weight in facts["weights"]), facts["intercept"]])


def test_gradient_descent_comes_near_to_least_squares():
    draw = np.random.default_rng(1)
    x = draw.uniform(100, 300, size=(400, 2))
    frame = pl.DataFrame({"a": x[:, 0], "b": x[:, 1], "label": 0.1 * x[:, 0] - 0.2 * x[:, 1] + 5})
    found = gradient_descent(
        frame,
        l2_weight=0.0,
        number_of_epochs=50,
        decrease_learning_rate=False,
        average_final_hypothesis=False,
    )
    exact = LinearRegression().fit(x, frame["label"].to_numpy())
    assert found == pytest.approx([*exact.coef_, exact.intercept_], rel=0.01)


@pytest.mark.parametrize(
    "setting",
    [
        {"learning_rate": 0.01},
        {"number_of_epochs": 2},
        {"normalize_features": False},
        {"average_final_hypothesis": False},
        {"decrease_learning_rate": False},
        {"l2_weight": 1.0},
        {"seed": 1},
    ],
    ids=str,
)
def test_every_setting_of_gradient_descent_changes_what_is_learnt(setting):
    draw = np.random.default_rng(1)
    x = draw.uniform(0, 1.5, size=100)
    frame = pl.DataFrame({"x": x, "label": 3 * x + draw.normal(size=100)})
    assert gradient_descent(frame, **setting) != pytest.approx(gradient_descent(frame), rel=1e-9)


def test_gradient_descent_that_runs_away_is_a_coded_error():
    frame = pl.DataFrame({"x": [1e200, 2e200, 3e200], "label": [1.0, 2.0, 3.0]})
    record = refused(unnormalized_descent(), frame)
    assert record.code == "D008" and "learning rate" in record.remedy


def test_gradient_descent_that_learns_nothing_says_so():
    frame = pl.DataFrame({"x": [1e6, 2e6, 3e6], "label": [1.0, 2.0, 3.0]})
    context = StepContext()
    trained(unnormalized_descent(), frame, context=context)
    assert "worse than their mean" in context.warnings[0]


def unnormalized_descent():
    return linear_regression(
        solution_method="Online Gradient Descent", normalize_features=False
    ).untrained_model


def test_a_forest_is_that_of_scikit_learn_with_the_same_seed(breast_cancer):
    model = trained(two_class_decision_forest(seed=5).untrained_model, breast_cancer, "target")
    x = breast_cancer.frame.drop("target").to_numpy()
    y = (breast_cancer.frame["target"] == "malignant").to_numpy()
    forest = RandomForestClassifier(8, max_depth=32, random_state=5).fit(x, y)
    assert model.predict(breast_cancer.frame) == pytest.approx(forest.predict_proba(x))


def test_a_regression_forest_uses_every_feature_at_every_split():
    table = sample_dataset(name="diabetes").dataset
    untrained = decision_forest_regression(max_depth=5, seed=2).untrained_model
    x, y = table.frame.drop("target").to_numpy(), table.frame["target"].to_numpy()
    forest = RandomForestRegressor(8, max_depth=5, max_features=1.0, random_state=2).fit(x, y)
    found = trained(untrained, table, "target").predict(table.frame)[:, 0]
    assert found == pytest.approx(forest.predict(x))


@pytest.mark.slow
def test_boosted_trees_are_those_of_lightgbm(breast_cancer):
    import lightgbm

    x = breast_cancer.frame.drop("target").to_numpy()
    y = (breast_cancer.frame["target"] == "malignant").to_numpy()
    reference = lightgbm.LGBMClassifier(
        n_estimators=100, num_leaves=20, min_child_samples=10, learning_rate=0.2, verbosity=-1
    ).fit(x, y)
    model = trained(two_class_boosted_decision_tree, breast_cancer, "target")
    expected = reference.predict_proba(x)
    assert model.predict(breast_cancer.frame) == pytest.approx(expected, abs=1e-6)


SETTINGS = [
    (two_class_boosted_decision_tree, {"max_leaves_per_tree": 2}),
    (two_class_boosted_decision_tree, {"min_samples_per_leaf": 60}),
    (two_class_boosted_decision_tree, {"learning_rate": 0.05}),
    (two_class_boosted_decision_tree, {"number_of_trees": 5}),
    (two_class_decision_forest, {"resampling_method": "Replicate"}),
    (two_class_decision_forest, {"number_of_trees": 3}),
    (two_class_decision_forest, {"max_depth": 2}),
    (two_class_decision_forest, {"min_samples_per_leaf": 40}),
    (two_class_decision_forest, {"seed": 1}),
    (two_class_logistic_regression, {"l1_weight": 10.0}),
    (two_class_logistic_regression, {"l2_weight": 50.0}),
    (two_class_logistic_regression, {"optimization_tolerance": 0.05}),
]


@pytest.mark.parametrize(
    ("learner", "setting"), SETTINGS, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_every_setting_of_a_learner_changes_the_predictions(learner, setting, breast_cancer):
    plain = trained(learner, breast_cancer, "target")
    changed = trained(learner(**setting).untrained_model, breast_cancer, "target")
    frame = breast_cancer.frame
    assert not np.allclose(plain.predict(frame), changed.predict(frame), atol=1e-6)
    assert changed.facts()["parameters"] == {**plain.facts()["parameters"], **setting}


def test_the_memory_of_the_optimizer_does_not_change_the_minimum(breast_cancer):
    untrained = two_class_logistic_regression(memory_size=3).untrained_model
    few = trained(untrained, breast_cancer, "target").predict(breast_cancer.frame)
    many = trained(two_class_logistic_regression, breast_cancer, "target")
    assert few == pytest.approx(many.predict(breast_cancer.frame), abs=1e-4)


def test_of_a_range_of_values_the_first_is_used(breast_cancer):
    untrained = two_class_decision_forest(
        create_trainer_mode="Parameter Range", number_of_trees_range=[3, 30]
    ).untrained_model
    assert untrained.parameters["number_of_trees"] == [3, 30]
    model = trained(untrained, breast_cancer, "target")
    assert model.facts()["parameters"]["number_of_trees"] == 3
    single = two_class_decision_forest(number_of_trees=3).untrained_model
    expected = trained(single, breast_cancer, "target").predict(breast_cancer.frame)
    assert np.array_equal(model.predict(breast_cancer.frame), expected)


FOUR = {"x": [1.0, 2.0, 3.0, 4.0], "label": ["no", "no", "yes", "yes"]}


def test_a_blank_label_column_takes_the_one_with_the_role_of_a_label():
    roles = {"label": ColumnRole(kind="label")}
    model = trained(two_class_decision_forest, FOUR, None, roles=roles)
    assert model.facts()["label_column"] == "label"


def test_without_a_label_column_and_role_the_label_is_asked_for():
    record = refused(two_class_decision_forest, FOUR, None)
    assert record.code == "D005" and "'Edit Metadata'" in record.remedy


def test_two_columns_with_the_role_of_a_label_are_ambiguous():
    roles = {"label": ColumnRole(kind="label"), "x": ColumnRole(kind="label")}
    record = refused(two_class_decision_forest, FOUR, None, roles=roles)
    assert record.code == "D005" and "'x'" in record.message and "'label'" in record.message


def test_a_label_column_that_is_not_there_comes_with_the_nearest_name():
    record = refused(two_class_decision_forest, FOUR, "labl")
    assert record.code == "D005" and "Did you mean 'label'?" in record.message


def test_rows_without_a_label_are_left_out_and_counted():
    frame = {"x": [1.0, 9.0, 2.0, 3.0, 4.0], "label": ["no", None, "no", "yes", "yes"]}
    context = StepContext()
    model = trained(two_class_decision_forest, frame, context=context)
    assert (model.facts()["rows"], model.facts()["rows_without_label"]) == (4, 1)
    assert context.metrics["rows_without_label"] == 1
    assert "1 rows without a value in 'label'" in context.warnings[0]
    plain = trained(two_class_decision_forest, FOUR)
    assert np.array_equal(model.predict(pl.DataFrame(FOUR)), plain.predict(pl.DataFrame(FOUR)))


def test_a_missing_number_counts_as_no_label():
    frame = {"x": [1.0, 2.0, 3.0], "label": [1.0, float("nan"), None]}
    assert trained(linear_regression, frame).facts()["rows_without_label"] == 2


def test_a_label_without_any_value_is_refused():
    frame = pl.DataFrame({"x": [1.0, 2.0], "label": [None, None]}, schema_overrides={"label": str})
    assert refused(two_class_decision_forest, frame).code == "D005"


def test_a_label_of_one_class_is_refused():
    record = refused(two_class_logistic_regression, {"x": [1.0, 2.0], "label": ["no", "no"]})
    assert record.code == "D006" and "'no'" in record.message


def test_a_two_class_learner_refuses_three_classes():
    record = refused(two_class_logistic_regression, {"x": [1.0, 2, 3], "label": ["a", "b", "c"]})
    assert record.code == "D010" and "multiclass" in record.remedy


def test_a_regression_refuses_text_and_booleans_as_label():
    assert refused(linear_regression, FOUR).code == "D004"
    record = refused(linear_regression, {"x": [1.0, 2.0], "label": [True, False]})
    assert record.code == "D010" and "classifier" in record.remedy


def test_a_regression_refuses_infinite_labels():
    frame = {"x": [1.0, 2.0], "label": [1.0, float("inf")]}
    assert refused(linear_regression, frame).code == "D008"


def test_a_multiclass_learner_refuses_fractions_as_classes():
    frame = {"x": [1.0, 2.0, 3.0], "label": [0.5, 1.5, 2.5]}
    assert refused(multiclass_logistic_regression, frame).code == "D010"


def test_a_table_without_rows_is_refused():
    frame = pl.DataFrame(FOUR).clear()
    assert refused(two_class_decision_forest, frame).code == "D002"


def test_a_table_without_features_is_refused():
    assert refused(two_class_decision_forest, {"label": ["a", "b"]}).code == "D001"


def test_a_clustering_learner_is_refused():
    record = refused(k_means_clustering, FOUR)
    assert record.code == "D010" and "'Train Clustering Model'" in record.remedy


def test_a_learner_that_this_library_does_not_have_is_refused():
    record = refused(UntrainedModel("two_class_forest", "binary"), FOUR)
    assert record.code == "D010"


@pytest.mark.parametrize("learner", [*CLASSIFIERS[:1]], ids=lambda learner: learner.__name__)
def test_linear_learners_refuse_missing_values(learner):
    frame = {**FOUR, "x": [1.0, None, 3.0, 4.0]}
    record = refused(learner, frame)
    assert record.code == "D012" and "'x' (1)" in record.message


@pytest.mark.parametrize("learner", CLASSIFIERS[1:], ids=lambda learner: learner.__name__)
def test_tree_learners_learn_from_what_is_missing(learner):
    x = [None, 1.0] * 30
    frame = pl.DataFrame({"x": x, "label": ["gone" if v is None else "there" for v in x]})
    assert trained(learner, frame).predict(frame)[:2].argmax(axis=1).tolist() == [0, 1]


def test_classes_of_every_type_come_in_sort_order():
    for values, classes in [
        ([2, 10, 2, 10], ["2", "10"]),
        ([True, False, True, False], ["false", "true"]),
        ([1.0, 0.0, 1.0, 0.0], ["0", "1"]),
        (["b", "a", "b", "a"], ["a", "b"]),
    ]:
        frame = {"x": [1.0, 2.0, 3.0, 4.0], "label": values}
        assert trained(two_class_decision_forest, frame).facts()["classes"] == classes


def test_importance_names_columns_and_adds_up_to_one():
    frame = pl.DataFrame(
        {"city": ["a", "b", "c"] * 20, "noise": [0.5] * 60, "label": ["y", "n", "n"] * 20}
    )
    found = trained(two_class_decision_forest, frame).facts()["feature_importance"]
    assert [entry["feature"] for entry in found] == ["city", "noise"]
    assert sum(entry["value"] for entry in found) == pytest.approx(1)


def test_the_explanation_puts_the_column_that_matters_first():
    draw = np.random.default_rng(0)
    x = draw.normal(size=(200, 2))
    frame = pl.DataFrame({"noise": x[:, 0], "signal": x[:, 1], "label": 3 * x[:, 1]})
    facts = trained(linear_regression, frame, model_explanation=True).facts()["explanation"]
    assert facts["loss"] == "rmse"
    assert [entry["feature"] for entry in facts["features"]] == ["signal", "noise"]
    assert facts["features"][0]["value"] == pytest.approx(3 * np.sqrt(2), rel=0.15)
    assert facts["features"][1]["value"] == pytest.approx(0, abs=1e-3)


def test_no_explanation_is_made_unless_asked_for():
    assert "explanation" not in trained(two_class_decision_forest, FOUR).facts()


LEARNERS = [*CLASSIFIERS, multiclass_logistic_regression]


@pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: learner.__name__)
def test_a_saved_model_predicts_the_same_after_loading(learner, tmp_path, breast_cancer):
    model = trained(learner, breast_cancer, "target")
    model.save(tmp_path / "a.model")
    read = Model.load(tmp_path / "a.model")
    assert read.facts() == model.facts()
    assert np.array_equal(read.predict(breast_cancer.frame), model.predict(breast_cancer.frame))
    read.save(tmp_path / "b.model")
    assert (tmp_path / "a.model").read_bytes() == (tmp_path / "b.model").read_bytes()


def test_seed_zero_is_recorded_and_a_blank_one_is_drawn_and_recorded():
    zero = two_class_decision_forest(seed=0).untrained_model
    assert trained(zero, FOUR).facts()["seed"] == 0
    blank = two_class_decision_forest(seed=None).untrained_model
    assert trained(blank, FOUR, context=StepContext(seed=3)).facts()["seed"] == 3
    drawn = {trained(blank, FOUR).facts()["seed"] for _ in range(3)}
    assert len(drawn) == 3


def test_seeds_beyond_the_range_of_the_libraries_are_folded():
    for seed in (-1, 2**40):
        for learner in (two_class_decision_forest, two_class_boosted_decision_tree):
            assert trained(learner(seed=seed).untrained_model, FOUR).facts()["seed"] == seed


SCRIPT = """
import hashlib, json, sys
from pathlib import Path
import numpy as np, polars as pl
from modules_library.learning import LEARNERS, train
from modules_library.learning.clustering import train_clusters
from modules_library.sdk import StepContext, Table, UntrainedModel
threads, folder = int(sys.argv[1]), Path(sys.argv[2])
draw = np.random.default_rng(0)
x = draw.normal(size=(20_000, 6))
frame = pl.DataFrame({f"x{i}": x[:, i] for i in range(6)}).with_columns(
    city=pl.Series(draw.choice(["a", "b", "c"], 20_000)),
)
label = (x[:, 0] * x[:, 1] + draw.normal(size=20_000) > 0).astype(int)
parameters = json.loads(sys.argv[3])
found = {}
for name, learner in LEARNERS.items():
    context = StepContext(threads=threads)
    untrained = UntrainedModel(name, learner.task, parameters)
    if learner.task == "clustering":
        model = train_clusters(untrained, Table(frame), frame.columns, context=context)
    else:
        table = Table(frame.with_columns(label=pl.Series(label)))
        model = train(untrained, table, label_column="label", context=context)
    model.save(folder / "a.model")
    found[name] = hashlib.sha256((folder / "a.model").read_bytes()).hexdigest()
    predictions = model.predict(frame, threads=threads)
    found[name + " predictions"] = hashlib.sha256(predictions.tobytes()).hexdigest()
print(json.dumps(found))
"""
PARAMETERS = {
    "optimization_tolerance": 1e-7,
    "l1_weight": 1.0,
    "l2_weight": 1.0,
    "memory_size": 20,
    "max_leaves_per_tree": 20,
    "min_samples_per_leaf": 10,
    "learning_rate": 0.2,
    "number_of_trees": 12,
    "max_depth": 12,
    "resampling_method": "Bagging",
    "solution_method": "Ordinary Least Squares",
    "include_intercept": True,
    "number_of_centroids": 4,
    "initialization": "K-Means++",
    "iterations": 20,
    "normalize_features": True,
    "label_mode": "Ignore label column",
    "seed": 7,
}


@pytest.mark.slow
def test_every_learner_gives_the_same_bytes_in_every_process_with_any_number_of_threads(tmp_path):
    def digests(threads, hash_seed):
        command = [
            sys.executable,
            "-c",
            SCRIPT,
            str(threads),
            str(tmp_path),
            json.dumps(PARAMETERS),
        ]
        environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT), "PATH": "/usr/bin"}
        output = subprocess.run(
            command, capture_output=True, text=True, check=True, env=environment, cwd=ROOT
        )
        return json.loads(output.stdout)

    first = digests(1, "1")
    assert len(first) == 16
    assert digests(2, "2") == first
    assert digests(3, "3") == first


def test_loading_a_damaged_model_is_a_coded_error(tmp_path):
    path = tmp_path / "a.model"
    trained(two_class_decision_forest, FOUR).save(path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DesignerError) as caught:
        load_model(path)
    assert caught.value.code == "S003"


def test_features_of_dates_are_refused():
    frame = pl.DataFrame(FOUR).with_columns(when=pl.date(2024, 1, 1))
    with pytest.raises(DataError, match="'when'"):
        trained(two_class_decision_forest, frame)
