"""What mouse and keyboard do with wires, one gesture of the canon after the other."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("canvas_stage")]


def inputs(canvas, node):
    return canvas.graph()["nodes"][node].get("inputs", {})


def middle_of_wire(canvas, key):
    point = canvas.page.evaluate(
        """key => { const { view } = canvas, wire = view.scene.wireIndex.get(key);
        return import("/designer/canvas/web/scene/wire_path.js").then(({ middleOf }) => {
          const at = view.viewport.toScreen(middleOf(view.scene, wire)), box = view.root.getBoundingClientRect();
          return { x: at.x + box.left, y: at.y + box.top };
        }); }""",
        key,
    )
    return point["x"], point["y"]


def with_key(canvas, key, act):
    canvas.keys.down(key)
    act()
    canvas.keys.up(key)


def test_alt_and_a_drag_on_nothing_cut_every_wire_they_cross_in_one_step(open_canvas):
    canvas = open_canvas()
    x, y = middle_of_wire(canvas, "train.dataset")
    x2, y2 = middle_of_wire(canvas, "train_2.dataset")
    with_key(canvas, "Alt", lambda: canvas.drag((x - 60, y), (x2 + 60, y2), steps=12))
    assert "dataset" not in inputs(canvas, "train")
    assert "dataset" not in inputs(canvas, "train_2")
    assert canvas.operations()[-1].startswith("Delete")
    canvas.keys.press("Control+z")
    assert inputs(canvas, "train")["dataset"] == inputs(canvas, "train_2")["dataset"]


def test_alt_and_a_click_on_a_port_cut_all_its_wires(open_canvas):
    canvas = open_canvas()
    with_key(canvas, "Alt", lambda: canvas.mouse.click(*canvas.port("split", "results_dataset1")))
    assert "dataset" not in inputs(canvas, "train")
    assert "dataset" not in inputs(canvas, "train_2")
    assert inputs(canvas, "score")["dataset"] == "split.results_dataset2"


def test_ctrl_and_a_drag_from_a_port_lead_all_its_wires_to_another(open_canvas):
    canvas = open_canvas()
    ports = canvas.port("split", "results_dataset1"), canvas.port("split", "results_dataset2")
    with_key(canvas, "Control", lambda: canvas.drag(*ports))
    assert inputs(canvas, "train")["dataset"] == "split.results_dataset2"
    assert inputs(canvas, "train_2")["dataset"] == "split.results_dataset2"
    assert canvas.operations()[-1] == "Move 2 wires"


def test_the_wires_of_a_port_do_not_go_where_their_type_does_not_fit(open_canvas):
    canvas = open_canvas()
    ports = canvas.port("split", "results_dataset1"), canvas.port("train", "trained_model")
    with_key(canvas, "Control", lambda: canvas.drag(*ports))
    assert inputs(canvas, "train_2")["dataset"] == "split.results_dataset1"


def test_a_double_click_bends_a_wire_and_the_bend_can_be_moved_and_removed(open_canvas):
    canvas = open_canvas()
    x, y = middle_of_wire(canvas, "clean.dataset")
    canvas.mouse.dblclick(x, y)
    key = "load.dataset>clean.dataset"
    (bend,) = canvas.graph()["layout"]["wires"][key]
    canvas.drag((x, y), (x + 120, y + 10))
    (moved,) = canvas.graph()["layout"]["wires"][key]
    assert moved[0] > bend[0] + 60
    assert inputs(canvas, "clean") == {"dataset": "load.dataset"}
    canvas.mouse.dblclick(x + 120, y + 10)
    assert "wires" not in canvas.graph()["layout"]
    canvas.keys.press("Control+z")
    assert canvas.graph()["layout"]["wires"][key] == [moved]


def test_a_bend_goes_with_its_wire_and_comes_back_with_undo(open_canvas):
    canvas = open_canvas()
    canvas.mouse.dblclick(*middle_of_wire(canvas, "clean.dataset"))
    canvas.click("load")
    canvas.keys.press("Delete")
    assert "wires" not in canvas.graph()["layout"]
    canvas.keys.press("Control+z")
    assert "load.dataset>clean.dataset" in canvas.graph()["layout"]["wires"]


def test_bends_between_nodes_that_move_together_move_along(open_canvas):
    canvas = open_canvas()
    canvas.mouse.dblclick(*middle_of_wire(canvas, "clean.dataset"))
    (before,) = canvas.graph()["layout"]["wires"]["load.dataset>clean.dataset"]
    canvas.keys.press("Control+a")
    x, y = canvas.middle("load")
    start = canvas.place("load")
    canvas.drag((x, y), (x + 80, y + 40))
    moved = [after - at for after, at in zip(canvas.place("load"), start, strict=True)]
    (after,) = canvas.graph()["layout"]["wires"]["load.dataset>clean.dataset"]
    assert [after[0] - before[0], after[1] - before[1]] == pytest.approx(moved)


def drop_free_node(canvas, key, *, held=None):
    """Drag the free node 'join' onto a wire."""
    canvas.page.evaluate(
        "session.addNode('data_transformation.clean_missing_data', { x: 900, y: 40 })"
    )
    canvas.page.evaluate("canvas.fit()")
    start, end = canvas.middle("clean_missing_data"), middle_of_wire(canvas, key)
    canvas.mouse.move(*start)
    canvas.mouse.down()
    if held:
        canvas.keys.down(held)
    canvas.mouse.move(*end, steps=10)
    canvas.mouse.up()
    if held:
        canvas.keys.up(held)


def test_a_node_dropped_on_a_wire_goes_into_it_and_there_is_room(open_canvas):
    canvas = open_canvas()
    drop_free_node(canvas, "split.dataset")
    assert inputs(canvas, "clean_missing_data") == {"dataset": "clean.cleaned_dataset"}
    assert inputs(canvas, "split") == {"dataset": "clean_missing_data.cleaned_dataset"}
    tops = [canvas.place(node)[1] for node in ("clean", "clean_missing_data", "split")]
    assert tops[1] >= tops[0] + 64 + 24
    assert tops[2] >= tops[1] + 64 + 24
    assert canvas.operations()[-1].endswith("into a wire")
    canvas.keys.press("Control+z")
    assert inputs(canvas, "split") == {"dataset": "clean.cleaned_dataset"}


def test_a_node_dropped_while_s_is_held_stays_beside_the_wire(open_canvas):
    canvas = open_canvas()
    drop_free_node(canvas, "split.dataset", held="s")
    assert inputs(canvas, "clean_missing_data") == {}
    assert inputs(canvas, "split") == {"dataset": "clean.cleaned_dataset"}


def test_shift_alt_and_a_drag_pull_a_node_out_and_heal_the_wire(open_canvas):
    canvas = open_canvas()
    x, y = canvas.middle("clean")
    canvas.click("clean")
    canvas.keys.down("Shift")
    canvas.keys.down("Alt")
    canvas.drag((x, y), (x + 300, y - 60))
    canvas.keys.up("Alt")
    canvas.keys.up("Shift")
    assert inputs(canvas, "split") == {"dataset": "load.dataset"}
    assert inputs(canvas, "clean") == {}
    assert canvas.operations()[-1] == "Pull out Clean Missing Data"
    canvas.keys.press("Control+z")
    assert inputs(canvas, "split") == {"dataset": "clean.cleaned_dataset"}
    assert canvas.middle("clean") == pytest.approx((x, y), abs=1)


def test_alt_and_a_drag_clone_a_node_without_its_wires(open_canvas):
    canvas = open_canvas()
    canvas.click("clean")
    x, y = canvas.middle("clean")
    with_key(canvas, "Alt", lambda: canvas.drag((x, y), (x + 260, y)))
    assert inputs(canvas, "clean_2") == {}
    assert inputs(canvas, "clean") == {"dataset": "load.dataset"}
    assert canvas.selected() == {"clean_2"}
    assert canvas.place("clean_2")[1] == canvas.place("clean")[1]


def test_l_connects_two_selected_nodes_by_their_best_ports(open_canvas):
    canvas = open_canvas()
    canvas.page.evaluate("session.wires.disconnect(['score.dataset', 'score.trained_model'])")
    canvas.page.evaluate("session.select(['train', 'score'])")
    canvas.keys.press("l")
    assert inputs(canvas, "score") == {"trained_model": "train.trained_model"}
    assert canvas.operations()[-1] == "Connect"


def test_no_plus_appears_where_there_is_no_page_to_add_from(open_canvas):
    canvas = open_canvas()
    canvas.mouse.move(*middle_of_wire(canvas, "clean.dataset"))
    canvas.page.wait_for_timeout(250)
    assert canvas.page.locator(".dc-plus").is_hidden()
