"""Where nodes live: at the top of the document, or inside the definition of a subgraph.

What holds for a path below `nodes` at the top holds for the same path below
`subgraphs/<name>`; a scope is the way there, and the place is the path from there.
"""

from typing import NamedTuple

Path = tuple[str, ...]


class Place(NamedTuple):
    """A path taken apart: `("subgraphs", "prepare")` and `("nodes", "clean", "label")`.

    Attributes:
        scope: Empty at the top; a whole definition lies at the top too.
        inside: The path from the scope on.
    """

    scope: Path
    inside: Path

    @property
    def node(self) -> str | None:
        """Id of the node that the path leads to or into."""
        return self.inside[1] if len(self.inside) > 1 and self.inside[0] == "nodes" else None

    @property
    def is_node(self) -> bool:
        """Whether the path leads to a whole node."""
        return len(self.inside) == 2 and self.inside[0] == "nodes"

    @property
    def is_definition(self) -> bool:
        """Whether the path leads to the whole definition of a subgraph."""
        return not self.scope and len(self.inside) == 2 and self.inside[0] == "subgraphs"


def place_of(path: Path) -> Place:
    """Take a path apart.

    >>> place_of(("subgraphs", "prepare", "nodes", "clean")).inside
    ('nodes', 'clean')
    """
    if len(path) > 2 and path[0] == "subgraphs":
        return Place(path[:2], path[2:])
    return Place((), path)
