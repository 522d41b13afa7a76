"""What people wire to what: counted over graphs, so that the editor can suggest the next module."""

from collections import Counter
from collections.abc import Iterable

from runtime.model import Graph, Node

Place = tuple[str, str]
"""A module's id and one of its ports."""

Habits = Counter[tuple[Place, Place]]
"""How often an output of a module feeds an input of another."""


def habits_of(graph: Graph) -> Habits:
    """The wires of a graph and of its subgraphs, as module and port on both ends."""
    found: Habits = Counter()
    for nodes in (graph.nodes, *(inner.nodes for inner in graph.subgraphs.values())):
        for node in nodes.values():
            for port, wires in node.inputs.items():
                for wire in wires:
                    source = nodes.get(wire.node)
                    if source and source.module and node.module:
                        found[_ends(source, wire.port, node, port)] += 1
    return found


def suggestions(habits: Habits, *, most: int) -> dict[str, dict[str, list[tuple[str, str, int]]]]:
    """The habits by the end where a wire is drawn from, the most frequent first.

    Args:
        habits: Counted wires.
        most: How many to give for each port.

    Returns:
        `after` by output and `before` by input, `module.port` each, with module, port and count
        of the other end.
    """
    after: dict[str, list[tuple[str, str, int]]] = {}
    before: dict[str, list[tuple[str, str, int]]] = {}
    for (source, target), count in sorted(habits.items(), key=lambda item: (-item[1], item[0])):
        _note(after, source, target, count, most)
        _note(before, target, source, count, most)
    return {"after": after, "before": before}


def together(counted: Iterable[Habits]) -> Habits:
    """All of them added up."""
    total: Habits = Counter()
    for habits in counted:
        total.update(habits)
    return total


def _ends(source: Node, output: str, target: Node, port: str) -> tuple[Place, Place]:
    return (source.module, output), (target.module, port)


def _note(
    found: dict[str, list[tuple[str, str, int]]], here: Place, there: Place, count: int, most: int
) -> None:
    others = found.setdefault(".".join(here), [])
    if len(others) < most:
        others.append((*there, count))
