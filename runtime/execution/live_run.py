"""A run while it is executed: its plan, its step runs, its scheduler, and what they became."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from runtime.execution.scheduler import Scheduler
from runtime.execution.shape import shape_of
from runtime.model import ArtifactRef, ErrorRecord, Plan, Run, RunEvent, Step, StepRun
from runtime.stores.changes import Change, EventsHappened, RunChanged, StepChanged, StoredResult

_replace = msgspec.structs.replace
_MOST_SERIES_POINTS = 10_000


class LiveRun:
    """What the engine holds of one run; every change becomes a database change and an event.

    Args:
        run: The run's record with its step runs.
        plan: What it executes.
        cpus: Processors of this machine.
        lineage: Lineage key of each step, None where it has none.
    """

    def __init__(self, run: Run, plan: Plan, *, cpus: float, lineage: list[str | None]) -> None:
        self.plan = plan
        self.run = _replace(run, steps={})
        self.steps: list[StepRun] = list(run.steps.values())
        self.position = {step.id: index for index, step in enumerate(plan.steps)}
        self.scheduler = Scheduler(shape_of(plan, available_cpus=cpus), plan.failure_policy)
        self.lineage = lineage
        self.durable = {source.partition(".")[0::2] for source in plan.outputs.values()}
        self.changes: list[Change] = []
        self.events: list[RunEvent] = []
        self.inputs: dict[int, tuple[str, ...]] = {}
        self.fingerprints: dict[int, str] = {}
        self.errors: dict[int, ErrorRecord] = {}
        self.started_clock: float | None = None

    @property
    def id(self) -> str:
        """The run's id."""
        return self.run.id

    def whole(self) -> Run:
        """The run with its step runs as they are now."""
        return _replace(self.run, steps={step.step: step for step in self.steps})

    def input_digests(self, step: Step) -> tuple[str, ...]:
        """Digests of a step's inputs in the order of its wires."""
        return tuple(
            [self.steps[self.position[w.step]].outputs[w.output].digest for w in step.inputs]
        )

    def input_refs(self, step: Step) -> Iterator[tuple[str, ArtifactRef]]:
        """Each input port with the artifact that feeds it."""
        for wire in step.inputs:
            yield wire.port, self.steps[self.position[wire.step]].outputs[wire.output]

    def is_durable(self, step: Step, output: str) -> bool:
        """Whether an output is one of the pipeline's own, which survive a power cut."""
        return (step.id, output) in self.durable

    def change_step(self, index: int, at: float, **fields: Any) -> StepRun:
        """Change a step run's record; it is written with the next commit."""
        before = self.steps[index]
        after = _replace(before, **fields)
        self.steps[index] = after
        self.changes.append(
            StepChanged(
                run_number=self.run.number,
                position=index,
                before=(before.status, before.attempts),
                fence=after.attempts,
                record=after,
            )
        )
        self.tell(index, at, fields)
        return after

    def tell(self, index: int, at: float, fields: Mapping[str, Any]) -> None:
        """Add the event of a step's change."""
        step = self.steps[index]
        self.events.append(
            RunEvent(
                run_id=self.run.id,
                kind="step",
                step=step.step,
                status=step.status,
                at=at,
                data={name: value for name, value in fields.items() if name != "error"},
                error=step.error,
            )
        )

    def change_run(self, at: float, **fields: Any) -> None:
        """Change the run's own record; it is written with the next commit."""
        self.run = _replace(self.run, **fields)
        self.changes.append(RunChanged(record=self.run))
        self.events.append(
            RunEvent(
                run_id=self.run.id,
                kind="run",
                status=self.run.status,
                at=at,
                data={name: value for name, value in fields.items() if name != "error"},
                error=self.run.error,
            )
        )

    def take_changes(self, sequence: int) -> tuple[list[Change], tuple[RunEvent, ...]]:
        """What is to be committed now: changes with the numbered events among them."""
        events = tuple(
            [_replace(event, sequence=sequence + n) for n, event in enumerate(self.events, 1)]
        )
        changes = self.changes
        if events:
            changes.append(EventsHappened(run_id=self.run.id, events=events))
        self.changes, self.events = [], []
        return changes, events


def first_record(step: Step, **fields: Any) -> StepRun:
    """The record of a step that has not run yet."""
    return StepRun(
        step=step.id,
        label=step.label,
        module=step.module,
        version=step.version,
        target=step.target,
        seed=step.seed,
        **fields,
    )


def reused_fields(result: StoredResult, *, fingerprint: str, at: float) -> dict[str, Any]:
    """What a step's record says when a stored result stands in for it."""
    return {
        "status": "completed",
        "reused": True,
        "reused_from": result.run_id,
        "reason": f"nothing changed since run {result.run_number}",
        "outputs": result.outputs,
        "metrics": result.metrics,
        "seed": result.seed,
        "fingerprint": fingerprint,
        "seconds": 0.0,
        "started_at": at,
        "finished_at": at,
    }


def add_metric(metrics: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Give the metrics with one more value; with an index it is a point of a series."""
    name, value, index = str(data.get("name", "")), data.get("value"), data.get("index")
    grown = dict(metrics)
    if index is None:
        grown[name] = value
    else:
        series = grown.get(name)
        points = series if isinstance(series, list) else []
        grown[name] = [*points, [index, value]][-_MOST_SERIES_POINTS:]
    return grown
