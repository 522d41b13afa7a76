"""`designer runs`: list, show, cancel."""

import argparse
from collections.abc import Iterator
from datetime import datetime
from typing import Any, get_args

import msgspec

from designer.commands.output import complain, print_json, print_table, say
from designer.commands.place import workspace_of
from designer.commands.shown_marks import marks_of, tagged
from designer.reopening.reading import stored_plan
from runtime.errors import InfrastructureError, RequestError, close_matches
from runtime.execution.cost import run_cost
from runtime.execution.critical_path import CriticalPath, critical_path
from runtime.execution.environment_lock import read_lock
from runtime.execution.report import run_document
from runtime.model import TERMINAL, Run, Status, StepRun
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace


def list_runs(chosen: argparse.Namespace) -> int:
    """The newest runs."""
    if chosen.status not in (None, *get_args(Status)):
        raise RequestError(
            "A004",
            f"There is no status '{chosen.status}'.{close_matches(chosen.status, get_args(Status))}",
            remedy=f"Choose one of {', '.join(get_args(Status))}.",
        )
    workspace, store = _open(chosen)
    runs = store.runs(
        limit=max(1, chosen.limit), status=chosen.status, among=tagged(workspace, chosen.tag)
    )
    found = marks_of(workspace, [run.id for run in runs])
    if chosen.json:
        plain = [msgspec.structs.replace(run, steps={}) for run in runs]
        print_json({"runs": plain, "marks": found})
        return 0
    rows = [
        (
            str(run.number),
            run.status,
            _when(run.created_at),
            _took(run.seconds),
            run.name,
            " ".join(found[run.id].tags) if run.id in found else "",
        )
        for run in runs
    ]
    print_table([("RUN", "STATUS", "STARTED", "TOOK", "PIPELINE", "TAGS"), *rows])
    return 0


def show(chosen: argparse.Namespace) -> int:
    """One run with its steps."""
    workspace, store = _open(chosen)
    run = find_run(store, chosen.run)
    marks = marks_of(workspace, [run.id]).get(run.id)
    path = _critical_path(store, run)
    if chosen.json:
        facts = {
            "number": run.number,
            "name": run.name,
            "critical_path": path,
            "resumes": run.resumes,
            "sources": run.sources,
            "packages": read_lock(workspace.path, run.packages),
            "cost": run_cost(run),
            "taken": {step.step: _taken(step) for step in run.steps.values()},
            "marks": marks or {},
        }
        print_json({**run_document(run), **facts})
        return 0
    say(f"Run {run.number}  {run.name}  {run.status}  {_took(run.seconds)}")
    for line in _circumstances(run):
        say(line)
    if marks and marks.tags:
        say(f"Tags: {' '.join(marks.tags)}")
    if marks and marks.note:
        say(f"Note: {marks.note}")
    print_table([_step_row(step) for step in run.steps.values()])
    if path.links:
        names = ", ".join(link.step for link in path.links)
        say(f"The longest chain took {_took(path.seconds)} of {_took(path.run_seconds)}: {names}")
    return 0


def cancel(chosen: argparse.Namespace) -> int:
    """Ask for a run to end."""
    workspace, store = _open(chosen)
    run = find_run(store, chosen.run)
    if run.status not in TERMINAL:
        _ask_to_end(workspace, store, run.id)
    run = find_run(store, run.id)
    if chosen.json:
        print_json({"run_id": run.id, "status": run.status, "detail": run.detail})
    else:
        complain(f"Run {run.number} is {run.detail or run.status}.")
    return 0


def _ask_to_end(workspace: Workspace, store: SqliteRunStore, run_id: str) -> None:
    from runtime.execution.client import SyncRunnerClient, runner_of

    store.request_cancel(run_id)
    try:
        with SyncRunnerClient(runner_of(workspace.path).socket) as client:
            client.cancel(run_id)
    except (OSError, InfrastructureError):
        complain("No runner is there now; the run ends when one is.")


def _open(chosen: argparse.Namespace) -> tuple[Workspace, SqliteRunStore]:
    workspace = Workspace(workspace_of(chosen))
    return workspace, SqliteRunStore(workspace.runs_db)


def find_run(store: SqliteRunStore, name: str) -> Run:
    """A run by its id, or by the number people say."""
    run = store.run(name)
    if run is None and name.isdecimal() and len(name) < 16:
        numbered = store.runs(limit=1, before=int(name) + 1)
        if numbered and numbered[0].number == int(name):
            run = store.run(numbered[0].id)
    if run is None:
        raise RequestError(
            "R006", f"There is no run '{name}'.", remedy="Choose one from `designer runs list`."
        )
    return run


def _critical_path(store: SqliteRunStore, run: Run) -> CriticalPath:
    try:
        return critical_path(run, stored_plan(store, run))
    except InfrastructureError:  # without its plan the run can still be looked at
        return CriticalPath()


def _circumstances(run: Run) -> Iterator[str]:
    for source in run.sources:
        changed = ", with changes" if source.is_dirty else ""
        yield f"Git: {source.commit[:10]} {source.branch}{changed}  {source.folder}"
    cost = run_cost(run)
    for one in cost.targets:
        yield f"Cost of {one.target}: {one.cost:.6g} for {_took(one.seconds)}"
    if len(cost.targets) > 1:
        yield f"Cost of all: {cost.total:.6g}"


def _taken(step: StepRun) -> dict[str, Any]:
    return {
        "cpu_seconds": step.cpu_seconds,
        "peak_memory_bytes": step.peak_memory_bytes,
        "peak_gpu_memory_bytes": step.peak_gpu_memory_bytes,
        "moved_bytes": step.moved_bytes,
        "failed_attempts": step.failed_attempts,
    }


def _step_row(step: StepRun) -> tuple[str, ...]:
    note = step.error.message if step.error else step.reason
    return step.step, step.status, _took(step.seconds), note


def _when(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _took(seconds: float | None) -> str:
    return f"{seconds:.2f} s" if seconds is not None else ""
