"""From a graph in any form to a finished run: read, plan, execute."""

import json
import secrets
from pathlib import Path
from typing import Any

from runtime.execution.embedded import run_plan
from runtime.interfaces import EventSink, ModuleCatalog
from runtime.model import Graph, Plan, Run
from runtime.model.digest import digest_file
from runtime.model.graph_json import parse_graph
from runtime.planning import PlanOptions, plan
from runtime.stores.workspace import Workspace


def run_graph(
    graph: Graph | dict[str, Any] | str | Path,
    workspace: Path | str,
    *,
    catalog: ModuleCatalog,
    options: PlanOptions | None = None,
    on_event: EventSink | None = None,
) -> Run:
    """Read, plan and execute a graph; see `runtime.run_graph`."""
    place = Workspace(workspace)
    return run_plan(plan_graph(graph, catalog, options=options), place, on_event=on_event)


def plan_graph(
    graph: Graph | dict[str, Any] | str | Path,
    catalog: ModuleCatalog,
    *,
    options: PlanOptions | None = None,
) -> Plan:
    """Make a plan of a graph in any form; relative data paths start from the graph's file."""
    read, folder = _read(graph)
    return plan(
        read,
        catalog,
        options=options or PlanOptions(),
        source_folder=folder,
        file_digest=digest_file,
        draw_seed=draw_seed,
    )


def draw_seed() -> int:
    """A seed for a module whose seed was left blank; it is recorded with the run."""
    return secrets.randbelow(2**31)


def _read(graph: Graph | dict[str, Any] | str | Path) -> tuple[Graph, Path | None]:
    if isinstance(graph, Graph):
        return graph, None
    if isinstance(graph, dict):
        return parse_graph(json.dumps(graph)), None
    if isinstance(graph, str) and graph.lstrip()[:1] == "{":
        return parse_graph(graph), None
    path = Path(graph)
    return parse_graph(path.read_bytes()), path.resolve().parent
