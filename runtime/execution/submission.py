"""From a graph in any form to a finished run: read, plan, execute."""

import os
from pathlib import Path
from typing import Any

import msgspec

from runtime.execution.embedded import run_plan
from runtime.interfaces import EventSink, ModuleCatalog
from runtime.model import Graph, Plan, Run
from runtime.model.digest import digest_file
from runtime.model.graph_json import parse_graph
from runtime.planning import PlanOptions
from runtime.planning import plan as make_plan
from runtime.stores.workspace import Workspace


def run_graph(
    graph: Graph | dict[str, Any] | str | Path,
    workspace: Path | str,
    *,
    catalog: ModuleCatalog,
    options: PlanOptions | None = None,
    on_event: EventSink | None = None,
    ends_program: bool = False,
) -> Run:
    """Read, plan and execute a graph; see `runtime.run_graph`."""
    place = Workspace(workspace)
    plan = plan_graph(graph, catalog, options=options)
    return run_plan(plan, place, on_event=on_event, ends_program=ends_program)


def plan_graph(
    graph: Graph | dict[str, Any] | str | Path,
    catalog: ModuleCatalog,
    *,
    options: PlanOptions | None = None,
) -> Plan:
    """Make a plan of a graph in any form; relative data paths start from the graph's file."""
    read, folder = read_graph_of(graph)
    return make_plan(
        read,
        catalog,
        options=options or PlanOptions(),
        source_folder=folder,
        file_digest=digest_file,
        draw_seed=draw_seed,
    )


def draw_seed() -> int:
    """A seed for a module whose seed was left blank; it is recorded with the run."""
    return int.from_bytes(os.urandom(4), "big") >> 1


def read_graph_of(graph: Graph | dict[str, Any] | str | Path) -> tuple[Graph, Path | None]:
    """A graph in any form, and the folder that its relative data paths start from.

    Raises:
        InvalidGraphError: It cannot be read; all of its problems are in `diagnostics`.
    """
    if isinstance(graph, Graph):
        return graph, None
    if isinstance(graph, dict):
        return parse_graph(msgspec.json.encode(graph)), None
    if isinstance(graph, str) and graph.lstrip()[:1] == "{":
        return parse_graph(graph), None
    path = Path(graph)
    return parse_graph(path.read_bytes()), path.resolve().parent
