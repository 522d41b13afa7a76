"""Evaluate Model: reports, logged metrics, and tables that cannot be judged."""

import json
import math

import polars as pl
import pytest

from modules_library.builtin.model_scoring_evaluation.evaluate_model import evaluate_model
from modules_library.sdk import ColumnRole, Roles, StepContext, Table
from runtime.errors import DataError

LABEL = {"truth": ColumnRole(kind="label")}
FOUR = {
    "truth": ["no", "no", "yes", "yes"],
    "Scored Labels": ["no", "yes", "yes", "yes"],
    "Scored Probabilities": [0.25, 0.5, 0.5, 1.0],
}


def table_of(columns, roles=None):
    return Table(pl.DataFrame(columns), Roles(LABEL if roles is None else roles))


def report_of(first, second=None, context=None):
    result = evaluate_model(first, second, context=context or StepContext())
    document = result.evaluation_results.document
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    return document


def refused(first, second=None):
    with pytest.raises(DataError) as caught:
        report_of(first, second)
    assert caught.value.record.remedy
    return caught.value.record


def test_the_report_of_four_rows_is_the_one_worked_out_by_hand():
    model = report_of(table_of(FOUR))["models"][0]
    charts = model.pop("charts")
    table = charts.pop("threshold_table")
    assert model == {
        "name": "scored_dataset",
        "title": "Scored dataset",
        "rows": 4,
        "metrics": {
            "accuracy": 0.75,
            "precision": pytest.approx(2 / 3),
            "recall": 1.0,
            "f1": pytest.approx(0.8),
            "auc": 0.875,  # (1 + 1 + 1 + ½) of 4 pairs
            "log_loss": pytest.approx(-math.log(0.75 * 0.5 * 0.5) / 4),
            "true_positives": 2,
            "false_positives": 1,
            "true_negatives": 1,
            "false_negatives": 0,
        },
    }
    assert charts == {
        "roc": {
            "x": [0.0, 0.0, 0.5, 1.0],
            "y": [0.0, 0.5, 1.0, 1.0],
            "thresholds": [1.0, 1.0, 0.5, 0.25],
        },
        "precision_recall": {
            "x": [0.5, 1.0, 1.0],
            "y": [1.0, pytest.approx(2 / 3), 0.5],
            "thresholds": [1.0, 0.5, 0.25],
        },
        "lift": {"x": [0.25, 0.75, 1.0], "y": [2.0, pytest.approx(4 / 3), 1.0]},
        "confusion": {"labels": ["no", "yes"], "counts": [[1, 1], [0, 2]]},
    }
    assert len(table["thresholds"]) == 101
    assert [table[name][50] for name in ("tp", "fp", "tn", "fn")] == [2, 1, 1, 0]
    assert [table[name][51] for name in ("tp", "fp", "tn", "fn")] == [1, 0, 2, 1]


def test_metrics_are_logged_under_their_names():
    context = StepContext()
    report_of(table_of(FOUR), context=context)
    assert {"accuracy", "precision", "recall", "f1", "auc", "log_loss"} <= set(context.metrics)
    assert context.metrics["auc"] == 0.875


def test_a_second_table_gets_a_place_in_the_report_and_a_suffix_in_the_metrics():
    better = {
        **FOUR,
        "Scored Labels": FOUR["truth"],
        "Scored Probabilities": [0.0, 0.1, 0.9, 1.0],
    }
    context = StepContext()
    report = report_of(table_of(FOUR), table_of(better), context)
    assert [model["name"] for model in report["models"]] == [
        "scored_dataset",
        "scored_dataset_to_compare",
    ]
    assert (context.metrics["accuracy"], context.metrics["accuracy_compared"]) == (0.75, 1.0)


def test_the_marked_class_is_positive_even_if_it_is_not_the_greater_one():
    roles = {**LABEL, "Scored Probabilities": ColumnRole(kind="score", detail="no")}
    metrics = report_of(table_of(FOUR, roles))["models"][0]["metrics"]
    assert metrics["true_positives"] == 1 and metrics["recall"] == 0.5


def test_rows_of_the_negative_class_only_have_no_true_positive_and_no_auc():
    negative = {
        "truth": ["no", "no"],
        "Scored Labels": ["no", "no"],
        "Scored Probabilities": [0.1, 0.2],
    }
    roles = {**LABEL, "Scored Probabilities": ColumnRole(kind="score", detail="yes")}
    context = StepContext()
    model = report_of(table_of(negative, roles), context=context)["models"][0]
    assert model["metrics"]["true_negatives"] == 2 and model["metrics"]["accuracy"] == 1
    assert "auc" not in model["metrics"] and "roc" not in model["charts"]
    assert "one class" in context.warnings[0]


def test_rows_without_a_label_are_left_out_and_counted():
    gaps = {**FOUR, "truth": ["no", None, "yes", "yes"]}
    context = StepContext()
    model = report_of(table_of(gaps), context=context)["models"][0]
    assert model["rows"] == 3 and model["metrics"]["accuracy"] == 1
    assert context.warnings[0].startswith("1 rows of 'scored_dataset'")


def test_more_classes_have_a_confusion_matrix_with_truth_in_rows():
    columns = {
        "truth": ["a", "b", "c", "c"],
        "Scored Labels": ["a", "c", "c", "c"],
        "Scored Probabilities_a": [0.8, 0.1, 0.1, 0.0],
        "Scored Probabilities_b": [0.1, 0.3, 0.1, 0.5],
        "Scored Probabilities_c": [0.1, 0.6, 0.8, 0.5],
    }
    context = StepContext()
    report = report_of(table_of(columns), context=context)
    model = report["models"][0]
    assert report["task"] == "multiclass"
    assert model["charts"]["confusion"] == {
        "labels": ["a", "b", "c"],
        "counts": [[1, 0, 0], [0, 0, 1], [0, 0, 2]],
    }
    assert context.metrics["accuracy"] == 0.75
    assert context.metrics["macro_f1"] == pytest.approx((1 + 0 + 0.8) / 3)
    assert context.metrics["log_loss"] == pytest.approx(-math.log(0.8 * 0.3 * 0.8 * 0.5) / 4)


def test_a_class_without_a_column_of_probabilities_has_probability_zero():
    columns = {
        "truth": ["a", "z"],
        "Scored Labels": ["a", "b"],
        "Scored Probabilities_a": [1.0, 0.5],
        "Scored Probabilities_b": [0.0, 0.5],
    }
    metrics = report_of(table_of(columns))["models"][0]["metrics"]
    assert metrics["log_loss"] == pytest.approx(-math.log(2.0**-52) / 2)


def test_text_labels_without_probabilities_are_judged_as_classes():
    columns = {"truth": ["a", "b"], "Scored Labels": ["a", "a"]}
    report = report_of(table_of(columns))
    assert report["task"] == "multiclass"
    assert "log_loss" not in report["models"][0]["metrics"]


def test_numbers_are_judged_by_their_errors():
    columns = {"truth": [1.0, 2.0, 3.0, 6.0], "Scored Labels": [2.0, 2.0, 2.0, 4.0]}
    context = StepContext()
    report = report_of(table_of(columns), context=context)
    assert report["task"] == "regression"
    assert set(context.metrics) == {"mae", "rmse", "rae", "rse", "r2"}
    assert context.metrics["r2"] == pytest.approx(1 - 6 / 14)
    residuals = report["models"][0]["charts"]["residuals"]
    assert residuals["residual"] == [-1, 0, 1, 2] and residuals["sampled"] is False


def test_clusters_are_judged_by_distances():
    columns = {
        "x": [0.0, 1.0, 9.0],
        "y": [0.0, 1.0, 9.0],
        "Assignments": [0, 0, 1],
        "DistancesToClusterCenter no.0": [1.0, 1.0, 8.0],
        "DistancesToClusterCenter no.1": [9.0, 8.0, 0.0],
    }
    context = StepContext()
    report = report_of(table_of(columns, {}), context=context)
    assert report["task"] == "clustering"
    assert context.metrics["silhouette"] == pytest.approx((8 / 9 + 7 / 8 + 1) / 3)
    charts = report["models"][0]["charts"]
    assert charts["clusters"]["sizes"] == [2, 1]
    assert charts["cluster_map"]["cluster"] == [0, 0, 1]


def test_a_table_without_predictions_is_sent_to_score_model():
    record = refused(table_of({"truth": ["a"], "Scored labels": ["a"]}))
    assert record.code == "D001"
    assert "'Score Model'" in record.remedy and "'Scored labels'" in record.message


def test_a_table_without_rows_is_refused():
    assert refused(Table(pl.DataFrame(FOUR).clear(), Roles(LABEL))).code == "D002"


def test_a_table_without_a_label_or_with_two_is_refused():
    assert refused(table_of(FOUR, {"Scored Labels": ColumnRole(kind="score")})).code == "D005"
    two = {**LABEL, "other": ColumnRole(kind="label")}
    assert refused(table_of({**FOUR, "other": [1, 2, 3, 4]}, two)).code == "D005"


def test_a_label_without_any_value_is_refused():
    frame = pl.DataFrame(FOUR).with_columns(truth=pl.lit(None, dtype=pl.String))
    assert refused(Table(frame, Roles(LABEL))).code == "D005"


def test_predictions_of_two_kinds_are_not_compared():
    numbers = {"truth": [1.0, 2.0], "Scored Labels": [1.0, 2.0]}
    record = refused(table_of(FOUR), table_of(numbers))
    assert record.code == "D007"
    assert "binary" in record.message and "regression" in record.message


def test_a_third_class_among_two_class_scores_is_refused():
    record = refused(table_of({**FOUR, "truth": ["no", "maybe", "yes", "yes"]}))
    assert record.code == "D010" and "maybe" in record.message


def test_numbers_against_a_text_label_are_refused():
    columns = {"truth": ["a", "b"], "Scored Labels": [1.0, 2.0]}
    assert refused(table_of(columns)).code == "D010"


def test_missing_predictions_are_refused():
    record = refused(table_of({**FOUR, "Scored Labels": ["no", None, "yes", "yes"]}))
    assert record.code == "D012"


def test_assignments_to_clusters_without_distances_are_refused():
    columns = {"Assignments": [0, 3], "DistancesToClusterCenter no.0": [1.0, 2.0]}
    assert refused(table_of(columns, {})).code == "D008"
