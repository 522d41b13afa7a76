"""Networks are cut, tabs crash, browsers are killed while somebody draws: what was drawn stays."""

import contextlib

import pytest
from playwright.sync_api import Error, expect

from tests.end_to_end.editor_driver import Editor
from tests.end_to_end.killed_browser import OwnBrowser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SESSION = "__designerCanvas.view.session"
MOVE = f"""([id, number]) => {SESSION}.edit("Move", [
    {{path: ["layout", "nodes", id], after: {{x: number * 8, y: 0}}}}])"""
PLACE = f"id => {SESSION}.document.layout.nodes[id].x / 8"


@pytest.fixture
def pipeline(designer):
    return a_pipeline(designer)


def a_pipeline(designer):
    return designer.api("POST", "/pipelines", {"name": "Kept"})["id"]


def graph_of(designer, pipeline):
    return designer.api("GET", f"/pipelines/{pipeline}")["graph"]


def one_node(editor):
    node = editor.drag_from_palette("Sample Dataset", 300, 150)
    editor.wait_until_saved()
    return node


def test_two_browsers_go_on_through_a_cut_network_and_end_alike(
    page, other_page, designer, pipeline
):
    first = Editor(page).open(designer.url, pipeline)
    second = Editor(other_page).open(designer.url, pipeline)
    shared = one_node(first)
    other_page.wait_for_function(f"id => id in {SESSION}.document.nodes", arg=shared)

    page.context.set_offline(True)
    expect(page.locator(".ed-saved")).to_contain_text("offline", ignore_case=True, timeout=2000)
    mine = first.drag_from_palette("Split Data", 300, 300)
    first.wire((shared, "dataset"), (mine, "dataset"))
    expect(page.locator(".ed-saved")).to_contain_text("2 edits waiting")
    theirs = second.drag_from_palette("Split Data", 560, 300)
    assert theirs == mine, "two nodes of one name, made far from each other"
    second.wait_until_saved()
    page.context.set_offline(False)

    expect(page.locator(".ed-saved")).to_contain_text("Saved", timeout=10_000)
    nodes = graph_of(designer, pipeline)["nodes"]
    assert len(nodes) == 3
    wired = [node["inputs"] for node in nodes.values() if node.get("inputs")]
    assert wired == [{"dataset": f"{shared}.dataset"}]
    other_page.wait_for_function(f"Object.keys({SESSION}.root.nodes).length === 3")
    shown = [one.evaluate(f"{SESSION}.root") for one in (page, other_page)]
    assert shown == [graph_of(designer, pipeline)] * 2


def test_a_browser_killed_while_drawing_loses_at_most_the_last_second(browser, own_designer):
    designer, pipeline = own_designer, a_pipeline(own_designer)
    profile = designer.workspace.parent / "profile"
    with OwnBrowser(browser, profile) as killed:
        editor = Editor(killed.open(designer.sign_in("/pipelines"))).open(designer.url, pipeline)
        node = one_node(editor)
        designer.kill()
        for number in range(1, 41):
            editor.evaluate(MOVE, [node, number])
        editor.page.wait_for_timeout(1000)
        for number in range(41, 61):
            editor.evaluate(MOVE, [node, number])
        killed.kill()
    designer.start()

    with OwnBrowser(browser, profile) as again:
        page = again.open(designer.sign_in("/pipelines"))
        page.on("console", lambda message: print(message.text))
        editor = Editor(page).open(designer.url, pipeline)
        editor.wait_until_saved()
        kept = graph_of(designer, pipeline)["layout"]["nodes"][node]["x"] // 8
        print(f"killed at the moment of the last of 60 edits: {kept} are there")
        assert kept >= 40
        editor.page.keyboard.press("Control+z")
        editor.page.wait_for_function(
            f"([id, place]) => ({PLACE})(id) === place", arg=[node, kept - 1]
        )


def test_five_hundred_gestures_are_undone_after_a_crashed_tab_and_a_reload(
    page, designer, pipeline
):
    editor = Editor(page).open(designer.url, pipeline)
    node = one_node(editor)
    for number in range(1, 511):
        editor.evaluate(MOVE, [node, number])
    editor.wait_until_saved()
    crash(page)
    page = page.context.new_page()
    editor = Editor(page).open(designer.url, pipeline)
    assert editor.evaluate(PLACE, node) == 510
    page.keyboard.press("Control+z")
    page.wait_for_function(f"id => ({PLACE})(id) === 509", arg=node)
    editor.wait_until_saved()
    page.reload()
    editor.open(designer.url, pipeline)
    editor.evaluate(f"() => {{ for (let i = 0; i < 600; i++) {SESSION}.undo(); }}")
    assert editor.evaluate(PLACE, node) == 10, "500 gestures back"
    editor.wait_until_saved()


def test_what_waits_in_a_closed_tab_is_sent_by_the_next_one(own_page, own_designer):
    page, designer, pipeline = own_page, own_designer, a_pipeline(own_designer)
    editor = Editor(page).open(designer.url, pipeline)
    node = one_node(editor)
    designer.kill()
    editor.evaluate(MOVE, [node, 7])
    expect(page.locator(".ed-saved")).to_contain_text("1 edit waiting")
    fresh = page.context.new_page()
    page.close()
    designer.start()
    editor = Editor(fresh).open(designer.url, pipeline)
    editor.wait_until_saved()
    assert graph_of(designer, pipeline)["layout"]["nodes"][node]["x"] == 56


def crash(page):
    """Crash the page's process, as running out of memory does."""
    with contextlib.suppress(Error):
        page.goto("chrome://crash")
