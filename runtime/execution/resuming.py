"""Going on with a run that has ended: a new run of the same plan that takes over what was done.

A run that has ended never changes again: what it did, when and why stays to be looked at. So going on
is a run of its own, and each names the other.
"""

import msgspec

from runtime.errors import RequestError
from runtime.execution.known import Known, result_of
from runtime.model import TERMINAL, Plan, Run
from runtime.stores import SqliteRunStore


def resumed_plan(plan: Plan, run: Run, *, author: str) -> Plan:
    """The plan of a run that goes on with another.

    Args:
        plan: What the other executed.
        run: The other, with its steps.
        author: Who wants it.

    Raises:
        RequestError: R010 when it has not ended, or nothing of it is left to do.
    """
    if run.status not in TERMINAL:
        raise RequestError(
            "R010",
            f"Run {run.number} still goes on.",
            remedy="Wait for its end, or cancel it first.",
        )
    if all(_is_done(run, step.id) for step in plan.steps):
        raise RequestError(
            "R010",
            f"Nothing of run {run.number} is left to do.",
            remedy="Run the pipeline again instead.",
        )
    return msgspec.structs.replace(plan, resumes=run.id, author=author)


def taken_over(plan: Plan, store: SqliteRunStore) -> dict[str, Known]:
    """For a plan that goes on with a run: what each of its finished steps gave."""
    run = store.run(plan.resumes) if plan.resumes else None
    if run is None:
        return {}
    return {
        step.id: Known(
            result_of(run.steps[step.id], run_id=run.id, run_number=run.number),
            f"done in run {run.number}",
        )
        for step in plan.steps
        if _is_done(run, step.id)
    }


def _is_done(run: Run, step: str) -> bool:
    return step in run.steps and run.steps[step].status == "completed"
