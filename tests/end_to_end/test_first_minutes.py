"""The first minutes: an empty canvas that teaches, samples, help beside the canvas, the tour."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def empty(page, designer):
    """The editor on an empty pipeline."""
    editor = Editor(page)
    return editor.open(designer.url, designer.api("POST", "/pipelines", {})["id"])


@pytest.fixture
def editor(page, designer):
    editor = Editor(page)
    return editor.open(
        designer.url, designer.api("POST", "/pipelines", {"sample": "orders_cleaning"})["id"]
    )


def test_a_sample_fills_the_empty_canvas_in_one_step_that_undo_takes_back(own_page, own_designer):
    page, designer = own_page, own_designer
    empty = Editor(page).open(designer.url, designer.api("POST", "/pipelines", {})["id"])
    expect(page.locator(".ed-gestures")).to_contain_text("Ctrl")
    page.locator("[data-sample=orders_cleaning]").click()
    expect(page.locator(".ed-empty-canvas")).to_have_count(0)
    assert len(empty.nodes()) > 5
    empty.wait_until_saved()
    assert list((designer.workspace / "pipelines").rglob("*.csv"))
    page.keyboard.press("Control+z")
    expect(page.locator(".ed-empty-canvas")).to_be_visible()
    assert empty.nodes() == {}


def test_the_gestures_tell_the_keys_that_a_person_chose(page, designer):
    own = json.dumps({"run.all": ["Ctrl+J"]})
    page.evaluate("keys => localStorage.setItem('designer.keys', keys)", own)
    pipeline = designer.api("POST", "/pipelines", {})["id"]
    Editor(page).open(designer.url, pipeline)
    run = page.locator(".ed-gestures li", has_text="Run everything")
    expect(run.locator("kbd")).to_have_text(["Ctrl", "J"])


def test_f1_explains_the_selected_module_and_escape_closes_it(editor, page):
    editor.select("customers_once")
    page.keyboard.press("F1")
    sheet = page.get_by_role("complementary", name="Help on Remove Duplicate Rows")
    expect(sheet).to_be_focused()
    for part in ("Inputs", "Outputs", "Parameters"):
        expect(sheet.get_by_role("heading", name=part)).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_f1_explains_the_module_under_the_pointer_and_without_one_shows_the_keys(editor, page):
    page.get_by_role("searchbox", name="Search modules").fill("split data")
    page.locator(".ed-module", has_text="Split Data").first.hover()
    page.keyboard.press("F1")
    expect(page.get_by_role("complementary", name="Help on Split Data")).to_be_visible()
    page.keyboard.press("Escape")
    page.mouse.move(700, 860)
    page.keyboard.press("F1")
    expect(page.get_by_role("dialog", name="Keys and gestures")).to_be_visible()


def test_the_tour_goes_on_by_what_is_done_and_is_offered_once(empty, page):
    page.get_by_role("button", name="Take the tour").click()
    tour = page.get_by_role("region", name="Tour")
    expect(tour).to_be_focused()
    expect(tour.get_by_role("heading", name="Add a module")).to_be_visible()
    empty.evaluate("__designerCanvas.view.root.focus()")
    page.keyboard.press("/")
    page.keyboard.type("summarize")
    page.keyboard.press("Enter")
    expect(tour.get_by_role("heading", name="Draw a wire")).to_be_visible()
    expect(tour).to_contain_text("Done: add a module")
    tour.get_by_role("button", name="Skip this").click()
    expect(tour.get_by_role("heading", name="Set something")).to_be_visible()
    tour.get_by_role("button", name=re.compile("Leave the tour")).click()
    expect(tour).to_have_count(0)
    page.reload()
    page.wait_for_function("window.__designerCanvas?.view.session.isLoaded")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator(".ed-empty-canvas")).to_be_visible()
    expect(page.get_by_role("button", name="Take the tour")).to_have_count(0)


def test_equals_in_an_empty_field_ties_it(empty, page):
    node = empty.drag_from_palette("Split Data", 300, 200)
    empty.select(node)
    field = page.locator("[data-parameter=fraction] input:not([type=range])").first
    field.fill("")
    field.press("=")
    expect(page.get_by_role("menu")).to_contain_text("Pipeline parameter")


def test_o_opens_the_output_and_e_the_program(editor, page):
    with_code = next(k for k, n in editor.nodes().items() if "sql" in n["module"])
    editor.evaluate("id => __designerCanvas.view.session.select([id])", with_code)
    editor.evaluate("__designerCanvas.view.root.focus()")
    page.keyboard.press("o")
    expect(page.locator(".ed-area-results")).to_contain_text("This node has not run yet")
    editor.evaluate("__designerCanvas.view.root.focus()")
    page.keyboard.press("e")
    expect(page.locator("dialog.ed-code-sheet")).to_be_visible()
