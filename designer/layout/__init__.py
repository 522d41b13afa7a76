"""Auto-layout: places for nodes from what they are wired to. Pure: shapes in, places out."""

from designer.layout.adding import place_missing
from designer.layout.aside import move_aside
from designer.layout.requests import LayoutRequest, answer
from designer.layout.shapes import Area, Layout, NodeShape, Place, WireShape
from designer.layout.spacing import MOST_NODES, up_to_grid
from designer.layout.tidying import tidy
from designer.layout.whole import lay_out

__all__ = [
    "MOST_NODES",
    "Area",
    "Layout",
    "LayoutRequest",
    "NodeShape",
    "Place",
    "WireShape",
    "answer",
    "lay_out",
    "move_aside",
    "place_missing",
    "tidy",
    "up_to_grid",
]
