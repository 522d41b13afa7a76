"""`designer runs resume` and `rerun`: go on with a run, or run its graph once more."""

import argparse
from getpass import getuser
from pathlib import Path

import msgspec

from designer.commands.graphs import FAILED, setting
from designer.commands.output import complain_about, print_json
from designer.commands.place import workspace_of
from designer.commands.progress import Progress
from designer.commands.runs import find_run
from designer.commands.states import state_of
from designer.reopening.reading import stored_plan
from modules_library.registry import open_catalog
from runtime.execution.embedded import run_plan
from runtime.execution.report import run_document
from runtime.execution.resuming import resumed_plan
from runtime.execution.submission import plan_graph
from runtime.model import Plan, Run
from runtime.planning import PlanOptions
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace


def resume(chosen: argparse.Namespace) -> int:
    """A new run that takes over what a run finished, and does the rest."""
    workspace, run, plan = _named(chosen)
    return _execute(resumed_plan(plan, run, author=getuser()), workspace, chosen)


def rerun(chosen: argparse.Namespace) -> int:
    """The graph of a run once more, with other values of its parameters if need be."""
    workspace, run, plan = _named(chosen)
    options = PlanOptions(
        parameters={**run.parameters, **dict(map(setting, chosen.set))},
        pipeline_id=run.pipeline_id,
        revision=run.revision,
        failure_policy=plan.failure_policy,
        author=getuser(),
    )
    document, folder = msgspec.json.decode(plan.graph_json), Path(plan.source_folder or ".")
    if chosen.newest:
        newest = state_of(run.pipeline_id, "", workspace.path)
        document, folder = newest.document, workspace.pipelines
        options = msgspec.structs.replace(options, revision=newest.revision)
    again = plan_graph(
        document,
        open_catalog(workspace.path),
        options=options,
        workspace=workspace.path,
        folder=folder,
    )
    return _execute(again, workspace, chosen)


def _named(chosen: argparse.Namespace) -> tuple[Workspace, Run, Plan]:
    workspace = Workspace(workspace_of(chosen))
    store = SqliteRunStore(workspace.runs_db)
    run = find_run(store, chosen.run)
    plan = stored_plan(store, run)
    store.close()
    return workspace, run, plan


def _execute(plan: Plan, workspace: Workspace, chosen: argparse.Namespace) -> int:
    complain_about(plan.diagnostics)
    progress = Progress(plan)
    finished = run_plan(plan, workspace, on_event=progress.take)
    progress.end(finished)
    if chosen.json:
        print_json(run_document(finished, plan.diagnostics))
    return 0 if finished.status == "completed" else FAILED
