"""A selection laid out where it stands."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from designer.layout.drawing import Drawing, draw, moved
from designer.layout.free_places import Move, Taken, distance
from designer.layout.parts import parts_of
from designer.layout.shapes import Layout, NodeShape, WireShape
from designer.layout.spacing import on_grid
from designer.layout.surroundings import boxes_of, taken_by
from designer.layout.whole import as_layout, drawn, lay_out


def tidy(
    nodes: Mapping[str, NodeShape], wires: Sequence[WireShape], only: Collection[str]
) -> Layout:
    """Lay out some nodes afresh; the others stay, and none of them is covered.

    Selected nodes that are wired to each other are laid out together, and their middle stays where
    it is, or as near to it as there is room. A frame is laid out as one if all its members are
    selected; otherwise they count as nodes without a frame.

    Args:
        nodes: By id, all of them, so that none is covered.
        wires: Between these nodes.
        only: The ids of the selected ones.
    """
    chosen = {node_id: nodes[node_id] for node_id in nodes if node_id in set(only)}
    others = {node_id: nodes[node_id] for node_id in nodes if node_id not in chosen}
    if not others:
        return lay_out(nodes, wires)
    kept_frames = {shape.frame for shape in others.values() if shape.frame}
    free = {node_id: _without_frame(shape, kept_frames) for node_id, shape in chosen.items()}
    taken = Taken(taken_by(others))
    found: list[Drawing] = []
    for drawings in _together(free, wires):
        ids = [node_id for drawing in drawings for node_id in drawing.part.ids]
        wish = _to_the_same_middle(drawings)
        move = taken.free_move(
            [box for drawing in drawings for box in boxes_of(drawing)],
            wish,
            partial(distance, wish),
            inside={chosen[node_id].frame for node_id in ids},
        )
        for drawing in (moved(drawing, *move) for drawing in drawings):
            found.append(drawing)
            for box in boxes_of(drawing):
                taken.add(box)
    return as_layout(found)


def _together(
    nodes: Mapping[str, NodeShape], wires: Sequence[WireShape]
) -> Iterator[Sequence[Drawing]]:
    """What keeps its middle together: each part from the largest, then all that is wired to nothing."""
    wired = {node_id for wire in wires for node_id in (wire.source, wire.target)}
    drawings = [draw(part) for part in parts_of(nodes, wires)]
    drawings.sort(key=lambda drawing: -len(drawing.part.ids))
    loose: dict[str, NodeShape] = {}
    for drawing in drawings:
        node_id = drawing.part.ids[0]
        if len(drawing.part.ids) == 1 and node_id not in wired:
            loose[node_id] = nodes[node_id]
        else:
            yield (drawing,)
    if loose:
        yield drawn(loose, ())


def _without_frame(shape: NodeShape, kept_frames: Collection[str]) -> NodeShape:
    if shape.frame not in kept_frames:
        return shape
    return NodeShape(width=shape.width, height=shape.height, x=shape.x, y=shape.y)


def _to_the_same_middle(drawings: Sequence[Drawing]) -> Move:
    """The move after which the mean of the nodes' corners is what it was."""
    now = [hint for drawing in drawings for hint in drawing.part.hints if hint is not None]
    if not now:
        return 0, 0
    xs = [x for drawing in drawings for x in drawing.xs]
    ys = [y for drawing in drawings for y in drawing.ys]
    return (
        on_grid(sum(x for x, _ in now) / len(now) - sum(xs) / len(xs)),
        on_grid(sum(y for _, y in now) / len(now) - sum(ys) / len(ys)),
    )
