"""Two people or tabs on one pipeline: edits merge, and where both changed one place both sides are shown."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEED = "id => __designerCanvas.view.session.document.nodes[id].parameters?.seed"
HAS_SEED = "([id, n]) => __designerCanvas.view.session.root.nodes[id]?.parameters?.seed === n"

HAS_WIRE = "([id, wire]) => __designerCanvas.view.session.root.nodes[id]?.inputs?.dataset === wire"

IS_FOLLOWING = "__designerCanvas.view.session.sync.pushIsOpen"


@pytest.fixture
def pipeline(designer):
    return designer.api("POST", "/pipelines", {"name": "Shared"})["id"]


def set_seed(editor, node, value):
    editor.select(node)
    field = editor.page.get_by_label("Random seed", exact=True)
    field.fill(str(value))
    field.blur()
    editor.page.wait_for_function(HAS_SEED, arg=[node, value], timeout=8000)


def clash(page):
    return page.get_by_role("region", name="Edits at the same place")


@pytest.fixture
def both(page, other_page, designer, pipeline):
    """Ada came second, after Bo, with another seed: she had been cut off."""
    ada = Editor(page).open(designer.url, pipeline)
    node = ada.drag_from_palette("Split Data", 300, 200)
    ada.wait_until_saved()
    bo = Editor(other_page).open(designer.url, pipeline)
    expect(page.locator(".ed-avatar")).to_have_count(1)

    page.context.set_offline(True)
    page.route("**/operations*", lambda route: route.abort())
    set_seed(ada, node, 11)
    set_seed(bo, node, 22)
    bo.wait_until_saved()
    page.unroute("**/operations*")
    page.context.set_offline(False)
    expect(clash(page)).to_be_visible(timeout=15_000)
    return ada, bo, node


def test_both_people_see_both_sides_and_which_one_stands(both):
    ada, bo, _ = both
    for editor, mine, theirs in ((ada, "11", "22"), (bo, "22", "11")):
        card = clash(editor.page)
        expect(card).to_contain_text("Split Data · Random seed")
        sides = card.locator(".ed-clash-side")
        expect(sides.nth(0).locator(".ed-clash-value")).to_have_text(mine)
        expect(sides.nth(1).locator(".ed-clash-value")).to_have_text(theirs)
    expect(clash(ada.page).locator(".ed-clash-here")).to_contain_text("Mine")
    expect(clash(bo.page).locator(".ed-clash-here")).to_contain_text("Theirs")


def test_the_overtaken_side_is_kept_by_one_more_edit_that_can_be_undone(both):
    ada, bo, node = both
    clash(bo.page).get_by_role("button", name="Keep mine").click()
    expect(clash(bo.page)).to_have_count(0)
    ada.page.wait_for_function(HAS_SEED, arg=[node, 22])
    expect(clash(ada.page).locator(".ed-clash-here")).to_contain_text("Theirs")

    bo.page.get_by_role("button", name="Undo").first.click()
    ada.page.wait_for_function(HAS_SEED, arg=[node, 11])
    assert bo.evaluate(SEED, node) == 11


def reload(editor):
    editor.page.reload()
    editor.page.wait_for_function("window.__designerCanvas?.view.session.isLoaded")


def test_a_conflict_that_nobody_has_settled_is_shown_after_a_reload_a_settled_one_is_not(both):
    ada, bo, node = both
    expect(clash(bo.page)).to_be_visible()
    for editor, mine, theirs in ((ada, "11", "22"), (bo, "22", "11")):
        reload(editor)
        sides = clash(editor.page).locator(".ed-clash-value")
        expect(sides).to_have_text([mine, theirs])
    expect(clash(ada.page).locator(".ed-clash-here")).to_contain_text("Mine")

    clash(ada.page).get_by_role("button", name="Keep theirs").click()
    bo.page.wait_for_function(HAS_SEED, arg=[node, 22])
    expect(clash(bo.page).locator(".ed-clash-here")).to_contain_text("Mine")
    ada.wait_until_saved()
    clash(bo.page).get_by_role("button", name="Leave it as it is").click()
    for editor in (ada, bo):
        reload(editor)
        editor.page.wait_for_function(HAS_SEED, arg=[node, 22])
        editor.page.wait_for_function(IS_FOLLOWING)
        expect(clash(editor.page)).to_have_count(0)


def test_a_parameter_of_one_and_a_wire_of_the_other_merge_without_a_card(
    page, other_page, designer, pipeline
):
    ada = Editor(page).open(designer.url, pipeline)
    split = ada.drag_from_palette("Split Data", 300, 300)
    ada.wait_until_saved()
    bo = Editor(other_page).open(designer.url, pipeline)

    data = bo.drag_from_palette("Sample Dataset", 150, 100)
    set_seed(ada, split, 3)
    bo.wire((data, "dataset"), (split, "dataset"))

    for editor in (ada, bo):
        editor.page.wait_for_function(HAS_SEED, arg=[split, 3])
        editor.page.wait_for_function(HAS_WIRE, arg=[split, f"{data}.dataset"])
        expect(clash(editor.page)).to_have_count(0)


def test_two_tabs_see_and_keep_each_others_edits(page, designer, pipeline):
    first = Editor(page).open(designer.url, pipeline)
    other_page = page.context.new_page()
    second = Editor(other_page).open(designer.url, pipeline)

    mine = first.drag_from_palette("Sample Dataset", 300, 150)
    other_page.wait_for_function(
        "id => id in __designerCanvas.view.session.document.nodes", arg=mine, timeout=3000
    )
    theirs = second.drag_from_palette("Split Data", 300, 350)
    page.wait_for_function(
        "id => id in __designerCanvas.view.session.document.nodes", arg=theirs, timeout=3000
    )

    first.wait_until_saved()
    nodes = designer.api("GET", f"/pipelines/{pipeline}")["graph"]["nodes"]
    assert set(nodes) == {mine, theirs}
