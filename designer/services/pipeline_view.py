"""What pages see of a pipeline: cards, thumbnails, the module versions it uses. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from designer.document.geometry import NODE_HEIGHT, NODE_WIDTH
from designer.document.node_ports import spec_of
from designer.document.operations import Document
from designer.layout import NodeShape, WireShape, lay_out
from designer.services.answers import LastRun, PipelineCard, Thumbnail
from designer.store import PipelineRecord
from runtime.interfaces import ModuleCatalog
from runtime.model import Graph, ModuleSpec
from runtime.model.graph_json import graph_to_document

MOST_IN_THUMBNAIL = 200


def card(
    record: PipelineRecord, graph: Graph, *, thumbnail: Thumbnail, last_run: LastRun | None
) -> PipelineCard:
    """A pipeline as the list shows it."""
    return PipelineCard(
        id=record.id,
        name=record.name or record.id,
        description=graph.description,
        revision=record.revision,
        modified_at=record.modified_at,
        node_count=len(graph.nodes),
        last_run=last_run,
        thumbnail=thumbnail,
    )


def thumbnail(graph: Graph) -> Thumbnail:
    """The graph's looks, at most 200 nodes of it; without a layout it gets one."""
    ids = sorted(graph.nodes)[:MOST_IN_THUMBNAIL]
    position = {node_id: index for index, node_id in enumerate(ids)}
    wires = [
        (position[wire.node], position[node_id])
        for node_id in ids
        for wires in graph.nodes[node_id].inputs.values()
        for wire in wires
        if wire.node in position
    ]
    places = graph.layout.get("nodes") or _rough_places(ids, wires)
    nodes = [
        (*_place(places, node_id, index), graph.nodes[node_id].module.partition(".")[0])
        for index, node_id in enumerate(ids)
    ]
    return Thumbnail(nodes=tuple(nodes), wires=tuple(wires))


def _rough_places(ids: Sequence[str], wires: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Where nodes stand if all are alike; a picture shows no ports."""
    alike = NodeShape(width=NODE_WIDTH, height=NODE_HEIGHT)
    middle = NODE_WIDTH / 2
    shapes = [
        WireShape(source=ids[tail], source_x=middle, target=ids[head], target_x=middle)
        for tail, head in wires
    ]
    places = lay_out(dict.fromkeys(ids, alike), shapes).places
    return {node_id: msgspec.structs.asdict(place) for node_id, place in places.items()}


def modules_of(graph: Graph, catalog: ModuleCatalog) -> dict[str, ModuleSpec]:
    """The module versions a graph uses, by `id@version` as its nodes write it.

    Those inside published subgraphs are among them.
    """
    found: dict[str, ModuleSpec] = {}
    waiting = [graph]
    for one in waiting:
        for node in one.every_node():
            key = f"{node.module}@{node.version}"
            if node.module and key not in found and (spec := spec_of(node, catalog)) is not None:
                found[key] = spec
                found.setdefault(f"{spec.id}@{spec.version}", spec)
                if definition := catalog.definition(spec.id, spec.version):
                    waiting.append(definition)
    return found


def definitions_of(
    modules: Mapping[str, ModuleSpec], catalog: ModuleCatalog
) -> dict[str, Document]:
    """The documents of those of these versions that are subgraphs, by `id@version`."""
    return {
        f"{spec.id}@{spec.version}": graph_to_document(found)
        for spec in modules.values()
        if spec.kind == "subgraph" and (found := catalog.definition(spec.id, spec.version))
    }


def with_pins(document: Document, catalog: ModuleCatalog) -> Document:
    """The document with the digest of every exact version that its nodes name without one."""
    pinned: Document = _with_pinned_nodes(document, catalog)
    subgraphs = document.get("subgraphs")
    if isinstance(subgraphs, dict):
        inside = {name: _with_pinned_nodes(one, catalog) for name, one in subgraphs.items()}
        pinned = {**pinned, "subgraphs": inside}
    return pinned


def free_pipeline_id(name: str, taken: Collection[str]) -> str:
    """A readable id for a pipeline of that name, unused so far.

    >>> free_pipeline_id("Breast cancer: ROC!", {"breast_cancer_roc"})
    'breast_cancer_roc_2'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:48].strip("_") or "pipeline"
    number, wanted = 1, base
    while wanted in taken:
        number += 1
        wanted = f"{base}_{number}"
    return wanted


def _place(places: Any, node_id: str, index: int) -> tuple[float, float]:
    place = places.get(node_id) if isinstance(places, dict) else None
    if isinstance(place, dict):
        x, y = place.get("x"), place.get("y")
        if isinstance(x, int | float) and isinstance(y, int | float):
            return float(x), float(y)
    return 0.0, index * 100.0


def _with_pinned_nodes(holder: Any, catalog: ModuleCatalog) -> Any:
    nodes = holder.get("nodes") if isinstance(holder, dict) else None
    if not isinstance(nodes, dict):
        return holder
    return {**holder, "nodes": {key: _pinned(node, catalog) for key, node in nodes.items()}}


def _pinned(node: Any, catalog: ModuleCatalog) -> Any:
    if not isinstance(node, dict) or node.get("digest") or not node.get("module"):
        return node
    spec = catalog.find(str(node["module"]), str(node.get("version", "")))
    return {**node, "digest": spec.digest} if spec is not None else node
