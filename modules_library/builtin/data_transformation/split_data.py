"""Split Data."""

import re
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
    draw_rows,
    draw_rows_by_stratum,
    first_rows_by_stratum,
    parse_relative_expression,
    rounded,
)
from runtime.errors import DataError


class SplitData(NamedTuple):
    """The two parts.

    Attributes:
        results_dataset1: The chosen rows: the share, or those that meet the expression.
        results_dataset2: All other rows.
    """

    results_dataset1: Table
    results_dataset2: Table


def _schema(dataset: Table, known: dict[str, TableSchema], **arguments: Any) -> dict[str, Foreseen]:
    """By a share the number of rows is known; by an expression only the data tell."""
    first, second = split_data(dataset, **arguments)
    rows = known["dataset"].rows
    if rows is None or arguments["splitting_mode"] != "Split Rows":
        return {"results_dataset1": Foreseen(first), "results_dataset2": Foreseen(second)}
    share = rounded(rows * arguments["fraction"])
    return {
        "results_dataset1": Foreseen(first, rows=share),
        "results_dataset2": Foreseen(second, rows=rows - share),
    }


@module(
    version="1.0.0",
    title="Split Data",
    icon="call_split",
    schema=_schema,
    tags=("partition", "train", "test", "filter", "sample", "stratified"),
)
def split_data(
    dataset: Table,
    *,
    splitting_mode: Annotated[
        Literal["Split Rows", "Regular Expression", "Relative Expression"],
        Title("Splitting mode"),
    ] = "Split Rows",
    fraction: Annotated[
        float,
        Range(0, 1),
        Title("Fraction of rows in the first output"),
        ShownWhen("splitting_mode", "Split Rows"),
        Summary(),
    ] = 0.5,
    randomized_split: Annotated[
        bool, Title("Randomized split"), ShownWhen("splitting_mode", "Split Rows")
    ] = True,
    seed: Annotated[
        Seed,
        Title("Random seed"),
        ShownWhen("splitting_mode", "Split Rows"),
        ShownWhen("randomized_split", True),
    ] = 0,
    stratify_by: Annotated[
        Column | None,
        FromPort("dataset"),
        Title("Stratify by"),
        ShownWhen("splitting_mode", "Split Rows"),
    ] = None,
    regular_expression: Annotated[
        str, Title("Regular expression"), ShownWhen("splitting_mode", "Regular Expression")
    ] = "",
    relative_expression: Annotated[
        str, Title("Relative expression"), ShownWhen("splitting_mode", "Relative Expression")
    ] = "",
) -> SplitData:
    r"""Divide the rows of a table into two parts; each part keeps the rows in their order.

    * **Split Rows**: a share of the rows, drawn at random or taken from the top.
    * **Regular Expression**: rows where a column's text contains a match, `\"City" ^New`.
    * **Relative Expression**: rows where one column meets conditions, `\"Year" > 2010`,
      `\"Price" >= 10 & < 20`, `(\0)<=30 & !=20` (columns by position count from 0). `&` binds
      before `|`.

    A row whose value is missing meets no expression and goes to the second part.

    Args:
        dataset: The table to divide.
        splitting_mode: How rows are chosen.
        fraction: Share of the rows in the first output; `n × fraction` rows, halves rounded up.
        randomized_split: Draw the rows at random; otherwise the first rows are taken.
        seed: Seed of the drawing; 0 is a seed like any other.
        stratify_by: Column whose values keep their proportions in both parts; missing values form
            a group of their own. What rounding leaves over goes by largest remainder.
        regular_expression: `\"column" pattern`, with the pattern in Python's syntax, searched
            anywhere in the text. Other types are matched as their text.
        relative_expression: `\"column" operator value`, joined by `&` and `|`.

    Returns:
        Both parts, with the column roles of the table.

    Raises:
        DataError: D001 when a column does not exist, D009 when an expression cannot be read.
    """
    frame = dataset.frame
    if splitting_mode == "Split Rows":
        first = _share_mask(
            frame,
            fraction=fraction,
            randomized=randomized_split,
            seed=seed,
            stratify_by=stratify_by,
        )
    elif splitting_mode == "Regular Expression":
        first = _regular_mask(frame, regular_expression)
    else:
        first = parse_relative_expression(relative_expression).mask(frame)
    return SplitData(
        results_dataset1=dataset.with_frame(frame.filter(first)),
        results_dataset2=dataset.with_frame(frame.filter(~first)),
    )


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"year": [2008, 2009, 2010, 2011], "sales": [1.5, 2.0, 2.5, 3.0]})
    return {"inputs": {"dataset": frame}, "parameters": {"fraction": 0.75, "seed": 1}}


def _share_mask(
    frame: pl.DataFrame,
    *,
    fraction: float,
    randomized: bool,
    seed: Seed,
    stratify_by: Column | None,
) -> pl.Series:
    if stratify_by is not None:
        require_column(frame, stratify_by)
    if randomized and stratify_by is not None:
        rows = draw_rows_by_stratum(frame[stratify_by], fraction, seed)
    elif randomized:
        rows = draw_rows(frame.height, fraction, seed)
    elif stratify_by is not None:
        rows = first_rows_by_stratum(frame[stratify_by], fraction)
    else:
        rows = np.arange(rounded(frame.height * fraction))
    mask = np.zeros(frame.height, dtype=np.bool_)
    mask[rows] = True
    return pl.Series(mask)


_REGULAR = re.compile(r'\s*\\"((?:[^"]|"")+)"\s*(.+)', re.DOTALL)


def _regular_mask(frame: pl.DataFrame, expression: str) -> pl.Series:
    parts = _REGULAR.fullmatch(expression)
    if parts is None:
        raise DataError(
            "D009",
            f"The regular expression {expression!r} does not begin with a column.",
            remedy='Write it like \\"City" ^New.',
            parameter="regular_expression",
        )
    name = parts.group(1).replace('""', '"')
    require_column(frame, name)
    pattern = _compiled(parts.group(2))
    texts = frame[name].cast(pl.String)
    found = [text is not None and pattern.search(text) is not None for text in texts]
    return pl.Series(found, dtype=pl.Boolean)


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as exc:
        raise DataError(
            "D009",
            f"The pattern {pattern!r} is not a regular expression: {exc}.",
            remedy="Correct the pattern.",
            position=exc.pos,
            parameter="regular_expression",
        ) from exc
