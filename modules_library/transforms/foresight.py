"""What cleaning and normalising will do to the columns of a table, told by their types alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import polars as pl

from modules_library.sdk import (
    ColumnSchema,
    Foreseen,
    Roles,
    Table,
    TableSchema,
    TransformSchema,
    UnknownUntilRun,
    require_column,
    require_numeric,
)
from modules_library.sdk.foresight.types import type_of
from modules_library.tables import unique_name
from modules_library.transforms import cleaning, normalizing
from modules_library.transforms.cleaning import CleaningRules

_NUMBER = "Float64"


def normalizing_transform(columns: Iterable[str]) -> TransformSchema:
    """What Normalize Data learns."""
    numbers = tuple(ColumnSchema(name=name, type=_NUMBER) for name in columns)
    return TransformSchema(transform=normalizing.KIND, needs=numbers, gives=numbers)


def cleaning_transform(
    frame: pl.DataFrame, columns: Sequence[str], rules: CleaningRules
) -> TransformSchema:
    """What Clean Missing Data learns from a table whose values nobody has seen.

    Raises:
        DataError: D008 when the ratios or the custom value exclude every column.
    """
    is_filling = not rules.mode.startswith("Remove")
    gives = [_filled(frame[name], rules) for name in columns] if is_filling else []
    taken = list(frame.columns)
    for name in columns if rules.has_indicators and rules.maximum_ratio > 0 else ():
        taken.append(unique_name(f"{name}_IsMissing", taken))
        gives.append(ColumnSchema(name=taken[-1], type="Boolean", is_certain=False))
    sees_all = rules.minimum_ratio == 0 and rules.maximum_ratio == 1
    needs = columns if sees_all and rules.mode != "Remove entire column" else ()
    return TransformSchema(
        transform=cleaning.KIND,
        needs=tuple(ColumnSchema(name=name, type=str(frame.schema[name])) for name in needs),
        gives=tuple(gives),
        may_drop=tuple(columns) if _may_drop(rules) else (),
        facts={"fills": is_filling, "removes_rows": rules.mode == "Remove entire row"},
    )


def applied(transform: TransformSchema | None, table: Table, known: TableSchema) -> Foreseen:
    """A table without rows after a transformation.

    Raises:
        DataError: D001 when a column that it needs is missing, D004 when one has another type.
        UnknownUntilRun: Nothing is known of the transformation.
    """
    if transform is None or transform.transform not in (cleaning.KIND, normalizing.KIND):
        raise UnknownUntilRun("What the transformation does is known when it has been fitted.")
    transform = _completed(transform)
    for column in transform.needs:
        require_column(table.frame, column.name)
    if transform.transform == normalizing.KIND:
        require_numeric(table.frame, [column.name for column in transform.needs])
    elif transform.facts.get("fills"):
        for column in transform.needs:
            if column.type and not column.other_types:
                family = cleaning.family_of(type_of(column.type))
                cleaning.require_family(table.frame[column.name], family)
    return _changed(transform, table, known)


def _completed(transform: TransformSchema) -> TransformSchema:
    """Of a stored transformation only the names of its columns are known."""
    if transform.gives or transform.facts:
        return transform
    names = [column.name for column in transform.needs]
    if transform.transform == normalizing.KIND:
        return normalizing_transform(names)
    gives = tuple(ColumnSchema(name=name, is_certain=False) for name in names)
    return msgspec.structs.replace(transform, gives=gives)


def _changed(transform: TransformSchema, table: Table, known: TableSchema) -> Foreseen:
    frame, other_types, uncertain = table.frame, {}, set(transform.may_drop)
    for column in transform.gives:
        own = (str(frame.schema[column.name]),) if column.name in frame.columns else ()
        if transform.transform == cleaning.KIND and own:
            words = dict.fromkeys((*own, *column.types[1:]) if column.types else own)
        else:
            words = dict.fromkeys(column.types)
        if words:
            frame = frame.with_columns(_empty(column.name, next(iter(words))))
        if len(words) != 1:
            other_types[column.name] = tuple(words)
        if not column.is_certain:
            uncertain.add(column.name)
    keeps_rows = bool(transform.facts) or transform.transform == normalizing.KIND
    keeps_rows &= not transform.facts.get("removes_rows")
    return Foreseen(
        Table(frame, Roles({**table.roles.keep(frame.columns)})),
        rows=known.rows if keeps_rows else None,
        other_types=other_types,
        uncertain=uncertain & set(frame.columns),
    )


def _filled(column: pl.Series, rules: CleaningRules) -> ColumnSchema:
    """A column as it is, or as it becomes where it has gaps."""
    own = str(column.dtype)
    return ColumnSchema(
        name=column.name,
        type=own,
        other_types=tuple(word for word in _types_with_gaps(column, rules) if word != own),
    )


def _types_with_gaps(column: pl.Series, rules: CleaningRules) -> tuple[str, ...]:
    family = cleaning.family_of(column.dtype)
    if family == "other" or rules.mode == "Replace with mode":
        return ()
    if rules.mode == "Custom substitution value":
        word = cleaning.type_with(column, rules.replacement)
        return (word,) if word else ()
    return (_NUMBER,) if family in ("number", "boolean") else ()


def _may_drop(rules: CleaningRules) -> bool:
    """Columns without any value go, or all that have gaps."""
    if rules.mode in ("Custom substitution value", "Remove entire row"):
        return False
    return rules.mode == "Remove entire column" or rules.removes_empty_columns


def _empty(name: str, word: str) -> Any:
    return pl.Series(name, [], dtype=type_of(word))
