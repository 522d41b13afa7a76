"""The ways in which inputs that are not known for certain may turn out, and what all of them share.

A few worlds are enough: one with everything that may be there, with the likeliest types; one for
each other type; one without the columns that may be missing; one with a column that nobody expects.
What is the same in all of them does not depend on what is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import msgspec

from runtime.model import ANY_NAME, ColumnSchema, TableSchema

Inputs = Mapping[str, Sequence[TableSchema]]
"""Table schemas by port, in the order of the wires."""

SURPRISE = "\ue000"
"""In the name of a column that stands for any that may come; nobody's column is called so."""

_UNKNOWN_AS = ("Float64", "String")


def worlds(inputs: Inputs) -> list[Inputs]:
    """Inputs without doubts, one for each way they may turn out; the likeliest first.

    Every one differs from the first in one kind of doubt only.
    """
    tables = [table for many in inputs.values() for table in many]
    columns = [column for table in tables for column in table.columns]
    found = [_changed(inputs, _settled)]
    for place in range(1, max((len(column.types) for column in columns), default=1)):
        found.append(_changed(inputs, partial(_settled, place=place)))
    if any(not column.types for column in columns):
        found.append(_changed(inputs, partial(_settled, unknown=_UNKNOWN_AS[1])))
    if not all(column.is_certain for column in columns):
        found.append(_changed(inputs, _without_uncertain))
    if any(table.more for table in tables):
        found.append(_changed(inputs, _with_surprises))
    return found


def merged(answers: Sequence[TableSchema], *, unknown_types: bool) -> TableSchema:
    """What holds in all worlds of one output; the first answer gives the order.

    Args:
        answers: The output's schema in each world that gave one.
        unknown_types: Types that differ may be any, because an input has one that nobody knows.
    """
    first = answers[0]
    names = dict.fromkeys(
        column.name for answer in answers for column in answer.columns if not _is_surprise(column)
    )
    starts = {start for answer in answers for start in answer.more} | {
        _start_of(column) for answer in answers for column in answer.columns if _is_surprise(column)
    }
    rows = {answer.rows for answer in answers}
    return TableSchema(
        columns=tuple(_common(name, answers, unknown_types=unknown_types) for name in names),
        more=tuple(sorted(starts)),
        rows=first.rows if len(rows) == 1 else None,
    )


def assuming(table: TableSchema, names: Iterable[str]) -> TableSchema:
    """The table with columns that are spoken of and may well come, of a type that nobody knows."""
    new = [name for name in dict.fromkeys(names) if name not in table.names]
    added = tuple(ColumnSchema(name=name) for name in new if table.may_have(name))
    return msgspec.structs.replace(table, columns=(*table.columns, *added)) if added else table


def _common(name: str, answers: Sequence[TableSchema], *, unknown_types: bool) -> ColumnSchema:
    found = [column for answer in answers if (column := answer.column(name)) is not None]
    is_certain = len(found) == len(answers) and all(column.is_certain for column in found)
    types = dict.fromkeys(word for column in found for word in column.types)
    is_unknown = not all(column.types for column in found) or (
        unknown_types and len({column.type for column in found}) > 1
    )
    words = () if is_unknown else tuple(types)
    return msgspec.structs.replace(
        found[0],
        type=words[0] if words else "",
        other_types=words[1:],
        is_certain=is_certain,
    )


def _changed(inputs: Inputs, change: Callable[[TableSchema], TableSchema]) -> Inputs:
    return {port: [change(table) for table in tables] for port, tables in inputs.items()}


def _settled(table: TableSchema, *, unknown: str = _UNKNOWN_AS[0], place: int = 0) -> TableSchema:
    """Every column there, each with one type."""
    columns = tuple(
        msgspec.structs.replace(
            column,
            type=column.types[min(place, len(column.types) - 1)] if column.types else unknown,
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


def _is_surprise(column: ColumnSchema) -> bool:
    return SURPRISE in column.name


def _start_of(column: ColumnSchema) -> str:
    """How the names begin that a surprise stands for; any where a name was made out of it."""
    start, _, rest = column.name.partition(SURPRISE)
    return ANY_NAME if rest else start
