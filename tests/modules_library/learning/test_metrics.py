"""Metrics against values computed by hand, by their formulas written out, and by scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as reference

from modules_library.learning.metrics.binary import (
    BinaryOutcome,
    area_under_roc,
    binary_charts,
    binary_metrics,
    threshold_table,
)
from modules_library.learning.metrics.clustering import (
    cluster_map,
    cluster_table,
    clustering_metrics,
)
from modules_library.learning.metrics.multiclass import (
    confusion_counts,
    multiclass_log_loss,
    multiclass_metrics,
)
from modules_library.learning.metrics.regression import regression_charts, regression_metrics
from modules_library.learning.metrics.thinning import drawn_rows, thinned


def outcome(actual, probability):
    actual, probability = np.array(actual, bool), np.array(probability, float)
    return BinaryOutcome(actual=actual, predicted=probability >= 0.5, probability=probability)


def random_outcome(rows=500, decimals=2):
    draw = np.random.default_rng(3)
    actual = draw.random(rows) < 0.3
    return outcome(actual, np.round(np.clip(draw.normal(0.4 + 0.2 * actual, 0.2), 0, 1), decimals))


SIX = outcome([0, 0, 1, 0, 1, 1], [0.1, 0.4, 0.35, 0.6, 0.8, 0.9])
"""Six rows: 2 true positives, 1 false positive, 2 true negatives, 1 false negative."""


def test_binary_metrics_of_six_rows_are_those_computed_by_hand():
    found = binary_metrics(SIX)
    assert found["accuracy"] == pytest.approx(4 / 6)
    assert found["precision"] == pytest.approx(2 / 3)
    assert found["recall"] == pytest.approx(2 / 3)
    assert found["f1"] == pytest.approx(2 / 3)
    assert found["auc"] == pytest.approx(7 / 9)  # 7 of 9 pairs in the right order
    by_hand = -(math.log(0.9 * 0.6 * 0.35 * 0.4 * 0.8 * 0.9)) / 6
    assert found["log_loss"] == pytest.approx(by_hand)
    counts = [
        found[f"{truth}_{sign}s"]
        for truth in ("true", "false")
        for sign in ("positive", "negative")
    ]
    assert counts == [2, 2, 1, 1]


def test_binary_metrics_agree_with_scikit_learn_also_with_ties():
    many = random_outcome()
    found = binary_metrics(many)
    assert len(np.unique(many.probability)) < len(many.probability) / 2, "there must be ties"
    assert found["auc"] == pytest.approx(reference.roc_auc_score(many.actual, many.probability))
    assert found["f1"] == pytest.approx(reference.f1_score(many.actual, many.predicted))
    clipped = np.clip(many.probability, 1e-12, 1 - 1e-12)
    kept = (many.probability > 0) & (many.probability < 1)
    some = outcome(many.actual[kept], many.probability[kept])
    assert binary_metrics(some)["log_loss"] == pytest.approx(
        reference.log_loss(many.actual[kept], clipped[kept])
    )


def test_a_certain_and_wrong_probability_costs_a_finite_log_loss():
    assert binary_metrics(outcome([1, 0], [0.0, 0.0]))["log_loss"] == pytest.approx(
        -math.log(np.finfo(float).eps) / 2
    )


def test_a_share_of_nothing_is_zero():
    found = binary_metrics(outcome([1, 1, 0], [0.1, 0.2, 0.3]))
    assert (found["precision"], found["recall"], found["f1"]) == (0, 0, 0)


def test_rows_of_one_class_have_no_auc_and_no_curves_but_counts():
    one_class = outcome([1, 1], [0.7, 0.2])
    assert "auc" not in binary_metrics(one_class)
    assert set(binary_charts(one_class)) == {"threshold_table"}


def test_constant_scores_have_an_auc_of_one_half():
    assert area_under_roc(np.array([True, False, True]), np.full(3, 0.4)) == 0.5


def test_the_roc_curve_agrees_with_scikit_learn_and_its_area_is_the_auc():
    many = random_outcome()
    curve = binary_charts(many)["roc"]
    fpr, tpr, _ = reference.roc_curve(many.actual, many.probability, drop_intermediate=False)
    assert curve["x"] == pytest.approx(fpr) and curve["y"] == pytest.approx(tpr)
    assert np.trapezoid(curve["y"], curve["x"]) == pytest.approx(binary_metrics(many)["auc"])
    assert len(curve["thresholds"]) == len(curve["x"])


def test_the_precision_recall_curve_agrees_with_scikit_learn():
    many = random_outcome()
    curve = binary_charts(many)["precision_recall"]
    precision, recall, _ = reference.precision_recall_curve(many.actual, many.probability)
    assert curve["x"] == pytest.approx(recall[:-1][::-1])
    assert curve["y"] == pytest.approx(precision[:-1][::-1])


def test_the_lift_of_the_best_half_is_its_share_of_positives_times_two():
    lift = binary_charts(outcome([1, 1, 0, 0], [0.9, 0.8, 0.3, 0.1]))["lift"]
    assert lift["x"] == [0.25, 0.5, 0.75, 1.0]
    assert lift["y"] == pytest.approx([2, 2, 4 / 3, 1])


def test_the_threshold_table_counts_rows_at_and_above_each_threshold():
    table = threshold_table(SIX)
    assert table["thresholds"][0] == 0 and table["thresholds"][-1] == 1
    at = {name: values[60] for name, values in table.items()}
    assert at == {"thresholds": 0.6, "tp": 2, "fp": 1, "tn": 2, "fn": 1}
    half = table["thresholds"].index(0.5)
    found = binary_metrics(SIX)
    assert table["tp"][half] == found["true_positives"]
    assert table["fn"][half] == found["false_negatives"]


def test_long_curves_are_thinned_and_keep_their_ends():
    many = random_outcome(rows=5000, decimals=12)
    curve = binary_charts(many)["roc"]
    assert len(curve["x"]) == 1001
    assert (curve["x"][0], curve["y"][0]) == (0, 0)
    assert (curve["x"][-1], curve["y"][-1]) == (1, 1)
    assert thinned(np.arange(3.0), 10) == [0, 1, 2]


ACTUAL = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, 2])
PREDICTED = np.array([0, 0, 1, 1, 2, 2, 2, 2, 0, 2])


def test_the_confusion_matrix_has_truth_in_rows_and_predictions_in_columns():
    assert confusion_counts(ACTUAL, PREDICTED, 3).tolist() == [[2, 1, 0], [0, 1, 1], [1, 0, 4]]


def test_multiclass_metrics_are_those_computed_by_hand():
    found = multiclass_metrics(confusion_counts(ACTUAL, PREDICTED, 3))
    assert found["accuracy"] == pytest.approx(0.7)
    assert found["macro_precision"] == pytest.approx((2 / 3 + 1 / 2 + 4 / 5) / 3)
    assert found["macro_recall"] == pytest.approx((2 / 3 + 1 / 2 + 4 / 5) / 3)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 1 / 2 + 4 / 5) / 3)
    assert found["average_accuracy"] == pytest.approx((8 + 8 + 8) / 30)
    assert found["weighted_f1"] == pytest.approx((3 * 2 / 3 + 2 * 0.5 + 5 * 0.8) / 10)


def test_multiclass_metrics_agree_with_scikit_learn_when_a_class_is_never_predicted():
    predicted = np.where(PREDICTED == 1, 0, PREDICTED)
    found = multiclass_metrics(confusion_counts(ACTUAL, predicted, 3))
    options = {"average": "macro", "zero_division": 0}
    assert found["macro_f1"] == pytest.approx(reference.f1_score(ACTUAL, predicted, **options))
    assert found["macro_precision"] == pytest.approx(
        reference.precision_score(ACTUAL, predicted, **options)
    )


def test_a_class_that_is_nowhere_does_not_lower_the_macro_averages():
    assert multiclass_metrics(confusion_counts(ACTUAL, ACTUAL, 5))["macro_f1"] == 1


def test_multiclass_log_loss_is_the_mean_negative_log_of_the_true_class():
    probabilities = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]])
    found = multiclass_log_loss(np.array([0, 2]), probabilities)
    assert found == pytest.approx(-(math.log(0.5) + math.log(0.1)) / 2)


def test_regression_metrics_are_those_computed_by_hand():
    found = regression_metrics(np.array([1.0, 2, 3, 6]), np.array([2.0, 2, 2, 4]))
    assert found["mae"] == pytest.approx(1)
    assert found["rmse"] == pytest.approx(math.sqrt(6 / 4))
    assert found["rae"] == pytest.approx(4 / 6)  # |d| = 2, 1, 0, 3
    assert found["rse"] == pytest.approx(6 / 14)
    assert found["r2"] == pytest.approx(1 - 6 / 14)


def test_regression_metrics_agree_with_scikit_learn():
    draw = np.random.default_rng(0)
    actual = draw.normal(size=300)
    predicted = actual + draw.normal(size=300)
    found = regression_metrics(actual, predicted)
    assert found["r2"] == pytest.approx(reference.r2_score(actual, predicted))
    assert found["rmse"] == pytest.approx(reference.root_mean_squared_error(actual, predicted))


def test_equal_actual_values_have_no_relative_errors():
    assert set(regression_metrics(np.ones(3), np.zeros(3))) == {"mae", "rmse"}


def test_residuals_are_actual_minus_predicted_and_sampled_the_same_way_every_time():
    actual, predicted = np.arange(3000.0), np.zeros(3000)
    charts = regression_charts(actual, predicted)
    residuals = charts["residuals"]
    assert residuals["sampled"] and len(residuals["residual"]) == 2000
    assert residuals["residual"] == residuals["actual"]
    assert regression_charts(actual, predicted) == charts
    assert sum(charts["residual_histogram"]["counts"]) == 3000
    assert not regression_charts(actual[:5], predicted[:5])["residuals"]["sampled"]
    assert drawn_rows(3, 5).tolist() == [0, 1, 2]


DISTANCES = np.array([[1.0, 3.0, 4.0], [2.0, 2.5, 6.0], [5.0, 1.0, 2.0], [4.0, 6.0, 0.0]])
ASSIGNED = np.array([0, 0, 1, 2])


def test_clustering_metrics_are_those_computed_by_hand():
    found = clustering_metrics(DISTANCES, ASSIGNED)
    assert found["silhouette"] == pytest.approx((2 / 3 + 0.5 / 2.5 + 1 / 2 + 1) / 4)
    assert found["average_distance_to_own_center"] == pytest.approx(1)
    assert found["average_distance_to_other_center"] == pytest.approx((3.5 + 4.25 + 3.5 + 5) / 4)
    assert found["maximum_distance"] == 2
    assert found["clusters"] == 3


def test_the_table_of_clusters_has_sizes_and_distances_and_none_for_empty_clusters():
    table = cluster_table(DISTANCES, np.array([0, 0, 1, 1]))
    assert table["sizes"] == [2, 2, 0]
    assert table["average_distance_to_own_center"] == [1.5, 3.5, None]
    assert table["maximum_distance"] == [2, 6, None]


def test_a_single_cluster_has_no_silhouette():
    found = clustering_metrics(DISTANCES[:, :1], np.zeros(4, int))
    assert "silhouette" not in found and found["average_distance_to_own_center"] == 3


def test_the_map_of_clusters_keeps_rows_on_a_line_on_one_axis():
    line = np.outer(np.arange(5.0), [1.0, 2.0, -3.0])
    found = cluster_map(line, np.zeros(5, int))
    assert np.ptp(found["x"]) > 1 and found["y"] == pytest.approx([0] * 5, abs=1e-9)
    assert found["cluster"] == [0] * 5


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=30))
def test_auc_is_the_share_of_pairs_in_the_right_order(rows):
    actual = np.array([row[0] for row in rows])
    scores = np.array([row[1] / 5 for row in rows])
    assume(actual.any() and not actual.all())
    pairs = [
        (one > other) + (one == other) / 2 for one in scores[actual] for other in scores[~actual]
    ]
    assert area_under_roc(actual, scores) == pytest.approx(np.mean(pairs))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_every_row_is_in_the_confusion_matrix_once(rows):
    actual, predicted = np.array(rows).T
    counts = confusion_counts(actual, predicted, 4)
    assert counts.sum() == len(rows)
    assert counts.sum(axis=1).tolist() == np.bincount(actual, minlength=4).tolist()
    assert all(0 <= value <= 1 for value in multiclass_metrics(counts).values())
