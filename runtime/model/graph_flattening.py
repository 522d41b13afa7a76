"""Expand subgraphs: every use becomes its inner nodes, ids joined with `__`.

Drawing a subgraph and drawing its nodes give the same plan, because everything after this file
sees only the flat graph. What it finds wrong in a flat node is told at the place where a person
can mend it: a value at the node that set it, a wire at the node that drew it.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import NamedTuple

from runtime.errors import InvalidGraphError
from runtime.model.diagnostic import Diagnostic, pointer
from runtime.model.graph import Graph, Node, Subgraph

SEPARATOR = "__"

Place = tuple[str | int, ...]
"""A node of the flat graph, or a use, and where in it: `("prep__clean", "inputs", "dataset")`."""

PublishedSubgraphs = Callable[[Node], Graph | None]
"""The document of the module version that a node names, where that version is a subgraph."""


class Use(NamedTuple):
    """A node that stands for a subgraph.

    Attributes:
        node: The using node, with what the uses around it say about it.
        subgraph: The definition it stands for.
        within: Flat id of the use around it; empty at the top.
        definition: JSON Pointer of the definition; empty for a published one.
    """

    node: Node
    subgraph: Subgraph
    within: str
    definition: str

    @property
    def label(self) -> str:
        """What people call the use itself, without what is around it."""
        return self.node.label or self.subgraph.label or self.node.subgraph or self.node.module


class Expansion(NamedTuple):
    """A flat graph, the uses it came out of, where everything stands, and what went wrong.

    Attributes:
        uses: The expanded using nodes by flat id, outer ones first.
        members: The plain nodes that came out of each use, by its flat id.
        within: Flat id of the use around a node or use; absent at the top.
        places: JSON Pointer of every node and use that came out of a subgraph; for one inside a
            published subgraph, of the node in the document that stands for that.
        origins: What decides about a place in a flat node where that is not the node itself.
        broken: Using nodes that could not be expanded; they are no nodes of the flat graph.
        given: Nodes and ports that an output of a definition names and that some wire came by.
    """

    graph: Graph
    problems: tuple[Diagnostic, ...] = ()
    uses: Mapping[str, Use] = {}
    members: Mapping[str, Sequence[str]] = {}
    within: Mapping[str, str] = {}
    places: Mapping[str, str] = {}
    origins: Mapping[Place, Place] = {}
    broken: Set[str] = frozenset()
    given: Set[tuple[str, str]] = frozenset()

    def place(self, node_id: str, *parts: str | int) -> str:
        """JSON Pointer of a node of the flat graph or of a use, or of something in it."""
        owner, inside = self.origin(node_id, *parts) if self.origins else (node_id, parts)
        here = self.places.get(owner) or f"/nodes/{owner}"
        return here if self.is_published_inside(owner) else here + pointer(*inside)

    def origin(self, node_id: str, *parts: str | int) -> tuple[str, tuple[str | int, ...]]:
        """Who decides about a place, and where: the node itself, or a use around it."""
        found: Place | None = (node_id, *parts)
        while found is not None:
            place, found = found, self._decider(found)
        return str(place[0]), place[1:]

    def is_published_inside(self, node_id: str) -> bool:
        """Whether a node or use came out of a published subgraph, which cannot be edited here."""
        around = self.within.get(node_id)
        return around is not None and not self.uses[around].definition

    def labels_around(self, node_id: str) -> list[str]:
        """What the uses around a node or use are called, outermost first."""
        found: list[str] = []
        while node_id in self.within:
            node_id = self.within[node_id]
            found.append(self.uses[node_id].label)
        return found[::-1]

    def _decider(self, place: Place) -> Place | None:
        for length in range(len(place), 1, -1):
            found = self.origins.get(place[:length])
            if found:
                return (*found, *place[length:])
        return None


def flatten(graph: Graph, published: PublishedSubgraphs | None = None) -> Graph:
    """Give the graph without subgraphs.

    Raises:
        InvalidGraphError: G006, G008, G009, G010, P001, V001 for subgraphs that cannot be expanded.
    """
    expansion = expand(graph, published)
    if expansion.problems:
        raise InvalidGraphError(expansion.problems)
    return expansion.graph


def expand(graph: Graph, published: PublishedSubgraphs | None = None) -> Expansion:
    """Give the flat graph with every problem of its subgraphs; never raises.

    Args:
        graph: The graph with its uses.
        published: Gives the definitions of modules that are subgraphs; without it such nodes
            stay as they are.
    """
    if not _has_uses(graph, published):
        return Expansion(graph)
    from runtime.model.graph_expander import Expander  # most graphs have no subgraph

    return Expander(graph, published).expansion()


def _has_uses(graph: Graph, published: PublishedSubgraphs | None) -> bool:
    asked: set[tuple[str, str]] = set()
    for node in graph.nodes.values():
        if node.subgraph is not None:
            return True
        if published and (key := (node.module, node.version)) not in asked:
            asked.add(key)
            if published(node) is not None:
                return True
    return False
