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
    types: dict[str, tuple[pl.DataType, str]] = {}
    for frame, name in zip(frames, names, strict=True):
        _require_columns(first.columns, frame.columns, name)
        _require_columns(frame.columns, first.columns, names[0])
        for column, dtype in frame.schema.items():
            known, owner = types.setdefault(column, (dtype, name))
            if known == pl.Null:
                types[column] = (dtype, name)
            elif not _fit(known, dtype):
                raise _type_error(column, (owner, known), (name, dtype))
    ordered = [frame.select(first.columns) for frame in frames]
    return pl.concat(ordered, how="vertical_relaxed", rechunk=True)


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
