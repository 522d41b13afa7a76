"""Cross Validate Model: folds, scores of unseen rows, metrics by fold."""

import numpy as np
import polars as pl
import pytest

from modules_library.builtin.classification.multiclass_logistic_regression import (
    multiclass_logistic_regression,
)
from modules_library.builtin.classification.two_class_decision_forest import (
    two_class_decision_forest,
)
from modules_library.builtin.clustering.k_means_clustering import k_means_clustering
from modules_library.builtin.data_input_output.sample_dataset import sample_dataset
from modules_library.builtin.data_transformation.partition_and_sample import partition_and_sample
from modules_library.builtin.model_scoring_evaluation.evaluate_model import evaluate_model
from modules_library.builtin.model_training.cross_validate_model import cross_validate_model
from modules_library.builtin.regression.linear_regression import linear_regression
from modules_library.learning.cross_validation import stratified_folds
from modules_library.sdk import StepContext, Table
from runtime.errors import DataError


def validated(learner, table, label=None, context=None, **settings):
    untrained = learner().untrained_model
    return cross_validate_model(
        untrained, table, label_column=label, context=context or StepContext(), **settings
    )


@pytest.fixture(scope="module")
def iris():
    return sample_dataset(name="iris").dataset


def line(rows=40):
    x = np.arange(float(rows))
    noise = np.random.default_rng(0).normal(size=rows)
    return Table(pl.DataFrame({"x": x, "y": 2 * x + noise}))


def test_ten_folds_are_made_and_every_row_is_in_one_of_them(iris):
    result = validated(two_class_decision_forest, two_of(iris))
    folds = result.scored_results.frame["Fold Number"]
    assert sorted(folds.unique().to_list()) == list(range(1, 11))
    assert folds.value_counts()["count"].to_list() == [10] * 10


def two_of(iris):
    return iris.with_frame(iris.frame.filter(pl.col("target") != "setosa"))


def test_every_fold_has_the_classes_in_the_proportions_of_the_table(iris):
    frame = validated(multiclass_logistic_regression, iris).scored_results.frame
    counts = frame.group_by("Fold Number", "target").len()["len"].to_list()
    assert counts == [5] * 30


def test_rows_stay_in_their_order_with_predictions_behind_them(iris):
    scored = validated(multiclass_logistic_regression, iris).scored_results
    assert scored.frame.select(iris.columns).equals(iris.frame)
    assert scored.roles.label == "target"
    assert scored.roles.of("Fold Number").kind == "ignored"


def test_a_row_is_scored_by_the_line_through_all_other_folds():
    table = line()
    learner = linear_regression(l2_weight=0.0).untrained_model
    scored = cross_validate_model(
        learner, table, label_column="y", context=StepContext()
    ).scored_results.frame
    first = scored["Fold Number"][0]
    others = scored.filter(pl.col("Fold Number") != first)
    slope, intercept = np.polyfit(others["x"].to_numpy(), others["y"].to_numpy(), 1)
    assert scored["Scored Labels"][0] == pytest.approx(slope * scored["x"][0] + intercept)


def test_the_table_by_fold_ends_with_mean_and_standard_deviation():
    context = StepContext()
    table = validated(linear_regression, line(), "y", context).evaluation_results_by_fold.frame
    assert table["Fold Number"].to_list() == [*map(str, range(1, 11)), "Mean", "Standard Deviation"]
    assert table["Number of examples in fold"].to_list() == [4] * 10 + [40, 40]
    assert table["Model"].unique().to_list() == ["Linear Regression"]
    values = table["mae"][:10].to_numpy()
    assert table["mae"][10] == pytest.approx(values.mean())
    assert table["mae"][11] == pytest.approx(values.std(ddof=1))
    assert context.metrics["mae"] == table["mae"][10]
    assert context.metrics["mae_std"] == table["mae"][11]


def test_metrics_of_a_fold_are_those_of_evaluate_model(iris):
    result = validated(two_class_decision_forest, two_of(iris))
    fold = result.scored_results.with_frame(
        result.scored_results.frame.filter(pl.col("Fold Number") == 3)
    )
    report = evaluate_model(fold, context=StepContext()).evaluation_results.document
    row = result.evaluation_results_by_fold.frame.row(2, named=True)
    assert row["log_loss"] == pytest.approx(report["models"][0]["metrics"]["log_loss"])
    assert row["auc"] == pytest.approx(report["models"][0]["metrics"]["auc"])


def test_folds_of_partition_and_sample_are_used():
    folded = partition_and_sample(
        line(), partition_or_sample_mode="Assign to Folds", number_of_folds=4
    ).results_dataset
    result = validated(linear_regression, folded, "y")
    assert result.evaluation_results_by_fold.height == 6
    given = folded.frame[folded.columns[-1]]
    assert result.scored_results.frame["Fold Number"].equals(given)


def test_the_seed_draws_the_folds_and_zero_is_one():
    zero, again, one = (
        validated(linear_regression, line(), "y", seed=seed).scored_results.frame["Fold Number"]
        for seed in (0, 0, 1)
    )
    assert zero.equals(again) and not zero.equals(one)


def test_rows_without_a_label_are_left_out():
    table = line()
    gaps = Table(table.frame.with_columns(y=pl.when(pl.col("x") > 4).then("y")))
    context = StepContext()
    result = validated(linear_regression, gaps, "y", context)
    assert result.scored_results.height == 35
    assert context.warnings == ["5 rows without a value in 'y' were left out."]


def test_a_class_that_one_fold_has_not_learnt_has_probability_zero_there(iris):
    rare = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("rare")).otherwise("target")
    table = iris.with_frame(iris.frame.with_columns(rare.alias("target")))
    scored = validated(multiclass_logistic_regression, table).scored_results.frame
    assert scored["Scored Probabilities_rare"].null_count() == 0
    assert scored["Scored Probabilities_rare"][0] == 0


def test_stratified_folds_differ_by_one_row_at_most_in_every_class():
    classes = np.array([0] * 33 + [1] * 7 + [2] * 14)
    folds = stratified_folds(classes, 5, 3)
    for kind in (None, 0, 1, 2):
        rows = folds if kind is None else folds[classes == kind]
        counts = np.bincount(rows, minlength=6)[1:]
        assert counts.max() - counts.min() <= 1


def refused(*arguments, **settings):
    with pytest.raises(DataError) as caught:
        validated(*arguments, **settings)
    assert caught.value.record.remedy
    return caught.value.record


def test_fewer_than_ten_rows_are_refused():
    assert refused(linear_regression, line(9), "y").code == "D002"


def test_a_single_fold_is_refused():
    folded = partition_and_sample(
        line(), partition_or_sample_mode="Assign to Folds", number_of_folds=2
    ).results_dataset
    one = folded.with_frame(folded.frame.filter(pl.col(folded.columns[-1]) == 1))
    assert refused(linear_regression, one, "y").code == "D008"


def test_a_clustering_learner_is_refused():
    assert refused(k_means_clustering, line(), "y").code == "D010"


def test_a_missing_label_is_refused():
    assert refused(linear_regression, line()).code == "D005"
