"""What a model's predictions rest on: permutation importance, for every kind of learner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from modules_library.learning.learner import FloatArray
from modules_library.learning.trained_model import TrainedModel
from modules_library.learning.training import drop_unlabelled
from modules_library.sdk import Table

MOST_ROWS = 2000
REPEATS = 5


def explain(model: TrainedModel, table: Table, *, threads: int = 1) -> TrainedModel:
    """Add to a model how much worse it predicts when one column's values are shuffled.

    The loss is the log loss for classes and the root mean squared error for numbers, on at most
    2,000 rows drawn with the model's seed; every column is shuffled five times. A column of
    categories is shuffled as a whole.

    Args:
        model: A classifier or regression.
        table: The table it learnt from, or another with a label.
        threads: Thread budget.

    Source:
        L. Breiman, "Random Forests", Machine Learning 45 (2001), section 10.
    """
    assert model.label is not None
    labelled, _ = drop_unlabelled(table, model.label.column)
    generator = np.random.default_rng(abs(model.seed))
    rows = np.sort(generator.permutation(labelled.height)[:MOST_ROWS])
    frame = labelled.frame[rows.tolist()]
    x, y = model.encoding.encode(frame), model.label.encode(frame[model.label.column])
    base = _loss(model, x, y, threads)
    sources = np.array(model.encoding.sources)
    found = []
    for column in dict.fromkeys(model.encoding.sources):
        losses = []
        for _ in range(REPEATS):
            shuffled = x.copy()
            shuffled[:, sources == column] = x[generator.permutation(len(x))][:, sources == column]
            losses.append(_loss(model, shuffled, y, threads) - base)
        found.append(
            {"feature": column, "value": float(np.mean(losses)), "std": float(np.std(losses))}
        )
    found.sort(key=lambda entry: -float(str(entry["value"])))
    loss = "rmse" if model.learner.task == "regression" else "log_loss"
    explanation = {"method": "permutation", "loss": loss, "base": base, "features": found}
    return replace(model, notes={**model.notes, "explanation": explanation})


def _loss(model: TrainedModel, x: FloatArray, y: FloatArray, threads: int) -> float:
    predicted = model.predict_encoded(x, threads=threads)
    if model.learner.task == "regression":
        return float(np.sqrt(np.mean((predicted[:, 0] - y) ** 2)))
    chosen = predicted[np.arange(len(y)), y.astype(np.int64)]
    return float(-np.mean(np.log(np.maximum(chosen, np.finfo(np.float64).eps))))
