"""Things that are no nodes, notes say, off what a new layout put on them."""

from collections.abc import Mapping
from functools import partial

from designer.layout.free_places import Box, Taken, distance
from designer.layout.shapes import Layout, NodeShape, Place
from designer.layout.spacing import NODE_GAP, on_grid


def move_aside(
    things: Mapping[str, NodeShape], nodes: Mapping[str, NodeShape], layout: Layout
) -> dict[str, Place]:
    """The nearest place for each thing where neither a node, nor a frame, nor another thing is.

    Args:
        things: With their places, by any name; one that nothing covers stays.
        nodes: Those that were laid out.
        layout: Where they are now.
    """
    taken = Taken(gap=NODE_GAP // 2)
    for node_id, place in layout.places.items():
        taken.add(Box(place.x, place.y, nodes[node_id].width, nodes[node_id].height))
    for area in layout.frames.values():
        taken.add(Box(area.x, area.y, area.width, area.height))
    found = {}
    for name, thing in things.items():
        if thing.corner is not None:
            box = Box(*thing.corner, thing.width, thing.height)
            right, down = taken.free_move([box], (0, 0), partial(distance, (0, 0)))
            place = Place(on_grid(box.x + right), on_grid(box.y + down))
            taken.add(Box(place.x, place.y, thing.width, thing.height))
            found[name] = place
    return found
