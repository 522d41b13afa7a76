"""What an attempt's end means: outputs moved into the store, or an error with a code."""

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

from runtime.errors import DesignerError, InfrastructureError, ModuleError
from runtime.execution.messages import FailureCause
from runtime.interfaces import ArtifactStore
from runtime.model import ArtifactRef, ErrorRecord, Step, WorkerEvent
from runtime.targets.attempt import Attempt, Death


def adopt_outputs(
    store: ArtifactStore,
    attempt: Attempt,
    event: WorkerEvent,
    step: Step,
    is_durable: Callable[[Step, str], bool],
) -> dict[str, ArtifactRef]:
    """Move a step's outputs into the store; gives their references by port.

    Raises:
        ModuleError: M009 when an output is missing or lies outside the attempt folder.
    """
    refs: dict[str, ArtifactRef] = {}
    for port in step.outputs:
        output = event.outputs.get(port.name)
        if output is None:
            raise ModuleError(
                "M009",
                f"'{step.label or step.id}' gave no output '{port.name}'.",
                remedy="Return every output that the module declares.",
            )
        source = _inside(attempt.request.folder, output.path)
        store.adopt(source, output.ref, durable=is_durable(step, port.name))
        refs[port.name] = output.ref
    return refs


def adopt_remains(
    store: ArtifactStore, attempt: Attempt, outcome: object, step: Step
) -> dict[str, ArtifactRef]:
    """Move what a failed step made all the same into the store; what cannot be moved is left."""
    refs: dict[str, ArtifactRef] = {}
    made = outcome.outputs if isinstance(outcome, WorkerEvent) else {}
    for port in step.outputs:
        output = made.get(port.name)
        if output is not None:
            with contextlib.suppress(OSError, DesignerError):
                source = _inside(attempt.request.folder, output.path)
                store.adopt(source, output.ref, durable=False)
                refs[port.name] = output.ref
    return refs


def failure_of(
    outcome: WorkerEvent | Death | Exception, step: Step, *, is_expired: bool
) -> tuple[FailureCause, ErrorRecord]:
    """Say what went wrong with an attempt, and whose fault it was."""
    name = step.label or step.id
    if is_expired:
        return "timeout", ErrorRecord(
            code="R001",
            message=f"'{name}' ran longer than its limit of {step.timeout_s:g} s.",
            remedy="Raise the node's time limit, or give it less to do.",
        )
    match outcome:
        case WorkerEvent(error=ErrorRecord() as error):
            return ("disk_full" if error.code == "S001" else "error"), error
        case Death():
            return _death(outcome, step)
        case DesignerError():
            return ("disk_full" if outcome.code == "S001" else "error"), outcome.record
        case OSError() if outcome.errno in (errno.ENOSPC, errno.EDQUOT):
            return "disk_full", ErrorRecord(
                code="S001",
                message=f"The disk is full, so the outputs of '{name}' could not be stored.",
                remedy="Free some space; the run goes on by itself.",
            )
    return "error", ErrorRecord(
        code="S003",
        message=f"The outputs of '{name}' could not be stored: {outcome}.",
        remedy="Run the step again.",
    )


def missing_frozen(step: Step) -> InfrastructureError:
    """The error of a frozen step whose artifacts are not there any more."""
    return InfrastructureError(
        "S003",
        f"The frozen outputs of '{step.label or step.id}' are not in the workspace any more.",
        remedy="Unfreeze the node and run it again.",
    )


def settled_error(status: str, step: Step, cause: Step | None) -> ErrorRecord:
    """Why a step ended without having failed itself."""
    name = step.label or step.id
    if status == "cancelled":
        return ErrorRecord(
            code="R004", message=f"'{name}' was cancelled.", remedy="Start the run again."
        )
    culprit = cause.label or cause.id if cause is not None else "a step before it"
    return ErrorRecord(
        code="R005",
        message=f"'{name}' was skipped because '{culprit}' failed.",
        remedy=f"Repair '{culprit}' and run again; what is done is reused.",
    )


def _death(death: Death, step: Step) -> tuple[FailureCause, ErrorRecord]:
    name = step.label or step.id
    if not death.was_started:
        return "not_started", ErrorRecord(
            code="R003",
            message=f"No process could be started for '{name}'.",
            remedy="Read runner.log; a library that it loads may crash while it is imported.",
        )
    if death.out_of_memory:
        return "error", _out_of_memory(death, step, name)
    if death.exit_status is not None:
        return "error", ErrorRecord(
            code="M010",
            message=f"'{name}' ended its process with status {death.exit_status}.",
            remedy="Return from the function instead of exiting.",
        )
    how = f"by signal {death.signal}" if death.signal else "without a word"
    return "crash", ErrorRecord(
        code="R003",
        message=f"The process of '{name}' died {how}.",
        remedy="Read the log; a library may have crashed, or somebody killed the process.",
    )


def _out_of_memory(death: Death, step: Step, name: str) -> ErrorRecord:
    peak = max(death.held_bytes, death.peak_memory_bytes or 0)
    details = {"peak_memory_bytes": peak} if peak else {}
    if death.held_bytes and step.memory_gib:
        return ErrorRecord(
            code="R002",
            message=f"'{name}' held {death.held_bytes / 2**30:.2f} GiB of memory, more than its limit of "
            f"{step.memory_gib:g} GiB, and was stopped.",
            remedy="Raise the node's memory under Run settings, or give it less data.",
            details={**details, "limit_bytes": int(step.memory_gib * 2**30)},
        )
    held = f" It held up to {peak / 2**30:.2f} GiB." if peak else ""
    return ErrorRecord(
        code="R002",
        message=f"The system ended '{name}' because memory ran out.{held}",
        remedy="Give the node less data, or run it where there is more memory.",
        details=details,
    )


def _inside(folder: str, path: str) -> Path:
    source = Path(os.path.normpath(path if path.startswith("/") else f"{folder}/{path}"))
    if not str(source).startswith(f"{folder}/") or source.is_symlink():
        raise InfrastructureError(
            "S003",
            f"An output lies outside its attempt folder: '{path}'.",
            remedy="Run the step again.",
        )
    return source
