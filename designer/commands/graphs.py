"""`designer run`, `plan` and `validate`."""

import argparse
import json
from pathlib import Path
from typing import Any

from designer.commands.output import complain_about, print_json, say
from designer.commands.place import workspace_of
from designer.commands.progress import Progress
from modules_library.registry import open_catalog
from runtime.errors import RequestError
from runtime.execution.submission import plan_graph
from runtime.model import Diagnostic, Plan
from runtime.planning import PlanOptions

FAILED = 1
WRONG = 2


def run(chosen: argparse.Namespace) -> int:
    """Run a graph file to its end."""
    from runtime.execution.embedded import run_plan
    from runtime.execution.report import run_document
    from runtime.stores.workspace import Workspace

    workspace = Workspace(workspace_of(chosen))
    plan = _plan(chosen, workspace.path)
    complain_about(plan.diagnostics)
    progress = Progress(plan)
    finished = run_plan(plan, workspace, on_event=progress.take)
    progress.end(finished)
    if chosen.json:
        print_json(run_document(finished, plan.diagnostics))
    return 0 if finished.status == "completed" else FAILED


def plan(chosen: argparse.Namespace) -> int:
    """Show what a run would do."""
    from runtime.stores.workspace import Workspace

    planned = _plan(chosen, Workspace(workspace_of(chosen)).path)
    if chosen.json:
        print_json(planned)
        return 0
    for step in planned.steps:
        say(f"{step.id}  {step.label}  {step.module} {step.version}  on {step.target}")
    for node, why in planned.skipped.items():
        say(f"{node}  left out: {why}")
    complain_about(planned.diagnostics)
    return 0


def validate(chosen: argparse.Namespace) -> int:
    """List every problem of a graph file."""
    from runtime.errors import InvalidGraphError
    from runtime.execution.report import error_document

    diagnostics = _diagnostics(chosen)
    is_valid = not any(item.severity == "error" for item in diagnostics)
    if chosen.json:
        error = {} if is_valid else error_document(InvalidGraphError(diagnostics))
        print_json({**error, "valid": is_valid, "diagnostics": diagnostics})
    else:
        complain_about(diagnostics)
        if is_valid:
            say(f"{chosen.graph} is valid.")
    return 0 if is_valid else WRONG


def _plan(chosen: argparse.Namespace, workspace: Path) -> Plan:
    from getpass import getuser

    options = PlanOptions(
        to=tuple(chosen.to),
        from_=tuple(getattr(chosen, "from")),
        only=tuple(chosen.only),
        regenerate=chosen.regenerate,
        parameters=dict(map(_setting, chosen.set)),
        target=chosen.target,
        failure_policy="continue" if chosen.go_on else "stop",
        author=getuser(),
    )
    _check_readable(chosen.graph)
    return plan_graph(chosen.graph, open_catalog(workspace), options=options)


def _diagnostics(chosen: argparse.Namespace) -> tuple[Diagnostic, ...]:
    from runtime.model.graph_json import read_graph

    workspace = workspace_of(chosen)
    _check_readable(chosen.graph)
    read = read_graph(chosen.graph.read_bytes())
    if read.graph is None:
        return read.diagnostics
    known = workspace if workspace.is_dir() else None
    catalog = open_catalog(known)
    if chosen.no_schema:
        from runtime.validation import validate as examine

        return (*read.diagnostics, *examine(read.graph, catalog))
    from designer.foreseeing import validate_with_schemas

    folder = chosen.graph.resolve().parent
    found = validate_with_schemas(read.graph, catalog, workspace=known, source_folder=folder)
    return (*read.diagnostics, *found)


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb"):
            return
    except OSError as exc:
        raise RequestError(
            "G001",
            f"The graph file '{path}' cannot be read: {exc.strerror}.",
            remedy="Give the path of a graph file.",
        ) from exc


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise RequestError(
            "A004", f"'--set {text}' is not NAME=VALUE.", remedy="Write --set seed=7, for example."
        )
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
