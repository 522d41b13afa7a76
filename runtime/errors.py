"""Errors: one tree, split by who must act.

    DesignerError
    ├── RequestError          the person at the canvas (graph, parameter, data): exit status 2
    │   └── InvalidGraphError     carries every diagnostic at once
    ├── StepError             the step failed: exit status 1
    │   ├── DataError             the person: the data does not fit (D…)
    │   └── ModuleError           the module's author: the code raised or broke its contract (M…)
    ├── InfrastructureError   the operator: disk, database, target, network: exit status 3
    └── InternalError         us

Every code is stable and never reused. `CODES` names each one with what it means; the errors page
of the documentation is generated from it. Letters: G graph, P port, V parameter value, M module,
L plan, E environment, R run, T target, D data, S store, A access, X export.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.error_codes import CODES
from runtime.model.diagnostic import Diagnostic
from runtime.model.run import ErrorRecord
from runtime.model.step_request import OutputFile

__all__ = [
    "CODES",
    "DataError",
    "DesignerError",
    "InfrastructureError",
    "InternalError",
    "InvalidGraphError",
    "ModuleError",
    "RequestError",
    "StepError",
    "close_matches",
]


class DesignerError(Exception):
    """Base of all our errors: carries one frozen record, so it survives process borders.

    Args:
        code: A key of `CODES`.
        message: One sentence that names the culprit.
        remedy: One imperative sentence.
        where: JSON Pointer into the graph, or empty.
        details: Facts for programs.
    """

    exit_status = 3

    def __init__(
        self, code: str, message: str, *, remedy: str = "", where: str = "", **details: Any
    ) -> None:
        self.record = ErrorRecord(
            code=code, message=message, remedy=remedy, where=where, details=details
        )
        super().__init__(f"{code} {message} {remedy}".strip())

    @property
    def code(self) -> str:
        """The stable code."""
        return self.record.code


class RequestError(DesignerError):
    """The request is wrong: graph, parameter or usage. The person at the canvas acts."""

    exit_status = 2


class InvalidGraphError(RequestError):
    """The graph has errors; `diagnostics` holds every one of them."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        first = next((d for d in self.diagnostics if d.severity == "error"), self.diagnostics[0])
        super().__init__(first.code, first.message, remedy=first.remedy, where=first.where)


class StepError(DesignerError):
    """A step failed; `outputs` holds by port what it made all the same."""

    exit_status = 1
    outputs: Mapping[str, OutputFile] = {}


class DataError(StepError):
    """The data does not fit what the module needs. The person at the canvas acts."""


class ModuleError(StepError):
    """The module's code raised or broke its contract. Its author acts."""


class InfrastructureError(DesignerError):
    """Disk, database, target or network. The operator acts."""


class InternalError(DesignerError):
    """A fault of ours."""


def close_matches(name: str, known: Iterable[str], limit: int = 3) -> str:
    """Give ` Did you mean …?` with the nearest known names, or an empty text.

    >>> close_matches("datset", ["dataset", "model"])
    " Did you mean 'dataset'?"
    """
    import difflib

    found = difflib.get_close_matches(name, list(known), n=limit, cutoff=0.6)
    return f" Did you mean {' or '.join(repr(match) for match in found)}?" if found else ""
