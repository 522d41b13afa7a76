"""Named versions, what changed since, the way back, and links to a node, on a real page."""

import re

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = "__designerCanvas.view.session.root"
HAS_ONLY = (
    "ids => String(Object.keys(window.__designerCanvas?.view.session.root.nodes ?? {}))"
    " === String(ids)"
)


@pytest.fixture
def pipeline(designer):
    return designer.api("POST", "/pipelines", {"name": "Together"})["id"]


@pytest.fixture
def editor(page, designer, pipeline):
    return Editor(page).open(designer.url, pipeline)


def test_a_version_is_named_compared_with_and_restored(editor):
    page = editor.page
    editor.drag_from_palette("Enter Data Manually", 400, 150)
    page.keyboard.press("Control+s")
    sheet = page.get_by_role("dialog", name="Name this version")
    sheet.get_by_label("Name", exact=True).fill("Baseline")
    sheet.get_by_role("button", name="Name it").click()
    expect(sheet).to_be_hidden()
    added = editor.drag_from_palette("Remove Duplicate Rows", 400, 350)
    editor.wait_until_saved()

    editor.evaluate("__designerCanvas.view.session.select([])")
    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name="What changed since Baseline").click()
    row = page.locator(".ed-changes-list > li[data-kind=added] > button")
    expect(row).to_contain_text("Remove Duplicate Rows")
    expect(page).to_have_url(re.compile(r"compare=Baseline\.\.now"))

    page.reload()
    row.click()
    selected = "[...__designerCanvas.view.session.selection.nodes]"
    assert editor.evaluate(selected) == [added]

    editor.evaluate("__designerCanvas.view.session.select([])")
    page.get_by_role("button", name=re.compile("^Restore revision .*Baseline")).click()
    page.wait_for_function(
        "id => !__designerCanvas.view.session.document.nodes[id]", arg=added, timeout=10_000
    )
    expect(page.get_by_text("The two states do not differ.")).to_be_visible()
    page.get_by_role("button", name="Stop comparing").click()
    expect(page).not_to_have_url(re.compile("compare="))


def test_a_restore_is_one_step_that_is_taken_back_and_brought_back_across_a_reload(editor):
    page = editor.page
    first = editor.drag_from_palette("Enter Data Manually", 400, 150)
    page.keyboard.press("Control+s")
    sheet = page.get_by_role("dialog", name="Name this version")
    sheet.get_by_label("Name", exact=True).fill("Baseline")
    sheet.get_by_role("button", name="Name it").click()
    expect(sheet).to_be_hidden()
    second = editor.drag_from_palette("Remove Duplicate Rows", 400, 350)
    editor.wire((first, "dataset"), (second, "dataset"))
    editor.evaluate("id => __designerCanvas.view.session.removeNodes([id])", first)
    drawn = editor.evaluate(ROOT)
    editor.wait_until_saved()

    editor.evaluate("__designerCanvas.view.session.select([])")
    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name=re.compile("^Restore revision .*Baseline")).click()
    page.wait_for_function(HAS_ONLY, arg=[first])
    restored = editor.evaluate(ROOT)
    editor.wait_until_saved()

    page.reload()
    page.wait_for_function(HAS_ONLY, arg=[first])
    page.locator(".dc-root").first.press("Control+z")
    page.wait_for_function(HAS_ONLY, arg=[second])
    assert editor.evaluate(ROOT) == drawn
    editor.wait_until_saved()

    page.reload()
    page.wait_for_function(HAS_ONLY, arg=[second])
    page.locator(".dc-root").first.press("Control+y")
    page.wait_for_function(HAS_ONLY, arg=[first])
    assert editor.evaluate(ROOT) == restored


def test_a_link_opens_the_pipeline_at_the_node(editor, designer, pipeline):
    node = editor.drag_from_palette("Enter Data Manually", 400, 150)
    editor.wait_until_saved()
    editor.page.goto(f"{designer.url}/pipelines/{pipeline}?node={node}")
    editor.page.wait_for_function(
        "id => window.__designerCanvas?.view.session.selection.nodes.has(id)", arg=node
    )
    link = editor.evaluate(
        "id => __designerCanvas.view.session.together.linkTo(id, location.href)", node
    )
    assert link == f"{designer.url}/pipelines/{pipeline}?node={node}"
