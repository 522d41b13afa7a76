"""What a layout is made from and what it is: boxes, wires between their ports, places."""

from typing import Annotated

import msgspec
from msgspec import Meta

MOST_PX = 10_000_000
_Size = Annotated[float, Meta(gt=0, le=100_000)]
_Coordinate = Annotated[float, Meta(ge=-MOST_PX, le=MOST_PX)]


class NodeShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A node as a box.

    Attributes:
        x: Left edge, where the node has a place already.
        y: Upper edge.
        frame: The frame that it is a member of.
    """

    width: _Size
    height: _Size
    x: _Coordinate | None = None
    y: _Coordinate | None = None
    frame: str = ""

    @property
    def corner(self) -> tuple[float, float] | None:
        """Where it stands already, if it does."""
        return (self.x, self.y) if self.x is not None and self.y is not None else None


class WireShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wire from the lower edge of one node to the upper edge of another.

    Attributes:
        source_x: Where the output port is, from its node's left edge.
        target_x: Where the input port is.
    """

    source: str = msgspec.field(name="from")
    source_x: _Coordinate = msgspec.field(name="from_x")
    target: str = msgspec.field(name="to")
    target_x: _Coordinate = msgspec.field(name="to_x")


class Place(msgspec.Struct, frozen=True):
    """Where a node's upper left corner is; both are on the grid."""

    x: int
    y: int


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Places of nodes, and the rectangles of the frames around their members."""

    places: dict[str, Place]
    frames: dict[str, Area] = {}
