"""The ways in which inputs that are not known for certain may turn out.

A few ways are enough: everything there that may be there, with the likeliest types; then each other
type; without the columns that may be missing; with a column that nobody expects. What is the same in
all of them does not depend on what is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

import msgspec

from runtime.model import ColumnSchema, TableSchema

Inputs = Mapping[str, Sequence[TableSchema]]
"""Table schemas by port, in the order of the wires."""

Doubt = Literal["types", "missing", "more"]
"""What is not certain: the types of columns, whether some are there, whether others come."""

SURPRISE = "\ue000"
"""In the name of a column that stands for any that may come; nobody's column is called so."""

_UNKNOWN_AS = ("Float64", "String")


def assumptions(inputs: Inputs, spoken_of: Mapping[str, Collection[str]]) -> list[Inputs]:
    """The inputs with something assumed of every type that nobody knows, in up to four ways.

    Args:
        inputs: What is known.
        spoken_of: Columns by port that the node's parameters name: what they hold matters most.
    """
    unknown = [
        column.name in spoken_of.get(port, ())
        for port, tables in inputs.items()
        for table in tables
        for column in table.columns
        if not column.types
    ]
    if not unknown:
        return [inputs]
    pairs = [(one, other) for one in _UNKNOWN_AS for other in _UNKNOWN_AS]
    if len(set(unknown)) == 1:
        pairs = [(one, one) for one in _UNKNOWN_AS]
    return [
        {
            port: [_assumed(table, spoken_of.get(port, ()), one, other) for table in tables]
            for port, tables in inputs.items()
        }
        for one, other in pairs
    ]


def settled(inputs: Inputs, *, place: int = 0) -> Inputs:
    """The inputs with every column that may be there, each with one of its types."""
    return _changed(inputs, partial(_settled, place=place))


def doubts(inputs: Inputs) -> Iterator[tuple[Doubt, Inputs]]:
    """Other ways in which the inputs may turn out; each differs in one kind of doubt only."""
    tables = [table for many in inputs.values() for table in many]
    columns = [column for table in tables for column in table.columns]
    for place in range(1, max((len(column.types) for column in columns), default=1)):
        yield "types", settled(inputs, place=place)
    if not all(column.is_certain for column in columns):
        yield "missing", _changed(inputs, _without_uncertain)
    if any(table.more for table in tables):
        yield "more", _changed(inputs, _with_surprises)


def assuming(table: TableSchema, names: Iterable[str]) -> TableSchema:
    """The table with columns that are spoken of and may well come, of a type that nobody knows."""
    new = [name for name in dict.fromkeys(names) if name not in table.names]
    added = tuple(ColumnSchema(name=name) for name in new if table.may_have(name))
    return msgspec.structs.replace(table, columns=(*table.columns, *added)) if added else table


def _changed(inputs: Inputs, change: Callable[[TableSchema], TableSchema]) -> Inputs:
    return {port: [change(table) for table in tables] for port, tables in inputs.items()}


def _assumed(table: TableSchema, spoken_of: Collection[str], one: str, other: str) -> TableSchema:
    columns = tuple(
        column
        if column.types
        else msgspec.structs.replace(column, type=one if column.name in spoken_of else other)
        for column in table.columns
    )
    return msgspec.structs.replace(table, columns=columns)


def _settled(table: TableSchema, *, place: int = 0) -> TableSchema:
    """Every column there, each with one type."""
    columns = tuple(
        msgspec.structs.replace(
            column,
            type=column.types[min(place, len(column.types) - 1)],
            other_types=(),
            is_certain=True,
        )
        for column in table.columns
    )
    return TableSchema(columns=columns, rows=table.rows)


def _without_uncertain(table: TableSchema) -> TableSchema:
    kept = tuple(column for column in table.columns if column.is_certain)
    return _settled(msgspec.structs.replace(table, columns=kept))


def _with_surprises(table: TableSchema) -> TableSchema:
    likeliest = _settled(table)
    added = tuple(ColumnSchema(name=start + SURPRISE, type="Float64") for start in table.more)
    return msgspec.structs.replace(likeliest, columns=(*likeliest.columns, *added))
