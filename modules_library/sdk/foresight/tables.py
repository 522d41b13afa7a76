"""Between table schemas and tables without rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modules_library.sdk.codecs.arrow_file import roles_of, stored_form
from modules_library.sdk.codecs.table_values import arrow_of, frame_of_arrow
from modules_library.sdk.foresight.foreseen import Foreseen
from modules_library.sdk.foresight.types import type_of, type_word
from modules_library.sdk.table import ColumnRole, RoleKind, Roles, Table
from runtime.model import ColumnSchema, TableSchema


def empty_table(columns: Iterable[ColumnSchema]) -> Table:
    """A table without rows of exactly these columns, each with the first type that it may have."""
    import polars as pl

    columns = tuple(columns)
    frame = pl.DataFrame(schema={column.name: type_of(column.type) for column in columns})
    return Table(frame, Roles({column.name: _role(column) for column in columns}))


def foreseen_schema(value: Any, *, inherited: Roles, rows: int | None = None) -> TableSchema:
    """The schema that a table will have once it is stored.

    Args:
        value: Any table-like value, or a table with what is not certain of it.
        inherited: Roles of the input tables, for a table that says nothing about roles.
        rows: How many rows it will have, unless the value says so itself.

    Raises:
        ValueError: It is no table, or one that cannot be stored.
    """
    doubts = value if isinstance(value, Foreseen) else None
    found = arrow_of(value.table if isinstance(value, Foreseen) else value)
    if found is None:
        raise ValueError(f"{type(value).__name__} is no table")
    table, own = found
    stored = stored_form(table.schema, own if own is not None else inherited)
    schema = schema_of(frame_of_arrow(stored.empty_table()).schema, roles_of(stored))
    if doubts is None:
        return TableSchema(columns=schema, rows=rows)
    return TableSchema(
        columns=tuple(_with_doubts(column, doubts) for column in schema),
        more=tuple(sorted(doubts.more)),
        rows=doubts.rows if doubts.rows is not None else rows,
    )


def schema_of(types: Any, roles: Roles) -> tuple[ColumnSchema, ...]:
    """Columns out of a Polars schema and roles."""
    return tuple(
        ColumnSchema(
            name=name,
            type=type_word(dtype),
            role=role.kind,
            categorical=role.categorical,
            detail=role.detail,
        )
        for name, dtype in types.items()
        for role in (roles.of(name),)
    )


def _with_doubts(column: ColumnSchema, doubts: Foreseen) -> ColumnSchema:
    others = doubts.other_types.get(column.name)
    known = column.type if others is None or others else ""
    return ColumnSchema(
        name=column.name,
        type=known,
        other_types=tuple(word for word in others or () if word != known),
        role=column.role,
        categorical=column.categorical,
        detail=column.detail,
        is_certain=column.name not in doubts.uncertain,
    )


_KINDS: dict[str, RoleKind] = {
    "feature": "feature",
    "label": "label",
    "score": "score",
    "ignored": "ignored",
}


def _role(column: ColumnSchema) -> ColumnRole:
    return ColumnRole(
        kind=_KINDS.get(column.role, ""), categorical=column.categorical, detail=column.detail
    )
