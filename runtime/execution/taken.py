"""What a step's attempts took: kept with its record however they ended, and for estimates."""

from typing import TYPE_CHECKING, Any

import msgspec

from runtime.execution.live_run import LiveRun
from runtime.model import ErrorRecord, FailedAttempt, StepRun, WorkerEvent
from runtime.stores.changes import StepExecuted, StoredResult
from runtime.targets.attempt import Death, Outcome

if TYPE_CHECKING:
    from runtime.targets.usage import Usage

_FIELDS = ("peak_memory_bytes", "peak_gpu_memory_bytes", "cpu_seconds", "moved_bytes")

_MOST_ATTEMPTS = 100


def with_usage(record: StepRun, usage: "Usage | None", outcome: Outcome) -> StepRun:
    """Give the record with what an attempt took.

    Args:
        record: The step's, with what earlier attempts took.
        usage: The last reading of its processes.
        outcome: How it ended; a worker's own word is more exact than a reading.
    """
    peaks = [record.peak_memory_bytes, usage.peak_memory_bytes if usage else None]
    cpu_seconds = usage.cpu_seconds if usage else None
    moved = record.moved_bytes
    if type(outcome) is WorkerEvent:
        if "sent_bytes" in outcome.data:
            moved = (moved or 0) + outcome.data["sent_bytes"] + outcome.data["fetched_bytes"]
        peaks.append(outcome.peak_memory_bytes)
        cpu_seconds = outcome.cpu_seconds
    elif type(outcome) is Death:
        peaks.append(max(outcome.peak_memory_bytes or 0, outcome.held_bytes))
    gpu_peaks = [record.peak_gpu_memory_bytes, usage.peak_gpu_memory_bytes if usage else None]
    return msgspec.structs.replace(
        record,
        peak_memory_bytes=_most(peaks),
        peak_gpu_memory_bytes=_most(gpu_peaks),
        cpu_seconds=cpu_seconds,
        moved_bytes=moved,
    )


def with_failed_attempt(
    record: StepRun, error: ErrorRecord, outcome: Outcome | Exception, *, seconds: float, at: float
) -> StepRun:
    """Give the record with an attempt that came to nothing.

    Args:
        record: The step's, with its attempts so far.
        error: What went wrong.
        outcome: How the attempt ended.
        seconds: How long it took.
        at: When it ended.
    """
    failed = FailedAttempt(
        attempt=max(1, record.attempts),
        reason=error.message,
        code=error.code,
        ending=outcome.ending if isinstance(outcome, Death) else "",
        started_at=at - seconds,
        seconds=round(seconds, 6),
    )
    attempts = (*record.failed_attempts, failed)[-_MOST_ATTEMPTS:]
    return msgspec.structs.replace(record, failed_attempts=attempts)


def taken(record: StepRun) -> dict[str, Any]:
    """What is known of that, for the step's last event."""
    return {name: value for name in _FIELDS if (value := getattr(record, name)) is not None}


def executed(live: LiveRun, index: int, result: StoredResult) -> StepExecuted:
    """What the store keeps of a step that delivered."""
    step, record = live.plan.steps[index], live.steps[index]
    return StepExecuted(
        run_number=result.run_number,
        position=index,
        step=step.id,
        module=f"{step.module} {step.version}",
        recipe=step.recipe,
        target=step.target,
        at=result.finished_at or 0.0,
        input_bytes=sum([ref.bytes for _, ref in live.input_refs(step)]),
        outputs=tuple([ref.digest for ref in result.outputs.values()]),
        seconds=result.seconds or 0.0,
        cpu_seconds=record.cpu_seconds,
        peak_memory_bytes=record.peak_memory_bytes,
        peak_gpu_memory_bytes=record.peak_gpu_memory_bytes,
    )


def _most(values: list[int | None]) -> int | None:
    return max([value for value in values if value], default=None)
