"""What stands around something that gets a place: nodes, and frames around their members."""

from collections.abc import Iterable, Iterator, Mapping

from designer.layout.drawing import Drawing
from designer.layout.free_places import Box
from designer.layout.rows import ABOVE_FRAME
from designer.layout.shapes import NodeShape
from designer.layout.spacing import FRAME_PADDING


def taken_by(nodes: Mapping[str, NodeShape]) -> Iterator[Box]:
    """The boxes of the nodes that have places, and of their frames."""
    members: dict[str, list[Box]] = {}
    for shape in nodes.values():
        if shape.corner is not None:
            box = Box(*shape.corner, shape.width, shape.height)
            if shape.frame:
                members.setdefault(shape.frame, []).append(box)
            yield box
    for name, boxes in members.items():
        yield _frame_around(name, boxes)


def boxes_of(drawing: Drawing) -> list[Box]:
    """The boxes of a drawing's nodes and frames."""
    part = drawing.part
    nodes = zip(drawing.xs, drawing.ys, part.widths, part.heights, strict=True)
    frames = [
        Box(area.x, area.y, area.width, area.height, name) for name, area in drawing.frames.items()
    ]
    return [Box(*node) for node in nodes] + frames


def around(boxes: Iterable[Box]) -> Box:
    """The box around boxes."""
    boxes = list(boxes)
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right = max(box.x + box.width for box in boxes)
    bottom = max(box.y + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


def _frame_around(name: str, members: Iterable[Box]) -> Box:
    inner = around(members)
    return Box(
        inner.x - FRAME_PADDING,
        inner.y - ABOVE_FRAME,
        inner.width + 2 * FRAME_PADDING,
        inner.height + ABOVE_FRAME + FRAME_PADDING,
        name,
    )
