"""Gestures on the canvas in a real browser, against a server that lives in the page."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("canvas_stage")]


def test_a_node_is_dragged_onto_the_grid_as_one_operation(open_canvas):
    canvas = open_canvas()
    x, y = canvas.middle("script")
    canvas.drag((x, y), (x + 83, y + 45))
    before = 516, 582.4
    after = canvas.place("script")
    assert [
        abs(now - then - moved) <= 6
        for now, then, moved in zip(after, before, (83, 45), strict=True)
    ] == [True, True]
    assert after[0] % 8 == 0 or after[0] % 8 == 4, (
        "on the grid, or in line with a neighbour's middle"
    )
    assert canvas.operations() == ["Move Plot the errors"]


def test_a_small_drift_is_a_click(open_canvas):
    canvas = open_canvas()
    before = canvas.place("split")
    x, y = canvas.middle("split")
    canvas.drag((x, y), (x + 2, y + 1), steps=2)
    assert canvas.place("split") == before
    assert canvas.selected() == {"split"}
    assert canvas.operations() == []


def test_selected_nodes_move_together(open_canvas):
    canvas = open_canvas()
    canvas.click("train")
    canvas.keys.down("Shift")
    canvas.click("train_2")
    canvas.keys.up("Shift")
    assert canvas.selected() == {"train", "train_2"}
    before = canvas.place("train"), canvas.place("train_2")
    x, y = canvas.middle("train")
    canvas.drag((x, y), (x - 64, y + 24))
    after = canvas.place("train"), canvas.place("train_2")
    shifts = {(b[0] - a[0], b[1] - a[1]) for a, b in zip(before, after, strict=True)}
    assert len(shifts) == 1
    assert canvas.operations() == ["Move 2 nodes"]


def test_a_wire_is_drawn_from_output_to_input(open_canvas):
    canvas = open_canvas()
    canvas.drag(
        canvas.port("split", "results_dataset2"), canvas.port("script", "dataset2", "input")
    )
    assert canvas.graph()["nodes"]["script"]["inputs"]["dataset2"] == "split.results_dataset2"
    assert canvas.operations() == ["Connect"]


def test_a_wire_is_drawn_from_a_free_input_backwards(open_canvas):
    canvas = open_canvas()
    canvas.drag(canvas.port("script", "dataset2", "input"), canvas.port("load", "dataset"))
    assert canvas.graph()["nodes"]["script"]["inputs"]["dataset2"] == "load.dataset"


def test_a_wire_dropped_on_a_node_takes_the_best_free_port(open_canvas):
    canvas = open_canvas()
    canvas.drag(canvas.port("load", "dataset"), canvas.middle("script"))
    assert canvas.graph()["nodes"]["script"]["inputs"] == {
        "dataset1": "score_2.scored_dataset",
        "dataset2": "load.dataset",
    }


def test_a_wire_of_another_type_is_refused_with_the_reason_at_the_cursor(open_canvas):
    canvas = open_canvas()
    before = canvas.graph()
    canvas.mouse.move(*canvas.port("forest", "untrained_model"))
    canvas.mouse.down()
    canvas.mouse.move(*canvas.port("score_2", "dataset", "input"), steps=8)
    tip = canvas.page.locator(".dc-tip")
    assert tip.is_visible()
    assert "takes Table" in tip.inner_text()
    canvas.mouse.up()
    assert canvas.graph() == before
    assert "takes Table" in canvas.page.locator(".dc-live").inner_text()


def test_a_wire_that_would_close_a_circle_is_refused(open_canvas):
    canvas = open_canvas()
    before = canvas.graph()
    canvas.drag(canvas.port("score", "scored_dataset"), canvas.port("clean", "dataset", "input"))
    assert canvas.graph() == before


def test_a_taken_input_is_replaced(open_canvas):
    canvas = open_canvas()
    canvas.drag(canvas.port("load", "dataset"), canvas.port("score", "dataset", "input"))
    assert canvas.graph()["nodes"]["score"]["inputs"]["dataset"] == "load.dataset"


def test_the_input_end_of_a_wire_is_taken_to_another_port(open_canvas):
    canvas = open_canvas()
    canvas.drag(
        canvas.port("script", "dataset1", "input"), canvas.port("script", "dataset2", "input")
    )
    assert canvas.graph()["nodes"]["script"]["inputs"] == {"dataset2": "score_2.scored_dataset"}
    assert canvas.operations() == ["Move wire"]
    canvas.keys.press("Control+z")
    assert canvas.graph()["nodes"]["script"]["inputs"] == {"dataset1": "score_2.scored_dataset"}


def test_a_wire_end_dropped_on_nothing_removes_the_wire(open_canvas):
    canvas = open_canvas()
    x, y = canvas.port("script", "dataset1", "input")
    canvas.drag((x, y), (x + 60, y + 160))
    assert "inputs" not in canvas.graph()["nodes"]["script"]


def test_escape_drops_a_wire_half_way(open_canvas):
    canvas = open_canvas()
    before = canvas.graph()
    canvas.mouse.move(*canvas.port("split", "results_dataset2"))
    canvas.mouse.down()
    canvas.mouse.move(*canvas.port("script", "dataset2", "input"), steps=5)
    canvas.keys.press("Escape")
    canvas.mouse.up()
    assert canvas.graph() == before


def test_a_box_selects_shift_adds_control_toggles(open_canvas):
    canvas = open_canvas()

    def box_around(node, *, key=None):
        rect = canvas.page.evaluate(f"canvas.nodeRect('{node}')")
        if key:
            canvas.keys.down(key)
        canvas.drag(
            (rect["x"] - 12, rect["y"] + 20), (rect["x"] + 40, rect["y"] + rect["height"] + 12)
        )
        if key:
            canvas.keys.up(key)

    box_around("forest")
    assert canvas.selected() == {"forest"}
    box_around("logistic", key="Shift")
    assert canvas.selected() == {"forest", "logistic"}
    box_around("forest", key="Control")
    assert canvas.selected() == {"logistic"}


def test_the_view_pans_with_the_middle_button_and_with_space(open_canvas):
    canvas = open_canvas()
    start = canvas.stats()
    canvas.drag((100, 700), (160, 680), button="middle")
    middle = canvas.stats()
    assert (middle["x"] - start["x"], middle["y"] - start["y"]) == (60, -20)
    canvas.mouse.click(60, 800)
    canvas.keys.down("Space")
    canvas.drag((100, 700), (80, 730))
    canvas.keys.up("Space")
    end = canvas.stats()
    assert (end["x"] - middle["x"], end["y"] - middle["y"]) == (-20, 30)
    assert canvas.selected() == set()


def test_the_wheel_zooms_at_the_cursor(open_canvas):
    canvas = open_canvas()
    before = canvas.port("load", "dataset")
    canvas.mouse.move(*before)
    canvas.mouse.wheel(0, -120)
    after = canvas.port("load", "dataset")
    assert canvas.stats()["zoom"] > 1.1
    assert after == pytest.approx(before, abs=0.5)


def test_a_two_finger_scroll_pans(open_canvas):
    canvas = open_canvas()
    start = canvas.stats()
    canvas.mouse.move(600, 400)
    canvas.mouse.wheel(12, 7)
    end = canvas.stats()
    assert (end["x"] - start["x"], end["y"] - start["y"]) == (-12, -7)
    assert end["zoom"] == start["zoom"]


def test_one_click_selects_and_keeps_the_keyboard_on_the_canvas(open_canvas):
    canvas = open_canvas()
    canvas.click("script")
    canvas.keys.press("Delete")
    assert "script" not in canvas.graph()["nodes"]
    canvas.keys.press("Control+z")
    assert canvas.graph()["nodes"]["script"]["inputs"] == {"dataset1": "score_2.scored_dataset"}
    canvas.keys.press("Control+Shift+z")
    assert "script" not in canvas.graph()["nodes"]


def test_a_selected_wire_is_deleted(open_canvas):
    canvas = open_canvas()
    x, y = canvas.port("clean", "dataset", "input")
    canvas.mouse.click(x, y - 30)
    assert canvas.page.evaluate("[...session.selection.wires]") == ["clean.dataset"]
    assert canvas.page.evaluate(f"canvas.edgeAt({x}, {y - 30})") == "clean.dataset"
    canvas.keys.press("Delete")
    assert "inputs" not in canvas.graph()["nodes"]["clean"]


def test_copy_and_paste_go_through_the_clipboard_as_text(open_canvas):
    canvas = open_canvas()
    canvas.click("split")
    canvas.keys.press("Control+c")
    text = canvas.page.evaluate("navigator.clipboard.readText()")
    assert '"format": 1' in text
    canvas.mouse.move(200, 650)
    canvas.keys.press("Control+v")
    assert canvas.selected() == {"split_2"}
    x, y = canvas.middle("split_2")
    assert (abs(x - 200) < 8, abs(y - 650) < 8) == (True, True)
    assert "inputs" not in canvas.graph()["nodes"]["split_2"]
    canvas.keys.press("Control+Shift+v")
    assert canvas.graph()["nodes"]["split_3"]["inputs"] == {"dataset": "clean.cleaned_dataset"}


def test_duplicate_keeps_the_incoming_wires(open_canvas):
    canvas = open_canvas()
    canvas.click("train")
    canvas.keys.press("Control+d")
    assert (
        canvas.graph()["nodes"]["train_3"]["inputs"] == canvas.graph()["nodes"]["train"]["inputs"]
    )


def test_arrows_walk_the_graph_and_nudge_it(open_canvas):
    canvas = open_canvas()
    canvas.click("load")
    canvas.keys.press("ArrowDown")
    assert canvas.selected() == {"clean"}
    canvas.keys.press("ArrowDown")
    assert canvas.selected() == {"split"}
    canvas.keys.press("ArrowLeft")
    assert canvas.selected() == {"forest"}
    x, y = canvas.place("forest")
    canvas.keys.press("Control+ArrowRight")
    canvas.keys.press("Alt+Shift+ArrowDown")
    assert canvas.place("forest") == (x + 8, y + 32)


def test_keys_select_all_fit_and_reset_the_zoom(open_canvas):
    canvas = open_canvas("nodes=300")
    canvas.mouse.click(60, 840)
    canvas.keys.press("Control+a")
    assert len(canvas.selected()) == 300
    canvas.keys.press("Escape")
    assert canvas.selected() == set()
    canvas.keys.press("0")
    assert canvas.stats()["zoom"] == 1
    canvas.keys.press("Shift+F")
    assert canvas.stats()["zoom"] < 0.5


def test_f2_renames_in_place_and_enter_opens(open_canvas):
    canvas = open_canvas()
    canvas.page.evaluate(
        "session.addEventListener('open', (event) => (window.opened = event.detail))"
    )
    canvas.click("script")
    canvas.keys.press("F2")
    canvas.keys.press("Control+a")
    canvas.keys.type("<b>Errors</b>")
    canvas.keys.press("Enter")
    assert canvas.graph()["nodes"]["script"]["label"] == "<b>Errors</b>"
    assert canvas.page.locator("[data-node=script] .dc-title").inner_text() == "<b>Errors</b>"
    canvas.keys.press("Enter")
    assert canvas.page.evaluate("window.opened") == {"node": "script", "tab": "properties"}


def test_a_double_click_opens_a_node_and_a_click_opens_an_output(open_canvas):
    canvas = open_canvas()
    canvas.page.evaluate(
        "session.addEventListener('open', (event) => (window.opened ??= []).push(event.detail))"
    )
    canvas.mouse.dblclick(*canvas.middle("clean"))
    canvas.mouse.click(*canvas.port("split", "results_dataset2"))
    assert canvas.page.evaluate("window.opened") == [
        {"node": "clean", "tab": "properties"},
        {"node": "split", "port": "results_dataset2", "tab": "output"},
    ]


def test_the_context_menu_disables_a_node(open_canvas):
    canvas = open_canvas()
    canvas.click("forest", button="right")
    canvas.page.get_by_role("menuitem", name="Disable").click()
    assert canvas.graph()["nodes"]["forest"]["state"] == {"kind": "disabled"}
    assert "disabled" in canvas.page.locator("[data-node=forest]").get_attribute("aria-label")


def test_a_module_dropped_from_the_palette_becomes_a_node_at_the_pointer(open_canvas):
    canvas = open_canvas("empty=1")
    canvas.page.evaluate("""() => {
        const data = new DataTransfer();
        data.setData("application/x-designer-module",
            JSON.stringify({ module: "data_transformation.split_data", version: "1.0.0" }));
        const where = { clientX: 400, clientY: 300, dataTransfer: data, bubbles: true, cancelable: true };
        const root = document.querySelector(".dc-root");
        root.dispatchEvent(new DragEvent("dragover", where));
        root.dispatchEvent(new DragEvent("drop", where));
    }""")
    assert list(canvas.graph()["nodes"]) == ["split_data"]
    assert canvas.middle("split_data") == pytest.approx((400, 300), abs=8)


def test_a_node_dragged_to_the_edge_takes_the_view_along(open_canvas):
    canvas = open_canvas()
    start = canvas.stats()["x"]
    canvas.mouse.move(*canvas.middle("script"))
    canvas.mouse.down()
    canvas.mouse.move(1190, 500, steps=8)
    canvas.page.wait_for_timeout(300)
    canvas.mouse.up()
    assert canvas.stats()["x"] < start - 50


def test_edits_that_the_server_never_got_are_sent_after_a_reload(open_canvas):
    canvas = open_canvas("empty=1&log=1")
    canvas.page.evaluate("""async () => {
        server.isReachable = false;
        session.addNode("data_input_output.sample_dataset", { x: 0, y: 0 });
        session.addNode("data_transformation.split_data", { x: 0, y: 120 });
        session.wires.connect("sample_dataset.dataset", "split_data", "dataset");
        await new Promise((resolve) => setTimeout(resolve, 100));
    }""")
    connection = canvas.page.evaluate("session.connection")
    assert (connection["state"], connection["waiting"]) == ("offline", 3)
    canvas = open_canvas("empty=1&log=1")
    canvas.page.wait_for_function("session.connection.waiting === 0")
    graph = canvas.page.evaluate("server.graph")
    assert graph["nodes"]["split_data"]["inputs"] == {"dataset": "sample_dataset.dataset"}
    assert graph == canvas.graph()
    canvas.page.evaluate("session.undo()")
    assert "inputs" not in canvas.graph()["nodes"]["split_data"], "undo came along"
    canvas.page.wait_for_function("session.connection.waiting === 0")
    canvas = open_canvas("empty=1&log=1")
    assert canvas.graph()["nodes"] == {}, "what was acknowledged has left the log"


def test_only_nodes_in_view_are_elements_and_selected_ones_stay(open_canvas):
    canvas = open_canvas("nodes=2000")
    assert canvas.stats()["mounted"] == 0
    canvas.page.evaluate("session.focusNode('n1000')")
    canvas.page.locator("[data-node=n1000]").wait_for(state="attached")
    near = canvas.stats()
    assert 0 < near["mounted"] <= 250
    canvas.page.evaluate("canvas.center({x: 0, y: 0})")
    canvas.page.wait_for_timeout(50)
    assert canvas.page.locator("[data-node=n1000]").count() == 1


def test_the_minimap_appears_above_thirty_nodes_and_leads_there(open_canvas):
    assert not open_canvas().page.locator(".dc-minimap").is_visible()
    canvas = open_canvas("nodes=300")
    canvas.page.evaluate("canvas.zoomTo(1)")
    before = canvas.stats()
    box = canvas.page.locator(".dc-minimap").bounding_box()
    canvas.mouse.click(box["x"] + 30, box["y"] + 20)
    after = canvas.stats()
    assert (after["x"], after["y"]) != (before["x"], before["y"])


def test_statuses_are_told_by_shape_and_by_words(open_canvas):
    canvas = open_canvas("run=1")
    canvas.page.wait_for_function("document.querySelectorAll('.dc-status').length === 9")
    states = canvas.page.eval_on_selector_all(
        ".dc-status", "items => Object.fromEntries(items.map((item) => "
        "[item.closest('.dc-node').dataset.node, [item.dataset.state, item.querySelector('path')?.getAttribute('d') ?? 'ring']]))"
    )  # fmt: skip
    assert {node: state for node, (state, _) in states.items()} == {
        "load": "reused", "clean": "reused", "split": "completed", "forest": "completed",
        "logistic": "cancelled", "train": "running", "train_2": "failed", "score": "queued",
        "score_2": "skipped",
    }  # fmt: skip
    shapes = dict(states.values())
    assert len(set(shapes.values())) == len(shapes)
    label = canvas.page.locator("[data-node=train_2]").get_attribute("aria-label")
    assert label == "Train logistic, failed, 2 inputs, 1 output"
    assert "569 × 31" in canvas.page.locator("[data-node=load] .dc-line").inner_text()


def test_the_dark_theme_repaints_the_canvas(open_canvas):
    canvas = open_canvas()
    pixel = """new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() =>
        resolve([...document.querySelector(".dc-root canvas").getContext("2d").getImageData(5, 5, 1, 1).data]))))"""
    light = canvas.page.evaluate(pixel)
    canvas.page.evaluate("document.body.classList.add('body--dark')")
    canvas.page.wait_for_timeout(50)
    dark = canvas.page.evaluate(pixel)
    assert sum(light[:3]) > 600
    assert sum(dark[:3]) < 150


def test_a_read_only_canvas_moves_nothing(open_canvas):
    canvas = open_canvas()
    canvas.page.evaluate("session.isFixed = true")
    before = canvas.graph()
    canvas.drag(canvas.middle("script"), (900, 300))
    canvas.click("forest")
    canvas.keys.press("Delete")
    canvas.keys.press("Control+d")
    assert canvas.graph() == before
    assert canvas.operations() == []


def test_thousands_of_nodes_look_the_same_while_the_view_moves(open_canvas):
    canvas = open_canvas("nodes=5000&run=1")
    moving, resting = canvas.page.evaluate("""async () => {
        const { view } = window.canvas;
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        const colours = () => {
            const ratio = view.ground.width / view.viewport.width;
            const context = view.ground.getContext("2d");
            return [...view.scene.index.values()].slice(0, 400).map((slot) => {
                const { x, y } = view.viewport.toScreen({ x: view.scene.x[slot] + 104, y: view.scene.y[slot] + 32 });
                return [...context.getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data].join();
            });
        };
        view.fit();
        await new Promise((resolve) => setTimeout(resolve, 300));
        for (let step = 0; step < 3; step++) {
            view.viewport.pan(8, 4);
            view.moved();
            await frame();
            await frame();
        }
        if (!view.painter.picture.shown) throw new Error("no picture was taken");
        const moving = colours();
        await new Promise((resolve) => setTimeout(resolve, 300));
        return [moving, colours()];
    }""")
    same = sum(a == b for a, b in zip(moving, resting, strict=True))
    assert same > 0.9 * len(moving)
    assert len(set(resting)) > 1


def test_a_view_that_is_only_shifted_copies_its_picture_on_whole_pixels(open_canvas):
    canvas = open_canvas("nodes=300&run=1")
    copies = canvas.page.evaluate("""async () => {
        const { view } = window.canvas;
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        view.fit();
        await new Promise((resolve) => setTimeout(resolve, 300));
        const copies = [], draw = CanvasRenderingContext2D.prototype.drawImage;
        CanvasRenderingContext2D.prototype.drawImage = function (image, ...place) {
            const { a, e, f } = this.getTransform();
            if (image === view.painter.picture.shown?.canvas && this.canvas === view.ground) copies.push({ place, a, e, f });
            return draw.call(this, image, ...place);
        };
        for (let step = 0; step < 4; step++) {
            view.viewport.pan(7.3, 2.7);
            view.moved();
            await frame();
            await frame();
        }
        CanvasRenderingContext2D.prototype.drawImage = draw;
        return copies;
    }""")
    assert len(copies) >= 3
    for copy in copies:
        assert (copy["place"], copy["a"]) == ([0, 0], 1)
        assert copy["e"] == round(copy["e"]) and copy["f"] == round(copy["f"])
