"""Wires: do both ends exist, do their types fit, is every required input connected?"""

from collections.abc import Iterator

from runtime.errors import close_matches
from runtime.model.graph import Node, Wire
from runtime.model.module_spec import InputPort, ModuleSpec
from runtime.model.port_type import is_compatible
from runtime.validation.view import Finding, GraphView, SpecTable


def check_wires(view: GraphView) -> Iterator[Finding]:
    """G009 and P001 to P004 for every node that is switched on."""
    for name, node in view.enabled():
        table = view.tables.get(name)
        for port, wires in node.inputs.items():
            if not _is_plainly_right(view, port, wires, table):
                yield from _check_port(view, name, port, wires, table)
        for index, earlier in enumerate(node.after):
            if earlier not in view.nodes and earlier not in view.expansion.broken:
                yield _dangling(view, name, earlier, "after", index)
        if table and not (node.state and node.state.kind in ("bypassed", "frozen")):
            yield from _check_required(view, name, node, table)


def _is_plainly_right(
    view: GraphView, port: str, wires: tuple[Wire, ...], table: SpecTable | None
) -> bool:
    """One wire between two ports of the same type: what most wires are."""
    source = view.tables.get(wires[0].node) if len(wires) == 1 else None
    if table is None or source is None:
        return False
    declared, output = table.inputs.get(port), source.outputs.get(wires[0].port)
    return declared is not None and output is not None and declared.type == output.type


def _check_port(
    view: GraphView, name: str, port: str, wires: tuple[Wire, ...], table: SpecTable | None
) -> Iterator[Finding]:
    declared = table.inputs.get(port) if table else None
    if table and declared is None and not view.is_handed_on(name, "inputs", port):
        yield _unknown_input(view, name, port, table)
    is_list = len(wires) > 1
    for index, wire in enumerate(wires):
        place = ("inputs", port, index) if is_list else ("inputs", port)
        if wire.node not in view.nodes:
            if not view.is_told(name, wire):
                yield _dangling(view, name, wire.node, *place)
        else:
            yield from _check_source(view, name, wire, declared, place)
    if declared and not declared.many and is_list:
        enabled = sum(not wire.disabled for wire in wires)
        if enabled > 1:
            title, outer = view.named(name, "inputs", port)
            yield view.finding(
                name,
                "P004",
                f"Port '{outer}' of '{title}' takes one wire, but has {enabled}.",
                "Remove all but one, or join them with a module that takes several.",
                "inputs",
                port,
            )


def _check_source(
    view: GraphView,
    name: str,
    wire: Wire,
    declared: InputPort | None,
    place: tuple[str | int, ...],
) -> Iterator[Finding]:
    source = view.tables.get(wire.node)
    if source is None:
        return
    output = source.outputs.get(wire.port)
    if output is None:
        if view.is_told(name, wire):
            return
        hint = close_matches(wire.port, source.outputs)
        known = ", ".join(f"'{known}'" for known in source.outputs) or "none"
        yield view.finding(
            name,
            "P001",
            f"'{view.title(wire.node)}' has no output '{wire.port}'.{hint}",
            f"Connect one of its outputs: {known}.",
            *place,
        )
    elif declared and not is_compatible(output.type, declared.type) and not wire.disabled:
        title, port = view.named(name, "inputs", declared.name)
        yield view.finding(
            name,
            "P002",
            f"Port '{port}' of '{title}' expects {declared.type}, "
            f"but '{view.title(wire.node)}.{wire.port}' gives {output.type}.",
            f"Connect an output of type {declared.type}"
            f"{_bridge(view, output.type, declared.type)}.",
            *place,
        )


def _check_required(view: GraphView, name: str, node: Node, table: SpecTable) -> Iterator[Finding]:
    for port in table.required:
        wires = node.inputs.get(port.name)
        if not wires or all(wire.disabled for wire in wires):
            title, outer = view.named(name, "inputs", port.name)
            yield view.finding(
                name,
                "P003",
                f"Port '{outer}' of '{title}' is not connected.",
                f"Connect an output of type {port.type}.",
                "inputs",
                port.name,
            )


def _unknown_input(view: GraphView, name: str, port: str, table: SpecTable) -> Finding:
    known = ", ".join(f"'{known}'" for known in table.inputs) or "none"
    return view.finding(
        name,
        "P001",
        f"'{view.title(name)}' has no input '{port}'.{close_matches(port, table.inputs)}",
        f"Connect to one of its inputs: {known}.",
        "inputs",
        port,
    )


def _dangling(view: GraphView, name: str, missing: str, *place: str | int) -> Finding:
    return view.finding(
        name,
        "G009",
        f"'{view.title(name)}' refers to node '{missing}', which does not exist."
        f"{close_matches(missing, view.nodes) if len(view.nodes) <= 1000 else ''}",
        "Connect another node, or remove this reference.",
        *place,
    )


def _bridge(view: GraphView, given: str, expected: str) -> str:
    """Modules that turn one type into the other, for the remedy."""
    found = [
        spec
        for module_id in view.catalog.module_ids()
        if (spec := view.catalog.default(module_id)) and _does_turn(spec, given, expected)
    ]
    found.sort(key=lambda spec: (len(spec.inputs), len(spec.outputs), spec.title))
    names = " or ".join(f"'{spec.title}'" for spec in found[:2])
    return f", or insert {names} between them" if names else ""


def _does_turn(spec: ModuleSpec, given: str, expected: str) -> bool:
    return (
        spec.state == "active"
        and all(parameter.kind != "code" for parameter in spec.parameters)
        and any(port.type == given for port in spec.inputs)
        and any(port.type == expected for port in spec.outputs)
    )
