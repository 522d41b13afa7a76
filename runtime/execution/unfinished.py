"""What was not done when it last ran: where "failed and downstream" begins."""

from runtime.model import Graph
from runtime.planning import PlanOptions
from runtime.planning.selection import BYPASSED
from runtime.stores import SqliteRunStore


def unfinished_before(store: SqliteRunStore, graph: Graph, options: PlanOptions) -> frozenset[str]:
    """The steps that failed, were cancelled or skipped when each last ran, if they are asked for.

    Args:
        store: Where the runs are.
        graph: The graph; runs of a pipeline without an id are known by its name.
        options: What was asked for.
    """
    if not options.failed:
        return frozenset()
    outlines = store.history.latest_outlines(options.pipeline_id, graph.name)
    return frozenset(
        name
        for name, step in outlines.items()
        if step.status in ("failed", "cancelled", "skipped") and step.reason != BYPASSED
    )
