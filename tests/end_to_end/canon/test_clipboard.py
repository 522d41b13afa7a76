"""Copying as text, and data that comes to the canvas."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def copy_to_clipboard(editor, text):
    editor.evaluate("text => navigator.clipboard.writeText(text)", text)
    editor.page.mouse.click(290, 700)


def clipboard(editor):
    return editor.evaluate("navigator.clipboard.readText()")


def test_nodes_are_copied_as_json_and_ctrl_shift_v_keeps_their_upstream_wires(editor):
    editor.select("train_forest")
    editor.page.keyboard.press("Control+c")
    assert list(json.loads(clipboard(editor))["nodes"]) == ["train_forest"]
    editor.page.mouse.click(290, 700)
    editor.page.keyboard.press("Control+v")
    assert "inputs" not in editor.nodes()["train_forest_2"]
    editor.page.mouse.click(290, 720)
    editor.page.keyboard.press("Control+Shift+V")
    assert editor.nodes()["train_forest_3"]["inputs"] == editor.nodes()["train_forest"]["inputs"]


def test_copy_and_paste_are_in_the_menu_too(editor):
    rect = editor.evaluate("__designerCanvas.nodeRect('split')")
    editor.page.mouse.click(rect["x"] + 30, rect["y"] + 20, button="right")
    editor.page.get_by_role("menuitem", name="Copy Ctrl+C").click()
    editor.page.mouse.click(290, 700, button="right")
    editor.page.get_by_role("menuitem", name="Paste").click()
    editor.page.wait_for_function("'split_2' in __designerCanvas.view.session.document.nodes")


def test_cells_of_a_spreadsheet_become_a_source_that_runs(editor):
    copy_to_clipboard(editor, "city\tvisits\nOslo\t3\nRome\t5\n")
    editor.page.keyboard.press("Control+v")
    node = editor.nodes()["pasted_table"]
    assert node["module"] == "data_input_output.enter_data_manually"
    assert node["parameters"]["data_format"] == "TSV"
    editor.page.keyboard.press("Shift+Enter")
    steps = editor.wait_for_status("completed")
    assert steps["pasted_table"]["outputs"]["dataset"]["summary"]["rows"] == 2


def test_a_path_becomes_an_import_and_prose_is_refused_in_words(editor):
    copy_to_clipboard(editor, "data/customers.csv")
    editor.page.keyboard.press("Control+v")
    assert editor.nodes()["customers"]["parameters"] == {"path": "data/customers.csv"}
    copy_to_clipboard(editor, "Hello there")
    editor.page.keyboard.press("Control+v")
    expect(
        editor.page.get_by_text("The clipboard holds neither nodes nor a table.")
    ).to_be_visible()
    assert len(editor.nodes()) == 10


DROP = """([name, text, x, y]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const root = document.querySelector(".dc-root");
  for (const type of ["dragover", "drop"]) root.dispatchEvent(new DragEvent(type, { dataTransfer: data, clientX: x, clientY: y, bubbles: true, cancelable: true }));
}"""


def test_a_csv_dropped_on_the_canvas_is_brought_in_and_can_be_run(editor):
    editor.evaluate(DROP, ["sales 2025.csv", "region,amount\nnorth,3\nsouth,4\n", 420, 720])
    editor.page.wait_for_function("'sales_2025' in __designerCanvas.view.session.document.nodes")
    node = editor.nodes()["sales_2025"]
    assert node["label"] == "sales 2025"
    assert node["parameters"]["path"].startswith("data/")
    editor.page.keyboard.press("Shift+Enter")
    steps = editor.wait_for_status("completed")
    assert steps["sales_2025"]["outputs"]["results_dataset"]["summary"]["columns"] == 2


def test_a_file_that_is_no_table_is_refused_and_nothing_is_added(editor):
    editor.evaluate(DROP, ["notes.pdf", "%PDF", 420, 720])
    expect(
        editor.page.get_by_text("'notes.pdf' is no table that Import Data reads.")
    ).to_be_visible()
    assert len(editor.nodes()) == 9
