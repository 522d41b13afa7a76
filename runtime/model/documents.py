"""The JSON documents of the command line: part of the public interface, changed with a version."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from runtime.model.diagnostic import Diagnostic
from runtime.model.plan import Plan
from runtime.model.preview import Preview
from runtime.model.run import ErrorRecord, Run, Status, StepRun
from runtime.model.slots import Slots


class OutputDocument(msgspec.Struct, frozen=True, kw_only=True):
    """An output of a step: its type, its digest and its size."""

    type: str
    digest: str
    bytes: int


class ProblemDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong, in words, and what to do."""

    code: str
    message: str
    remedy: str = ""
    where: str = ""


class StepDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One step of a run."""

    status: Status
    reused: bool
    reason: str
    target: str
    slots: Slots | None
    environment: str
    seconds: float | None
    attempts: int
    metrics: dict[str, Any]
    outputs: dict[str, OutputDocument]
    detail: str = ""
    error: ProblemDocument | None = None


class RunDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `designer run --json` prints."""

    run_id: str
    status: Status
    seconds: float | None
    steps: dict[str, StepDocument]
    detail: str = ""
    stopped_before: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class PlanDocument(Plan, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `designer plan --json` prints: the plan, and what it would do."""

    preview: Preview


class ErrorDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed instead when a request cannot be met."""

    error: ProblemDocument
    diagnostics: tuple[Diagnostic, ...] = ()


def run_document(run: Run, diagnostics: Iterable[Diagnostic] = ()) -> RunDocument:
    """Give the public document of a run."""
    return RunDocument(
        run_id=run.id,
        status=run.status,
        seconds=run.seconds,
        steps=_steps(run.steps),
        detail=run.detail,
        stopped_before=run.stopped_before,
        diagnostics=tuple(diagnostics),
    )


def plan_document(plan: Plan, preview: Preview) -> PlanDocument:
    """Give the public document of a plan."""
    return PlanDocument(**msgspec.structs.asdict(plan), preview=preview)


def problem_document(record: ErrorRecord) -> ProblemDocument:
    """Give the public part of an error."""
    return ProblemDocument(
        code=record.code, message=record.message, remedy=record.remedy, where=record.where
    )


def _steps(steps: Mapping[str, StepRun]) -> dict[str, StepDocument]:
    return {
        name: StepDocument(
            status=step.status,
            reused=step.reused,
            reason=step.reason,
            target=step.target,
            slots=step.slots,
            environment=step.environment,
            seconds=step.seconds,
            attempts=step.attempts,
            metrics=step.metrics,
            outputs={
                port: OutputDocument(type=ref.type, digest=ref.digest, bytes=ref.bytes)
                for port, ref in step.outputs.items()
            },
            detail=step.detail,
            error=problem_document(step.error) if step.error else None,
        )
        for name, step in steps.items()
    }
