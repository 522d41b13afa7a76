"""A whole graph laid out: every part drawn, the parts packed."""

from collections.abc import Iterable, Mapping, Sequence

from designer.layout.drawing import Drawing, draw, moved
from designer.layout.packing import Size, in_a_block, packed, size_of
from designer.layout.parts import Part, parts_of
from designer.layout.shapes import Layout, NodeShape, Place, WireShape
from designer.layout.spacing import ORIGIN, on_grid


def lay_out(nodes: Mapping[str, NodeShape], wires: Iterable[WireShape]) -> Layout:
    """Lay out all nodes afresh.

    Wires lead down unless they close a cycle or lead to the next column of a folded drawing. Where
    nodes have places already, the layout begins at their upper left corner, and of what is equally
    good it takes what is nearer to how they stood.

    Args:
        nodes: By id; the same nodes in the same order give the same layout.
        wires: Between these nodes.
    """
    left, top = _corner(nodes.values())
    return as_layout(moved(drawing, left, top) for drawing in drawn(nodes, wires))


def drawn(nodes: Mapping[str, NodeShape], wires: Iterable[WireShape]) -> list[Drawing]:
    """The parts where they stand beside each other, from 0, 0."""
    drawings = [draw(part) for part in parts_of(nodes, wires)]
    singles = [one for one in drawings if len(one.part.ids) == 1 and not one.frames]
    parts = _in_order([one for one in drawings if len(one.part.ids) > 1 or one.frames])
    single_sizes = [Size(one.width, one.height) for one in singles]
    block = in_a_block(single_sizes)
    sizes = [Size(one.width, one.height) for one in parts]
    if singles:
        sizes.append(size_of(block, single_sizes))
    corners = packed(sizes)
    found = [moved(one, x, y) for one, (x, y) in zip(parts, corners, strict=False)]
    if singles:
        left, top = corners[-1]
        found += [moved(one, left + x, top + y) for one, (x, y) in zip(singles, block, strict=True)]
    return found


def as_layout(drawings: Iterable[Drawing]) -> Layout:
    """The places and frames of drawings."""
    found = Layout(places={}, frames={})
    for drawing in drawings:
        for node_id, x, y in zip(drawing.part.ids, drawing.xs, drawing.ys, strict=True):
            found.places[node_id] = Place(x, y)
        found.frames.update(drawing.frames)
    return found


def _in_order(parts: Sequence[Drawing]) -> list[Drawing]:
    """As they stood from left to right, if they all did; else the largest first."""
    if all(None not in drawing.part.hints for drawing in parts):
        return sorted(parts, key=lambda drawing: _mean_left(drawing.part))
    return sorted(parts, key=lambda drawing: -drawing.width * drawing.height)


def _mean_left(part: Part) -> float:
    lefts = [hint[0] for hint in part.hints if hint is not None]
    return sum(lefts) / len(lefts)


def _corner(shapes: Iterable[NodeShape]) -> tuple[int, int]:
    placed = [shape.corner for shape in shapes if shape.corner is not None]
    if not placed:
        return ORIGIN, ORIGIN
    return on_grid(min(x for x, _ in placed)), on_grid(min(y for _, y in placed))
