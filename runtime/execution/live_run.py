"""A run while it is executed: its plan, its step runs, its scheduler, and what they became."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from runtime.execution.scheduler import Scheduler
from runtime.execution.shape import shape_of
from runtime.log import note
from runtime.model import (
    TERMINAL,
    ArtifactRef,
    ErrorRecord,
    Plan,
    Run,
    RunEvent,
    Status,
    Step,
    StepRun,
)
from runtime.stores.changes import Change, EventsHappened, RunChanged, StepChanged

_replace = msgspec.structs.replace
_MOST_SERIES_POINTS = 10_000


class LiveRun:
    """What the engine holds of one run; every change becomes a database change and an event.

    Args:
        run: The run's record with its step runs; those of the plan come first.
        plan: What it executes.

    Attributes:
        lanes: The scheduler's numbers of the targets it uses, by name.
        running: How many of its steps hold slots.
        damaged: Steps whose stored outputs were found damaged.
    """

    def __init__(self, run: Run, plan: Plan) -> None:
        self.plan = plan
        self.run = _replace(run, steps={})
        self.steps: list[StepRun] = list(run.steps.values())
        self.position = {step.id: index for index, step in enumerate(plan.steps)}
        shape = shape_of(plan)
        self.scheduler = Scheduler(shape, plan.failure_policy)
        self.lanes = {name: lane for lane, name in enumerate(shape.targets)}
        self.started_clock = time.monotonic()
        self.running = 0
        self.inputs: dict[int, dict[str, list[str]]] = {}
        self.fingerprints: dict[int, str] = {}
        self.damaged: set[int] = set()
        self.errors: dict[int, ErrorRecord] = {}
        self.changes: list[Change] = []
        self._told: list[dict[str, Any]] = []
        self._news: set[str] = set()
        self._unwritten: dict[int, tuple[int, tuple[Status, int]]] = {}
        self._durable = {source.rpartition(".")[0::2] for source in plan.outputs.values()}

    @property
    def id(self) -> str:
        """The run's id."""
        return self.run.id

    def ready_on(self, target: str) -> int:
        """How many steps wait for slots of that target and stand in no line."""
        lane = self.lanes.get(target)
        return self.scheduler.ready_in(lane) if lane is not None else 0

    def whole(self) -> Run:
        """The run with its step runs as they are now."""
        return _replace(self.run, steps={step.step: step for step in self.steps})

    def input_refs(self, step: Step) -> Iterator[tuple[str, ArtifactRef]]:
        """Each input port with the artifact that feeds it, in the order of the wires."""
        for wire in step.inputs:
            yield wire.port, self.steps[self.position[wire.step]].outputs[wire.output]

    def inputs_by_port(self, index: int) -> dict[str, list[str]]:
        """Digests of a step's inputs by port."""
        known = self.inputs.get(index)
        if known is None:
            known = self.inputs[index] = {}
            for port, ref in self.input_refs(self.plan.steps[index]):
                known.setdefault(port, []).append(ref.digest)
        return known

    def is_durable(self, step: Step, output: str) -> bool:
        """Whether an output is one of the pipeline's own, which survive a power cut."""
        return (step.id, output) in self._durable

    def builds_on_news(self, step: Step) -> bool:
        """Whether a step needs one whose end is not durable yet."""
        news = self._news
        return bool(news) and (
            not news.isdisjoint(step.after) or any(wire.step in news for wire in step.inputs)
        )

    def change_step(self, index: int, at: float, fields: dict[str, Any]) -> StepRun:
        """Change a step run's record; it is written with the next commit."""
        before = self.steps[index]
        after = self.steps[index] = _replace(before, **fields)
        self._write_down(index, (before.status, before.attempts), after)
        if after.status != before.status:
            if after.status in TERMINAL:
                self._news.add(after.step)
            note(__name__, "%s", after.status, run=self.run.id, step=after.step)
        error = fields.pop("error", None)
        self._told.append(
            {
                "kind": "step",
                "step": after.step,
                "status": after.status,
                "at": at,
                "data": fields,
                "error": error,
            }
        )
        return after

    def _write_down(self, index: int, before: tuple[Status, int], record: StepRun) -> None:
        """A step that changes twice before a commit is written once: from first state to last."""
        place, before = self._unwritten.setdefault(index, (len(self.changes), before))
        change = StepChanged(
            run_number=self.run.number,
            position=index,
            before=before,
            fence=record.attempts,
            record=record,
        )
        if place < len(self.changes):
            self.changes[place] = change
        else:
            self.changes.append(change)

    def change_run(self, at: float, fields: dict[str, Any]) -> None:
        """Change the run's own record; it is written with the next commit."""
        self.run = _replace(self.run, **fields)
        self.changes.append(RunChanged(record=self.run))
        error = fields.pop("error", None)
        self._told.append(
            {"kind": "run", "status": self.run.status, "at": at, "data": fields, "error": error}
        )

    def take_changes(self, sequence: int) -> tuple[list[Change], list[RunEvent]]:
        """What is to be committed now: changes, and the events among them numbered on."""
        events: list[RunEvent] = []
        for told in self._told:
            sequence += 1
            events.append(RunEvent(sequence=sequence, run_id=self.run.id, **told))
        changes = self.changes
        if events:
            changes.append(EventsHappened(run_id=self.run.id, events=tuple(events)))
        self.changes, self._told = [], []
        self._news.clear()
        self._unwritten.clear()
        return changes, events


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
