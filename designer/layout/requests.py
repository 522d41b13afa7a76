"""What is asked of the layout, as one message."""

import msgspec

from designer.layout.adding import place_missing
from designer.layout.shapes import Layout, NodeShape, WireShape
from designer.layout.tidying import tidy
from designer.layout.whole import lay_out


class LayoutRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to lay out.

    Attributes:
        nodes: Everything that stands on the canvas, by id.
        wires: Between these nodes.
        only: The nodes that may move; all of them without it.
        keeps_placed: Give places only to the nodes without one.
    """

    nodes: dict[str, NodeShape]
    wires: list[WireShape] = []
    only: list[str] | None = None
    keeps_placed: bool = False


def answer(request: LayoutRequest) -> Layout:
    """Places for all nodes, for some of them, or for those that have none."""
    if request.keeps_placed:
        return place_missing(request.nodes, request.wires)
    if request.only is None:
        return lay_out(request.nodes, request.wires)
    return tidy(request.nodes, request.wires, request.only)
