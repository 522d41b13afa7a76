"""The critical path of a run: the chain of steps that determined when it ended. Pure."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from runtime.model import Plan, Run, StepRun


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the chain.

    Attributes:
        waited_s: From the end of the step before it (of the first: from the run's start) until it
            began to work: for a place, a worker, an earlier attempt.
        worked_s: How long it then worked.
    """

    step: str
    waited_s: float
    worked_s: float


class CriticalPath(msgspec.Struct, frozen=True, kw_only=True):
    """The chain, in the order of time.

    Attributes:
        links: Each depends on the one before it; empty while the run goes on, and where every
            step was reused.
        seconds: How long the chain took, waiting included.
        run_seconds: How long the run took.
    """

    links: tuple[Link, ...] = ()
    seconds: float = 0
    run_seconds: float = 0


def critical_path(run: Run, plan: Plan) -> CriticalPath:
    """The steps that a run waited for, from its last to end back to the first.

    The one before a step is the last to end of those that it needed.
    """
    if run.started_at is None or run.finished_at is None:
        return CriticalPath()
    begin, end = run.started_at, max(run.started_at, run.finished_at)
    chain = _chain(run.steps, needs_of(plan))
    links, ready = [], begin
    for step in chain:
        finished = min(max(step.finished_at or ready, ready), end)
        began = min(max(_began_to_work(step), ready), finished)
        links.append(Link(step=step.step, waited_s=began - ready, worked_s=finished - began))
        ready = finished
    return CriticalPath(links=tuple(links), seconds=ready - begin, run_seconds=end - begin)


def needs_of(plan: Plan) -> dict[str, frozenset[str]]:
    """For each step the steps that must be done before it."""
    return {
        step.id: frozenset({*step.after, *(wire.step for wire in step.inputs)})
        for step in plan.steps
    }


def _chain(steps: Mapping[str, StepRun], needs: Mapping[str, Collection[str]]) -> list[StepRun]:
    current = _last_to_end(step for step in steps.values() if not step.reused)
    chain: list[StepRun] = []
    while current is not None:
        chain.append(current)
        before = (steps[name] for name in needs.get(current.step, ()) if name in steps)
        current = _last_to_end(before)
    while chain and chain[-1].reused:  # what was there from the start kept nobody waiting
        chain.pop()
    return chain[::-1]


def _last_to_end(steps: Iterable[StepRun]) -> StepRun | None:
    ended = (step for step in steps if None not in (step.started_at, step.finished_at))
    return max(ended, key=lambda step: (step.finished_at, step.step), default=None)


def _began_to_work(step: StepRun) -> float:
    started = step.started_at or 0.0
    if step.seconds is None or step.finished_at is None:
        return started
    return max(started, step.finished_at - step.seconds)
