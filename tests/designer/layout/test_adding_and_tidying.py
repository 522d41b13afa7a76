"""New nodes among those that stand already, and selections laid out where they stand."""

from designer.layout import place_missing, tidy
from designer.layout.spacing import NODE_GAP, ORIGIN, ROW_GAP
from tests.designer.layout.graphs import (
    HEIGHT,
    WIDTH,
    boxes_of,
    chain,
    node,
    overlap,
    overlaps,
    wire,
)


def test_a_new_node_goes_straight_below_what_leads_to_it():
    nodes = {"load": node(x=400, y=80), "split": node()}
    places = place_missing(nodes, [wire("load", "split", target_x=52)]).places
    assert abs(places["split"].x - (400 + 52)) <= 4
    assert places["split"].y == 80 + HEIGHT + ROW_GAP


def test_a_new_source_goes_above_what_it_leads_to():
    nodes = {"learner": node(), "train": node(x=400, y=800)}
    places = place_missing(nodes, [wire("learner", "train")]).places
    assert (places["learner"].x, places["learner"].y) == (400, 800 - ROW_GAP - HEIGHT)


def test_where_the_place_below_is_taken_a_new_node_goes_beside():
    nodes = {"load": node(x=400, y=80), "there": node(x=400, y=192), "new": node()}
    places = place_missing(nodes, [wire("load", "there"), wire("load", "new")]).places
    assert places["new"].y == 192
    assert abs(places["new"].x - 400) == WIDTH + NODE_GAP


def test_new_nodes_that_are_wired_to_each_other_come_as_a_whole():
    nodes = {"load": node(x=0, y=0)} | {name: node() for name in ("clean", "learner", "train")}
    wires = [wire("load", "clean"), wire("clean", "train", target_x=139), wire("learner", "train")]
    places = place_missing(nodes, wires).places
    assert places["clean"].y == HEIGHT + ROW_GAP
    assert places["learner"].y == places["clean"].y < places["train"].y


def test_what_is_wired_to_nothing_goes_beside_everything():
    nodes = {"load": node(x=0, y=0), "split": node(x=0, y=112), "new": node(), "more": node()}
    places = place_missing(nodes, [wire("load", "split")]).places
    boxes = boxes_of(nodes, places)
    assert overlaps(boxes, NODE_GAP) == []
    assert all(box[0] >= WIDTH + NODE_GAP for box in boxes.values())


def test_without_any_place_everything_is_laid_out_afresh():
    nodes, wires = chain(3)
    places = place_missing(nodes, wires).places
    assert [places[f"n{i}"].y for i in range(3)] == [ORIGIN, ORIGIN + 112, ORIGIN + 224]


def test_where_all_have_places_nothing_is_to_do():
    assert place_missing({"a": node(x=0, y=0)}, []).places == {}


def test_a_new_member_joins_its_frame_and_a_stranger_stays_out_of_it():
    nodes = {
        "a": node(x=0, y=0, frame="f"),
        "b": node(x=0, y=112, frame="f"),
        "member": node(frame="f"),
        "stranger": node(),
    }
    places = place_missing(nodes, [wire("a", "stranger")]).places
    frame = (-24, -56, WIDTH + 24, 112 + HEIGHT + 24)
    assert abs(places["member"].x) <= WIDTH and 112 < places["member"].y < 500
    assert not overlap(boxes_of(nodes, places)["stranger"], frame)


def test_a_selection_is_laid_out_around_its_middle():
    nodes = {
        "a": node(x=1000, y=1000),
        "b": node(x=1300, y=1030),
        "c": node(x=1010, y=1310),
        "far": node(x=5000, y=0),
    }
    places = tidy(nodes, [wire("a", "b"), wire("b", "c")], ["a", "b", "c"]).places
    assert len({place.x for place in places.values()}) == 1
    assert places["a"].y < places["b"].y < places["c"].y
    assert abs(sum(place.x for place in places.values()) / 3 - 1103) <= 8
    assert abs(sum(place.y for place in places.values()) / 3 - 1113) <= 8


def test_a_selection_moves_off_what_stands_there_by_as_little_as_possible():
    nodes = {"a": node(x=0, y=0), "b": node(x=300, y=200), "there": node(x=150, y=100)}
    places = tidy(nodes, [wire("a", "b")], ["a", "b"]).places
    box = (150, 100, 150 + WIDTH, 100 + HEIGHT)
    assert not any(overlap(box, other, NODE_GAP) for other in boxes_of(nodes, places).values())
    assert all(abs(place.x - 150) <= WIDTH + NODE_GAP + 8 for place in places.values())


def test_parts_of_a_selection_that_nothing_joins_stay_where_they_are():
    nodes = {
        "a": node(x=0, y=0),
        "b": node(x=9, y=100),
        "c": node(x=3000, y=0),
        "d": node(x=3001, y=90),
        "other": node(x=0, y=3000),
    }
    places = tidy(nodes, [wire("a", "b"), wire("c", "d")], ["a", "b", "c", "d"]).places
    assert places["a"].x < 100 and places["c"].x > 2900


def test_selected_nodes_that_are_wired_to_nothing_are_gathered():
    nodes = {f"n{i}": node(x=900 * i, y=37 * i) for i in range(4)} | {"other": node(x=0, y=900)}
    places = tidy(nodes, [], [f"n{i}" for i in range(4)]).places
    assert max(place.x for place in places.values()) - min(p.x for p in places.values()) < 900


def test_a_frame_is_tidied_as_one_only_if_all_of_it_is_selected():
    nodes = {
        "a": node(x=0, y=0, frame="f"),
        "b": node(x=20, y=112, frame="f"),
        "c": node(x=0, y=700),
    }
    wires = [wire("a", "b"), wire("b", "c")]
    whole = tidy(nodes, wires, ["a", "b"])
    assert whole.frames.keys() == {"f"}
    part = tidy(nodes, wires, ["b", "c"])
    assert part.frames == {}


def test_everything_selected_is_everything_laid_out():
    nodes = {"a": node(x=0, y=500), "b": node(x=900, y=0)}
    places = tidy(nodes, [wire("a", "b")], ["a", "b"]).places
    assert (places["a"].x, places["a"].y, places["b"].y) == (0, 0, 112)


def test_nothing_selected_is_nothing_moved():
    nodes, wires = chain(2)
    assert tidy(nodes, wires, []).places == {}
