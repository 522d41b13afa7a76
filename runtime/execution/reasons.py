"""Why a step runs, in words: what is different from the last time."""

from collections.abc import Mapping

import msgspec

from runtime.execution.live_run import LiveRun
from runtime.model import Plan, Step, StepRun
from runtime.planning.explanation import PreviousStep, explain, remember
from runtime.stores import SqliteRunStore

_Past = tuple[Mapping[str, Step], Mapping[str, StepRun]]


class Reasons:
    """Compares a run's steps with the last time each of them finished."""

    def __init__(self, store: SqliteRunStore) -> None:
        self._store = store
        self._latest: dict[str, Mapping[str, int]] = {}
        self._past: dict[int, _Past | None] = {}

    def why(self, live: LiveRun, index: int) -> str:
        """The reason in words."""
        step = live.plan.steps[index]
        inputs = live.inputs_by_port(index)
        return explain(self._previous(live, step.id), step, inputs)

    def forget(self, live: LiveRun) -> None:
        """The run has ended: let go of what was read for it."""
        self._latest.pop(live.id, None)
        if not self._latest:
            self._past.clear()

    def _previous(self, live: LiveRun, name: str) -> PreviousStep | None:
        latest = self._latest.get(live.id)
        if latest is None:
            plan = live.plan
            latest = self._latest[live.id] = self._store.latest_finished(
                plan.pipeline_id,
                plan.name,
                wanted={step.id for step in plan.steps},
                before=live.run.number,
            )
        number = latest.get(name)
        return None if number is None else self._remembered(number, name)

    def _remembered(self, number: int, name: str) -> PreviousStep | None:
        if number not in self._past:
            self._past[number] = self._read(number)
        past = self._past[number]
        if past is None:
            return None
        steps, records = past
        step = steps.get(name)
        if step is None:
            return None
        inputs: dict[str, list[str]] = {}
        for wire in step.inputs:
            ref = records[wire.step].outputs.get(wire.output) if wire.step in records else None
            inputs.setdefault(wire.port, []).append(ref.digest if ref else "")
        return remember(step, inputs)

    def _read(self, number: int) -> _Past | None:
        run_id = self._store.run_id(number)
        content = self._store.plan(run_id) if run_id else None
        if run_id is None or content is None:
            return None
        try:
            steps = {step.id: step for step in msgspec.json.decode(content, type=Plan).steps}
            return steps, self._store.step_runs(run_id)
        except (msgspec.DecodeError, ValueError):
            return None
