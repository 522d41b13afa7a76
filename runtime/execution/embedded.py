"""The engine inside the calling program: run one plan, or finish what was left unfinished."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from runtime.errors import InfrastructureError
from runtime.execution.engine import Engine
from runtime.execution.lock import WorkspaceLock, holder
from runtime.interfaces import EventSink
from runtime.model import Plan, Run, RunEvent
from runtime.stores.workspace import Workspace

_WAIT_FOR_EMBEDDED_S = 600.0


def run_plan(
    plan: Plan,
    workspace: Workspace,
    *,
    on_event: EventSink | None = None,
    ends_program: bool = False,
) -> Run:
    """Execute a plan to its end, here or in the runner that holds the workspace.

    Args:
        plan: What to execute.
        workspace: Where.
        on_event: Called with every event, in order.
        ends_program: The program ends right afterwards, and its end tidies up.

    Raises:
        InfrastructureError: R007 when another program keeps the workspace for too long.
    """
    deadline = time.monotonic() + _WAIT_FOR_EMBEDDED_S
    while True:
        try:
            with hosted_engine(workspace, on_event, ends_program=ends_program) as engine:
                return _run_here(engine, plan)
        except InfrastructureError as exc:
            if exc.code != "R007" or time.monotonic() > deadline:
                raise
        who = holder(workspace.lock_file)
        if who is not None and who.socket:
            return _run_there(plan, workspace, on_event)
        time.sleep(0.05)


def resume_runs(workspace: Workspace, *, on_event: EventSink | None = None) -> list[Run]:
    """Finish every run that an engine before this one left unfinished; gives them."""
    with hosted_engine(workspace, on_event) as engine:
        ids = engine.resume()
        while engine.is_busy:
            engine.turn()
        return [run for run_id in ids if (run := engine.store.run(run_id)) is not None]


@contextmanager
def hosted_engine(
    workspace: Workspace, on_event: EventSink | None, *, ends_program: bool = False
) -> Iterator[Engine]:
    """An engine that holds the workspace while the block runs."""
    lock = WorkspaceLock(workspace.lock_file, kind="embedded")
    try:
        engine = Engine(workspace, publish=_Sink(on_event) if on_event else None)
        try:
            yield engine
        finally:
            engine.close(in_a_hurry=ends_program)
    finally:
        lock.release()


def _run_here(engine: Engine, plan: Plan) -> Run:
    engine.resume()
    run = engine.submit(plan)
    try:
        while engine.is_live(run.id):
            engine.turn()
    except KeyboardInterrupt:
        engine.cancel(run.id)
        while engine.is_live(run.id):
            engine.turn()
    return engine.ended(run)


def _run_there(plan: Plan, workspace: Workspace, on_event: EventSink | None) -> Run:
    from runtime.execution.client import run_in_runner

    return run_in_runner(plan, workspace, on_event)


class _Sink:
    def __init__(self, on_event: EventSink) -> None:
        self._on_event = on_event

    def __call__(self, events: Sequence[RunEvent]) -> None:
        for event in events:
            self._on_event(event)
