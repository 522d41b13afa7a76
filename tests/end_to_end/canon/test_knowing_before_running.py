"""What the editor says before anything ran: columns, what misses, what a wire carries."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.canon.test_wires import middle_of_wire
from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST_MS = 60_000
"""The first answer waits until a process has imported the libraries, on a busy machine too."""


def node(category, name, inputs=None, **parameters):
    module = {"module": f"{category}.{name}", "version": "1.0.0", "parameters": parameters}
    return {**module, "inputs": inputs} if inputs else module


SALES = node("data_input_output", "enter_data_manually", data="region,amount\nnorth,3\n")
RENAMING = {
    "sales": SALES,
    "rename": node(
        "data_transformation",
        "edit_metadata",
        {"dataset": "sales.dataset"},
        columns=["amount"],
        new_column_names="price",
    ),
    "choose": node(
        "data_transformation",
        "select_columns_in_dataset",
        {"dataset": "rename.results_dataset"},
        columns=["price"],
    ),
}
CHOOSE_ALL = node("data_transformation", "select_columns_in_dataset", {"dataset": "sales.dataset"})


@pytest.fixture
def draw(page, designer):
    """Opens the editor on a pipeline with these nodes, one below the other."""

    def open_with(nodes):
        places = {name: {"x": 0, "y": 160 * row} for row, name in enumerate(nodes)}
        graph = {"format": 1, "name": "Drawn", "nodes": nodes, "layout": {"nodes": places}}
        made = designer.api("POST", "/pipelines", {"graph": graph})
        editor = Editor(page).open(designer.url, made["id"])
        for name in nodes:
            expect(page.locator(f"[data-node={name}]")).to_be_visible()
        return editor

    return open_with


def field(editor, name):
    return editor.page.locator(f"[data-parameter={name}]")


def options(editor):
    return editor.page.locator(".ed-choices").get_by_role("option")


def test_a_picker_shows_the_real_columns_right_after_wiring(draw):
    editor = draw({})
    load = editor.drag_from_palette("Sample Dataset", 320, 120)
    split = editor.drag_from_palette("Split Data", 320, 320)
    editor.select(split)
    expect(field(editor, "stratify_by")).to_contain_text("Connect a table")
    editor.wire((load, "dataset"), (split, "dataset"))
    picker = field(editor, "stratify_by").get_by_role("combobox")
    expect(picker).to_have_attribute("placeholder", "choose a column", timeout=FIRST_MS)
    picker.click()
    expect(options(editor)).to_have_count(31)
    expect(options(editor).first).to_have_text("tagmean_radiusFloat64")
    options(editor).filter(has_text="target").click()
    expect(editor.page.locator(f"[data-node={split}] .dc-changed").first).to_have_text("target")
    assert not editor.evaluate("__designerCanvas.view.session.run"), "nothing ran"


def test_choosing_by_name_begins_with_the_columns_that_the_rules_give(draw):
    editor = draw({"sales": SALES, "choose": CHOOSE_ALL})
    editor.select("choose")
    expect(field(editor, "columns")).to_contain_text("2 of 2 columns", timeout=FIRST_MS)
    field(editor, "columns").get_by_role("radio", name="By name").click()
    field(editor, "columns").get_by_role("button", name="Take amount out").click()
    field(editor, "columns").get_by_role("combobox").click()
    expect(options(editor)).to_have_text(["tagamountInt64"])
    assert editor.nodes()["choose"]["parameters"] == {"columns": ["region"]}


def test_a_column_renamed_above_is_an_error_on_the_node_below_while_drawing(draw):
    editor = draw(RENAMING)
    editor.select("choose")
    expect(field(editor, "columns")).to_contain_text("1 of 2 columns", timeout=FIRST_MS)
    expect(editor.page.locator("[data-node=choose] .dc-problem")).to_have_count(0)
    editor.select("rename")
    names = field(editor, "new_column_names").get_by_role("textbox")
    names.fill("prices")
    names.press("Tab")
    expect(editor.page.locator("[data-node=choose] .dc-problem-error")).to_be_visible()
    editor.select("choose")
    expect(field(editor, "columns")).to_contain_text("Column 'price' is not in 'dataset'")
    expect(field(editor, "columns")).to_contain_text("Did you mean 'prices'?")
    expect(field(editor, "columns").locator(".ed-chip-unknown")).to_contain_text("price")


def test_a_resting_pointer_shows_what_a_wire_carries_and_is_never_in_the_way(draw):
    editor = draw(RENAMING)
    card = editor.page.locator(".dc-card")
    editor.page.mouse.move(*middle_of_wire(editor, "choose.dataset"))
    expect(card).to_contain_text("known before running", timeout=FIRST_MS)
    expect(card.locator("li")).to_have_text(["notesregionString", "tagpriceInt64"])
    expect(card).to_contain_text("1 × 2")
    assert card.evaluate("card => getComputedStyle(card).pointerEvents") == "none"
    editor.page.mouse.move(5, 500)
    expect(card).to_be_hidden()


def test_a_wire_that_ran_tells_its_run_and_age(draw):
    editor = draw(RENAMING)
    editor.run()
    editor.wait_for_status("completed")
    number = editor.evaluate("__designerCanvas.view.session.run.number")
    editor.page.mouse.move(*middle_of_wire(editor, "choose.dataset"))
    card = editor.page.locator(".dc-card")
    expect(card).to_contain_text(f"from run {number}")
    expect(card).to_contain_text("1 × 2")
    expect(card.locator("li")).to_have_count(2)


def test_what_waits_to_be_set_is_counted_on_the_face_and_in_the_form(draw):
    editor = draw({"join": node("data_transformation", "join_data")})
    face = editor.page.locator("[data-node=join]")
    expect(face.locator(".dc-to-set")).to_have_text("2 to set")
    editor.select("join")
    expect(editor.page.locator(".ed-field-missing")).to_have_count(2)
    expect(editor.page.locator(".ed-section .ed-count").first).to_have_text("2 to set")
    keys = field(editor, "left_key_columns").get_by_role("combobox")
    keys.fill("id")
    keys.press("Enter")
    expect(face.locator(".dc-to-set")).to_have_text("1 to set")
    expect(face.locator(".dc-changed").first).to_have_text("id")


def test_a_wire_between_other_types_is_mended_by_one_click_and_taken_back_by_one_undo(draw):
    nodes = {
        "sales": SALES,
        "write": node("data_input_output", "export_data", {"dataset": "sales.dataset"}),
        "split": node("data_transformation", "split_data", {"dataset": "write.exported_file"}),
    }
    editor = draw(nodes)
    editor.select("split")
    editor.page.get_by_role("button", name="Insert Convert to Dataset between").click()
    made = editor.nodes()
    assert made["convert_to_dataset"]["inputs"] == {"file": "write.exported_file"}
    assert made["split"]["inputs"]["dataset"].startswith("convert_to_dataset.")
    expect(editor.page.locator("[data-node=split] .dc-problem")).to_have_count(0)
    editor.page.locator(".dc-root").focus()
    editor.page.keyboard.press("Control+z")
    assert editor.nodes()["split"]["inputs"]["dataset"] == "write.exported_file"
    assert "convert_to_dataset" not in editor.nodes()


def test_a_query_is_written_with_the_columns_that_come_in(draw):
    query = node(
        "data_transformation",
        "apply_sql_transformation",
        {"t1": "sales.dataset"},
        sql_query_script="select",
    )
    editor = draw({"sales": SALES, "query": query})
    editor.select("query")
    editor.page.locator(".cm-content").click()
    editor.page.keyboard.press("Control+End")
    editor.page.keyboard.type(" am", delay=40)
    completion = editor.page.locator(".cm-tooltip-autocomplete li")
    expect(completion.first).to_have_text("amountInt64")
    editor.page.wait_for_timeout(100)
    editor.page.keyboard.press("Enter")
    expect(editor.page.locator(".cm-line").first).to_have_text("select amount")
