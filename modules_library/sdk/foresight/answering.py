"""The schema worker's answer for one module of the SDK."""

from __future__ import annotations

from pathlib import Path

import msgspec

from modules_library.sdk.column_selection import ColumnSelection
from modules_library.sdk.foresight.asking import ask
from modules_library.sdk.foresight.foreseen import UnknownUntilRun
from modules_library.sdk.foresight.merging import merged_schemas
from modules_library.sdk.foresight.outputs import Answers
from modules_library.sdk.foresight.worlds import (
    Inputs,
    assuming,
    assumptions,
    doubts,
    settled,
)
from modules_library.sdk.loading import LoadedModule, load_module
from runtime.errors import DesignerError
from runtime.model import (
    ANY_NAME,
    UNKNOWN_TABLE,
    ErrorRecord,
    SchemaAnswer,
    SchemaRequest,
    TableSchema,
)

_ABOUT_SCHEMAS = ("D001", "D004", "D005", "D007", "D009", "D010", "D011")
"""Errors that have nothing to do with how many rows there are."""

_ABOUT_VALUES = ("D003", "D008")
"""Errors that may come of there being no rows, unless a rule or a built-in raises them."""

_decode = msgspec.json.Decoder(SchemaRequest).decode


def output_schemas(request: bytes) -> SchemaAnswer:
    """What is known of the outputs of the module that a `SchemaRequest` describes."""
    decoded = _decode(request)
    return _Node(decoded, load_module(Path(decoded.entry.source), decoded.digest)).answer()


class _Node:
    def __init__(self, request: SchemaRequest, module: LoadedModule) -> None:
        self.request = request
        self.module = module
        self.spoken_of = {
            port.name: self._columns_spoken_of(port.name) for port in module.declaration.inputs
        }
        self.tables = self._tables()
        self.answers: list[Answers] = []
        self.faults: list[DesignerError] = []
        self.why = ""

    def answer(self) -> SchemaAnswer:
        """Ask for each way that the inputs may turn out; what all answers share is known."""
        ways = assumptions(self.tables, self.spoken_of)
        fitting = [way for way in ways if self._ask(settled(way))]
        assumed = len(fitting)
        surprised: list[bool] = []
        for doubt, way in doubts(fitting[0] if fitting else ways[0]):
            is_answered = self._ask(way)
            if doubt == "more":
                surprised.append(is_answered)
        if self.answers:
            outputs = self._shared(assumed, is_open=surprised == [False])
            return SchemaAnswer(outputs=outputs, why=self.why)
        return SchemaAnswer(error=self._certain_error(), why=self.why)

    def _ask(self, way: Inputs) -> bool:
        """Whether there was an answer."""
        try:
            self.answers.append(ask(self.module, self.request, way))
            return True
        except DesignerError as exc:
            self.faults.append(exc)
        except UnknownUntilRun as exc:
            self.why = str(exc)
        except Exception:  # noqa: BLE001 - the boundary around people's code
            return False
        return False

    def _tables(self) -> Inputs:
        """The input tables; what the parameters speak of is assumed to come where it may."""
        found: dict[str, list[TableSchema]] = {}
        for port in self.module.declaration.inputs:
            given = self.request.inputs.get(port.name, ())
            unknown = UNKNOWN_TABLE if port.type == "Table" else None
            tables = [unknown if schema is None else schema for schema in given]
            known = [table for table in tables if isinstance(table, TableSchema)]
            if known and len(known) == len(tables):
                found[port.name] = [assuming(table, self.spoken_of[port.name]) for table in known]
        return found

    def _columns_spoken_of(self, port: str) -> list[str]:
        names: list[str] = []
        for spec in self.module.declaration.parameters:
            value = self.request.parameters.get(spec.name)
            if spec.port != port or not value:
                continue
            if spec.kind == "column":
                names.append(str(value))
            elif spec.kind == "columns":
                rules = ColumnSelection.from_json(value).rules
                names += [str(n) for rule in rules if rule.by == "names" for n in rule.values]
        return names

    def _shared(self, assumed: int, *, is_open: bool) -> Answers:
        """What all answers say of the outputs."""
        found = Answers()
        for port in self.answers[0]:
            given = [answer[port] for answer in self.answers if port in answer]
            if len(given) == len(self.answers):
                schema = merged_schemas(given, assumed=assumed)
                if is_open and isinstance(schema, TableSchema):
                    schema = msgspec.structs.replace(schema, more=(ANY_NAME,))
                found[port] = schema
        return found

    def _certain_error(self) -> ErrorRecord | None:
        """The error that comes whatever the data are; None where it may not come."""
        faults = self.faults
        if not faults or len({fault.code for fault in faults}) > 1:
            return None
        record = faults[0].record
        is_about_schemas = record.code in _ABOUT_SCHEMAS or record.code.startswith("V")
        is_meant = self.module.rule is not None or self.module.root is None
        if not is_about_schemas and not (is_meant and record.code in _ABOUT_VALUES):
            return None
        return record if self._is_certain(record) else None

    def _is_certain(self, record: ErrorRecord) -> bool:
        """Whether the column that the error is about, or else every column, is known."""
        tables = [table for many in self.tables.values() for table in many]
        name = record.details.get("column")
        if not isinstance(name, str):
            return not any(table.more for table in tables) and all(
                column.types for table in tables for column in table.columns
            )
        known = [column for table in tables if (column := table.column(name)) is not None]
        if known:
            return all(column.types for column in known)
        return not any(table.may_have(name) for table in tables)
