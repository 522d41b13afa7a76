"""The machine room: model, validate, plan, execute, targets, stores.

Imports neither `designer` nor `modules_library`; it is handed what it needs through the
Protocols in `runtime.interfaces`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from runtime.interfaces import EventSink, ModuleCatalog
    from runtime.model import Graph, Run
    from runtime.planning import PlanOptions

__all__ = ["run_graph"]


def run_graph(
    graph: "Graph | dict[str, Any] | str | Path",
    workspace: "Path | str",
    *,
    catalog: "ModuleCatalog",
    options: "PlanOptions | None" = None,
    on_event: "EventSink | None" = None,
) -> "Run":
    """Execute a graph to its end and give the run.

    The engine works inside this process. Where a runner already holds the workspace, the run is
    submitted to it and followed.

    Args:
        graph: A graph, a graph document, its JSON text, or the path of a graph file.
        workspace: Folder for artifacts and runs; made when absent.
        catalog: Where module versions are found.
        options: What to run and how; all of it by default.
        on_event: Called with every event, in order.

    Raises:
        InvalidGraphError: The graph has errors; all of them are in `diagnostics`.
        InfrastructureError: R007 when another program keeps the workspace.
    """
    from runtime.execution.submission import run_graph as run

    return run(graph, workspace, catalog=catalog, options=options, on_event=on_event)
