"""Putting modules into wires, and connecting without aiming."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MIDDLE = """key => { const { view } = __designerCanvas, wire = view.scene.wireIndex.get(key);
  const { ax, ay, bx, by } = view.scene.ends(wire), box = view.root.getBoundingClientRect();
  const at = view.viewport.toScreen({ x: (ax + bx) / 2, y: (ay + by) / 2 });
  return { x: at.x + box.left, y: at.y + box.top }; }"""


def middle_of_wire(editor, key):
    point = editor.evaluate(MIDDLE, key)
    return point["x"], point["y"]


def box(editor):
    return editor.page.get_by_role("dialog", name="Add a module")


def choose_in_box(editor, words):
    expect(box(editor)).to_be_visible()
    editor.page.keyboard.type(words)
    editor.page.keyboard.press("Enter")
    expect(box(editor)).to_have_count(0)


def check_spliced(editor):
    nodes = editor.nodes()
    assert nodes["clean_missing_data"]["inputs"] == {"dataset": "load.dataset"}
    assert nodes["split"]["inputs"]["dataset"] == "clean_missing_data.cleaned_dataset"
    editor.page.keyboard.press("Control+z")
    assert editor.nodes()["split"]["inputs"]["dataset"] == "load.dataset"
    assert len(editor.nodes()) == 9


def test_ctrl_click_on_a_wire_adds_a_module_into_it(editor):
    editor.page.keyboard.down("Control")
    editor.page.mouse.click(*middle_of_wire(editor, "split.dataset"))
    editor.page.keyboard.up("Control")
    choose_in_box(editor, "clean missing")
    check_spliced(editor)


def test_the_plus_on_a_wire_adds_a_module_into_it(editor):
    editor.page.mouse.move(*middle_of_wire(editor, "split.dataset"))
    editor.page.get_by_role("button", name="Add a module into this wire").click()
    choose_in_box(editor, "clean missing")
    check_spliced(editor)


def test_a_module_dropped_from_the_palette_onto_a_wire_goes_into_it(editor):
    x, y = middle_of_wire(editor, "split.dataset")
    canvas = editor.page.locator(".dc-root").bounding_box()
    editor.drag_from_palette("Clean Missing Data", x - canvas["x"], y - canvas["y"])
    editor.page.locator(".dc-root").focus()
    check_spliced(editor)


def test_only_what_fits_into_a_wire_is_offered_for_it(editor):
    editor.page.keyboard.down("Control")
    editor.page.mouse.click(*middle_of_wire(editor, "split.dataset"))
    editor.page.keyboard.up("Control")
    expect(box(editor)).to_contain_text("Goes into the wire")
    expect(box(editor).get_by_role("option", name="Clean Missing Data").first).to_be_visible()
    assert box(editor).get_by_text("Two-Class Decision Forest").count() == 0


def test_a_node_is_wired_by_keys_alone(editor):
    editor.evaluate(
        "__designerCanvas.view.session.wires.disconnect(['score_forest.trained_model'])"
    )
    editor.select("train_forest")
    editor.page.keyboard.press("l")
    editor.page.keyboard.type("score forest")
    editor.page.keyboard.press("Enter")
    assert editor.nodes()["score_forest"]["inputs"]["trained_model"] == "train_forest.trained_model"


def test_a_wire_dropped_anywhere_on_a_node_takes_its_best_port(editor):
    editor.evaluate(
        "__designerCanvas.view.session.wires.disconnect(['score_forest.trained_model'])"
    )
    start = editor.evaluate("__designerCanvas.portPoint('train_forest', 'trained_model', 'output')")
    rect = editor.evaluate("__designerCanvas.nodeRect('score_forest')")
    editor.page.mouse.move(start["x"], start["y"])
    editor.page.mouse.down()
    editor.page.mouse.move(rect["x"] + 150, rect["y"] + 45, steps=6)
    editor.page.mouse.up()
    assert editor.nodes()["score_forest"]["inputs"]["trained_model"] == "train_forest.trained_model"
