"""Pipeline outputs, and the nodes that are bypassed: what stands in for a port?"""

from collections.abc import Iterator

from runtime.errors import close_matches
from runtime.model.diagnostic import Diagnostic, pointer
from runtime.model.graph import Wire
from runtime.model.graph_building import parse_wire
from runtime.validation.view import Finding, GraphView


def check_outputs(view: GraphView) -> Iterator[Finding]:
    """G013 for every pipeline output that names no existing port."""
    for name, text in view.graph.outputs.items():
        wire = parse_wire(text)
        table = view.tables.get(wire.node)
        if view.is_told("", wire):
            continue
        if wire.node not in view.nodes:
            words = f"names node '{wire.node}', which does not exist"
            hint = close_matches(wire.node, view.nodes)
        elif table and wire.port not in table.outputs:
            words = f"names '{text}', but '{view.title(wire.node)}' has no output '{wire.port}'"
            hint = close_matches(wire.port, table.outputs)
        else:
            continue
        diagnostic = Diagnostic(
            code="G013",
            message=f"Pipeline output '{name}' {words}.{hint}",
            remedy="Choose an output port of a node, or remove this output.",
            where=pointer("outputs", name),
        )
        yield Finding("", diagnostic)


def check_bypassed(view: GraphView) -> Iterator[Finding]:
    """P002 and P003 for bypassed nodes that have nothing to hand on."""
    bypassed = {
        name for name, node in view.nodes.items() if node.state and node.state.kind == "bypassed"
    }
    if not bypassed:
        return
    for name, node in view.enabled():
        for port, wires in node.inputs.items():
            for wire in wires:
                if wire.node in bypassed and wire.node in view.tables and not wire.disabled:
                    yield from _check_passage(view, name, port, wire)


def passed_on(view: GraphView, wire: Wire) -> tuple[str, Wire | None] | None:
    """The input port and wire that a bypassed node hands on for one of its outputs.

    Of the inputs of the output's type the first that is connected, else the first; None where
    no input has the type.
    """
    table, inputs = view.tables[wire.node], view.nodes[wire.node].inputs
    output = table.outputs.get(wire.port)
    fitting = [port.name for port in table.inputs.values() if output and port.type == output.type]
    for port in fitting:
        for candidate in inputs.get(port, ()):
            if not candidate.disabled:
                return port, candidate
    return (fitting[0], None) if fitting else None


def followed(view: GraphView, wire: Wire) -> Wire | None:
    """The wire that feeds a port: through bypassed nodes; None where nothing comes."""
    current: Wire | None = wire
    while current and not current.disabled:
        node = view.nodes.get(current.node)
        if node is None or not node.state or node.state.kind != "bypassed":
            return current
        passage = passed_on(view, current)
        current = passage[1] if passage else None
    return None


def _check_passage(view: GraphView, name: str, port: str, wire: Wire) -> Iterator[Finding]:
    table = view.tables[wire.node]
    output = table.outputs.get(wire.port)
    if output is None:
        return
    passage = passed_on(view, wire)
    title = view.title(wire.node)
    if passage is None:
        yield view.finding(
            name,
            "P002",
            f"'{title}' is bypassed, but has no input of type {output.type} to hand on as "
            f"'{wire.port}'.",
            "Switch it on again, or connect another output.",
            "inputs",
            port,
        )
    elif passage[1] is None:
        yield view.finding(
            wire.node,
            "P003",
            f"'{title}' is bypassed, but its port '{passage[0]}', which it would hand on, is not "
            "connected.",
            f"Connect an output of type {output.type}.",
            "inputs",
            passage[0],
        )
