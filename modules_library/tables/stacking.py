"""Put tables with the same columns below each other."""

from collections.abc import Sequence

import polars as pl

from runtime.errors import DataError, close_matches


def stacked(frames: Sequence[pl.DataFrame], names: Sequence[str]) -> pl.DataFrame:
    """The rows of all tables, in the order of columns of the first.

    Numbers of two types meet in the type that holds both; a column without any value takes the type
    of the others.

    Args:
        frames: At least one table.
        names: How errors name each of them.

    Raises:
        DataError: D007 when names or types of columns differ.
    """
    first = frames[0]
    if len(frames) == 1:
        return first
    require_same_columns([frame.columns for frame in frames], names)
    types: dict[str, tuple[pl.DataType, str]] = {}
    for frame, name in zip(frames, names, strict=True):
        for column, dtype in frame.schema.items():
            known, owner = types.setdefault(column, (dtype, name))
            if known == pl.Null:
                types[column] = (dtype, name)
            elif not _fit(known, dtype):
                raise _type_error(column, (owner, known), (name, dtype))
    ordered = [frame.select(first.columns) for frame in frames]
    return pl.concat(ordered, how="vertical_relaxed", rechunk=True)


def require_same_columns(columns: Sequence[Sequence[str]], names: Sequence[str]) -> None:
    """Refuse tables whose columns are not the first one's, in whatever order.

    Raises:
        DataError: D007 with the column and the table that lacks it.
    """
    for found, name in zip(columns, names, strict=True):
        _require_columns(columns[0], found, name)
        _require_columns(found, columns[0], names[0])


def _require_columns(wanted: Sequence[str], found: Sequence[str], name: str) -> None:
    missing = next((column for column in wanted if column not in set(found)), None)
    if missing is not None:
        raise DataError(
            "D007",
            f"Column {missing!r} is not in '{name}'.{close_matches(missing, found)}",
            remedy="Give all tables the same columns, with 'Select Columns in Dataset' or 'Edit "
            "Metadata'.",
            column=missing,
            table=name,
        )


def _fit(one: pl.DataType, other: pl.DataType) -> bool:
    return one == other or pl.Null in (one, other) or (one.is_numeric() and other.is_numeric())


def _type_error(
    column: str, one: tuple[str, pl.DataType], other: tuple[str, pl.DataType]
) -> DataError:
    return DataError(
        "D007",
        f"Column {column!r} holds {one[1]} in '{one[0]}' and {other[1]} in '{other[0]}'.",
        remedy="Convert one of them, with 'Edit Metadata' or where they come from.",
        column=column,
        table=other[0],
    )
