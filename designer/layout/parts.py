"""The parts of a graph that neither a wire nor a frame joins, with nodes as numbers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from designer.layout.shapes import NodeShape, WireShape
from designer.layout.spacing import up_to_grid


class Wire(NamedTuple):
    """A wire between nodes of a part."""

    tail: int
    head: int
    tail_x: float
    head_x: float


class Part(NamedTuple):
    """Nodes `0 … len(ids) - 1` and everything that tells where they should be.

    Attributes:
        widths: Rounded up to the grid, as the heights are.
        frames: Every node's frame, empty for none.
        hints: Where the nodes stand now, `None` for those without a place.
    """

    ids: list[str]
    widths: list[int]
    heights: list[int]
    frames: list[str]
    hints: list[tuple[float, float] | None]
    wires: list[Wire]


def parts_of(nodes: Mapping[str, NodeShape], wires: Iterable[WireShape]) -> list[Part]:
    """The parts, in the order of their first nodes; wires that lead nowhere else are left out."""
    index = {node_id: number for number, node_id in enumerate(nodes)}
    ends = [
        (index[wire.source], index[wire.target], wire)
        for wire in wires
        if wire.source != wire.target and wire.source in index and wire.target in index
    ]
    groups = _joined(len(nodes), [(a, b) for a, b, _ in ends] + list(_framed(nodes, index)))
    ids = list(nodes)
    parts = [_part([ids[number] for number in group], nodes) for group in groups]
    home = [(0, 0)] * len(ids)
    for part_number, group in enumerate(groups):
        for place, number in enumerate(group):
            home[number] = part_number, place
    for tail, head, wire in ends:
        part_number, place = home[tail]
        parts[part_number].wires.append(Wire(place, home[head][1], wire.source_x, wire.target_x))
    return parts


def _part(ids: list[str], nodes: Mapping[str, NodeShape]) -> Part:
    shapes = [nodes[node_id] for node_id in ids]
    return Part(
        ids=ids,
        widths=[up_to_grid(shape.width) for shape in shapes],
        heights=[up_to_grid(shape.height) for shape in shapes],
        frames=[shape.frame for shape in shapes],
        hints=[shape.corner for shape in shapes],
        wires=[],
    )


def _framed(nodes: Mapping[str, NodeShape], index: Mapping[str, int]) -> Iterable[tuple[int, int]]:
    first: dict[str, int] = {}
    for node_id, shape in nodes.items():
        if shape.frame:
            yield first.setdefault(shape.frame, index[node_id]), index[node_id]


def _joined(count: int, pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    leader = list(range(count))

    def find(node: int) -> int:
        while leader[node] != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    for one, other in pairs:
        first, second = sorted((find(one), find(other)))
        leader[second] = first
    groups: dict[int, list[int]] = {}
    for node in range(count):
        groups.setdefault(find(node), []).append(node)
    return list(groups.values())
