"""The events with which a run begins: they follow from its record, so the log need not hold them."""

from runtime.model import Run, RunEvent, StepRun

_TOLD = ("reused", "reused_from", "reason", "detail", "outputs", "metrics", "seconds", "seed")


def first_events(run: Run, sequence: int) -> list[RunEvent]:
    """Events of a run's acceptance, and of every step that was settled by it.

    Args:
        run: The run with its steps.
        sequence: Number of the first event.
    """
    settled = [step for step in run.steps.values() if is_settled_at_once(run, step)]
    facts = {"name": run.name, "pipeline_id": run.pipeline_id, "number": run.number}
    events = [_event(run, sequence, facts)]
    for step in settled:
        sequence += 1
        data = {name: getattr(step, name) for name in _TOLD}
        events.append(
            RunEvent(
                sequence=sequence,
                run_id=run.id,
                kind="step",
                step=step.step,
                status=step.status,
                at=run.created_at,
                data=data,
            )
        )
    if len(settled) == len(run.steps):
        ending = {
            "seconds": run.seconds,
            "finished_at": run.finished_at,
            "detail": run.detail,
        }
        events.append(
            RunEvent(
                sequence=sequence + 1,
                run_id=run.id,
                kind="run",
                status=run.status,
                at=run.created_at,
                data=ending,
            )
        )
    return events


def count_of_first_events(run: Run) -> int:
    """How many events `first_events` gives."""
    settled = sum([is_settled_at_once(run, step) for step in run.steps.values()])
    return 1 + settled + (settled == len(run.steps))


def is_settled_at_once(run: Run, step: StepRun) -> bool:
    """Whether a step had ended when its run was accepted."""
    return step.finished_at == run.created_at


def _event(run: Run, sequence: int, data: dict[str, object]) -> RunEvent:
    return RunEvent(
        sequence=sequence,
        run_id=run.id,
        kind="run",
        status="running",
        at=run.created_at,
        data=data,
    )
