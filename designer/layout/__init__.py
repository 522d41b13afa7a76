"""Auto-layout: places for nodes from what they are wired to. Pure: shapes in, places out."""

from designer.layout.adding import place_missing
from designer.layout.shapes import Area, Layout, NodeShape, Place, WireShape
from designer.layout.tidying import tidy
from designer.layout.whole import lay_out

__all__ = [
    "Area",
    "Layout",
    "NodeShape",
    "Place",
    "WireShape",
    "lay_out",
    "place_missing",
    "tidy",
]
