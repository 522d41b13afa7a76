"""Join Data."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules_library.sdk import (
    NO_COLUMNS,
    Columns,
    FromPort,
    Required,
    Roles,
    ShownWhen,
    Summary,
    Table,
    Title,
    module,
)
from modules_library.tables import unique_name
from runtime.errors import DataError

JoinType = Literal["Inner Join", "Left Outer Join", "Full Outer Join", "Left Semi-Join"]


class JoinData(NamedTuple):
    """What Join Data gives.

    Attributes:
        results_dataset: The joined table.
    """

    results_dataset: Table


@module(
    version="1.0.0",
    title="Join Data",
    icon="join_inner",
    tags=("merge", "lookup", "combine", "key"),
)
def join_data(
    dataset1: Table,
    dataset2: Table,
    *,
    left_key_columns: Annotated[
        Columns, FromPort("dataset1"), Title("Join key columns of the left table"), Required()
    ] = NO_COLUMNS,
    right_key_columns: Annotated[
        Columns, FromPort("dataset2"), Title("Join key columns of the right table"), Required()
    ] = NO_COLUMNS,
    match_case: Annotated[bool, Title("Match case")] = True,
    join_type: Annotated[
        Literal["Inner Join", "Left Outer Join", "Full Outer Join", "Left Semi-Join"],
        Title("Join type"),
        Summary(),
    ] = "Inner Join",
    keep_right_key_columns: Annotated[
        bool,
        Title("Keep the right table's key columns"),
        ShownWhen("join_type", "Inner Join", "Left Outer Join", "Full Outer Join"),
    ] = True,
) -> JoinData:
    """Combine the rows of two tables whose key columns agree.

    * **Inner Join**: pairs of rows that agree.
    * **Left Outer Join**: these, and the left rows without a partner.
    * **Full Outer Join**: these, and the right rows without a partner, which come last.
    * **Left Semi-Join**: the left rows that have a partner, each once, with left columns only.

    Rows come in the order of the left table, partners in the order of the right one. A missing key
    agrees with nothing. Whole and floating-point keys are compared as numbers. A right column whose
    name the left table has gets a number behind it: `city (1)`.

    Args:
        dataset1: The left table.
        dataset2: The right table.
        left_key_columns: Key columns of the left table, in the order of the right ones.
        right_key_columns: Key columns of the right table, as many as of the left one.
        match_case: Off: keys that differ in upper and lower case only agree.
        join_type: Which rows without a partner stay.
        keep_right_key_columns: Whether the right key columns come into the result. Off, a full
            outer join fills the left key from the right one where the left row is missing.

    Returns:
        The joined table; columns keep the roles of the table they come from.

    Raises:
        DataError: D001 when a key column does not exist, D007 when the numbers or types of the keys
            do not fit together.
    """
    left_keys = left_key_columns.resolve(dataset1, port="dataset1")
    right_keys = right_key_columns.resolve(dataset2, port="dataset2")
    _require_fitting_keys(dataset1.frame, dataset2.frame, left_keys, right_keys)
    right, renamed = _renamed_right(dataset1.frame, dataset2.frame)
    pairs = [
        _aligned(dataset1.frame[one], dataset2.frame[other], match_case=match_case)
        for one, other in zip(left_keys, right_keys, strict=True)
    ]
    rows = _matching_rows([one for one, _ in pairs], [other for _, other in pairs], join_type)
    frame = dataset1.frame.select(pl.all().gather(rows["left"]))
    if join_type != "Left Semi-Join":
        frame = frame.hstack(right.select(pl.all().gather(rows["right"])))
    if join_type != "Left Semi-Join" and not keep_right_key_columns:
        frame = _without_right_keys(frame, left_keys, [renamed[key] for key in right_keys])
    roles = Roles({**dataset2.roles.renamed(renamed), **dataset1.roles}).keep(frame.columns)
    return JoinData(results_dataset=Table(frame, roles))


def example() -> dict[str, Any]:
    """A small run of this module."""
    orders = pl.DataFrame({"customer": [1, 2, 1], "price": [10.0, 20.0, 5.0]})
    customers = pl.DataFrame({"id": [1, 2], "name": ["Ada", "Grace"]})
    return {
        "inputs": {"dataset1": orders, "dataset2": customers},
        "parameters": {"left_key_columns": ["customer"], "right_key_columns": ["id"]},
    }


def _require_fitting_keys(
    left: pl.DataFrame, right: pl.DataFrame, left_keys: Sequence[str], right_keys: Sequence[str]
) -> None:
    if not left_keys or len(left_keys) != len(right_keys):
        raise DataError(
            "D007",
            f"{len(left_keys)} left and {len(right_keys)} right key columns are selected.",
            remedy="Select the same number of key columns on both sides, at least one.",
            parameter="left_key_columns",
        )
    for one, other in zip(left_keys, right_keys, strict=True):
        first, second = left.schema[one], right.schema[other]
        both_numbers = first.is_numeric() and second.is_numeric()
        if first != second and not both_numbers and pl.Null not in (first, second):
            raise DataError(
                "D007",
                f"Key {one!r} of 'dataset1' holds {first}, but key {other!r} of 'dataset2' holds "
                f"{second}.",
                remedy="Convert one of them with 'Edit Metadata'.",
                left_key=one,
                right_key=other,
                parameter="left_key_columns",
            )


def _renamed_right(left: pl.DataFrame, right: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str]]:
    """The right table with names that the left one does not have."""
    taken = [*left.columns]
    for name in right.columns:
        taken.append(unique_name(name, [*taken, *right.columns] if name in taken else taken))
    names = taken[left.width :]
    renamed = dict(zip(right.columns, names, strict=True))
    return right.rename(renamed), renamed


def _aligned(left: pl.Series, right: pl.Series, *, match_case: bool) -> tuple[pl.Series, pl.Series]:
    """Two key columns as values that are equal exactly when the keys agree."""
    if left.dtype.is_float() or right.dtype.is_float():
        left, right = (key.cast(pl.Float64).fill_nan(None) for key in (left, right))
    elif left.dtype.is_integer() and right.dtype.is_integer() and left.dtype != right.dtype:
        left, right = left.cast(pl.Int128), right.cast(pl.Int128)
    elif pl.Null in (left.dtype, right.dtype):
        left, right = left.cast(right.dtype), right.cast(right.dtype)
    if not match_case and left.dtype == right.dtype == pl.String:
        left, right = left.str.to_lowercase(), right.str.to_lowercase()
    return left, right


def _matching_rows(
    left_keys: Sequence[pl.Series], right_keys: Sequence[pl.Series], join_type: JoinType
) -> pl.DataFrame:
    """Row numbers `left` and `right` of the result, missing where there is no partner."""
    names = [f"key {i}" for i in range(len(left_keys))]
    left = _numbered(left_keys, names, "left")
    right = _numbered(right_keys, names, "right")
    match join_type:
        case "Left Semi-Join":
            return left.join(right, on=names, how="semi", maintain_order="left")
        case "Inner Join":
            return left.join(right, on=names, how="inner", maintain_order="left_right")
        case "Left Outer Join":
            return left.join(right, on=names, how="left", maintain_order="left_right")
        case "Full Outer Join":
            pairs = left.join(right, on=names, how="left", maintain_order="left_right")
            alone = right.join(left, on=names, how="anti", maintain_order="left")
            return pl.concat([pairs, alone.select("right")], how="diagonal")


def _numbered(keys: Sequence[pl.Series], names: Sequence[str], row: str) -> pl.DataFrame:
    renamed = [key.alias(name) for key, name in zip(keys, names, strict=True)]
    return pl.DataFrame(renamed).with_row_index(row)


def _without_right_keys(
    frame: pl.DataFrame, left_keys: Sequence[str], right_keys: Sequence[str]
) -> pl.DataFrame:
    """Drop the right keys, after they have filled the left ones where the left row is missing."""
    filled = [
        frame[one].fill_null(frame[other].cast(frame.schema[one]))
        for one, other in zip(left_keys, right_keys, strict=True)
    ]
    return frame.with_columns(filled).drop(right_keys)
