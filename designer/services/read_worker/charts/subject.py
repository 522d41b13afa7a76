"""The columns of a chart over the rows that are looked at, and what they are good for."""

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from designer.services.read_worker.arranging import View
from designer.services.read_worker.cells import as_json
from designer.services.read_worker.profiles import Runs, sampled
from designer.services.read_worker.stored_table import describe_column, is_text, type_name
from runtime.errors import DataError

MOST_GROUPS = 8
MOST_WHOLE_NUMBERS = 12


_MANY_TEXTS = 50_000
"""Beyond so many different texts, hashes are counted rather than texts."""


class Subject:
    """The rows of a view, column by column.

    Args:
        view: The rows looked at.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.rows = view.total

    def column(self, name: str) -> pl.Series:
        """A column over the rows looked at. Raises DataError D001 for one that is not there."""
        self.view.table.check(name)
        if self.view.order is None:
            return self.view.table.column(name)
        return self.view.table.take(self.view.order, [name]).get_column(name)

    def sample(self, name: str, rows: int) -> pl.Series:
        """Evenly spread pieces of a column, all of it where it is not longer."""
        order = self.view.order
        if order is None or len(order) <= rows:
            return sampled(self.column(name), rows)
        self.view.table.check(name)
        chosen = sampled(pl.Series(order), rows).to_numpy()
        return self.view.table.take(chosen, [name]).get_column(name)

    def number(self, name: str) -> pl.Series:
        """A column of numbers or moments. Raises DataError D004 for another."""
        column = self.column(name)
        if not (column.dtype.is_numeric() or column.dtype.is_temporal()):
            raise unsuitable(name, column.dtype, "a number or a moment")
        return column

    def described(self, name: str) -> dict[str, Any]:
        """Name and type of a column, for the axis."""
        return describe_column(self.view.table, name)


class Groups(NamedTuple):
    """The groups of rows by the values of a column.

    Attributes:
        codes: The group of each row; none for a missing value.
        names: What the groups are called, the most frequent first; the last may be all others.
    """

    codes: pl.Series
    names: tuple[Any, ...]


def groups_of(column: pl.Series, most: int = MOST_GROUPS) -> Groups:
    """The rows by the values of a column: its most frequent ones, and all others together.

    Raises:
        DataError: D004 for a column without categories.
    """
    if not is_groupable(column):
        raise unsuitable(column.name, column.dtype, "texts, truths or few whole numbers")
    values = column.cast(pl.String) if is_text(column.dtype) else column
    found = frequent_values(values, most)
    kept = found.values
    if found.distinct > kept.len():
        kept = kept.head(most - 1)
    names: list[Any] = [as_json(value, longest=200) for value in kept]
    others = found.distinct - kept.len()
    return Groups(
        places_of(values, kept), tuple([*names, {"$others": others}] if others else names)
    )


def places_of(values: pl.Series, kept: pl.Series) -> pl.Series:
    """For each value its place among the kept ones, or the one behind them; none where missing."""
    places = values.replace_strict(
        kept, pl.int_range(kept.len(), eager=True), default=kept.len(), return_dtype=pl.UInt32
    )
    present = pl.when(values.is_not_null()).then(pl.col("place"))
    return places.alias("place").to_frame().select(present).to_series()


class Frequent(NamedTuple):
    """The most frequent values, and how many different ones there are."""

    values: pl.Series
    distinct: int


def frequent_values(values: pl.Series, most: int) -> Frequent:
    """The values that occur most often, then the smaller ones; none where nearly all differ."""
    present = values.drop_nulls()
    if present.dtype != pl.String:
        runs = Runs(np.sort(present.to_numpy()))
        kept = [value for value, _ in runs.most_frequent(most)]
        return Frequent(pl.Series(kept, dtype=values.dtype), runs.distinct)
    approximately = present.alias("text").to_frame().select(pl.col("text").approx_n_unique()).item()
    if int(approximately) <= _MANY_TEXTS:
        counted = present.alias("text").value_counts(name="rows")
        ordered = counted.sort(["rows", "text"], descending=[True, False])
        return Frequent(ordered.head(most).get_column("text"), ordered.height)
    hashes = present.hash().to_numpy()
    runs = Runs(np.sort(hashes))
    found = [
        (-rows, str(present[int((hashes == value).argmax())]))
        for value, rows in runs.most_frequent(most)
    ]
    return Frequent(pl.Series([text for _, text in sorted(found)], dtype=pl.String), runs.distinct)


def is_groupable(column: pl.Series) -> bool:
    """Whether rows can be put into groups by the values of a column."""
    if is_text(column.dtype) or column.dtype == pl.Boolean:
        return True
    looked_at = sampled(column, 100_000)
    return column.dtype.is_integer() and looked_at.n_unique() <= MOST_WHOLE_NUMBERS


def unsuitable(name: str, dtype: pl.DataType, wanted: str) -> DataError:
    """The error for a column of the wrong type."""
    return DataError(
        "D004",
        f"Column '{name}' holds {type_name(dtype)}, where {wanted} is needed.",
        remedy="Choose another column for this chart.",
    )


def as_numbers(column: pl.Series) -> pl.Series:
    """Numbers, or moments as whole numbers in their own unit, as floating-point numbers."""
    whole = column.to_physical() if column.dtype.is_temporal() else column
    return whole.cast(pl.Float64, strict=False)


def axis_value(column: pl.Series, value: float) -> Any:
    """A place on an axis as JSON: a number, or the moment that it stands for."""
    if not column.dtype.is_temporal():
        return as_json(float(value))
    return as_json(pl.Series([round(value)], dtype=pl.Int64).cast(column.dtype).item())
