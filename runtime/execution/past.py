"""The last time that each step of a plan finished: what it was made from and what it gave."""

from collections.abc import Mapping

import msgspec

from runtime.model import ArtifactRef, Plan, Step, StepRun
from runtime.planning.explanation import PreviousStep, remember
from runtime.stores import SqliteRunStore

_Run = tuple[Mapping[str, Step], Mapping[str, StepRun]]


class Past:
    """Earlier runs of one plan's pipeline, each read when it is first needed.

    Args:
        store: Where the runs are.
        plan: Whose steps are asked about.
        before: Only runs with a smaller number count.
    """

    def __init__(self, store: SqliteRunStore, plan: Plan, *, before: int | None = None) -> None:
        self._store = store
        self._plan = plan
        self._before = before
        self._latest: Mapping[str, int] | None = None
        self._runs: dict[int, _Run | None] = {}

    def previous(self, step: str) -> PreviousStep | None:
        """What a step was made from."""
        steps, records = self._run_of(step) or ({}, {})
        found = steps.get(step)
        if found is None:
            return None
        inputs: dict[str, list[str]] = {}
        for wire in found.inputs:
            ref = records[wire.step].outputs.get(wire.output) if wire.step in records else None
            inputs.setdefault(wire.port, []).append(ref.digest if ref else "")
        return remember(found, inputs)

    def output(self, step: str, output: str) -> ArtifactRef | None:
        """What a step gave."""
        _, records = self._run_of(step) or ({}, {})
        record = records.get(step)
        return record.outputs.get(output) if record is not None else None

    def _run_of(self, step: str) -> _Run | None:
        if self._latest is None:
            self._latest = self._store.history.latest_finished(
                self._plan.pipeline_id,
                self._plan.name,
                wanted={one.id for one in self._plan.steps},
                before=self._before,
            )
        number = self._latest.get(step)
        if number is None:
            return None
        if number not in self._runs:
            self._runs[number] = self._read(number)
        return self._runs[number]

    def _read(self, number: int) -> _Run | None:
        run_id = self._store.run_id(number)
        content = self._store.plan(run_id) if run_id else None
        if run_id is None or content is None:
            return None
        try:
            steps = {step.id: step for step in msgspec.json.decode(content, type=_Steps).steps}
            return steps, self._store.step_runs(run_id)
        except (msgspec.DecodeError, ValueError):
            return None


class _Steps(msgspec.Struct, frozen=True):
    """Of a plan only this."""

    steps: tuple[Step, ...]
