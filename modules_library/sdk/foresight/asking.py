"""Asking a module once, with inputs that are known for certain."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from modules_library.sdk.artifacts import UntrainedModel
from modules_library.sdk.codecs.table_values import as_annotated
from modules_library.sdk.context import StepContext
from modules_library.sdk.decorator import SAME_ROWS
from modules_library.sdk.execution import by_port, parameter_arguments, seed_of
from modules_library.sdk.foresight.outputs import Answers, Rows, height_of, schema_of_output
from modules_library.sdk.foresight.tables import empty_table
from modules_library.sdk.foresight.worlds import Inputs
from modules_library.sdk.loading import LoadedModule
from modules_library.sdk.source import Port
from modules_library.sdk.table import ColumnRole, Roles
from runtime.model import PortSchema, SchemaRequest, UntrainedModelSchema

_LOSING_CLASSES = ("pandas.DataFrame", "numpy.ndarray")
"""Whole numbers with gaps come out of these as floating-point numbers."""


def ask(module: LoadedModule, request: SchemaRequest, tables: Inputs) -> Answers:
    """The schemas of the outputs, by the module's own rule or by calling it without rows.

    Raises:
        DesignerError: What the module says against these inputs.
        UnknownUntilRun: Its rule says that only a run tells.
        Exception: Whatever its code raises.
    """
    call = _Call(module, request, tables)
    return call.by_rule(module.rule) if module.rule else call.by_zero_rows()


class _Call:
    def __init__(self, module: LoadedModule, request: SchemaRequest, tables: Inputs) -> None:
        self.declaration = module.declaration
        self.function = module.function
        self.request = request
        self.tables = tables
        self.empty = {
            port: [empty_table(table.columns) for table in many] for port, many in tables.items()
        }

    def by_rule(self, rule: Callable[..., Any]) -> Answers:
        arguments = {**self._arguments(), "known": self._known()}
        wanted = inspect.signature(rule).parameters.values()
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in wanted):
            names = {parameter.name for parameter in wanted}
            arguments = {name: value for name, value in arguments.items() if name in names}
        given = rule(**arguments)
        if not isinstance(given, Mapping):
            given = {self.declaration.outputs[0].name: given}
        return self._schemas(given, rows=lambda value: None)

    def by_zero_rows(self) -> Answers:
        """Call the function; a module without input tables gives its tables as they will be."""
        if not self._can_be_called():
            return {}
        arguments = self._arguments()
        result = self.function(**{n: v for n, v in arguments.items() if not self._lacks(n)})
        values = by_port(result, self.request.outputs, self.declaration)
        has_tables = any(port.type in ("Table", "Any") for port in self.declaration.inputs)
        return self._schemas(
            {port.name: value for port, value in values},
            rows=self._rows_before if has_tables else height_of,
        )

    def _can_be_called(self) -> bool:
        """Models, transformations and files have no form without rows."""
        return all(
            port.type == "UntrainedModel" or port.name in self.tables
            for port in self.declaration.inputs
            if port.name in self.request.inputs
        )

    def _lacks(self, name: str) -> bool:
        """Whether it is a required input that is not wired: it is left out, as in a run."""
        port = next((one for one in self.declaration.inputs if one.name == name), None)
        return (
            port is not None
            and not (port.optional or port.many)
            and name not in self.request.inputs
        )

    def _arguments(self) -> dict[str, Any]:
        request, declaration = self.request, self.declaration
        context = StepContext(
            source_folder=Path(request.source_folder),
            seed=seed_of(declaration, request.parameters),
        )
        return {
            **{port.name: self._input(port) for port in declaration.inputs},
            **parameter_arguments(declaration, request.parameters, request.files),
            **dict.fromkeys(declaration.contexts, context),
        }

    def _input(self, port: Port) -> Any:
        if port.name in self.tables:
            values = [as_annotated(table, port.annotation) for table in self.empty[port.name]]
        else:
            values = [_value(schema) for schema in self.request.inputs.get(port.name, ())]
        if port.many:
            return values
        return values[0] if values else None

    def _known(self) -> dict[str, Any]:
        """The table schemas by port, a tuple for a port that takes many."""
        many = {port.name for port in self.declaration.inputs if port.many}
        return {
            name: tuple(tables) if name in many else tables[0]
            for name, tables in self.tables.items()
            if tables
        }

    def _rows_before(self, value: Any) -> int | None:
        first = next(iter(self.tables.values()), ())
        if self.declaration.metadata.schema != SAME_ROWS or not first:
            return None
        return first[0].rows

    def _schemas(self, values: Mapping[str, Any], *, rows: Rows) -> Answers:
        inherited, found = self._inherited(), Answers()
        for port in self.declaration.outputs:
            value = values.get(port.name)
            if value is not None:
                schema = schema_of_output(
                    value, port, inherited=inherited, rows=rows, has_gaps=self._loses_types()
                )
                if schema is not None:
                    found[port.name] = schema
        return found

    def _loses_types(self) -> bool:
        ports = self.declaration.inputs
        return any(p.annotation in _LOSING_CLASSES and p.name in self.tables for p in ports)

    def _inherited(self) -> Roles:
        """Roles of all input tables by column name; an earlier port wins, as in a run."""
        found: dict[str, ColumnRole] = {}
        for tables in reversed(list(self.empty.values())):
            for table in reversed(tables):
                found |= dict(table.roles)
        return Roles(found)


def _value(schema: PortSchema | None) -> Any:
    """An untrained model is known whole; of other things there is only what is known of them."""
    if isinstance(schema, UntrainedModelSchema):
        return UntrainedModel(
            learner=schema.learner,
            task=schema.task,
            parameters=schema.parameters,
            title=schema.title,
        )
    return schema
