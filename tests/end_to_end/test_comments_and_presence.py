"""Comments of two people who see each other: written, answered, resolved, live on both pages."""

import re

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SELECTED = "[...__designerCanvas.view.session.selection.nodes]"
SCOPE = "__designerCanvas.view.session.scope"
SAID = "document.querySelector('.dc-live').textContent"
NODE = {"module": "data_transformation.split_data", "version": "default"}
GRAPH = {
    "format": 1,
    "name": "Discussed",
    "nodes": {"split": {**NODE, "label": "Split it"}, "use": {"subgraph": "clean"}},
    "subgraphs": {"clean": {"label": "Clean up", "nodes": {"inner": {**NODE, "label": "Inner"}}}},
    "layout": {"nodes": {"split": {"x": 0, "y": 0}, "use": {"x": 0, "y": 160}}},
}


@pytest.fixture
def pipeline(designer):
    return designer.api("POST", "/pipelines", {"graph": GRAPH})["id"]


@pytest.fixture
def people(page, browser, designer, pipeline):
    """Ada and Bo, each with a browser of their own, on one pipeline."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = context.new_page()
    errors: list[str] = []
    other.on("pageerror", lambda error: errors.append(str(error)))
    other.goto(designer.sign_in("/pipelines"))
    editors = []
    for one, name in ((page, "Ada"), (other, "Bo")):
        one.evaluate("name => localStorage.setItem('designer.name', name)", name)
        editors.append(Editor(one).open(designer.url, pipeline))
    yield editors
    context.close()
    assert errors == []


def focus_node(editor, node):
    editor.evaluate("id => __designerCanvas.view.session.focusNode(id)", node)


def comment(editor, text, node="split"):
    """By the keyboard: on the node that is selected."""
    focus_node(editor, node)
    editor.page.keyboard.press("Shift+C")
    expect(editor.page.get_by_label(re.compile("^Comment on '"))).to_be_focused()
    editor.page.keyboard.type(text)
    editor.page.keyboard.press("Control+Enter")
    expect(editor.page.locator(".ed-thread-row", has_text=text.replace("*", ""))).to_be_visible()


def bubble(editor, node="split"):
    return editor.page.locator(f"[data-node={node}] .dc-comments")


def test_a_comment_is_answered_and_resolved_live_on_both_pages(people):
    ada, bo = people
    comment(ada, "Why **70/30**?")
    expect(ada.page.locator(".ed-comment-body strong")).to_have_text("70/30")
    expect(bubble(bo)).to_have_text("1")
    expect(bo.page.locator("[data-node=split]")).to_have_accessible_name(
        re.compile("1 open comment")
    )
    assert bo.evaluate(SAID) == "Ada on Split it: Why 70/30?"

    bubble(bo).click()
    row = bo.page.locator(".ed-thread-row")
    expect(row).to_contain_text("Ada: Why 70/30?")
    row.click()
    answer = bo.page.get_by_label("Answer", exact=True)
    answer.fill("The data are few.")
    answer.press("Control+Enter")
    expect(answer).to_have_value("")
    expect(ada.page.locator(".ed-comment-body").nth(1)).to_have_text("The data are few.")
    assert bo.evaluate("__designerCanvas.view.session.run") is None, "Ctrl+Enter started no run"

    ada.page.get_by_role("button", name="Resolve", exact=True).click()
    expect(bubble(bo)).to_have_count(0)
    expect(bo.page.locator(".ed-thread-settled")).to_contain_text("Resolved by Ada")
    bo.page.get_by_role("radio", name="Resolved 1").click()
    expect(row).to_be_visible()
    bo.page.get_by_role("button", name="Open again").click()
    expect(bubble(ada)).to_have_text("1")


def test_own_comments_are_edited_deleted_and_written_again_those_of_others_are_not(people):
    ada, bo = people
    comment(ada, "Fist draft")
    page = ada.page
    page.get_by_role("button", name="Edit the comment").click()
    field = page.get_by_role("textbox", name="Edit the comment")
    expect(field).to_be_focused()
    field.fill("First draft")
    field.press("Control+Enter")
    expect(page.locator(".ed-comment")).to_contain_text("edited")

    bubble(bo).click()
    bo.page.locator(".ed-thread-row").click()
    expect(bo.page.locator(".ed-comment-body")).to_have_text("First draft")
    expect(bo.page.get_by_role("button", name="Delete the comment")).to_have_count(0)

    page.get_by_role("button", name="Delete the comment").click()
    expect(bubble(bo)).to_have_count(0)
    expect(bo.page.get_by_text("No comments yet")).to_be_visible()
    page.get_by_role("button", name="Write it again").click()
    expect(bubble(bo)).to_have_text("1")


def test_everything_by_the_keyboard_alone(people):
    ada, _ = people
    page = ada.page
    page.keyboard.press("5")
    expect(page.get_by_role("button", name="Comment on the pipeline")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("About all of it")
    page.keyboard.press("Control+Enter")
    row = page.locator(".ed-thread-row")
    expect(row).to_be_focused()
    comment(ada, "About the split")
    expect(row.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    answer = page.get_by_label("Answer", exact=True)
    expect(answer).to_be_focused()
    page.keyboard.type("Half a thought")
    page.keyboard.press("Escape")
    expect(row.nth(1)).to_be_focused()
    expect(answer).to_have_value("Half a thought")
    page.keyboard.press("Enter")
    expect(answer).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ed-comment")).to_have_count(2)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.closest('.dc-root') !== null")
    page.keyboard.press("5")
    expect(page.locator(".ed-comments")).to_have_count(0)
    page.get_by_role("tab", name="Comments").click()
    expect(page.locator(".ed-comments")).to_be_visible()
    expect(page.get_by_role("region", name="New comment")).to_have_count(0)
    page.keyboard.press("5")
    page.keyboard.press("4")
    page.wait_for_function("document.activeElement.dataset.row !== undefined")
    page.keyboard.press("Home")
    page.keyboard.press("Control+Alt+m")
    expect(page.get_by_label(re.compile("^Comment on '"))).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.dataset.row !== undefined")


def test_what_could_not_be_sent_stays_through_a_reload_and_is_sent_later(people, designer):
    ada, bo = people
    comment(ada, "There already")
    focus_node(ada, "split")
    ada.page.route("**/comments", lambda route: route.abort())
    ada.page.keyboard.press("Shift+C")
    field = ada.page.get_by_label("Comment on 'Split it'")
    field.fill("Cut off")
    field.press("Control+Enter")
    expect(ada.page.get_by_role("alert")).to_contain_text("The text stays here")
    expect(field).to_have_value("Cut off")
    ada.page.unroute("**/comments")
    comment(bo, "Meanwhile", "split")
    expect(bubble(ada)).to_have_text("2")

    ada.page.reload()
    ada.page.wait_for_function("window.__designerCanvas?.view.session.isLoaded")
    expect(bubble(ada)).to_have_text("2")
    focus_node(ada, "split")
    ada.page.keyboard.press("Shift+C")
    expect(field).to_have_value("Cut off")
    field.press("Control+Enter")
    expect(bubble(bo)).to_have_text("3")


def test_threads_lead_to_their_nodes_inside_subgraphs_too_and_links_lead_to_threads(
    people, designer, pipeline
):
    ada, bo = people
    focus_node(bo, "use")
    bo.page.keyboard.press("Alt+ArrowDown")
    comment(bo, "In here", "inner")
    ada.page.keyboard.press("5")
    row = ada.page.locator(".ed-thread-row")
    expect(row).to_contain_text("Inner")
    expect(row).to_contain_text("in Clean up")
    expect(row).to_be_focused()
    row.click()
    ada.page.wait_for_function(f"{SELECTED}[0] === 'inner'")
    assert ada.evaluate(SCOPE) == ["use"]
    expect(bubble(ada, "inner")).to_have_text("1")

    thread = row.get_attribute("data-thread")
    ada.page.goto(f"{designer.url}/pipelines/{pipeline}?in=clean&node=inner&comment={thread}")
    expect(ada.page.locator(".ed-comment-body")).to_have_text("In here")
    assert ada.evaluate(SCOPE) == ["use"]


def test_the_list_shows_what_is_open_at_one_place_and_names_nodes_that_are_gone(people):
    ada, _ = people
    page = ada.page
    comment(ada, "On the split")
    comment(ada, "On the use", "use")
    page.get_by_label("Show comments on").select_option(label="Split it")
    expect(page.locator(".ed-thread-row")).to_have_count(1)
    focus_node(ada, "split")
    ada.evaluate("__designerCanvas.view.session.removeNodes(['split'])")
    row = page.locator(".ed-thread-row")
    expect(row).to_contain_text("Split it")
    expect(row).to_contain_text("deleted")
    row.click()
    expect(page.locator(".ed-thread-head")).to_contain_text("deleted node")
    page.get_by_label("Show comments on").select_option("everywhere")
    expect(page.locator(".ed-thread-row")).to_have_count(2)


def test_a_past_run_shows_no_comments(page, designer):
    sample = {"module": "data_input_output.sample_dataset", "version": "default"}
    graph = {"format": 1, "name": "Ran", "nodes": {"load": sample}}
    pipeline = designer.api("POST", "/pipelines", {"graph": graph})["id"]
    designer.api("POST", f"/pipelines/{pipeline}/comments", {"text": "Not of it", "node": "load"})
    editor = Editor(page).open(designer.url, pipeline)
    expect(bubble(editor, "load")).to_have_text("1")

    run = designer.run(pipeline)
    page.goto(f"{designer.url}/runs/{run['id']}/canvas")
    page.wait_for_function("window.__designerCanvas?.view.session.isFixed")
    expect(page.get_by_role("tab", name="Problems")).to_be_visible()
    expect(page.get_by_role("tab", name="Comments")).to_have_count(0)
    expect(bubble(editor, "load")).to_have_count(0)
    page.keyboard.press("5")
    expect(page.locator(".ed-comments, .ed-comments-first")).to_have_count(0)


def test_people_see_who_is_where_and_a_click_goes_there(people):
    ada, bo = people
    focus_node(bo, "use")
    marker = ada.page.locator("[data-node=use] .dc-other-name")
    expect(marker).to_have_text("Bo")
    bo.page.keyboard.press("Alt+ArrowDown")
    focus_node(bo, "inner")
    expect(marker).to_have_count(0)
    avatar = ada.page.get_by_role("button", name="Bo: at 'Inner' inside Clean up. Go there")
    avatar.click()
    ada.page.wait_for_function(f"{SELECTED}[0] === 'inner'")
    expect(ada.page.locator("[data-node=inner] .dc-other-name")).to_have_text("Bo")

    bo.page.close()
    expect(ada.page.locator(".ed-avatar")).to_have_count(0)
    expect(ada.page.locator(".dc-other-name")).to_have_count(0)


def test_another_tab_of_the_same_person_is_told_apart_and_a_new_name_is_seen_by_others(
    people, designer, pipeline
):
    ada, bo = people
    second = ada.page.context.new_page()
    Editor(second).open(designer.url, pipeline)
    expect(ada.page.locator(".ed-avatar-own")).to_have_attribute(
        "data-tip", "You, another tab: nothing selected"
    )
    expect(bo.page.get_by_role("button", name=re.compile("^Ada: "))).to_have_count(2)
    second.close()

    focus_node(ada, "split")
    ada.page.keyboard.press("Shift+C")
    ada.page.get_by_role("button", name=re.compile("^Your name: Ada")).click()
    ada.page.get_by_label("Your name", exact=True).fill("Ada Lovelace")
    ada.page.keyboard.press("Enter")
    expect(bo.page.get_by_role("button", name=re.compile("^Ada Lovelace: "))).to_be_visible()
    field = ada.page.get_by_label("Comment on 'Split it'")
    field.fill("Under my name")
    field.press("Control+Enter")
    expect(ada.page.locator(".ed-comment-head strong")).to_have_text("Ada Lovelace")
