"""`designer run`, `validate` and `tidy`."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from designer.commands.output import complain, complain_about, print_json, say
from designer.commands.place import workspace_of
from designer.commands.progress import Progress
from designer.commands.states import GivenState, wanted_state
from modules_library.registry import open_catalog
from runtime.errors import RequestError
from runtime.execution.submission import plan_graph
from runtime.model import Diagnostic
from runtime.planning import PlanOptions

FAILED = 1
WRONG = 2


def run(chosen: argparse.Namespace) -> int:
    """Run a graph file to its end."""
    from runtime.execution.embedded import run_plan
    from runtime.execution.report import run_document
    from runtime.stores.workspace import Workspace

    workspace = Workspace(workspace_of(chosen))
    state = wanted_state(chosen, workspace.path)
    if state is None:
        check_readable(chosen.graph)
    plan = plan_graph(
        chosen.graph if state is None else state.document,
        open_catalog(workspace.path),
        options=options_of(chosen, state),
        workspace=workspace.path,
        folder=state.folder if state is not None else None,
    )
    complain_about(plan.diagnostics)
    if state is None and any(step.frozen for step in plan.steps):
        from designer.services.frozen_files import remember_file

        remember_file(workspace.path, chosen.graph)
    progress = Progress(plan)
    finished = run_plan(plan, workspace, on_event=progress.take)
    progress.end(finished)
    if finished.stopped_before:
        ways = " ".join(f"--from {node}" for node in finished.stopped_before)
        complain(f"It goes on with: designer run {chosen.graph} {ways}")
    if chosen.json:
        print_json(run_document(finished, plan.diagnostics))
    return 0 if finished.status == "completed" else FAILED


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


def tidy(chosen: argparse.Namespace) -> int:
    """Lay out a graph file afresh, and print it or write it."""
    from designer.document.arrangement import tidied
    from runtime.model.graph_json import graph_to_document, parse_graph, write_graph

    workspace = workspace_of(chosen)
    check_readable(chosen.graph)
    catalog = open_catalog(workspace if workspace.is_dir() else None)
    graph = tidied(parse_graph(chosen.graph.read_bytes()), catalog)
    if chosen.output is not None:
        _write(chosen.output, write_graph(graph))
        if chosen.json:
            print_json({"path": str(chosen.output), "nodes": len(graph.nodes)})
    elif chosen.json:
        print_json(graph_to_document(graph))
    else:
        sys.stdout.write(write_graph(graph))
    return 0


def options_of(chosen: argparse.Namespace, state: GivenState | None = None) -> PlanOptions:
    """What the arguments ask for."""
    from getpass import getuser

    return PlanOptions(
        pipeline_id=state.pipeline_id if state is not None else "",
        revision=state.revision if state is not None else 0,
        to=tuple(chosen.to),
        from_=tuple(getattr(chosen, "from")),
        only=tuple(chosen.only),
        failed=chosen.failed,
        stop_before=tuple(chosen.stop_before),
        regenerate=chosen.regenerate,
        parameters=dict(map(setting, chosen.set)),
        target=chosen.target,
        failure_policy="continue" if chosen.go_on else "stop",
        author=getuser(),
    )


def _diagnostics(chosen: argparse.Namespace) -> tuple[Diagnostic, ...]:
    from runtime.model.graph_json import graph_from_document, read_graph

    workspace = workspace_of(chosen)
    state = wanted_state(chosen, workspace)
    if state is None:
        check_readable(chosen.graph)
        read, folder = read_graph(chosen.graph.read_bytes()), chosen.graph.resolve().parent
    else:
        read, folder = graph_from_document(state.document), state.folder
    if read.graph is None:
        return read.diagnostics
    known = workspace if workspace.is_dir() else None
    catalog = open_catalog(known)
    if chosen.no_schema:
        from runtime.validation import validate as examine

        return (*read.diagnostics, *examine(read.graph, catalog))
    from designer.foreseeing import validate_with_schemas

    found = validate_with_schemas(read.graph, catalog, workspace=known, source_folder=folder)
    return (*read.diagnostics, *found)


def check_readable(path: Path) -> None:
    """Raise RequestError G001 for a graph file that cannot be read."""
    try:
        with path.open("rb"):
            return
    except OSError as exc:
        raise RequestError(
            "G001",
            f"The graph file '{path}' cannot be read: {exc.strerror}.",
            remedy="Give the path of a graph file.",
        ) from exc


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise RequestError(
            "A004",
            f"The file '{path}' cannot be written: {exc.strerror}.",
            remedy="Give a path in a folder that exists and that you may write to.",
        ) from exc


def setting(text: str) -> tuple[str, Any]:
    """A parameter and its value from NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise RequestError(
            "A004", f"'--set {text}' is not NAME=VALUE.", remedy="Write --set seed=7, for example."
        )
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
