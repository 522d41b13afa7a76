"""A result that is there before a step runs."""

import msgspec

from runtime.model import StepRun
from runtime.stores.changes import StoredResult


class Known(msgspec.Struct, frozen=True):
    """A finished result that stands in for a step, and why it may."""

    result: StoredResult
    reason: str


def result_of(record: StepRun, *, run_id: str, run_number: int) -> StoredResult:
    """A finished step's record as a result; of one that was reused, of the run that made it."""
    return StoredResult(
        run_id=record.reused_from or run_id,
        run_number=run_number,
        step=record.step,
        inputs=(),
        outputs=record.outputs,
        metrics=record.metrics,
        seed=record.seed,
        seconds=record.seconds,
        target=record.target,
        finished_at=record.finished_at,
    )
