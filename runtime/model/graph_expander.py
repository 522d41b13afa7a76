"""The work of expanding a graph's uses of subgraphs, level by level."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from runtime.errors import close_matches
from runtime.model.diagnostic import Diagnostic, pointer
from runtime.model.graph import Graph, Node, NodeState, RunSettings, Subgraph, Wire
from runtime.model.graph_building import parse_wire
from runtime.model.graph_flattening import SEPARATOR, Expansion, Place, PublishedSubgraphs, Use
from runtime.model.graph_limits import MAX_NESTING, MAX_NODES

_RUN_FIELDS = RunSettings.__struct_fields__


class _Level(NamedTuple):
    """The inside of one use, or the document itself.

    Attributes:
        use: Flat id of the use; empty for the document.
        nodes_place: JSON Pointer of its nodes; in a published subgraph, of the node that uses it.
        definitions: What the names of subgraphs mean here.
        definitions_place: JSON Pointer of those; empty in a published subgraph.
        above: The definitions that this level lies in, outermost first.
    """

    use: str
    nodes_place: str
    definitions: Mapping[str, Subgraph]
    definitions_place: str
    above: tuple[str, ...] = ()

    def place(self, name: str) -> str:
        return f"{self.nodes_place}/{name}" if self.definitions_place else self.nodes_place


class _Definition(NamedTuple):
    """What a using node stands for; `place` is empty for a published subgraph."""

    subgraph: Subgraph
    name: str
    place: str
    definitions: Mapping[str, Subgraph]


class Expander:
    """Expands one graph; `expansion` gives the result."""

    def __init__(self, graph: Graph, published: PublishedSubgraphs | None) -> None:
        self._graph = graph
        self._published = published
        self._nodes: dict[str, Node] = {}
        self._uses: dict[str, Use] = {}
        self._members: dict[str, list[str]] = {}
        self._within: dict[str, str] = {}
        self._places: dict[str, str] = {}
        self._origins: dict[Place, Place] = {}
        self._broken: set[str] = set()
        self._given: set[tuple[str, str]] = set()
        self._handed: dict[str, dict[str, list[tuple[Wire, Place]]]] = {}
        self._problems: dict[tuple[str, str], Diagnostic] = {}
        self._is_full = False
        self._result = Expansion(
            graph=graph,
            uses=self._uses,
            members=self._members,
            within=self._within,
            places=self._places,
            origins=self._origins,
            broken=self._broken,
            given=self._given,
        )

    def expansion(self) -> Expansion:
        """The flat graph and everything that is told about it."""
        graph = self._graph
        self._take(graph.nodes, _Level("", "/nodes", graph.subgraphs, "/subgraphs"))
        for use_id, use in reversed(self._uses.items()):
            self._hand_on(use_id, use)
        nodes = {full: self._wired(full, node) for full, node in self._nodes.items()}
        self._wait(nodes)
        outputs = {
            name: self._source(parse_wire(text), "", pointer("outputs", name)).source
            for name, text in graph.outputs.items()
        }
        self._freeze(nodes)
        flat = msgspec.structs.replace(graph, nodes=nodes, outputs=outputs, subgraphs={})
        return self._result._replace(graph=flat, problems=tuple(self._problems.values()))

    def _take(self, nodes: Mapping[str, Node], level: _Level) -> None:
        """Register the nodes of one level, and those of the subgraphs they use."""
        for name, node in nodes.items():
            full = _join(level.use, name)
            if not self._has_room(full, level.place(name)):
                continue
            if level.use:
                self._places[full], self._within[full] = level.place(name), level.use
            published = self._published(node) if self._published and node.module else None
            if node.subgraph is None and published is None:
                self._nodes[full] = node
                self._tell_uses(full, level.use)
            elif definition := self._definition(node, published, level, level.place(name)):
                self._take_use(full, node, definition, level)
            else:
                self._broken.add(full)

    def _has_room(self, full: str, here: str) -> bool:
        if full in self._nodes or full in self._uses or full in self._broken:
            self._problem("G010", f"Two nodes have the id '{full}' when expanded.", here)
            return False
        if len(self._nodes) + len(self._uses) >= MAX_NODES:
            if not self._is_full:
                self._problem("G006", f"The expanded graph has over {MAX_NODES:,} nodes.", here)
            self._is_full = True
        return not self._is_full

    def _tell_uses(self, full: str, use: str) -> None:
        while use:
            self._members[use].append(full)
            use = self._uses[use].within

    def _definition(
        self, node: Node, published: Graph | None, level: _Level, here: str
    ) -> _Definition | None:
        """What a using node stands for; None, with the problem told, where that is nothing."""
        found = _found(node, published, level)
        if found is None:
            name = node.subgraph or ""
            hint = close_matches(name, level.definitions)
            where = here + "/subgraph" if level.definitions_place else here
            self._problem("G009", f"Subgraph '{name}' does not exist.{hint}", where)
        elif found.name in level.above:
            circle = " → ".join(f"'{step}'" for step in (*level.above, found.name))
            self._problem("G008", f"Subgraphs use each other in a circle: {circle}.", here)
        elif len(level.above) >= MAX_NESTING:
            self._problem("G006", f"Subgraphs are nested over {MAX_NESTING} levels deep.", here)
        else:
            return found
        return None

    def _take_use(self, full: str, node: Node, definition: _Definition, level: _Level) -> None:
        use = Use(node, definition.subgraph, level.use, definition.place)
        self._uses[full], self._members[full] = use, []
        inside = _Level(
            use=full,
            nodes_place=f"{definition.place}/nodes" if definition.place else self._at(full),
            definitions=definition.definitions,
            definitions_place=level.definitions_place if definition.place else "",
            above=(*level.above, definition.name),
        )
        self._note_settings(full, use)
        given = self._promoted(full, use)
        inner = {
            name: _inherited(one, node, given.get(name)) for name, one in use.subgraph.nodes.items()
        }
        self._take(inner, inside)

    def _promoted(self, full: str, use: Use) -> dict[str, dict[str, Any]]:
        """Values that a use gives to parameters inside, by inner node; notes who decides them."""
        values, declared, nodes = use.node.parameters, use.subgraph.parameters, use.subgraph.nodes
        for name in values:
            if name not in declared:
                self._no_such("parameter", name, use, declared, self._at(full, "parameters", name))
        given: dict[str, dict[str, Any]] = {}
        for name, text in _pairs(declared):
            inner, _, parameter = text.partition(".")
            if name in values:
                given.setdefault(inner, {})[parameter] = values[name]
            if name in values or (inner in nodes and parameter not in nodes[inner].parameters):
                self._origins[_join(full, inner), "parameters", parameter] = (
                    full,
                    "parameters",
                    name,
                )
        return given

    def _note_settings(self, full: str, use: Use) -> None:
        """Note the run settings that nodes inside take over from their use."""
        for key in _RUN_FIELDS if use.node.run else ():
            if getattr(use.node.run, key) is not None:
                for name, inner in use.subgraph.nodes.items():
                    if inner.run is None or getattr(inner.run, key) is None:
                        self._origins[_join(full, name), "run", key] = (full, "run", key)

    def _hand_on(self, full: str, use: Use) -> None:
        """Lead the wires into a use to the plain nodes that its input ports feed.

        Where several ports feed one input, their names give the order; what an inner use hands on
        comes before what an outer one does.
        """
        declared = use.subgraph.inputs
        for port, text in _pairs(declared):
            inner, _, inner_port = text.partition(".")
            held = use.subgraph.nodes.get(inner)
            if held and not held.inputs.get(inner_port):
                key = (_join(full, inner), "inputs", inner_port)
                self._origins.setdefault(key, (full, "inputs", port))
        for port, wires in sorted(use.node.inputs.items()):
            if port not in declared:
                self._no_such("input", port, use, declared, self._at(full, "inputs", port))
            for index, wire in enumerate(wires):
                place = (full, "inputs", port, *((index,) if len(wires) > 1 else ()))
                source = self._source(wire, use.within, self._at(*place))
                for target, inner_port in self._targets(full, port):
                    ports = self._handed.setdefault(target, {})
                    ports.setdefault(inner_port, []).append((source, place))

    def _targets(self, full: str, port: str) -> Iterator[tuple[str, str]]:
        """The plain nodes and ports that an input port of a use leads to."""
        for text in self._uses[full].subgraph.inputs.get(port, ()):
            inner, _, inner_port = text.partition(".")
            target = _join(full, inner)
            if target in self._uses:
                yield from self._targets(target, inner_port)
            elif target in self._nodes:
                yield target, inner_port

    def _source(self, wire: Wire, within: str, here: str) -> Wire:
        """Follow a wire into uses to the plain node that produces."""
        full, port = _join(within, wire.node), wire.port
        while (use := self._uses.get(full)) is not None:
            text = use.subgraph.outputs.get(port)
            if text is None:
                if port not in use.subgraph.outputs:
                    self._no_such("output", port, use, use.subgraph.outputs, here)
                break
            inner, _, port = text.partition(".")
            full = _join(full, inner)
            self._given.add((full, port))
        return Wire(node=full, port=port, disabled=wire.disabled)

    def _wired(self, full: str, node: Node) -> Node:
        """A plain node with wires between plain nodes."""
        within = self._within.get(full, "")
        inputs = {
            port: tuple(self._source(one, within, self._at(full, "inputs", port)) for one in wires)
            for port, wires in node.inputs.items()
        }
        for port, handed in self._handed.get(full, {}).items():
            own = inputs.get(port, ())
            inputs[port] = (*own, *(wire for wire, _ in handed))
            for index, (_, place) in enumerate(handed, start=len(own)):
                self._origins[full, "inputs", port, index] = place
        after = tuple(self._plain_ids(node, within))
        return msgspec.structs.replace(node, inputs=inputs, after=after)

    def _plain_ids(self, node: Node, within: str) -> Iterator[str]:
        for name in node.after:
            full = _join(within, name)
            yield from self._members.get(full, (full,))

    def _wait(self, nodes: dict[str, Node]) -> None:
        """What a use waits for, the nodes in it wait for that nothing in it comes before."""
        for full, use in self._uses.items():
            earlier = tuple(self._plain_ids(use.node, use.within))
            inside = set(self._members[full]) if earlier else set()
            for name in inside:
                node = nodes[name]
                if inside.isdisjoint((*_producers(node), *node.after)):
                    after = tuple(dict.fromkeys((*node.after, *earlier)))
                    nodes[name] = msgspec.structs.replace(node, after=after)

    def _freeze(self, nodes: dict[str, Node]) -> None:
        """Of a frozen use the nodes that give its outputs stay, frozen too; the others go."""
        done: set[str] = set()
        for full, use in self._uses.items():
            state = use.node.state
            if use.within in done:
                done.add(full)
            elif state is not None and state.kind == "frozen":
                done.add(full)
                kept = self._frozen_producers(full, use, state.artifacts)
                for member in self._members[full]:
                    node = nodes.pop(member)
                    if member in kept:
                        nodes[member] = msgspec.structs.replace(
                            node, inputs={}, after=(), state=kept[member]
                        )
        for full, members in self._members.items() if done else ():
            self._members[full] = [member for member in members if member in nodes]

    def _frozen_producers(
        self, full: str, use: Use, artifacts: Mapping[str, str]
    ) -> dict[str, NodeState]:
        found: dict[str, dict[str, str]] = {}
        for port, text in use.subgraph.outputs.items():
            if text is None:
                continue
            inner = self._source(parse_wire(text), full, self._at(full))
            held = found.setdefault(inner.node, {})
            if port in artifacts:
                held[inner.port] = artifacts[port]
        return {
            name: NodeState(kind="frozen", artifacts=held)
            for name, held in found.items()
            if name in self._nodes
        }

    def _at(self, full: str, *parts: str | int) -> str:
        return self._result.place(full, *parts)

    def _no_such(
        self, kind: str, name: str, use: Use, declared: Mapping[str, Any], where: str
    ) -> None:
        known = ", ".join(f"'{known}'" for known in declared) or "none"
        self._problem(
            "V001" if kind == "parameter" else "P001",
            f"'{use.label}' has no {kind} '{name}'.{close_matches(name, declared)}",
            where,
            f"Use one that the subgraph has ({known}), or add it there.",
        )

    def _problem(self, code: str, message: str, where: str, remedy: str = "") -> None:
        remedy = remedy or "Correct the subgraph or the node that uses it."
        problem = Diagnostic(code=code, message=message, remedy=remedy, where=where)
        self._problems.setdefault((code, where), problem)


def _join(within: str, name: str) -> str:
    return f"{within}{SEPARATOR}{name}" if within else name


def _pairs(declared: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Ports or parameters of a definition, each with one thing inside that it leads to."""
    for name, texts in declared.items():
        for text in texts:
            yield name, text


def _found(node: Node, published: Graph | None, level: _Level) -> _Definition | None:
    if published is not None:
        top = next(iter(published.nodes.values()))
        subgraph = published.subgraphs[top.subgraph or ""]
        return _Definition(subgraph, f"{node.module} {node.version}", "", published.subgraphs)
    name = node.subgraph or ""
    if name not in level.definitions:
        return None
    place = f"{level.definitions_place}/{name}" if level.definitions_place else ""
    return _Definition(level.definitions[name], name, place, level.definitions)


def _inherited(inner: Node, outer: Node, given: Mapping[str, Any] | None) -> Node:
    """An inner node with the values, state and run settings that the using node gives it.

    A use that is switched off switches off what is inside; what an inner node says of how it runs
    goes before what its use says.
    """
    is_off = outer.state is not None and outer.state.kind in ("disabled", "bypassed")
    return msgspec.structs.replace(
        inner,
        parameters={**inner.parameters, **given} if given else inner.parameters,
        state=outer.state if is_off else inner.state,
        run=_run_settings(inner.run, outer.run),
    )


def _run_settings(inner: RunSettings | None, outer: RunSettings | None) -> RunSettings | None:
    return outer if inner is None else inner.over(outer)


def _producers(node: Node) -> Iterator[str]:
    """The nodes whose outputs a node reads."""
    return (wire.node for wires in node.inputs.values() for wire in wires if not wire.disabled)
