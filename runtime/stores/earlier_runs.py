"""Runs as foresight compares them: what was executed, and what of it is stored."""

from collections.abc import Iterator

import msgspec

from runtime.foresight import EarlierRun
from runtime.model import Plan, Run
from runtime.stores.run_store import SqliteRunStore

_decode = msgspec.json.Decoder(Plan).decode


def earlier_run(store: SqliteRunStore, run: Run) -> EarlierRun:
    """A run with what it stored; nothing where its plan is gone or damaged."""
    try:
        plan = _decode(store.plan(run.id) or b"")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return EarlierRun(run.number, run.created_at, {}, {})
    return EarlierRun(
        number=run.number,
        created_at=run.created_at,
        steps={step.id: step for step in plan.steps},
        outputs={
            name: step.outputs for name, step in store.step_runs(run.id).items() if step.outputs
        },
    )


def earlier_runs(
    store: SqliteRunStore, *, pipeline_id: str, name: str, limit: int
) -> Iterator[EarlierRun]:
    """The newest runs of a pipeline, newest first; one without an id is known by its name."""
    for run in store.runs(limit=limit, pipeline_id=pipeline_id):
        if pipeline_id or run.name == name:
            yield earlier_run(store, run)
