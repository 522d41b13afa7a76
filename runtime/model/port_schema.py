"""What is known of a value on a wire without looking at it: before a run, or of a stored one."""

from collections.abc import Iterable
from typing import Any

import msgspec

ANY_NAME = ""
"""In `TableSchema.more`: columns of any name may come besides."""


class ColumnSchema(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A column of a table that may not exist yet.

    Attributes:
        type: The type as Polars writes it, `Int64`, `Datetime(time_unit='us', time_zone=None)`;
            empty when only a run tells.
        other_types: What the type may be instead, depending on the data.
        role: `feature`, `label`, `score`, `ignored`, or empty when nobody has said.
        categorical: Whether its values are categories; absent when nobody has said.
        detail: Which score it is, or of which class.
        is_certain: False where the data decide whether the column is there.
    """

    name: str
    type: str = ""
    other_types: tuple[str, ...] = ()
    role: str = ""
    categorical: bool | None = None
    detail: str = ""
    is_certain: bool = True

    @property
    def types(self) -> tuple[str, ...]:
        """Every type that it may have; empty when nothing is known of it."""
        return (self.type, *self.other_types) if self.type else ()


class TableSchema(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag="Table",
    tag_field="type",
):
    """The columns of a table.

    Attributes:
        more: How the names of columns begin that may come besides; `ANY_NAME` among them means that
            anything may come. Empty: these are all.
        rows: How many rows, where that is known for sure.
    """

    columns: tuple[ColumnSchema, ...] = ()
    more: tuple[str, ...] = ()
    rows: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns that are known."""
        return tuple(column.name for column in self.columns)

    @property
    def is_complete(self) -> bool:
        """Whether every column is known, with its one type, and no other comes."""
        return not self.more and all(
            column.type and not column.other_types and column.is_certain for column in self.columns
        )

    def column(self, name: str) -> ColumnSchema | None:
        """The column of that name, if it is known."""
        return next((column for column in self.columns if column.name == name), None)

    def may_have(self, name: str) -> bool:
        """Whether a column of that name is there or may come."""
        return self.column(name) is not None or any(name.startswith(start) for start in self.more)


class UntrainedModelSchema(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag="UntrainedModel",
    tag_field="type",
):
    """A learner before it has seen data: all of it is known before a run."""

    learner: str
    task: str
    title: str = ""
    parameters: dict[str, Any] = {}


class ModelSchema(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag="Model",
    tag_field="type",
):
    """What later nodes need to know of a trained model.

    Attributes:
        task: `binary`, `multiclass`, `regression`, `clustering`; empty when it is not known.
        label: The column it predicts, with the type that scored labels have.
        features: The columns it needs, absent when they are not known.
        classes: Names of the classes in order, absent when only a run tells.
        facts: More that its own library needs, JSON values.
    """

    learner: str = ""
    task: str = ""
    title: str = ""
    label: ColumnSchema | None = None
    features: tuple[ColumnSchema, ...] | None = None
    classes: tuple[str, ...] | None = None
    facts: dict[str, Any] = {}


class TransformSchema(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag="Transform",
    tag_field="type",
):
    """What a fitted transformation does to the columns of a table.

    Attributes:
        transform: Its kind, `normalize_data`; empty when it is not known.
        needs: The columns that it works on, with the types that it was fitted on.
        gives: Columns that it changes or adds, as they come out.
        may_drop: Columns that may go.
        facts: More that its own library needs, JSON values.
    """

    transform: str = ""
    needs: tuple[ColumnSchema, ...] = ()
    gives: tuple[ColumnSchema, ...] = ()
    may_drop: tuple[str, ...] = ()
    facts: dict[str, Any] = {}


PortSchema = TableSchema | UntrainedModelSchema | ModelSchema | TransformSchema
"""What is known of the value at a port; ports of other types carry nothing to be known."""

UNKNOWN_TABLE = TableSchema(more=(ANY_NAME,))
"""A table of which nothing is known."""


def table_schema(columns: Iterable[ColumnSchema], *, rows: int | None = None) -> TableSchema:
    """The schema of exactly these columns."""
    return TableSchema(columns=tuple(columns), rows=rows)
