"""Frames and notes on the canvas."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("canvas_stage")]


def frames(canvas):
    return canvas.graph()["layout"].get("frames", {})


def notes(canvas):
    return canvas.graph()["layout"].get("notes", {})


def on_page(canvas, x, y):
    point = canvas.page.evaluate(
        """([x, y]) => { const at = canvas.view.viewport.toScreen({ x, y }), box = canvas.view.root.getBoundingClientRect();
        return [at.x + box.left, at.y + box.top]; }""",
        [x, y],
    )
    return point[0], point[1]


def frame_around(canvas, *nodes, title="Learners"):
    canvas.page.evaluate(f"session.select({list(nodes)})")
    canvas.keys.press("c")
    canvas.keys.type(title)
    canvas.keys.press("Enter")
    ((key, frame),) = frames(canvas).items()
    return key, frame


def test_c_puts_a_frame_around_the_selection_and_asks_for_its_title(open_canvas):
    canvas = open_canvas()
    _, frame = frame_around(canvas, "train", "train_2")
    assert frame["title"] == "Learners"
    for node in ("train", "train_2"):
        x, y = canvas.place(node)
        assert frame["x"] < x
        assert x + 208 < frame["x"] + frame["width"]
        assert frame["y"] + 32 <= y
        assert y + 64 < frame["y"] + frame["height"]
    canvas.keys.press("Control+z")
    canvas.keys.press("Control+z")
    assert frames(canvas) == {}


def test_a_frame_moves_by_its_title_and_takes_along_what_lies_in_it(open_canvas):
    canvas = open_canvas()
    _, frame = frame_around(canvas, "train", "train_2")
    before = {node: canvas.place(node) for node in ("train", "train_2", "split", "script")}
    x, y = on_page(canvas, frame["x"] + 60, frame["y"] + 12)
    canvas.drag((x, y), (x, y + 80))
    assert canvas.place("split") == before["split"]
    moved = canvas.place("train")[1] - before["train"][1]
    assert moved > 0
    assert canvas.place("train_2")[1] - before["train_2"][1] == moved
    assert next(iter(frames(canvas).values()))["y"] - frame["y"] == moved
    canvas.keys.press("Control+z")
    assert canvas.place("train") == before["train"]
    assert next(iter(frames(canvas).values())) == frame


def test_a_node_dragged_out_of_a_frame_stays_when_the_frame_moves(open_canvas):
    canvas = open_canvas()
    _, frame = frame_around(canvas, "train", "train_2")
    x, y = canvas.middle("train")
    canvas.drag((x, y), (x - 40, y + 330))
    out = canvas.place("train")
    x, y = on_page(canvas, frame["x"] + 60, frame["y"] + 12)
    canvas.drag((x, y), (x + 40, y - 40))
    assert canvas.place("train") == out


def test_a_box_drawn_inside_a_frame_selects_nodes_and_not_the_frame(open_canvas):
    canvas = open_canvas()
    _, frame = frame_around(canvas, "train", "train_2")
    start = on_page(canvas, frame["x"] + 10, frame["y"] + 36)
    end = on_page(canvas, frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] - 10)
    canvas.drag(start, end)
    assert canvas.selected() == {"train"}
    assert canvas.page.evaluate("[...session.selection.marks]") == []


def test_a_corner_sizes_a_frame_and_never_below_the_least(open_canvas):
    canvas = open_canvas()
    _, frame = frame_around(canvas, "train", "train_2")
    right, bottom = frame["x"] + frame["width"], frame["y"] + frame["height"]
    canvas.drag(on_page(canvas, right, bottom), on_page(canvas, right + 64, bottom + 32))
    (after,) = frames(canvas).values()
    assert (after["width"], after["height"]) == (frame["width"] + 64, frame["height"] + 32)
    canvas.drag(on_page(canvas, right + 64, bottom + 32), on_page(canvas, frame["x"], frame["y"]))
    (least,) = frames(canvas).values()
    assert (least["width"], least["height"]) == (120, 72)


def test_a_note_is_written_in_markdown_and_nothing_in_it_is_markup(open_canvas):
    canvas = open_canvas()
    canvas.mouse.move(120, 640)
    canvas.keys.press("Shift+N")
    canvas.keys.type(
        "# Why\n**strong** <img src=x onerror=alert(1)>\n- one\n- two\n[bad](javascript:alert(1)) "
        "[good](https://example.org)"
    )
    canvas.keys.press("Escape")
    note = canvas.page.locator(".dc-note")
    assert note.locator("strong").inner_text() == "strong"
    assert note.locator("li").count() == 2
    assert note.locator("img").count() == 0
    assert note.locator("a").count() == 1
    assert "<img" in note.inner_text()
    assert "javascript:" in note.inner_text()
    (stored,) = notes(canvas).values()
    assert stored["height"] > 96, "it grew with its text"


def test_notes_and_frames_are_copied_deleted_and_brought_back(open_canvas):
    canvas = open_canvas()
    frame_around(canvas, "train", "train_2")
    canvas.keys.press("Control+d")
    assert len(frames(canvas)) == 2
    assert {"train_3", "train_4"} <= set(canvas.graph()["nodes"]), (
        "what lies in a frame comes along"
    )
    canvas.keys.press("Control+z")
    canvas.page.evaluate("session.select([], [], ['frames/frame_1'])")
    canvas.keys.press("Delete")
    assert frames(canvas) == {}
    assert "train" in canvas.graph()["nodes"]
    canvas.keys.press("Control+z")
    assert len(frames(canvas)) == 1


def test_marks_change_nothing_but_looks(open_canvas):
    canvas = open_canvas()
    before = canvas.graph()["nodes"]
    frame_around(canvas, "train", "train_2")
    canvas.mouse.move(120, 640)
    canvas.keys.press("Shift+N")
    canvas.keys.press("Escape")
    paths = canvas.page.evaluate(
        "server.operations.flatMap(({changes}) => changes.map(({path}) => path[0]))"
    )
    assert set(paths) == {"layout"}
    assert canvas.graph()["nodes"] == before
