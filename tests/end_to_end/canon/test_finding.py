"""One box for everything, finding in the pipeline, keys that people choose, and where the view was."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def commands(editor):
    return editor.page.get_by_role("dialog", name="Actions, nodes, modules, pipelines, runs")


def test_ctrl_k_does_actions_and_shows_their_keys(editor):
    editor.select("split")
    editor.page.keyboard.press("Control+k")
    editor.page.keyboard.type("duplicate")
    expect(commands(editor).get_by_role("option").first).to_contain_text("Ctrl")
    editor.page.keyboard.press("Enter")
    assert "split_2" in editor.nodes()


def test_ctrl_k_goes_to_nodes_and_adds_modules(editor):
    editor.page.keyboard.press("Control+k")
    editor.page.keyboard.type("compare both")
    editor.page.keyboard.press("Enter")
    assert editor.evaluate("[...__designerCanvas.view.session.selection.nodes]") == ["evaluate"]
    editor.page.keyboard.press("Control+k")
    editor.page.keyboard.type("summarize")
    editor.page.keyboard.press("Enter")
    assert "summarize_data" in editor.nodes()


def test_ctrl_k_works_while_typing_and_opens_other_pipelines(editor, designer):
    other = designer.api("POST", "/pipelines", {"name": "Quite another one"})["id"]
    editor.page.get_by_role("searchbox", name="Search modules").focus()
    editor.page.keyboard.press("Control+k")
    editor.page.keyboard.type("quite another")
    expect(commands(editor).get_by_role("option", name="Quite another one")).to_be_visible()
    editor.page.keyboard.press("Enter")
    editor.page.wait_for_url(f"**/pipelines/{other}*")


def test_ctrl_f_finds_parameters_and_steps_through_the_matches(editor):
    editor.page.keyboard.press("Control+f")
    find = editor.page.get_by_role("search", name="Find in the pipeline")
    editor.page.keyboard.type("seed")
    expect(find.get_by_role("option")).to_have_count(3)
    expect(editor.page.locator("[data-node][data-found]")).to_have_count(3)
    for _ in range(4):
        editor.page.keyboard.press("Enter")
    expect(find).to_contain_text("1 of 3")
    assert len(editor.evaluate("[...__designerCanvas.view.session.selection.nodes]")) == 1
    editor.page.keyboard.press("Escape")
    expect(find).to_have_count(0)
    expect(editor.page.locator("[data-node][data-found]")).to_have_count(0)


def test_keys_are_changed_in_the_sheet_and_stay_changed(editor):
    editor.page.keyboard.press("?")
    sheet = editor.page.get_by_role("dialog", name="Keys and gestures")
    sheet.get_by_role("button", name="Keys of Duplicate").click()
    editor.page.keyboard.press("Control+j")
    expect(sheet.get_by_role("button", name="Keys of Duplicate: Ctrl+J")).to_be_visible()
    editor.page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    editor.page.reload()
    expect(editor.page.locator("[data-node=split]")).to_be_visible()
    editor.select("split")
    editor.page.keyboard.press("Control+j")
    assert "split_2" in editor.nodes()
    editor.page.keyboard.press("?")
    sheet.get_by_role("button", name="Reset all keys").click()
    expect(sheet.get_by_role("button", name="Keys of Duplicate: Ctrl+D")).to_be_visible()


def test_the_sheet_warns_of_keys_that_are_taken(editor):
    editor.page.keyboard.press("?")
    sheet = editor.page.get_by_role("dialog", name="Keys and gestures")
    sheet.get_by_role("button", name="Keys of Duplicate").click()
    editor.page.keyboard.press("F2")
    expect(sheet.get_by_role("img", name="Also used by Rename").first).to_be_visible()


def test_the_view_goes_back_to_where_it_was_and_forward_again(editor):
    view = "(({x, y, zoom}) => [x, y, zoom])(__designerCanvas.view.viewport)"
    start = editor.evaluate(view)
    editor.page.wait_for_timeout(800)
    editor.page.locator(".dc-root").focus()
    editor.page.mouse.move(600, 400)
    editor.page.mouse.wheel(0, -240)
    editor.page.wait_for_timeout(900)
    near = editor.evaluate(view)
    editor.page.keyboard.press("Control+Shift+ArrowLeft")
    assert editor.evaluate(view) == pytest.approx(start, abs=1)
    editor.page.keyboard.press("Control+Shift+ArrowRight")
    assert editor.evaluate(view) == pytest.approx(near, abs=1)


def test_the_wheel_is_asked_for_once_and_then_does_what_was_said(editor):
    editor.page.mouse.move(600, 400)
    editor.page.mouse.wheel(0, 120)
    question = editor.page.get_by_text("The mouse wheel should")
    expect(question).to_be_visible()
    question.get_by_role("button", name="Scroll").click()
    zoom = editor.evaluate("__designerCanvas.view.viewport.zoom")
    y = editor.evaluate("__designerCanvas.view.viewport.y")
    editor.page.mouse.move(600, 400)
    editor.page.mouse.wheel(0, 120)
    assert editor.evaluate("__designerCanvas.view.viewport.zoom") == zoom
    assert editor.evaluate("__designerCanvas.view.viewport.y") == y - 120
    editor.page.reload()
    expect(editor.page.locator("[data-node=split]")).to_be_visible()
    editor.page.mouse.move(600, 400)
    editor.page.mouse.wheel(0, 120)
    expect(question).to_have_count(0)
    editor.page.goto(editor.page.url.split("/pipelines")[0] + "/settings")
    expect(editor.page.get_by_role("radio", name="Always pan")).to_have_attribute(
        "aria-checked", "true"
    )
