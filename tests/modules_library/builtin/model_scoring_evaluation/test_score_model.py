"""Score Model: columns, roles, and tables that do not fit."""

import numpy as np
import polars as pl
import pytest

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
from modules_library.builtin.data_input_output.sample_dataset import sample_dataset
from modules_library.builtin.model_scoring_evaluation.score_model import score_model
from modules_library.builtin.regression.linear_regression import linear_regression
from modules_library.learning import train
from modules_library.learning.clustering import train_clusters
from modules_library.sdk import (
    ColumnRole,
    Model,
    Roles,
    StepContext,
    Table,
    UntrainedModel,
)
from runtime.errors import DataError

BOUGHT = pl.DataFrame(
    {"age": [20, 25, 30, 50, 60, 70], "bought": ["no", "no", "no", "yes", "yes", "yes"]}
)


def model_of(learner, frame=BOUGHT, label="bought"):
    return train(learner().untrained_model, Table(frame), label_column=label)


def scored(model, frame, roles=None):
    table = Table(frame, Roles(roles or {}))
    return score_model(model, table, context=StepContext()).scored_dataset


def test_two_classes_get_a_label_and_the_probability_of_the_greater_one():
    table = scored(model_of(two_class_logistic_regression), BOUGHT)
    assert table.columns == ["age", "bought", "Scored Labels", "Scored Probabilities"]
    probabilities = table.frame["Scored Probabilities"].to_list()
    assert probabilities == sorted(probabilities), "older is more likely to have bought"
    assert table.frame["Scored Labels"].to_list() == BOUGHT["bought"].to_list()


def test_a_row_is_positive_from_one_half_on():
    frame = pl.DataFrame({"x": [1.0, 1.0], "label": [0, 1]})
    model = train(
        two_class_logistic_regression(l1_weight=0.0).untrained_model,
        Table(frame),
        label_column="label",
    )
    table = scored(model, frame)
    assert table.frame["Scored Probabilities"].to_list() == [0.5, 0.5]
    assert table.frame["Scored Labels"].to_list() == [1, 1]


def test_scores_and_label_have_their_roles_and_others_are_kept():
    table = scored(model_of(two_class_decision_forest), BOUGHT, {"age": ColumnRole(kind="feature")})
    assert table.roles.label == "bought"
    assert table.roles.of("age").kind == "feature"
    assert table.roles.of_kind("score") == ("Scored Labels", "Scored Probabilities")
    assert table.roles.of("Scored Probabilities").detail == "yes"


def test_the_label_may_be_absent():
    table = scored(model_of(two_class_decision_forest), BOUGHT.drop("bought"))
    assert table.columns == ["age", "Scored Labels", "Scored Probabilities"]
    assert table.roles.label is None


def test_more_classes_get_a_probability_each_and_the_greatest_wins():
    iris = sample_dataset(name="iris").dataset
    model = train(multiclass_logistic_regression().untrained_model, iris)
    frame = score_model(model, iris, context=StepContext()).scored_dataset.frame
    names = [f"Scored Probabilities_{name}" for name in ("setosa", "versicolor", "virginica")]
    assert frame.columns[-3:] == names
    shares = frame.select(names).to_numpy()
    assert shares.sum(axis=1) == pytest.approx(np.ones(150))
    winners = np.array(["setosa", "versicolor", "virginica"])[shares.argmax(axis=1)]
    assert frame["Scored Labels"].to_list() == winners.tolist()


@pytest.mark.parametrize(
    ("labels", "dtype"),
    [
        ([1, 1, 1, 5, 5, 5], pl.Int64),
        ([False] * 3 + [True] * 3, pl.Boolean),
        ([0.0] * 3 + [1.0] * 3, pl.Float64),
        (["a"] * 3 + ["b"] * 3, pl.String),
    ],
    ids=str,
)
def test_scored_labels_have_the_type_of_the_label(labels, dtype):
    frame = BOUGHT.with_columns(bought=pl.Series(labels, dtype=dtype))
    found = scored(model_of(two_class_logistic_regression, frame), frame).frame["Scored Labels"]
    assert found.dtype == dtype and found.to_list() == labels


def test_a_regression_gets_numbers_only():
    frame = pl.DataFrame({"x": [1.0, 2.0, 3.0], "y": [2.0, 4.0, 6.0]})
    untrained = linear_regression(l2_weight=0.0).untrained_model
    table = scored(train(untrained, Table(frame), label_column="y"), frame)
    assert table.columns == ["x", "y", "Scored Labels"]
    assert table.frame["Scored Labels"].to_list() == pytest.approx([2, 4, 6])


def test_columns_are_found_by_name_whatever_their_order():
    frame = pl.DataFrame({"a": [1.0, 2.0, 3.0], "b": [9.0, 1.0, 5.0], "y": [1.0, 2.0, 3.0]})
    model = model_of(linear_regression, frame, "y")
    again = scored(model, frame.select("b", "y", "a", pl.lit(0).alias("extra")))
    assert again.frame["Scored Labels"].equals(scored(model, frame).frame["Scored Labels"])


def test_scoring_a_scored_table_replaces_its_predictions():
    iris = sample_dataset(name="iris").dataset
    multi = train(multiclass_logistic_regression().untrained_model, iris)
    once = score_model(multi, iris, context=StepContext()).scored_dataset
    two = iris.frame.filter(pl.col("target") != "setosa")
    binary = train(two_class_decision_forest().untrained_model, Table(two), label_column="target")
    twice = score_model(binary, once, context=StepContext()).scored_dataset
    assert [name for name in twice.columns if name.startswith("Scored")] == [
        "Scored Labels",
        "Scored Probabilities",
    ]


@pytest.mark.parametrize(
    "learner",
    [two_class_logistic_regression, two_class_decision_forest, two_class_boosted_decision_tree],
    ids=lambda learner: learner.__name__,
)
def test_a_table_without_rows_is_scored_without_rows(learner):
    table = scored(model_of(learner), BOUGHT.clear())
    assert table.height == 0
    assert table.frame.schema["Scored Probabilities"] == pl.Float64


def refused(model, frame):
    with pytest.raises(DataError) as caught:
        scored(model, frame)
    assert caught.value.record.remedy
    return caught.value.record


def test_a_missing_feature_is_named():
    record = refused(model_of(two_class_decision_forest), BOUGHT.rename({"age": "Age"}))
    assert record.code == "D001" and "'age'" in record.message and "'Age'" in record.message


def test_text_where_a_number_must_be_is_refused():
    frame = BOUGHT.with_columns(age=pl.lit("old"))
    assert refused(model_of(two_class_decision_forest), frame).code == "D004"


def test_missing_values_are_refused_by_linear_models():
    frame = BOUGHT.with_columns(age=pl.lit(None, dtype=pl.Int64))
    assert refused(model_of(two_class_logistic_regression), frame).code == "D012"


def test_an_unknown_category_is_an_error_unless_the_learner_allows_it():
    frame = BOUGHT.with_columns(city=pl.Series(["a", "a", "b", "b", "b", "a"]))
    new = frame.with_columns(city=pl.lit("z"))
    strict = train(
        two_class_decision_forest(allow_unknown_categories=False).untrained_model,
        Table(frame),
        label_column="bought",
    )
    assert refused(strict, new).code == "D008"
    assert scored(model_of(two_class_decision_forest, frame), new).height == 6


def test_a_clustering_is_sent_to_its_own_module():
    untrained = UntrainedModel(
        "k_means_clustering",
        "clustering",
        {
            "number_of_centroids": 2,
            "initialization": "First N",
            "iterations": 5,
            "normalize_features": True,
        },
    )
    model = train_clusters(untrained, Table(BOUGHT), ["age"], context=StepContext())
    record = refused(model, BOUGHT)
    assert record.code == "D010" and "'Assign Data to Clusters'" in record.remedy


def test_a_model_of_another_library_is_refused():
    assert refused(Model(), BOUGHT).code == "D010"
