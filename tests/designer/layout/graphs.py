"""Graphs for the tests of the layout, and what can be asked of a layout."""

import itertools

import networkx as nx
from hypothesis import strategies as st

from designer.layout import NodeShape, WireShape

WIDTH, HEIGHT = 208, 64


def node(**more):
    return NodeShape(**{"width": WIDTH, "height": HEIGHT, **more})


def wire(source, target, source_x=WIDTH / 2, target_x=WIDTH / 2):
    return WireShape(source=source, source_x=source_x, target=target, target_x=target_x)


def chain(length):
    nodes = {f"n{i}": node() for i in range(length)}
    return nodes, [wire(f"n{i}", f"n{i + 1}") for i in range(length - 1)]


def star(leaves):
    nodes = {"hub": node()} | {f"n{i}": node() for i in range(leaves)}
    return nodes, [wire("hub", f"n{i}") for i in range(leaves)]


@st.composite
def graphs(draw, *, most=12, frames=("",), with_places=False):
    """Nodes and wires of any kind: cycles, wide nodes, several wires between two."""
    count = draw(st.integers(1, most))
    ids = [f"n{i}" for i in range(count)]
    place = st.integers(-2000, 2000)
    nodes = {}
    for node_id in ids:
        corner = {}
        if with_places and draw(st.booleans()):
            corner = {"x": draw(place), "y": draw(place)}
        nodes[node_id] = node(
            width=draw(st.sampled_from([WIDTH, WIDTH, 210.5, 416])),
            height=draw(st.sampled_from([HEIGHT, HEIGHT, 150])),
            frame=draw(st.sampled_from(frames)),
            **corner,
        )
    end = st.sampled_from(ids)
    port = st.sampled_from([52, 104, 156])
    wires = draw(st.lists(st.builds(wire, end, end, port, port), max_size=2 * count))
    return nodes, wires


def boxes_of(nodes, places):
    """Left, top, right and bottom of every node that has a place."""
    return {
        node_id: (place.x, place.y, place.x + nodes[node_id].width, place.y + nodes[node_id].height)
        for node_id, place in places.items()
    }


def overlap(one, other, gap=0):
    return (
        one[0] < other[2] + gap
        and other[0] < one[2] + gap
        and one[1] < other[3] + gap
        and other[1] < one[3] + gap
    )


def overlaps(boxes, gap=0):
    return [
        pair
        for pair in itertools.combinations(boxes, 2)
        if overlap(boxes[pair[0]], boxes[pair[1]], gap)
    ]


def in_no_cycle(nodes, wires):
    """The wires that could all lead down at once."""
    graph = nx.DiGraph([(one.source, one.target) for one in wires])
    home = {
        node_id: number
        for number, group in enumerate(nx.strongly_connected_components(graph))
        for node_id in group
    }
    return [one for one in wires if home[one.source] != home[one.target]]


def leading_up(nodes, wires, places):
    """The wires that end above the lower edge of where they begin."""
    boxes = boxes_of(nodes, places)
    return [one for one in wires if boxes[one.target][1] < boxes[one.source][3]]


def wires_below_nodes(nodes, wires, places):
    """Wires, and nodes that their curves run below: sampled as `scene/routing.js` draws them."""
    boxes = boxes_of(nodes, places)
    found = []
    for one in wires:
        start, end = boxes[one.source], boxes[one.target]
        ax, ay = start[0] + one.source_x, start[3]
        bx, by = end[0] + one.target_x, end[1]
        reach = max(20, min(120, (by - ay) * 0.5 + abs(bx - ax) * 0.08))
        for node_id, (left, top, right, bottom) in boxes.items():
            inside = any(
                left < x < right and top < y < bottom for x, y in _curve(ax, ay, bx, by, reach)
            )
            if inside and node_id not in (one.source, one.target):
                found.append((one.source, one.target, node_id))
    return found


def _curve(ax, ay, bx, by, reach):
    for step in range(101):
        t = step / 100
        u = 1 - t
        a, b, c, d = u**3, 3 * u * u * t, 3 * u * t * t, t**3
        yield (a + b) * ax + (c + d) * bx, a * ay + b * (ay + reach) + c * (by - reach) + d * by
