"""Partition and Sample."""

from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import polars as pl

from modules_library.sdk import (
    Column,
    Foreseen,
    FromPort,
    Range,
    Seed,
    ShownWhen,
    Summary,
    Table,
    TableSchema,
    Title,
    module,
    require_column,
)
from modules_library.tables import (
    assign_folds,
    draw_rows,
    draw_rows_by_stratum,
    fold_of_rows,
    rounded,
    with_folds,
    without_folds,
)
from runtime.errors import DataError

Mode = Literal["Head", "Sampling", "Assign to Folds", "Pick Fold"]


class PartitionAndSample(NamedTuple):
    """What Partition and Sample gives.

    Attributes:
        results_dataset: The chosen rows, or all rows with their folds.
    """

    results_dataset: Table


def _schema(dataset: Table, known: dict[str, TableSchema], **arguments: Any) -> Foreseen:
    """Which folds there are, and so how many rows one has, only the data tell."""
    mode, rows = arguments["partition_or_sample_mode"], known["dataset"].rows
    if mode == "Pick Fold":
        _require_folds(dataset)
        return Foreseen(without_folds(dataset))
    table = partition_and_sample(dataset, **arguments).results_dataset
    if rows is None:
        return Foreseen(table)
    if mode == "Head":
        return Foreseen(table, rows=min(rows, arguments["number_of_rows"]))
    return Foreseen(
        table, rows=rounded(rows * arguments["rate_of_sampling"]) if mode == "Sampling" else rows
    )


@module(
    version="1.0.0",
    title="Partition and Sample",
    icon="pie_chart",
    schema=_schema,
    tags=("fold", "head", "sample", "cross validation", "stratified"),
)
def partition_and_sample(
    dataset: Table,
    *,
    partition_or_sample_mode: Annotated[Mode, Title("Mode"), Summary()] = "Sampling",
    number_of_rows: Annotated[
        int, Range(0), Title("Number of rows"), ShownWhen("partition_or_sample_mode", "Head")
    ] = 10,
    rate_of_sampling: Annotated[
        float,
        Range(0, 1),
        Title("Rate of sampling"),
        ShownWhen("partition_or_sample_mode", "Sampling"),
    ] = 0.01,
    partitioner_method: Annotated[
        Literal["Partition evenly", "Partition with customized proportions"],
        Title("Partitioner method"),
        ShownWhen("partition_or_sample_mode", "Assign to Folds"),
    ] = "Partition evenly",
    number_of_folds: Annotated[
        int,
        Range(1),
        Title("Number of folds"),
        ShownWhen("partition_or_sample_mode", "Assign to Folds"),
        ShownWhen("partitioner_method", "Partition evenly"),
    ] = 5,
    proportions: Annotated[
        list[float],
        Title("Proportions of the folds"),
        ShownWhen("partition_or_sample_mode", "Assign to Folds"),
        ShownWhen("partitioner_method", "Partition with customized proportions"),
    ] = [],  # noqa: B006
    randomized_split: Annotated[
        bool, Title("Randomized split"), ShownWhen("partition_or_sample_mode", "Assign to Folds")
    ] = True,
    use_replacement: Annotated[
        bool,
        Title("Use replacement in the partitioning"),
        ShownWhen("partition_or_sample_mode", "Assign to Folds"),
    ] = False,
    seed: Annotated[
        Seed,
        Title("Random seed"),
        ShownWhen("partition_or_sample_mode", "Sampling", "Assign to Folds"),
    ] = 0,
    stratify_by: Annotated[
        Column | None,
        FromPort("dataset"),
        Title("Stratify by"),
        ShownWhen("partition_or_sample_mode", "Sampling", "Assign to Folds"),
    ] = None,
    fold_index: Annotated[
        int,
        Range(1),
        Title("Fold to pick, counted from 1"),
        ShownWhen("partition_or_sample_mode", "Pick Fold"),
    ] = 1,
    pick_complement: Annotated[
        bool,
        Title("Pick all other folds instead"),
        ShownWhen("partition_or_sample_mode", "Pick Fold"),
    ] = False,
) -> PartitionAndSample:
    """Take some rows of a table, or divide its rows into folds.

    * **Head**: the first rows.
    * **Sampling**: a random share of the rows, in their order; `n × rate` rows, halves rounded up.
    * **Assign to Folds**: every row gets a fold, a number from 1. Even folds differ by one row at
      the most. Proportions that sum to less than 1 leave the rest to one more fold. Without
      randomness the first rows form fold 1 and so on. With replacement, each fold is drawn anew
      from all rows (from its stratum's rows), so a row may come several times and another not at
      all.
    * **Pick Fold**: the rows of one fold, or of all others, without the folds.

    Folds travel as the column `Fold Number`, whose role keeps learners away from it; Cross Validate
    Model uses them instead of drawing its own.

    Args:
        dataset: The table; for Pick Fold with folds.
        partition_or_sample_mode: What to do.
        number_of_rows: How many rows Head takes.
        rate_of_sampling: Share of the rows that Sampling draws.
        partitioner_method: Whether folds are of one size or of given proportions.
        number_of_folds: How many even folds.
        proportions: Share of the rows for each fold, their sum at most 1.
        randomized_split: Draw the rows of each fold at random.
        use_replacement: Put a drawn row back before drawing the next.
        seed: Seed of the drawing; 0 is a seed like any other.
        stratify_by: Column whose values keep their proportions in the sample or in every fold.
        fold_index: Which fold to pick.
        pick_complement: Pick all rows that are not in the fold.

    Returns:
        The chosen rows, or all rows with their folds.

    Raises:
        DataError: D001 when the stratification column does not exist, D008 when proportions are
            unusable or the fold does not exist.
    """
    if stratify_by is not None:
        require_column(dataset, stratify_by)
    match partition_or_sample_mode:
        case "Head":
            result = dataset.with_frame(dataset.frame.head(number_of_rows))
        case "Sampling":
            result = _sample(dataset, rate_of_sampling, seed, stratify_by)
        case "Assign to Folds":
            is_even = partitioner_method == "Partition evenly"
            parts = _even(number_of_folds) if is_even else _usable(proportions)
            rows, folds = assign_folds(
                _strata(dataset, stratify_by),
                parts,
                seed=seed,
                is_randomized=randomized_split,
                has_replacement=use_replacement,
            )
            chosen = Table(dataset.frame[rows], dataset.roles)
            result = with_folds(chosen, pl.Series(folds))
        case "Pick Fold":
            result = _pick(dataset, fold_index, pick_complement)
    return PartitionAndSample(results_dataset=result)


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"row": [1, 2, 3, 4, 5, 6]})
    return {
        "inputs": {"dataset": frame},
        "parameters": {"partition_or_sample_mode": "Assign to Folds", "number_of_folds": 3},
    }


def _strata(table: Table, stratify_by: Column | None) -> pl.Series:
    if stratify_by is not None:
        return table.frame[stratify_by]
    return pl.repeat(0, table.height, dtype=pl.Int8, eager=True)


def _sample(table: Table, rate: float, seed: Seed, stratify_by: Column | None) -> Table:
    if stratify_by is None:
        rows = draw_rows(table.height, rate, seed)
    else:
        rows = draw_rows_by_stratum(table.frame[stratify_by], rate, seed)
    return table.with_frame(table.frame[rows])


def _even(count: int) -> list[float]:
    return [1 / count] * count


def _usable(proportions: list[float]) -> list[float]:
    """The proportions, with one more for the rest when they leave any."""
    total = sum(proportions)
    if not proportions or min(proportions) <= 0 or total > 1 + 1e-9:
        raise DataError(
            "D008",
            f"The proportions {proportions} are not usable: their sum is {total:g}.",
            remedy="Give positive proportions whose sum is at most 1.",
            parameter="proportions",
        )
    return [*proportions, 1 - total] if total < 1 - 1e-9 else proportions


def _require_folds(table: Table) -> pl.Series:
    folds = fold_of_rows(table)
    if folds is None:
        raise DataError(
            "D008",
            "'dataset' carries no folds.",
            remedy="Put a 'Partition and Sample' with the mode 'Assign to Folds' before.",
            parameter="partition_or_sample_mode",
        )
    return folds


def _pick(table: Table, index: int, complement: bool) -> Table:
    folds = _require_folds(table)
    known = np.unique(folds.to_numpy())
    if index not in known:
        raise DataError(
            "D008",
            f"Fold {index} does not exist; 'dataset' has the folds {known.tolist()}.",
            remedy="Choose one of these folds.",
        )
    mask = folds != index if complement else folds == index
    return without_folds(Table(table.frame.filter(mask), table.roles))
