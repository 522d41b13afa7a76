"""The sample graphs with the digests of the module versions that they were made with."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from modules_library.registry import open_catalog
from runtime.interfaces import ModuleCatalog
from runtime.model import Graph
from runtime.model.graph_json import parse_graph, write_graph

SAMPLES = Path(__file__).parents[2] / "assets/samples"


def pinned_samples() -> dict[Path, Callable[[], str]]:
    """Every sample's file with the function that gives its text with fresh pins."""
    return {path: lambda path=path: pinned_text(path) for path in sorted(SAMPLES.glob("*.json"))}


def pinned_text(path: Path) -> str:
    """The sample as it is, every node pinned to the catalogue's digest of its version."""
    return write_graph(pinned(parse_graph(path.read_bytes()), open_catalog(None)))


def pinned(graph: Graph, catalog: ModuleCatalog) -> Graph:
    nodes = {}
    for name, node in graph.nodes.items():
        spec = catalog.find(node.module, node.version)
        nodes[name] = msgspec.structs.replace(node, digest=spec.digest if spec else None)
    return msgspec.structs.replace(graph, nodes=nodes)
