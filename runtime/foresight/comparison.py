"""Whether something that was stored is what was foreseen."""

from collections.abc import Iterator

from runtime.model.port_schema import ColumnSchema, ModelSchema, PortSchema, TableSchema


def contradictions(foreseen: PortSchema, stored: PortSchema) -> tuple[str, ...]:
    """What of the foreseen schema a stored value contradicts, in sentences; empty: it is as foreseen.

    What was not known for certain cannot be contradicted, except by what was not thought of.
    """
    match foreseen, stored:
        case TableSchema(), TableSchema():
            return tuple(_of_tables(foreseen, stored))
        case ModelSchema(), ModelSchema():
            return tuple(_of_models(foreseen, stored))
    if type(foreseen) is not type(stored):
        return (f"a {type(stored).__name__} came instead of a {type(foreseen).__name__}",)
    return ()


def _of_tables(foreseen: TableSchema, stored: TableSchema) -> Iterator[str]:
    came = {column.name: column for column in stored.columns}
    thought_of = set(foreseen.names)
    for column in foreseen.columns:
        if column.name in came:
            yield from _of_columns(column, came[column.name])
        elif column.is_certain:
            yield f"column '{column.name}' did not come"
    for name in came:
        if name not in thought_of and not foreseen.may_have(name):
            yield f"column '{name}' was not foreseen"
    known = [name for name in stored.names if name in thought_of]
    if known != [name for name in foreseen.names if name in came]:
        yield f"the columns came in the order {', '.join(known)}"
    if foreseen.rows is not None and stored.rows is not None and foreseen.rows != stored.rows:
        yield f"{stored.rows} rows came instead of {foreseen.rows}"


def _of_columns(foreseen: ColumnSchema, stored: ColumnSchema) -> Iterator[str]:
    if foreseen.types and not set(stored.types) <= set(foreseen.types):
        expected = " or ".join(foreseen.types)
        yield f"column '{stored.name}' holds {stored.type} instead of {expected}"
    for what, one, other in (
        ("the role", foreseen.role, stored.role),
        ("categorical", foreseen.categorical, stored.categorical),
    ):
        if one != other:
            yield f"{what} of column '{stored.name}' is {other!r} instead of {one!r}"


def _of_models(foreseen: ModelSchema, stored: ModelSchema) -> Iterator[str]:
    if foreseen.task and foreseen.task != stored.task:
        yield f"the task is {stored.task} instead of {foreseen.task}"
    if foreseen.label is not None and stored.label is not None:
        if foreseen.label.name != stored.label.name:
            yield f"the label is '{stored.label.name}' instead of '{foreseen.label.name}'"
        elif foreseen.label.types and stored.label.type not in foreseen.label.types:
            yield f"labels are {stored.label.type} instead of {foreseen.label.type}"
    if foreseen.features is not None and stored.features is not None:
        names = [column.name for column in foreseen.features]
        if names != [column.name for column in stored.features]:
            yield "the features are others"
    if foreseen.classes is not None and foreseen.classes != stored.classes:
        yield f"the classes are {stored.classes}"
