"""Graph JSON, format 1: read with every problem at once, write canonically, hash, flatten."""

from typing import Any

from runtime.errors import InvalidGraphError
from runtime.model.graph import Graph
from runtime.model.graph_flattening import flatten
from runtime.model.graph_reading import ReadResult, graph_from_document, read_graph
from runtime.model.graph_writing import graph_to_document, hash_document, write_document

__all__ = [
    "ReadResult",
    "content_hash",
    "flatten",
    "graph_from_document",
    "graph_to_document",
    "parse_graph",
    "read_graph",
    "write_graph",
]


def parse_graph(text: str | bytes) -> Graph:
    """Read a graph's text.

    Raises:
        InvalidGraphError: G001 to G013, with every diagnostic.
    """
    result = read_graph(text)
    if result.graph is None:
        raise InvalidGraphError(result.diagnostics)
    return result.graph


def write_graph(graph: Graph) -> str:
    """Give the canonical text: the same graph gives the same bytes on every system."""
    return write_document(graph_to_document(graph))


def content_hash(graph: Graph) -> str:
    """Digest of the graph without layout, `b3:…`; a pure move does not change it."""
    return hash_document(graph_to_document(graph))


def as_graph(graph: Graph | dict[str, Any] | str) -> Graph:
    """Give a graph from itself, from its document or from its text.

    Raises:
        InvalidGraphError: with every diagnostic.
    """
    if isinstance(graph, Graph):
        return graph
    result = read_graph(graph) if isinstance(graph, str) else graph_from_document(graph)
    if result.graph is None:
        raise InvalidGraphError(result.diagnostics)
    return result.graph
