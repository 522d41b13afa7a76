"""Cross-validation: every row is predicted by a model that has not seen it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from modules_library.learning.catalogue import find_learner
from modules_library.learning.evaluation import evaluate
from modules_library.learning.labels import find_label
from modules_library.learning.scoring import SCORED_PROBABILITIES, score
from modules_library.learning.training import drop_unlabelled, train
from modules_library.sdk import StepContext, Table, UntrainedModel, require_rows
from modules_library.tables import fold_of_rows, with_folds
from runtime.errors import DataError

if TYPE_CHECKING:
    import polars as pl

FOLDS = 10
FOLD = "Fold Number"
EXAMPLES = "Number of examples in fold"
MODEL = "Model"
MEAN = "Mean"
DEVIATION = "Standard Deviation"

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CrossValidation:
    """All rows with the predictions made of them, and how good they are by fold."""

    scored: Table
    by_fold: pl.DataFrame
    metrics: dict[str, tuple[float, float]]


def cross_validate(
    untrained: UntrainedModel,
    table: Table,
    *,
    label_column: str | None,
    seed: int | None,
    context: StepContext,
) -> CrossValidation:
    """Train once per fold on all other folds and score the fold.

    The folds are those that the table carries from 'Partition and Sample', else ten, drawn with
    the seed; for classes each fold has the classes in the proportions of the table.

    Raises:
        DataError: as `train`, `score` and `evaluate`; D002 with fewer rows than folds, D008 with
            one fold only, D010 for clusterings.
    """
    name = find_label(table, label_column)
    labelled, without = drop_unlabelled(table, name)
    if without:
        context.warn(f"{without} rows without a value in {name!r} were left out.")
    labelled = labelled.with_roles(labelled.roles.changed([name], kind="label"))
    task = find_learner(untrained.learner).task
    given = fold_of_rows(labelled)
    folds = _folds(labelled, name, task, seed) if given is None else given.to_numpy()
    numbers = np.unique(folds).tolist()
    _require_several(numbers)
    parts, results = [], []
    for position, number in enumerate(numbers):
        context.progress(position / len(numbers), f"Fold {position + 1} of {len(numbers)}")
        inside = folds == number
        scored = _score_fold(untrained, labelled, name, inside, context)
        parts.append(scored)
        results.append((str(number), int(inside.sum()), evaluate(scored).metrics))
    order = np.argsort(np.concatenate([np.flatnonzero(folds == number) for number in numbers]))
    title = find_learner(untrained.learner).title
    metrics = _summary([metrics for _, _, metrics in results])
    return CrossValidation(
        scored=_joined(parts, order, folds),
        by_fold=_by_fold(results, title, metrics, len(folds)),
        metrics=metrics,
    )


def stratified_folds(classes: IntArray, count: int, seed: int) -> IntArray:
    """A fold from 1 for every row: rows of a class, shuffled, are dealt out one after the other.

    Dealing goes on where the class before stopped, so folds differ by one row at most, as a whole
    and within every class.

    >>> stratified_folds(np.array([0, 0, 1, 1]), 2, 0).tolist() in ([1, 2, 1, 2], [2, 1, 1, 2],
    ...     [1, 2, 2, 1], [2, 1, 2, 1])
    True
    """
    shuffled = np.random.default_rng(seed % 2**64).permutation(len(classes))
    dealt = shuffled[np.argsort(classes[shuffled], kind="stable")]
    folds = np.empty(len(classes), dtype=np.int64)
    folds[dealt] = np.arange(len(classes)) % count + 1
    return folds


def _folds(table: Table, label: str, task: str, seed: int | None) -> IntArray:
    import polars as pl

    require_rows(table, minimum=FOLDS)
    drawn = seed if seed is not None else int(np.random.SeedSequence().generate_state(1)[0])
    if task == "regression":
        return stratified_folds(np.zeros(table.height, dtype=np.int64), FOLDS, drawn)
    ranks = table.frame[label].cast(pl.String).rank("dense").cast(pl.Int64)
    return stratified_folds(ranks.to_numpy(), FOLDS, drawn)


def _score_fold(
    untrained: UntrainedModel, table: Table, label: str, inside: Any, context: StepContext
) -> Table:
    training = Table(table.frame.filter(~inside), table.roles)
    model = train(untrained, training, label_column=label, context=context)
    return score(model, Table(table.frame.filter(inside), table.roles), threads=context.threads)


def _joined(parts: list[Table], order: IntArray, folds: IntArray) -> Table:
    """All scored rows in the order of the table; a class that a fold did not know has share 0."""
    import polars as pl

    frame = pl.concat([part.frame for part in parts], how="diagonal_relaxed")
    shares = [name for name in frame.columns if name.startswith(f"{SCORED_PROBABILITIES}_")]
    frame = frame.with_columns(pl.col(shares).fill_null(0.0))[order.tolist()]
    roles = parts[0].roles
    for part in parts[1:]:
        for name, role in part.roles.items():
            roles = roles.with_role(name, role)
    return with_folds(Table(frame, roles), pl.Series(folds))


def _summary(results: list[dict[str, float]]) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation (of a sample) of every metric over the folds that have it."""
    names = dict.fromkeys(name for metrics in results for name in metrics)
    found = {name: [m[name] for m in results if name in m] for name in names}
    return {
        name: (float(np.mean(v)), float(np.std(v, ddof=1)) if len(v) > 1 else 0.0)
        for name, v in found.items()
    }


def _by_fold(
    results: list[tuple[str, int, dict[str, float]]],
    title: str,
    summary: dict[str, tuple[float, float]],
    total: int,
) -> pl.DataFrame:
    import polars as pl

    rows = [(fold, size, metrics) for fold, size, metrics in results]
    rows.append((MEAN, total, {name: mean for name, (mean, _) in summary.items()}))
    rows.append((DEVIATION, total, {name: deviation for name, (_, deviation) in summary.items()}))
    return pl.DataFrame(
        {
            FOLD: [fold for fold, _, _ in rows],
            EXAMPLES: [size for _, size, _ in rows],
            MODEL: [title] * len(rows),
            **{
                name: pl.Series([metrics.get(name) for _, _, metrics in rows], dtype=pl.Float64)
                for name in summary
            },
        }
    )


def _require_several(numbers: list[int]) -> None:
    if len(numbers) < 2:
        raise DataError(
            "D008",
            "The table carries one fold only, so nothing is left to learn from.",
            remedy="Assign at least two folds in 'Partition and Sample'.",
        )
