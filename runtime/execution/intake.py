"""Accepting a plan: which of its steps are done already, and the run's first record."""

import math
import os
from collections.abc import Mapping

import msgspec

from runtime.execution.frozen import frozen_results
from runtime.execution.known import Known, result_of
from runtime.execution.resuming import taken_over
from runtime.model import DESIGNER, Plan, Run, Step, StepRun, counts_of
from runtime.stores import FolderArtifactStore, SqliteRunStore
from runtime.stores.changes import StoredResult

STOPPED = "stopped at a breakpoint"
"""The detail of a run that stopped there, and of the steps that wait behind it."""


class Intake:
    """Finds what is known of a plan before anything runs.

    All lineages are looked up in one query. A result counts only if it was made from just the
    outputs that stand in for the steps before it, and if all its artifacts are there.
    """

    def __init__(self, store: SqliteRunStore, artifacts: FolderArtifactStore) -> None:
        self._store = store
        self._artifacts = artifacts
        self._has_all = artifacts.has_all

    def known(self, plan: Plan) -> dict[int, Known]:
        """Results that can stand in for steps right away, by the step's position."""
        found = self._store.look_up([step.lineage for step in plan.steps if step.lineage])
        stored = {**self._stored(plan), **frozen_results(plan, self._store, self._artifacts)}
        taken = taken_over(plan, self._store)
        by_step: dict[str, StoredResult] = {}
        known: dict[int, Known] = {}
        is_present = self.is_present
        for index, step in enumerate(plan.steps):
            candidate = (
                _unbroken(step, taken, by_step)
                or stored.get(step.id)
                or _fitting(step, found.get(step.lineage), by_step)
            )
            if candidate is not None and is_present(candidate.result):
                known[index] = candidate
                by_step[step.id] = candidate.result
        return known

    def is_present(self, result: StoredResult) -> bool:
        """Whether all artifacts of a result are there and whole."""
        since = result.finished_at
        return self._has_all(result.outputs.values(), since=math.inf if since is None else since)

    def _stored(self, plan: Plan) -> dict[str, Known]:
        """For steps that the run leaves alone: what their latest finished run gave."""
        wanted = [step.id for step in plan.steps if step.stored]
        if not wanted:
            return {}
        latest = self._store.history.latest_finished(
            plan.pipeline_id, plan.name, wanted=set(wanted)
        )
        known: dict[str, Known] = {}
        for number in set(latest.values()):
            run_id, records = self._store.run_id(number) or "", self._store.steps_of(number)
            for name in wanted:
                if latest.get(name) == number and name in records:
                    result = result_of(records[name], run_id=run_id, run_number=number)
                    known[name] = Known(result, f"left as it was in run {number}")
        return known


def first_run(plan: Plan, known: Mapping[int, Known], *, at: float, seconds: float) -> Run:
    """The record of a run that is being accepted; ended already when everything is known."""
    steps = {
        step.id: first_record(step) if index not in known else reused(step, known[index], at)
        for index, step in enumerate(plan.steps)
    }
    for name, reason in plan.skipped.items():
        steps[name] = _left_out(name, reason, detail=reason, at=at)
    for name, reason in plan.waiting.items():
        steps[name] = _left_out(name, reason, detail=STOPPED, at=at)
    is_over = len(known) == len(plan.steps)
    return Run(
        id=new_run_id(at),
        name=plan.name,
        pipeline_id=plan.pipeline_id,
        revision=plan.revision,
        status="completed" if is_over else "running",
        detail=ending_detail(plan) if is_over else "",
        author=plan.author,
        created_at=at,
        started_at=at,
        finished_at=at + seconds if is_over else None,
        seconds=round(seconds, 6) if is_over else None,
        graph_hash=plan.graph_hash,
        parameters=plan.parameters,
        failure_policy=plan.failure_policy,
        scope=plan.scope,
        stopped_before=plan.stopped_before,
        resumes=plan.resumes,
        counts=counts_of(steps.values()) if is_over else None,
        sources=plan.sources,
        steps=steps,
    )


def ending_detail(plan: Plan) -> str:
    """What is to be said of a run that completed."""
    return STOPPED if plan.stopped_before else ""


def _left_out(name: str, reason: str, *, detail: str, at: float) -> StepRun:
    return StepRun(step=name, status="skipped", detail=detail, reason=reason, finished_at=at)


def first_record(step: Step) -> StepRun:
    """The record of a step that has not run yet."""
    return StepRun(
        step=step.id,
        label=step.label,
        module=step.module,
        version=step.version,
        target=step.target,
        environment=step.environment.title if step.environment else DESIGNER,
        environment_digest=step.environment.digest if step.environment else "",
        seed=step.seed,
    )


def reused(step: Step, known: Known, at: float, *, fingerprint: str = "") -> StepRun:
    """The record of a step that a stored result stands in for."""
    result = known.result
    return msgspec.structs.replace(
        first_record(step),
        status="completed",
        reused=True,
        reused_from=result.run_id,
        reason=known.reason,
        seconds=0.0,
        started_at=at,
        finished_at=at,
        fingerprint=fingerprint,
        seed=result.seed,
        metrics=result.metrics,
        outputs=result.outputs,
    )


def unchanged(result: StoredResult) -> Known:
    """A result that stands in because nothing it depends on has changed."""
    return Known(result, f"nothing changed since run {result.run_number}")


def new_run_id(at: float) -> str:
    """A new run id; ids sort by time."""
    return f"{int(at * 1000):011x}{os.urandom(5).hex()}"


def _unbroken(
    step: Step, taken: Mapping[str, Known], by_step: Mapping[str, StoredResult]
) -> Known | None:
    """What the step gave in the run that is gone on with, if all it was made from still stands."""
    before = {*step.after, *(wire.step for wire in step.inputs)}
    if all(name in taken and by_step.get(name) is taken[name].result for name in before):
        return taken.get(step.id)
    return None


def _fitting(
    step: Step, result: StoredResult | None, by_step: Mapping[str, StoredResult]
) -> Known | None:
    """The result, if it was made from just the inputs that are known now."""
    if result is None or len(result.inputs) != len(step.inputs):
        return None
    for wire, digest in zip(step.inputs, result.inputs, strict=True):
        parent = by_step.get(wire.step)
        if parent is None or parent.outputs[wire.output].digest != digest:
            return None
    for name in step.after:
        if name not in by_step:
            return None
    return unchanged(result)
