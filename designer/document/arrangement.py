"""A whole document laid out, or places for those of its nodes that have none."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from designer.document.node_ports import Holder, holders
from designer.document.node_shapes import is_complete, section, shapes_of, with_places
from designer.layout import (
    MOST_NODES,
    Layout,
    LayoutRequest,
    NodeShape,
    Place,
    lay_out,
    move_aside,
)
from runtime.interfaces import ModuleCatalog
from runtime.model import Graph, Subgraph

Places = dict[str, dict[str, Place]]
"""By the definition of a subgraph, empty for the pipeline itself, then by node."""


def tidied(graph: Graph, catalog: ModuleCatalog) -> Graph:
    """The graph with a fresh layout, inside its subgraphs too.

    Frames keep their members. Notes and empty frames move only off what would cover them. Bends of
    wires go: they belonged to the old places.

    >>> from runtime.model import Node
    >>> from modules_library.registry import open_catalog
    >>> tidied(Graph(nodes={"a": Node(module="x.y")}), open_catalog(None)).layout
    {'nodes': {'a': {'x': 40, 'y': 40}}}
    """
    subgraphs = {
        name: msgspec.structs.replace(
            definition, layout=_tidied_layout(definition, graph.subgraphs, catalog)
        )
        for name, definition in graph.subgraphs.items()
    }
    layout = _tidied_layout(graph, graph.subgraphs, catalog)
    return msgspec.structs.replace(graph, layout=layout, subgraphs=subgraphs)


def missing(graph: Graph, catalog: ModuleCatalog) -> dict[str, LayoutRequest]:
    """What to ask for so that every node has a place, by definition as in `Places`.

    Nothing is asked for where all have one, or where there are more nodes than are laid out.
    """
    found = {}
    for name, holder in holders(graph):
        if not is_complete(holder) and len(holder.nodes) <= MOST_NODES:
            nodes, wires = shapes_of(holder, graph.subgraphs, catalog)
            found[name] = LayoutRequest(nodes=nodes, wires=wires, keeps_placed=True)
    return found


def _tidied_layout(
    holder: Holder, subgraphs: Mapping[str, Subgraph], catalog: ModuleCatalog
) -> dict[str, Any]:
    shapes = shapes_of(holder, subgraphs, catalog)
    layout = lay_out(shapes.nodes, shapes.wires)
    found = {key: item for key, item in holder.layout.items() if key != "wires"}
    if layout.places:
        found["nodes"] = with_places(holder.layout.get("nodes"), layout.places)
    rest = move_aside(dict(_loose(holder, layout)), shapes.nodes, layout)
    for kind in ("frames", "notes"):
        held = section(holder, kind)
        if held:
            moved = {key: {**item, **_where(kind, key, layout, rest)} for key, item in held.items()}
            found[kind] = {**holder.layout[kind], **moved}
    return found


def _loose(holder: Holder, layout: Layout) -> Iterator[tuple[str, NodeShape]]:
    """Notes and empty frames."""
    for kind in ("frames", "notes"):
        for key, item in section(holder, kind).items():
            if kind == "notes" or key not in layout.frames:
                width, height = item.get("width") or 0, item.get("height") or 0
                shape = NodeShape(width=width, height=height, x=item["x"], y=item["y"])
                yield f"{kind}/{key}", shape


def _where(kind: str, key: str, layout: Layout, rest: Mapping[str, Place]) -> dict[str, int]:
    if kind == "frames" and key in layout.frames:
        return msgspec.structs.asdict(layout.frames[key])
    return msgspec.structs.asdict(rest[f"{kind}/{key}"])
