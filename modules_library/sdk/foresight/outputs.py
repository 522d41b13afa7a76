"""What a module or its rule gave for a port becomes a schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from modules_library.sdk.artifacts import Transform, UntrainedModel
from modules_library.sdk.foresight.foreseen import Foreseen
from modules_library.sdk.foresight.tables import foreseen_schema
from modules_library.sdk.source import Port
from modules_library.sdk.table import Roles, Table
from runtime.model import (
    ColumnSchema,
    PortSchema,
    TableSchema,
    TransformSchema,
    UntrainedModelSchema,
)

Answers: TypeAlias = dict[str, PortSchema]
"""Schemas by output port; a port of which nothing is known lacks."""

Rows: TypeAlias = Callable[[Any], int | None]
"""How many rows a table that was given will have."""


def schema_of_output(
    value: Any, port: Port, *, inherited: Roles, rows: Rows, has_gaps: bool
) -> PortSchema | None:
    """The schema of what was given for a port; None where nothing is to be known of it.

    Args:
        value: What was given.
        port: The port.
        inherited: Roles of the input tables, for a table that says nothing about roles.
        rows: How many rows a table will have that does not say so itself.
        has_gaps: Missing values turn whole numbers into floating-point ones on the way.

    Raises:
        ValueError: It is nothing that the port carries.
    """
    if isinstance(value, PortSchema):
        return value
    if isinstance(value, UntrainedModel):
        return UntrainedModelSchema(
            learner=value.learner, task=value.task, title=value.title, parameters=value.parameters
        )
    if isinstance(value, Transform):
        needs = tuple(ColumnSchema(name=name) for name in value.columns)
        return TransformSchema(transform=value.kind, needs=needs)
    if port.type != "Table" and not isinstance(value, Table | Foreseen):
        return None
    schema = foreseen_schema(value, inherited=inherited, rows=rows(value))
    return _with_gaps(schema) if has_gaps else schema


def height_of(value: Any) -> int | None:
    """How many rows a table-like value has."""
    if isinstance(value, Table):
        return value.height
    shape = getattr(value, "shape", None)
    return int(shape[0]) if isinstance(shape, tuple) and shape else None


def _with_gaps(schema: TableSchema) -> TableSchema:
    columns = tuple(
        msgspec.structs.replace(column, other_types=(*column.other_types, "Float64"))
        if "Int" in column.type and "Float64" not in column.other_types
        else column
        for column in schema.columns
    )
    return msgspec.structs.replace(schema, columns=columns)
