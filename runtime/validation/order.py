"""The order of the nodes, or the cycles that make one impossible."""

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping

from runtime.model.graph import Node
from runtime.validation.view import Finding, GraphView


def topological_order(nodes: Mapping[str, Node]) -> list[str]:
    """Ids with every producer before its consumers; ties by id. Nodes in or behind cycles lack.

    Disabled wires and references to nodes that do not exist count for nothing.
    """
    waiting: dict[str, int] = {}
    consumers: dict[str, list[str]] = {name: [] for name in nodes}
    ready = []
    for name, node in nodes.items():
        producers = _producers(node)
        count = 0
        for producer in producers:
            if producer in consumers:
                consumers[producer].append(name)
                count += 1
        if count:
            waiting[name] = count
        else:
            ready.append(name)
    heapq.heapify(ready)
    order = []
    while ready:
        name = heapq.heappop(ready)
        order.append(name)
        for consumer in consumers[name]:
            waiting[consumer] -= 1
            if not waiting[consumer]:
                heapq.heappush(ready, consumer)
    return order


def check_cycles(view: GraphView, order: list[str]) -> Iterator[Finding]:
    """G008 for every knot of nodes that wait for each other."""
    if len(order) == len(view.nodes):
        return
    import networkx  # only to name the cycle

    placed = set(order)
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    for name in sorted(view.nodes):
        if name not in placed:
            for producer in _producers(view.nodes[name]):
                if producer in view.nodes and producer not in placed:
                    graph.add_edge(producer, name)
    for knot in sorted(map(sorted, networkx.strongly_connected_components(graph))):
        if len(knot) > 1 or graph.has_edge(knot[0], knot[0]):
            edges = networkx.find_cycle(graph.subgraph(knot), knot[0])
            names = [source for source, _ in edges] + [edges[0][0]]
            yield view.finding(
                knot[0],
                "G008",
                f"These nodes wait for each other: {_in_words(view, names)}.",
                "Remove one of the wires between them.",
            )


def _producers(node: Node) -> list[str]:
    found = [wire.node for wires in node.inputs.values() for wire in wires if not wire.disabled]
    return found + list(node.after) if node.after else found


def _in_words(view: GraphView, names: list[str]) -> str:
    """The nodes by their titles; with ids where two nodes have the same one."""
    uses = Counter(view.title(name) for name in set(names))
    shown = names if len(names) <= 12 else [*names[:6], "…", *names[-5:]]

    def word(name: str) -> str:
        title = view.title(name)
        return f"'{title}' ({name})" if uses[title] > 1 else f"'{title}'"

    return " → ".join(name if name == "…" else word(name) for name in shown)
