"""Layouts that people look at: a chain, a star, parts, frames, what stood somewhere already."""

import doctest
import importlib
import pkgutil
from itertools import pairwise

import pytest

import designer.layout
from designer.layout import lay_out, move_aside
from designer.layout.curves import NODE, ROW, Curve
from designer.layout.folding import TALLEST
from designer.layout.spacing import NODE_GAP, ORIGIN, PART_GAP
from designer.layout.wrapping import WIDEST_ROW
from tests.designer.layout.graphs import (
    HEIGHT,
    WIDTH,
    boxes_of,
    chain,
    leading_up,
    node,
    overlaps,
    star,
    wire,
    wires_below_nodes,
)


def size(nodes, places):
    boxes = boxes_of(nodes, places).values()
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    return max(box[2] for box in boxes) - left, max(box[3] for box in boxes) - top


def test_the_examples_in_the_docstrings_hold():
    for info in pkgutil.iter_modules(designer.layout.__path__, "designer.layout."):
        assert doctest.testmod(importlib.import_module(info.name)).failed == 0


def test_no_nodes_are_laid_out_as_nothing():
    assert lay_out({}, []).places == {}


def test_a_chain_stands_straight_one_row_below_the_other():
    nodes, wires = chain(9)
    places = lay_out(nodes, wires).places
    assert [(places[f"n{i}"].x, places[f"n{i}"].y) for i in range(9)] == [
        (ORIGIN, ORIGIN + 112 * i) for i in range(9)
    ]


def test_a_wire_is_straight_from_port_to_port_rather_than_from_box_to_box():
    nodes = {"a": node(width=416), "b": node()}
    places = lay_out(nodes, [wire("a", "b", source_x=312, target_x=104)]).places
    assert places["b"].x - places["a"].x == 312 - 104


def test_a_join_and_a_fork_stand_in_the_middle():
    nodes = {name: node() for name in ("left", "right", "join", "one", "other")}
    wires = [
        wire("left", "join", target_x=69),
        wire("right", "join", target_x=139),
        wire("join", "one"),
        wire("join", "other"),
    ]
    places = lay_out(nodes, wires).places
    middle = places["join"].x
    assert abs(places["left"].x + places["right"].x - 2 * middle) <= 8
    assert abs(places["one"].x + places["other"].x - 2 * middle) <= 8


def test_wires_into_two_ports_do_not_cross():
    nodes = {name: node() for name in ("a", "b", "train")}
    wires = [wire("a", "train", target_x=139), wire("b", "train", target_x=69)]
    places = lay_out(nodes, wires).places
    assert places["b"].x < places["a"].x


def test_a_wire_over_several_rows_runs_below_no_node():
    nodes, wires = chain(6)
    wires += [wire("n0", "n5"), wire("n1", "n4")]
    places = lay_out(nodes, wires).places
    assert wires_below_nodes(nodes, wires, places) == []


def test_a_star_of_three_hundred_is_no_ribbon():
    nodes, wires = star(300)
    places = lay_out(nodes, wires).places
    width, height = size(nodes, places)
    assert width < 6 * height
    assert leading_up(nodes, wires, places) == []
    assert overlaps(boxes_of(nodes, places), NODE_GAP) == []


def test_a_star_that_fits_on_a_screen_keeps_its_row():
    nodes, wires = star(WIDEST_ROW)
    places = lay_out(nodes, wires).places
    assert len({places[f"n{i}"].y for i in range(WIDEST_ROW)}) == 1


def test_branches_that_find_no_room_beside_each_other_follow_below_and_stay_whole():
    nodes, wires = {"hub": node()}, []
    for branch in range(80):
        names = [f"b{branch}_{step}" for step in range(3)]
        nodes |= {name: node() for name in names}
        wires += [wire(one, other) for one, other in pairwise(["hub", *names])]
    places = lay_out(nodes, wires).places
    assert size(nodes, places)[0] < 40 * 240
    for branch in range(80):
        first, second, third = (places[f"b{branch}_{step}"] for step in range(3))
        assert second.y - first.y == third.y - second.y == ROW


def test_a_chain_of_five_hundred_is_set_in_columns_that_are_read_from_the_left():
    nodes, wires = chain(500)
    places = lay_out(nodes, wires).places
    width, height = size(nodes, places)
    assert 1 < width / height < 2.5
    up = leading_up(nodes, wires, places)
    assert 0 < len(up) < 25
    for one in up:
        source, target = places[one.source], places[one.target]
        assert target.x > source.x + WIDTH and target.y == ORIGIN


def test_a_chain_that_is_not_endless_stays_below_itself():
    nodes, wires = chain(TALLEST)
    assert leading_up(nodes, wires, lay_out(nodes, wires).places) == []


def test_parts_stand_beside_each_other_and_single_nodes_in_a_block():
    nodes, wires = chain(4)
    nodes |= {f"s{i}": node() for i in range(6)} | {"p": node(), "q": node()}
    wires.append(wire("p", "q"))
    places = lay_out(nodes, wires).places
    assert places["p"].x - (places["n0"].x + WIDTH) == PART_GAP
    singles = [places[f"s{i}"] for i in range(6)]
    assert len({place.y for place in singles}) > 1 and len({place.x for place in singles}) > 1
    width, height = size(nodes, places)
    assert width < 3 * height


def test_a_graph_that_stands_somewhere_is_laid_out_there_and_keeps_its_sides():
    nodes = {
        "top": node(x=1000, y=803),
        "right": node(x=1400, y=900),
        "left": node(x=1003, y=990),
    }
    places = lay_out(nodes, [wire("top", "right"), wire("top", "left")]).places
    assert min(place.x for place in places.values()) == 1000
    assert min(place.y for place in places.values()) == 800
    assert places["left"].x < places["right"].x


def test_parts_keep_their_order_from_left_to_right():
    nodes = {name: node(x=x, y=0) for name, x in (("c", 900), ("d", 900), ("a", 0), ("b", 0))}
    places = lay_out(nodes, [wire("c", "d"), wire("a", "b")]).places
    assert places["a"].x < places["c"].x


def test_a_ring_is_cut_once():
    nodes, wires = chain(5)
    wires.append(wire("n4", "n0"))
    places = lay_out(nodes, wires).places
    assert len(leading_up(nodes, wires, places)) == 1


def test_rows_make_room_for_high_nodes_and_for_the_titles_of_frames():
    nodes = {"a": node(height=300), "b": node(frame="f"), "c": node()}
    layout = lay_out(nodes, [wire("a", "b"), wire("b", "c")])
    frame = layout.frames["f"]
    assert frame.y >= layout.places["a"].y + 300 + 48
    assert layout.places["b"].y >= frame.y + 48
    assert layout.places["c"].y >= frame.y + frame.height + 48


def test_a_frame_leaves_room_for_what_runs_beside_it():
    """The way around a frame does not make it higher than its members need, nor lead up."""
    nodes = {"a": node(frame="f"), "x": node(), "b": node(frame="f")}
    wires = [wire("a", "x"), wire("x", "b"), wire("a", "b")]
    layout = lay_out(nodes, wires)
    places, frame = layout.places, layout.frames["f"]
    assert places["a"].y < places["x"].y < places["b"].y
    assert not frame.x < places["x"].x + WIDTH / 2 < frame.x + frame.width


@pytest.mark.parametrize("rows", [2, 3, 6])
@pytest.mark.parametrize("way", [-900, -90, 0, 400])
def test_a_wire_is_beside_a_row_where_the_canvas_draws_it(rows, way):
    """Compared with points on the curve of `scene/routing.js`."""
    height = rows * ROW - NODE
    reach = max(20, min(120, height * 0.5 + abs(way) * 0.08))
    curve = Curve(0, way, rows)
    for row in range(1, rows):
        top, bottom = row * ROW - NODE, row * ROW
        inside = []
        for step in range(1001):
            t = step / 1000
            u = 1 - t
            y = 3 * u * u * t * reach + 3 * u * t * t * (height - reach) + t**3 * height
            if top <= y <= bottom:
                inside.append(way * t * t * (3 - 2 * t))
        left, right = curve.beside(row)
        assert left == pytest.approx(min(inside), abs=4)
        assert right == pytest.approx(max(inside), abs=4)


def test_a_note_moves_only_off_what_covers_it():
    nodes, wires = chain(2)
    layout = lay_out(nodes, wires)
    notes = {
        "covered": node(x=ORIGIN + 8, y=ORIGIN + 8),
        "clear": node(x=2000, y=0),
        "on it": node(x=2008, y=8),
    }
    found = move_aside(notes, nodes, layout)
    assert (found["clear"].x, found["clear"].y) == (2000, 0)
    boxes = boxes_of(notes, found) | boxes_of(nodes, layout.places)
    assert overlaps(boxes) == []
    assert abs(found["covered"].x - ORIGIN) < 2 * WIDTH and abs(found["on it"].y) < 2 * HEIGHT
