"""Expand subgraphs: every use becomes its inner nodes, ids joined with `__`.

Drawing a subgraph and drawing its nodes give the same plan, because everything after this file
sees only the flat graph.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from runtime.errors import InvalidGraphError, close_matches
from runtime.model.diagnostic import Diagnostic, pointer
from runtime.model.graph import Graph, Node, Subgraph, Wire
from runtime.model.graph_building import parse_wire
from runtime.model.graph_limits import MAX_NESTING, MAX_NODES

SEPARATOR = "__"


class Expansion(NamedTuple):
    """A flat graph, where its inner nodes stand in the document, and what went wrong.

    Attributes:
        places: JSON Pointer of each node that came out of a subgraph; others are `/nodes/<id>`.
    """

    graph: Graph
    places: Mapping[str, str]
    problems: tuple[Diagnostic, ...]

    def place(self, node_id: str) -> str:
        """JSON Pointer of a node of the flat graph."""
        return self.places.get(node_id) or "/nodes/" + node_id


def flatten(graph: Graph) -> Graph:
    """Give the graph without subgraphs.

    Raises:
        InvalidGraphError: G006, G008, G009, G010, P001, V001 for subgraphs that cannot be expanded.
    """
    expansion = expand(graph)
    if expansion.problems:
        raise InvalidGraphError(expansion.problems)
    return expansion.graph


def expand(graph: Graph) -> Expansion:
    """Give the flat graph with every problem of its subgraphs; never raises."""
    if not any(node.subgraph is not None for node in graph.nodes.values()):
        return Expansion(graph, {}, ())
    work = _Expander(graph)
    work.take(graph.nodes, "", "/nodes", ())
    flat = msgspec.structs.replace(
        graph, nodes=work.wired(), outputs=dict(work.outputs()), subgraphs={}
    )
    return Expansion(flat, work.places, tuple(work.problems))


class _Use(NamedTuple):
    subgraph: Subgraph
    prefix: str


class _Expander:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: dict[str, tuple[Node, str]] = {}
        self.uses: dict[str, _Use] = {}
        self.handed: dict[str, dict[str, list[Wire]]] = {}
        self.places: dict[str, str] = {}
        self.problems: list[Diagnostic] = []

    def take(
        self, nodes: Mapping[str, Node], prefix: str, place: str, above: tuple[str, ...]
    ) -> None:
        """Register the nodes of one level, and those of the subgraphs they use."""
        if len(self.nodes) + len(self.uses) >= MAX_NODES:
            return
        for name, node in nodes.items():
            full = prefix + name
            self.places[full] = here = f"{place}/{name}"
            if full in self.nodes or full in self.uses:
                self._problem("G010", f"Two nodes have the id '{full}' when expanded.", here)
            elif len(self.nodes) + len(self.uses) >= MAX_NODES:
                self._problem("G006", f"The expanded graph has over {MAX_NODES:,} nodes.", here)
                return
            elif node.subgraph is None:
                self.nodes[full] = (node, prefix)
            else:
                self._take_use(full, node, here, above)

    def _take_use(self, full: str, node: Node, here: str, above: tuple[str, ...]) -> None:
        name = node.subgraph or ""
        subgraph = self.graph.subgraphs.get(name)
        if subgraph is None:
            hint = close_matches(name, self.graph.subgraphs)
            self._problem("G009", f"Subgraph '{name}' does not exist.{hint}", here + "/subgraph")
        elif name in above:
            circle = " → ".join(f"'{step}'" for step in (*above, name))
            self._problem("G008", f"Subgraphs use each other in a circle: {circle}.", here)
        elif len(above) >= MAX_NESTING:
            self._problem("G006", f"Subgraphs are nested over {MAX_NESTING} levels deep.", here)
        else:
            if node.parameters:
                self._problem("V001", f"Subgraph '{name}' takes no parameters.", here)
            prefix = full + SEPARATOR
            self.uses[full] = _Use(subgraph, prefix)
            inner = {key: _inherit(value, node) for key, value in subgraph.nodes.items()}
            self.take(inner, prefix, f"/subgraphs/{name}/nodes", (*above, name))

    def wired(self) -> dict[str, Node]:
        """Give every plain node with its wires between plain nodes."""
        for full in self.uses:
            self._hand_inputs(full)
        return {
            full: self._rewire(full, node, prefix) for full, (node, prefix) in self.nodes.items()
        }

    def outputs(self) -> Iterator[tuple[str, str]]:
        """Give the pipeline's outputs by plain node and port."""
        for name, text in self.graph.outputs.items():
            source = self._source(parse_wire(text), "", pointer("outputs", name))
            yield name, source.source

    def _hand_inputs(self, full: str) -> None:
        prefix = full.rpartition(SEPARATOR)[0]
        prefix = prefix + SEPARATOR if prefix in self.uses else ""
        node = self._using_node(full, prefix)
        use = self.uses[full]
        for port, wires in node.inputs.items():
            here = f"{self.places[full]}/inputs/{port}"
            if port not in use.subgraph.inputs:
                hint = close_matches(port, use.subgraph.inputs)
                self._problem("P001", f"The subgraph has no input '{port}'.{hint}", here)
                continue
            sources = [self._source(wire, prefix, here) for wire in wires]
            for target, inner_port in self._targets(use, port, here):
                self.handed.setdefault(target, {}).setdefault(inner_port, []).extend(sources)

    def _using_node(self, full: str, prefix: str) -> Node:
        if not prefix:
            return self.graph.nodes[full]
        outer = self.uses[prefix.removesuffix(SEPARATOR)]
        return outer.subgraph.nodes[full.removeprefix(prefix)]

    def _targets(self, use: _Use, port: str, here: str) -> Iterator[tuple[str, str]]:
        """The plain nodes and ports that an input port of a subgraph leads to."""
        for text in use.subgraph.inputs.get(port, ()):
            wire = parse_wire(text)
            full = use.prefix + wire.node
            if full in self.uses:
                yield from self._targets(self.uses[full], wire.port, here)
            elif full in self.nodes:
                yield full, wire.port
            else:
                self._problem("G009", f"The subgraph's port '{port}' leads to '{text}'.", here)

    def _source(self, wire: Wire, prefix: str, here: str) -> Wire:
        """Follow a wire out of subgraphs to the plain node that produces."""
        full, port = prefix + wire.node, wire.port
        while full in self.uses:
            use = self.uses[full]
            if port not in use.subgraph.outputs:
                hint = close_matches(port, use.subgraph.outputs)
                self._problem("P001", f"Subgraph node '{full}' has no output '{port}'.{hint}", here)
                break
            inner = parse_wire(use.subgraph.outputs[port])
            full, port = use.prefix + inner.node, inner.port
        return Wire(node=full, port=port, disabled=wire.disabled)

    def _rewire(self, full: str, node: Node, prefix: str) -> Node:
        place = self.places[full]
        inputs = {
            port: tuple(self._source(wire, prefix, f"{place}/inputs/{port}") for wire in wires)
            for port, wires in node.inputs.items()
        }
        for port, wires in self.handed.get(full, {}).items():
            inputs[port] = (*inputs.get(port, ()), *wires)
        after = tuple(self._plain_ids(prefix + name for name in node.after))
        return msgspec.structs.replace(node, inputs=inputs, after=after)

    def _plain_ids(self, ids: Iterable[str]) -> Iterator[str]:
        for full in ids:
            if full in self.uses:
                yield from (name for name in self.nodes if name.startswith(full + SEPARATOR))
            else:
                yield full

    def _problem(self, code: str, message: str, where: str) -> None:
        remedy = "Correct the subgraph or the node that uses it."
        self.problems.append(Diagnostic(code=code, message=message, remedy=remedy, where=where))


def _inherit(inner: Node, outer: Node) -> Node:
    """An inner node takes state, order and run settings from the node that uses its subgraph."""
    return msgspec.structs.replace(
        inner,
        state=inner.state or outer.state,
        run=inner.run or outer.run,
    )
