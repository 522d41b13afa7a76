"""Places for new nodes among those that have theirs, which stay where they are."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from designer.layout.drawing import Drawing, draw, moved
from designer.layout.free_places import Box, Move, Taken
from designer.layout.parts import parts_of
from designer.layout.shapes import Layout, NodeShape, WireShape
from designer.layout.spacing import ORIGIN, PART_GAP, ROW_GAP, on_grid, up_to_grid
from designer.layout.surroundings import around, boxes_of, taken_by
from designer.layout.whole import as_layout, drawn

_UP_AND_DOWN = 3.0
"""How much dearer a way up or down is than one sideways: a node further down hides its wire."""
_AGAINST_A_WIRE = 2000.0
"""What it costs to have a wire lead up."""
_ASPECT = 1.6


def place_missing(nodes: Mapping[str, NodeShape], wires: Sequence[WireShape]) -> Layout:
    """Places for the nodes that have none, near what they are wired to; nothing else moves.

    New nodes that are wired to each other are laid out together. What is wired to nothing that
    stands already goes beside everything else.

    Args:
        nodes: By id, those with places among them.
        wires: Between these nodes.

    Returns:
        The places of the nodes that had none.
    """
    placed = {node_id: shape for node_id, shape in nodes.items() if shape.corner is not None}
    missing = {node_id: shape for node_id, shape in nodes.items() if shape.corner is None}
    inner = [wire for wire in wires if wire.source in missing and wire.target in missing]
    outer = [wire for wire in wires if (wire.source in placed) != (wire.target in placed)]
    near = _Near(placed, outer)
    apart: dict[str, NodeShape] = {}
    found: list[Drawing] = []
    for part in parts_of(missing, inner):
        drawing = near.place(draw(part))
        if drawing is not None:
            found.append(drawing)
        else:
            apart |= {node_id: missing[node_id] for node_id in part.ids}
    left, top = _beside(near.boxes)
    found += [moved(drawing, left, top) for drawing in drawn(apart, inner)]
    return as_layout(found)


class _Wish(NamedTuple):
    """Where a drawing should go: to the right by, and down by at least and at most."""

    x: int
    lowest: int | None
    highest: int | None

    @property
    def move(self) -> Move:
        """The move to look at first: directly below what leads there, or above."""
        y = self.lowest if self.lowest is not None else self.highest
        return self.x, y or 0

    def cost(self, move: Move) -> float:
        """How far a move is from the wish."""
        wished = self.move
        far = abs(move[0] - wished[0]) + _UP_AND_DOWN * abs(move[1] - wished[1])
        if self.lowest is not None and move[1] < self.lowest:
            far += _AGAINST_A_WIRE
        if self.highest is not None and move[1] > self.highest:
            far += _AGAINST_A_WIRE
        return far


class _Near:
    """Finds places near what stands already, and takes them."""

    def __init__(self, placed: Mapping[str, NodeShape], wires: Sequence[WireShape]) -> None:
        self.placed = placed
        self.boxes = list(taken_by(placed))
        self.taken = Taken(self.boxes)
        self.wires: dict[str, list[WireShape]] = {}
        for wire in wires:
            new = wire.target if wire.source in placed else wire.source
            self.wires.setdefault(new, []).append(wire)
        self.frames = {box.frame: box for box in self.boxes if box.frame}

    def place(self, drawing: Drawing) -> Drawing | None:
        """The drawing at a free place near its neighbours; `None` if it has none."""
        wish = self._wish(drawing)
        if wish is None:
            return None
        boxes = boxes_of(drawing)
        move = self.taken.free_move(boxes, wish.move, wish.cost, inside=set(drawing.part.frames))
        found = moved(drawing, *move)
        for box in boxes_of(found):
            self.taken.add(box)
            self.boxes.append(box)
        return found

    def _wish(self, drawing: Drawing) -> _Wish | None:
        beside: list[float] = []
        lowest: list[float] = []
        highest: list[float] = []
        part = drawing.part
        for node_id, x, y, height in zip(
            part.ids, drawing.xs, drawing.ys, part.heights, strict=True
        ):
            for wire in self.wires.get(node_id, ()):
                other = self.placed[wire.source if wire.target == node_id else wire.target]
                assert other.x is not None and other.y is not None
                if wire.target == node_id:
                    beside.append(other.x + wire.source_x - x - wire.target_x)
                    lowest.append(other.y + other.height + ROW_GAP - y)
                else:
                    beside.append(other.x + wire.target_x - x - wire.source_x)
                    highest.append(other.y - ROW_GAP - height - y)
        if beside:
            return _Wish(
                on_grid(sorted(beside)[(len(beside) - 1) // 2]),
                up_to_grid(max(lowest)) if lowest else None,
                on_grid(min(highest)) if highest else None,
            )
        return self._in_its_frame(drawing)

    def _in_its_frame(self, drawing: Drawing) -> _Wish | None:
        """Where the frame of a drawing's nodes stands, below its other members."""
        for name in drawing.part.frames:
            if name in self.frames:
                frame = self.frames[name]
                left, top = drawing.frames[name].x, drawing.frames[name].y
                return _Wish(on_grid(frame.x - left), on_grid(frame.y + frame.height - top), None)
        return None


def _beside(boxes: Sequence[Box]) -> tuple[int, int]:
    """Where there is room for more: below a wide drawing, beside a high one."""
    if not boxes:
        return ORIGIN, ORIGIN
    x, y, width, height, _ = around(boxes)
    if width > _ASPECT * height:
        return on_grid(x), up_to_grid(y + height + PART_GAP)
    return up_to_grid(x + width + PART_GAP), on_grid(y)
