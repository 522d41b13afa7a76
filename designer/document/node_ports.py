"""The ports of nodes in the order in which they are drawn, whatever a node is made of."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from runtime.interfaces import ModuleCatalog
from runtime.model import Graph, ModuleSpec, Node, Subgraph

Holder = Graph | Subgraph
"""What holds nodes and their layout: the pipeline, or the definition of a subgraph."""


class NodePorts(NamedTuple):
    """Names from left to right."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def spec_of(node: Node, catalog: ModuleCatalog) -> ModuleSpec | None:
    """The module version that a node means, None if there is none."""
    if node.version == "default":
        return catalog.default(node.module)
    return catalog.find(node.module, node.version)


def ports_of(
    holder: Holder, subgraphs: Mapping[str, Subgraph], catalog: ModuleCatalog
) -> dict[str, NodePorts]:
    """The ports of every node; of a module that nobody knows, those that its wires name."""
    named = _named_outputs(holder)
    return {
        node_id: _ports(node, subgraphs, catalog)
        or NodePorts(tuple(node.inputs), tuple(named.get(node_id, ())))
        for node_id, node in holder.nodes.items()
    }


def holders(graph: Graph) -> Iterator[tuple[str, Holder]]:
    """The pipeline under an empty name, then every definition of a subgraph under its own."""
    yield "", graph
    yield from graph.subgraphs.items()


def _ports(
    node: Node, subgraphs: Mapping[str, Subgraph], catalog: ModuleCatalog
) -> NodePorts | None:
    if node.subgraph is not None:
        definition = subgraphs.get(node.subgraph)
        if definition is None:
            return None
        order = definition.layout.get("ports")
        return NodePorts(
            _ordered(definition.inputs, order, "inputs"),
            _ordered(definition.outputs, order, "outputs"),
        )
    spec = spec_of(node, catalog)
    if spec is None:
        return None
    return NodePorts(
        tuple(port.name for port in spec.inputs), tuple(port.name for port in spec.outputs)
    )


def _ordered(names: Mapping[str, Any], order: Any, kind: str) -> tuple[str, ...]:
    """As a person ordered them; those that were never ordered come last, by name."""
    held = order.get(kind) if isinstance(order, dict) else None
    wanted = [name for name in held if name in names] if isinstance(held, list) else []
    return tuple(dict.fromkeys([*wanted, *sorted(names)]))


def _named_outputs(holder: Holder) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for node in holder.nodes.values():
        for wires in node.inputs.values():
            for wire in wires:
                found.setdefault(wire.node, {})[wire.port] = None
    return found
