"""Two classes: metrics, and the curves over all thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from modules_library.learning.learner import FloatArray
from modules_library.learning.metrics.thinning import thinned

MOST_POINTS = 1001
"""Points of a curve at most; the area is computed from all of them."""

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class BinaryOutcome:
    """What happened and what was said of every row.

    Attributes:
        actual: Whether the row is positive, shape (n_rows,).
        predicted: Whether it was scored positive.
        probability: Probability of the positive class.
    """

    actual: BoolArray
    predicted: BoolArray
    probability: FloatArray


NAMES = (
    *("accuracy", "precision", "recall", "f1", "auc", "log_loss"),
    *("true_positives", "false_positives", "true_negatives", "false_negatives"),
)
"""What `binary_metrics` gives, in order."""

ABSENT_AT_TIMES = ("auc",)
"""What it leaves out when the rows are all of one class."""


def binary_metrics(outcome: BinaryOutcome) -> dict[str, float]:
    """Accuracy, precision, recall, F1, AUC, log loss and the four counts.

    With `tp, fp, tn, fn` as counts: accuracy `(tp + tn) / n`, precision `tp / (tp + fp)`, recall
    `tp / (tp + fn)`, F1 `2tp / (2tp + fp + fn)`; a share of nothing is 0. AUC, the area under the
    ROC curve, is absent when the rows are all of one class. Log loss is the mean of `-ln p(actual
    class)`, with probabilities kept away from 0 by the smallest step of a float.

    Source: T. Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006).
    """
    actual, predicted = outcome.actual, outcome.predicted
    tp, fp = int(np.sum(actual & predicted)), int(np.sum(~actual & predicted))
    tn, fn = int(np.sum(~actual & ~predicted)), int(np.sum(actual & ~predicted))
    metrics: dict[str, float] = {
        "accuracy": (tp + tn) / len(actual),
        "precision": _share(tp, tp + fp),
        "recall": _share(tp, tp + fn),
        "f1": _share(2 * tp, 2 * tp + fp + fn),
    }
    if actual.any() and not actual.all():
        metrics["auc"] = area_under_roc(actual, outcome.probability)
    metrics["log_loss"] = _log_loss(actual, outcome.probability)
    counts = {
        "true_positives": tp,
        "false_positives": fp,
        "true_negatives": tn,
        "false_negatives": fn,
    }
    return metrics | counts


def binary_charts(outcome: BinaryOutcome) -> dict[str, Any]:
    """ROC, precision-recall, lift, and the counts at 101 thresholds."""
    charts: dict[str, Any] = {"threshold_table": threshold_table(outcome)}
    positives = int(outcome.actual.sum())
    if not 0 < positives < len(outcome.actual):
        return charts
    thresholds, tp, fp = _cumulative(outcome.actual, outcome.probability)
    negatives = len(outcome.actual) - positives
    charts["roc"] = {
        "x": thinned(np.r_[0.0, fp / negatives], MOST_POINTS),
        "y": thinned(np.r_[0.0, tp / positives], MOST_POINTS),
        "thresholds": thinned(np.r_[max(1.0, thresholds[0]), thresholds], MOST_POINTS),
    }
    charts["precision_recall"] = {
        "x": thinned(tp / positives, MOST_POINTS),
        "y": thinned(tp / (tp + fp), MOST_POINTS),
        "thresholds": thinned(thresholds, MOST_POINTS),
    }
    share = (tp + fp) / len(outcome.actual)
    charts["lift"] = {
        "x": thinned(share, MOST_POINTS),
        "y": thinned(tp / positives / share, MOST_POINTS),
    }
    return charts


def threshold_table(outcome: BinaryOutcome) -> dict[str, list[float]]:
    """Counts when rows are scored positive at 0, 0.01, … 1 and above."""
    thresholds = np.arange(101) / 100
    positive = np.sort(outcome.probability[outcome.actual])
    negative = np.sort(outcome.probability[~outcome.actual])
    fn, tn = np.searchsorted(positive, thresholds), np.searchsorted(negative, thresholds)
    return {
        "thresholds": thresholds.tolist(),
        "tp": (len(positive) - fn).tolist(),
        "fp": (len(negative) - tn).tolist(),
        "tn": tn.tolist(),
        "fn": fn.tolist(),
    }


def area_under_roc(actual: BoolArray, probability: FloatArray) -> float:
    """The chance that a positive row has a greater probability than a negative one.

    Equal probabilities count half: the Mann-Whitney statistic over mean ranks.

    Source: J. A. Hanley, B. J. McNeil, "The meaning and use of the area under a ROC curve",
    Radiology 143 (1982).
    """
    _, inverse, counts = np.unique(probability, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[inverse]
    positives = int(actual.sum())
    negatives = len(actual) - positives
    above = float(ranks[actual].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


def _cumulative(
    actual: BoolArray, probability: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Distinct probabilities, greatest first, with true and false positives at and above each."""
    order = np.argsort(-probability, kind="stable")
    ordered, hits = probability[order], actual[order]
    ends = np.r_[np.flatnonzero(np.diff(ordered)), len(ordered) - 1]
    tp = np.cumsum(hits)[ends].astype(np.float64)
    return ordered[ends], tp, ends + 1 - tp


def _log_loss(actual: BoolArray, probability: FloatArray) -> float:
    chosen = np.where(actual, probability, 1 - probability)
    return float(-np.mean(np.log(np.clip(chosen, np.finfo(np.float64).eps, 1.0))))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
