"""What every layout keeps, whatever the graph."""

from hypothesis import given, settings
from hypothesis import strategies as st

from designer.layout import lay_out, place_missing, tidy
from designer.layout.spacing import GRID, NODE_GAP
from tests.designer.layout.graphs import (
    boxes_of,
    graphs,
    in_no_cycle,
    leading_up,
    overlap,
    overlaps,
)

FRAMES = ("", "", "a", "b", "c")
ANY_GRAPH = graphs(frames=FRAMES, with_places=True)
SOME = settings(max_examples=25, deadline=None)


@SOME
@given(ANY_GRAPH)
def test_every_node_has_a_place_on_the_grid(graph):
    nodes, wires = graph
    places = lay_out(nodes, wires).places
    assert places.keys() == nodes.keys()
    assert all(place.x % GRID == 0 and place.y % GRID == 0 for place in places.values())


@SOME
@given(ANY_GRAPH)
def test_no_two_nodes_are_nearer_than_the_gap(graph):
    nodes, wires = graph
    assert overlaps(boxes_of(nodes, lay_out(nodes, wires).places), gap=NODE_GAP) == []


@SOME
@given(ANY_GRAPH)
def test_every_wire_leads_down_that_is_in_no_cycle(graph):
    nodes, wires = graph
    places = lay_out(nodes, wires).places
    assert leading_up(nodes, in_no_cycle(nodes, wires), places) == []


@SOME
@given(ANY_GRAPH)
def test_the_same_graph_gets_the_same_layout(graph):
    nodes, wires = graph
    assert lay_out(nodes, wires) == lay_out(dict(nodes), list(wires))


@SOME
@given(ANY_GRAPH)
def test_members_are_inside_their_frame_and_nobody_else_is(graph):
    nodes, wires = graph
    layout = lay_out(nodes, wires)
    assert layout.frames.keys() == {shape.frame for shape in nodes.values()} - {""}
    boxes = boxes_of(nodes, layout.places)
    areas = {
        name: (area.x, area.y, area.x + area.width, area.y + area.height)
        for name, area in layout.frames.items()
    }
    assert overlaps(areas) == []
    for node_id, box in boxes.items():
        for name, area in areas.items():
            if nodes[node_id].frame == name:
                left, top, right, bottom = area
                assert left < box[0] and top < box[1] and box[2] < right and box[3] < bottom
            else:
                assert not overlap(box, area)


@SOME
@given(ANY_GRAPH)
def test_new_nodes_get_free_places_and_nothing_else_moves(graph):
    nodes, wires = graph
    places = place_missing(nodes, wires).places
    missing = {node_id for node_id, shape in nodes.items() if shape.corner is None}
    assert places.keys() == missing
    assert all(place.x % GRID == 0 and place.y % GRID == 0 for place in places.values())
    new = boxes_of(nodes, places)
    assert overlaps(new, gap=NODE_GAP) == []
    for node_id, shape in nodes.items():
        if node_id not in missing:
            old = (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
            assert not any(overlap(old, box, NODE_GAP) for box in new.values())


@SOME
@given(ANY_GRAPH, st.data())
def test_a_tidied_selection_covers_nothing_and_moves_nothing_else(graph, data):
    nodes, wires = graph
    only = data.draw(st.sets(st.sampled_from(sorted(nodes))))
    places = tidy(nodes, wires, only).places
    assert places.keys() == only
    new = boxes_of(nodes, places)
    assert overlaps(new, gap=NODE_GAP) == []
    for node_id, shape in nodes.items():
        if node_id not in only and shape.corner is not None:
            old = (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
            assert not any(overlap(old, box, NODE_GAP) for box in new.values())


@settings(max_examples=15, deadline=None)
@given(graphs(most=40))
def test_larger_graphs_keep_it_too(graph):
    nodes, wires = graph
    places = lay_out(nodes, wires).places
    assert overlaps(boxes_of(nodes, places), gap=NODE_GAP) == []
    assert leading_up(nodes, in_no_cycle(nodes, wires), places) == []
