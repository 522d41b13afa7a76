"""A graph as the layout sees it: boxes of nodes in frames, wires between places on their edges."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from designer.document.geometry import NODE_HEIGHT, node_width, port_offset
from designer.document.node_ports import Holder, NodePorts, ports_of
from designer.layout import NodeShape, Place, WireShape
from runtime.interfaces import ModuleCatalog
from runtime.model import Subgraph


class Shapes(NamedTuple):
    """What a layout is made from."""

    nodes: dict[str, NodeShape]
    wires: list[WireShape]


def shapes_of(holder: Holder, subgraphs: Mapping[str, Subgraph], catalog: ModuleCatalog) -> Shapes:
    """The nodes and wires of a pipeline, or of the definition of a subgraph.

    A node is a member of the frame that its middle is in; of frames inside each other, of the
    outer one.
    """
    ports = ports_of(holder, subgraphs, catalog)
    places = section(holder, "nodes")
    frames = section(holder, "frames")
    nodes = {
        node_id: _node(ports[node_id], places.get(node_id), frames) for node_id in holder.nodes
    }
    return Shapes(nodes, list(_wires(holder, ports, nodes)))


def section(holder: Holder, name: str) -> dict[str, dict[str, Any]]:
    """A part of the layout, without what has no usable place."""
    held = holder.layout.get(name)
    if not isinstance(held, dict):
        return {}
    return {key: item for key, item in held.items() if _corner(item) is not None}


def _node(ports: NodePorts, held: Any, frames: Mapping[str, dict[str, Any]]) -> NodeShape:
    width = node_width(len(ports.inputs), len(ports.outputs))
    corner = _corner(held)
    if corner is None:
        return NodeShape(width=width, height=NODE_HEIGHT)
    x, y = corner
    around = [
        (frame["width"] * frame["height"], name)
        for name, frame in frames.items()
        if _contains(frame, x + width / 2, y + NODE_HEIGHT / 2)
    ]
    return NodeShape(
        width=width, height=NODE_HEIGHT, x=x, y=y, frame=max(around)[1] if around else ""
    )


def _contains(frame: Mapping[str, Any], x: float, y: float) -> bool:
    width, height = frame.get("width"), frame.get("height")
    if not isinstance(width, int | float) or not isinstance(height, int | float):
        return False
    return bool(frame["x"] <= x <= frame["x"] + width and frame["y"] <= y <= frame["y"] + height)


def _corner(held: Any) -> tuple[float, float] | None:
    if not isinstance(held, dict):
        return None
    x, y = held.get("x"), held.get("y")
    return (x, y) if isinstance(x, int | float) and isinstance(y, int | float) else None


def _wires(
    holder: Holder, ports: Mapping[str, NodePorts], nodes: Mapping[str, NodeShape]
) -> Iterator[WireShape]:
    for target, node in holder.nodes.items():
        for name, wires in node.inputs.items():
            into = _offset(nodes[target], ports[target].inputs, name)
            for wire in wires:
                if wire.node in nodes:
                    out = _offset(nodes[wire.node], ports[wire.node].outputs, wire.port)
                    yield WireShape(source=wire.node, source_x=out, target=target, target_x=into)
        for source in node.after:
            if source in nodes:
                yield WireShape(
                    source=source,
                    source_x=nodes[source].width / 2,
                    target=target,
                    target_x=nodes[target].width / 2,
                )


def _offset(node: NodeShape, names: tuple[str, ...], name: str) -> float:
    if name not in names:
        return node.width / 2
    return port_offset(node.width, names.index(name), len(names))


def is_complete(holder: Holder) -> bool:
    """Whether every node has a place."""
    places = section(holder, "nodes")
    return all(node_id in places for node_id in holder.nodes)


def with_places(held: Any, places: Mapping[str, Place]) -> dict[str, Any]:
    """The layout's nodes with other places; what else it says of them stays."""
    nodes = dict(held) if isinstance(held, dict) else {}
    for node_id, place in places.items():
        known = nodes.get(node_id)
        nodes[node_id] = {**(known if isinstance(known, dict) else {}), "x": place.x, "y": place.y}
    return nodes
