"""Adding a module where the pointer is: by double click, Tab, `/`, and a wire dropped on nothing."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def added(editor, module):
    found = [(key, node) for key, node in editor.nodes().items() if node.get("module") == module]
    return found[-1]


def box(editor):
    return editor.page.get_by_role("dialog", name="Add a module")


def test_a_double_click_adds_the_first_hit_at_the_pointer(editor):
    canvas = editor.page.locator(".dc-root").bounding_box()
    editor.page.mouse.dblclick(canvas["x"] + 70, canvas["y"] + 640)
    editor.page.keyboard.type("summarize")
    editor.page.keyboard.press("Enter")
    expect(box(editor)).to_have_count(0)
    node, _ = added(editor, "statistical_functions.summarize_data")
    rect = editor.evaluate("id => __designerCanvas.nodeRect(id)", node)
    assert abs(rect["x"] + rect["width"] / 2 - canvas["x"] - 70) < 12
    assert abs(rect["y"] + rect["height"] / 2 - canvas["y"] - 640) < 12


def test_tab_and_slash_open_the_same_box_and_escape_closes_it(editor):
    editor.page.mouse.click(300, 700)
    for key in ("Tab", "/"):
        editor.page.keyboard.press(key)
        expect(box(editor)).to_be_visible()
        editor.page.keyboard.press("Escape")
        expect(box(editor)).to_have_count(0)
    assert editor.evaluate("document.activeElement.classList.contains('dc-root')")
    assert len(editor.nodes()) == 9


def test_tab_goes_on_through_the_page_for_who_came_by_tab(editor):
    editor.page.locator(".dc-root").focus()
    editor.page.keyboard.press("Tab")
    editor.page.locator(".dc-root").focus()
    editor.page.keyboard.press("Tab")
    assert editor.evaluate("document.activeElement.dataset.node !== undefined")
    expect(box(editor)).to_have_count(0)


def test_shift_enter_keeps_the_box_open_and_wires_what_follows(editor):
    editor.page.mouse.dblclick(300, 700)
    keyboard = editor.page.keyboard
    keyboard.type("sample dataset")
    keyboard.press("Shift+Enter")
    expect(box(editor)).to_be_visible()
    keyboard.type("clean missing")
    keyboard.press("Shift+Enter")
    keyboard.type("summarize")
    keyboard.press("Enter")
    expect(box(editor)).to_have_count(0)
    nodes = editor.nodes()
    source, _ = added(editor, "data_input_output.sample_dataset")
    cleaned, clean = added(editor, "data_transformation.clean_missing_data")
    _, summary = added(editor, "statistical_functions.summarize_data")
    assert len(nodes) == 12
    assert clean["inputs"] == {"dataset": f"{source}.dataset"}
    assert summary["inputs"] == {"dataset": f"{cleaned}.cleaned_dataset"}


def drop_wire(editor, node, port, side="output"):
    place = editor.evaluate(
        "([n, p, s]) => __designerCanvas.portPoint(n, p, s)", [node, port, side]
    )
    editor.page.mouse.move(place["x"], place["y"])
    editor.page.mouse.down()
    editor.page.mouse.move(300, 740, steps=6)
    editor.page.mouse.up()
    expect(box(editor)).to_be_visible()


def test_a_wire_dropped_on_nothing_offers_what_fits_and_connects_it(editor):
    drop_wire(editor, "forest", "untrained_model")
    options = box(editor).get_by_role("option")
    expect(options.first).to_contain_text("Train Model")
    assert box(editor).get_by_text("Join Data").count() == 0
    editor.page.keyboard.press("Tab")
    expect(box(editor).get_by_text("Join Data")).to_be_visible()
    editor.page.keyboard.press("Tab")
    editor.page.keyboard.press("Enter")
    _, train = added(editor, "model_training.train_model")
    assert train["inputs"] == {"untrained_model": "forest.untrained_model"}
    editor.page.keyboard.press("Control+z")
    assert len(editor.nodes()) == 9


def test_where_several_ports_fit_equally_the_box_asks(editor):
    drop_wire(editor, "split", "results_dataset1")
    editor.page.keyboard.type("join")
    editor.page.keyboard.press("Enter")
    ports = box(editor).get_by_role("listbox", name="Ports").get_by_role("option")
    expect(ports).to_have_count(2)
    editor.page.keyboard.press("ArrowDown")
    editor.page.keyboard.press("Enter")
    _, join = added(editor, "data_transformation.join_data")
    assert join["inputs"] == {"dataset2": "split.results_dataset1"}


def test_a_wire_drawn_backwards_finds_what_gives_its_type(editor):
    editor.select("forest")
    editor.page.keyboard.press("Delete")
    drop_wire(editor, "train_forest", "untrained_model", "input")
    editor.page.keyboard.type("two-class boosted")
    editor.page.keyboard.press("Enter")
    node, _ = added(editor, "classification.two_class_boosted_decision_tree")
    assert editor.nodes()["train_forest"]["inputs"]["untrained_model"] == f"{node}.untrained_model"


def test_favourites_and_what_was_used_lately_come_first_and_are_remembered(editor):
    editor.page.mouse.dblclick(300, 700)
    editor.page.keyboard.type("summarize")
    box(editor).get_by_title("Make it a favourite").click()
    editor.page.keyboard.press("Escape")
    editor.page.reload()
    expect(editor.page.locator("[data-node=split]")).to_be_visible()
    editor.page.mouse.dblclick(300, 700)
    expect(box(editor).get_by_role("group", name="Favourites")).to_contain_text("Summarize Data")
    expect(editor.page.get_by_role("complementary", name="Modules")).to_contain_text("Favourites")
