"""More than two classes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from modules_library.learning.learner import FloatArray

IntArray = npt.NDArray[np.int64]


def confusion_counts(actual: IntArray, predicted: IntArray, class_count: int) -> IntArray:
    """Counts by class: rows are what is true, columns what was predicted.

    >>> confusion_counts(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    flat = np.bincount(actual * class_count + predicted, minlength=class_count**2)
    return flat.reshape(class_count, class_count)


NAMES = (
    *("accuracy", "average_accuracy", "macro_precision", "macro_recall", "macro_f1", "weighted_f1"),
    "log_loss",
)
"""What an evaluation of many classes gives, in order."""

ABSENT_AT_TIMES = ("log_loss",)
"""What it leaves out when no probability is that of a class that occurs."""


def multiclass_metrics(counts: IntArray) -> dict[str, float]:
    """Accuracy and the averages over classes of precision, recall and F1.

    A class that is neither true nor predicted anywhere is left out of the macro averages; a share
    of nothing is 0 (precision of a class that was never predicted). Weighted F1 weighs classes by
    their true rows. Average accuracy is the mean over classes of the accuracy of "this class or
    not".

    Source: M. Sokolova, G. Lapalme, "A systematic analysis of performance measures for
    classification tasks", Information Processing & Management 45 (2009), table 3.
    """
    hits = np.diag(counts).astype(np.float64)
    actual, predicted = counts.sum(axis=1), counts.sum(axis=0)
    total = int(counts.sum())
    present = (actual + predicted) > 0
    precision, recall = _shares(hits, predicted), _shares(hits, actual)
    f1 = _shares(2 * hits, actual + predicted)
    wrong = actual + predicted - 2 * hits
    return {
        "accuracy": float(hits.sum()) / total,
        "average_accuracy": float(np.mean(1 - wrong[present] / total)),
        "macro_precision": float(precision[present].mean()),
        "macro_recall": float(recall[present].mean()),
        "macro_f1": float(f1[present].mean()),
        "weighted_f1": float(np.sum(f1 * actual) / total),
    }


def multiclass_log_loss(actual: IntArray, probabilities: FloatArray) -> float:
    """Mean of `-ln p(actual class)`; probabilities are kept away from 0."""
    chosen = probabilities[np.arange(len(actual)), actual]
    return float(-np.mean(np.log(np.clip(chosen, np.finfo(np.float64).eps, 1.0))))


def _shares(part: npt.NDArray[np.float64], whole: IntArray) -> FloatArray:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
