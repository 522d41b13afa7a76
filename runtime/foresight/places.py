"""Where in the graph an error belongs that a module raised before it ran."""

from collections.abc import Mapping
from typing import Any

from runtime.model.module_spec import ParameterSpec
from runtime.model.run import ErrorRecord
from runtime.validation.values import is_visible
from runtime.validation.view import SpecTable

_IN_PARAMETER = "/parameters/"


def place_of(record: ErrorRecord, table: SpecTable, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The parameter that an error is about, else the input port, else nothing: the node itself.

    Modules say it in the error's details: `parameter`, or `column` and `port`.
    """
    named = str(record.details.get("parameter", ""))
    if record.where.startswith(_IN_PARAMETER):
        named = record.where.removeprefix(_IN_PARAMETER)
    if named in table.parameters:
        return "parameters", named
    port = record.details.get("port")
    column = record.details.get("column")
    chosen = _choosing(column, port, table, values) or _speaking_of(column, table, values)
    if chosen is not None:
        return "parameters", chosen.name
    return ("inputs", str(port)) if port in table.inputs else ()


def _choosing(
    column: Any, port: Any, table: SpecTable, values: Mapping[str, Any]
) -> ParameterSpec | None:
    """The parameter that chooses a column, or the only one that chooses any of the port's."""
    choices = [
        spec
        for spec in table.parameters.values()
        if spec.kind in ("column", "columns")
        and (port not in table.inputs or spec.port == port)
        and is_visible(spec, values)
    ]
    naming = [spec for spec in choices if column is not None and _names(values[spec.name], column)]
    if naming:
        return naming[0]
    return choices[0] if len(choices) == 1 else None


def _speaking_of(column: Any, table: SpecTable, values: Mapping[str, Any]) -> ParameterSpec | None:
    """The first text or program that has the column's name in it."""
    if not isinstance(column, str):
        return None
    texts = (spec for spec in table.parameters.values() if spec.kind in ("string", "text", "code"))
    return next(
        (spec for spec in texts if is_visible(spec, values) and column in str(values[spec.name])),
        None,
    )


def _names(value: Any, column: Any) -> bool:
    if isinstance(value, dict):
        return any(column in rule.get("values", ()) for rule in value.get("rules", ()))
    return column in value if isinstance(value, list | tuple) else bool(value == column)
