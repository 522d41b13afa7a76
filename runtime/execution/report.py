"""A finished run as the document that the command line prints."""

from typing import Any

import msgspec

from runtime.errors import DesignerError, InvalidGraphError
from runtime.model import Diagnostic, Run, StepRun


def run_document(run: Run, diagnostics: tuple[Diagnostic, ...] = ()) -> dict[str, Any]:
    """The JSON document of a run: status, seconds, and every step with reason and outputs."""
    return {
        "run_id": run.id,
        "status": run.status,
        "seconds": run.seconds,
        "steps": {name: _step(step) for name, step in run.steps.items()},
        "detail": run.detail,
        "stopped_before": list(run.stopped_before),
        "diagnostics": [msgspec.to_builtins(diagnostic) for diagnostic in diagnostics],
    }


def error_document(exc: DesignerError) -> dict[str, Any]:
    """The JSON document of a request that cannot be met."""
    diagnostics = exc.diagnostics if isinstance(exc, InvalidGraphError) else ()
    record = exc.record
    return {
        "error": {
            "code": record.code,
            "message": record.message,
            "remedy": record.remedy,
            "where": record.where,
        },
        "diagnostics": [msgspec.to_builtins(diagnostic) for diagnostic in diagnostics],
    }


def _step(step: StepRun) -> dict[str, Any]:
    document: dict[str, Any] = {
        "status": step.status,
        "reused": step.reused,
        "reason": step.reason,
        "target": step.target,
        "slots": msgspec.to_builtins(step.slots),
        "environment": step.environment,
        "seconds": step.seconds,
        "attempts": step.attempts,
        "metrics": step.metrics,
        "outputs": {
            name: {"type": ref.type, "digest": ref.digest, "bytes": ref.bytes}
            for name, ref in step.outputs.items()
        },
    }
    if step.error is not None:
        document["error"] = msgspec.to_builtins(step.error)
    return document
