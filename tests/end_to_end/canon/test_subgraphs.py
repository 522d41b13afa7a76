"""Subgraphs by mouse and keyboard: collapse, go inside and outside, unpack, expand in place."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = "__designerCanvas.view.session.root"
SCOPE = "__designerCanvas.view.session.scope"


def choose(editor, *ids):
    first, *more = ids
    editor.select(first)
    editor.page.keyboard.down("Shift")
    for node in more:
        editor.select(node)
    editor.page.keyboard.up("Shift")


def collapse(editor, *ids):
    """Collapse nodes; gives the id of the subgraph node."""
    choose(editor, *ids)
    editor.page.keyboard.press("Control+g")
    editor.page.wait_for_function("Object.keys(__designerCanvas.view.session.root.subgraphs ?? {})")
    [node] = editor.evaluate("[...__designerCanvas.view.session.selection.nodes]")
    return node


def root(editor):
    return editor.evaluate(ROOT)


def scope(editor):
    return editor.evaluate(SCOPE)


def crumbs(editor):
    return editor.page.get_by_role("navigation", name="Subgraphs around")


def centre(editor, node):
    rect = editor.evaluate("id => __designerCanvas.nodeRect(id)", node)
    return rect["x"] + rect["width"] / 2, rect["y"] + rect["height"] / 2


def test_a_selection_becomes_a_subgraph_and_undo_takes_it_back_in_one_step(editor):
    before = root(editor)
    node = collapse(editor, "train_logistic", "score_logistic")

    after = root(editor)
    inside = after["subgraphs"]["subgraph"]
    assert sorted(inside["nodes"]) == ["score_logistic", "train_logistic"]
    assert after["nodes"][node]["subgraph"] == "subgraph"
    assert after["nodes"]["evaluate"]["inputs"]["scored_dataset"] == f"{node}.scored_dataset"
    expect(editor.page.locator(f"[data-node={node}]")).to_contain_text("2 nodes")
    editor.page.keyboard.press("Control+z")
    assert root(editor) == before
    editor.page.keyboard.press("Control+Shift+z")
    assert root(editor) == after


def test_a_subgraph_is_unpacked_to_what_it_was(editor):
    before = root(editor)
    collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Control+Shift+g")

    assert root(editor)["nodes"] == before["nodes"]
    assert root(editor)["layout"] == before["layout"]
    assert "subgraphs" not in root(editor)
    selected = editor.evaluate("[...__designerCanvas.view.session.selection.nodes]")
    assert sorted(selected) == ["score_logistic", "train_logistic"]


def test_nodes_that_would_be_fed_by_what_they_feed_stay_as_they_are_and_it_says_why(editor):
    choose(editor, "split", "score_logistic")
    editor.page.keyboard.press("Control+g")

    expect(editor.page.locator(".ed-toast")).to_contain_text("Train logistic regression")
    assert "subgraphs" not in root(editor)


def test_double_click_goes_inside_and_escape_outside_again(editor):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.page.mouse.dblclick(*centre(editor, node))

    assert scope(editor) == [node]
    expect(editor.page.locator("[data-node=train_logistic]")).to_be_visible()
    expect(editor.page.locator("[data-node=split]")).to_have_count(0)
    expect(crumbs(editor)).to_contain_text("Subgraph")
    editor.page.mouse.click(300, 800)
    editor.page.keyboard.press("Escape")
    assert scope(editor) == []
    expect(crumbs(editor)).to_have_count(0)
    assert editor.evaluate("[...__designerCanvas.view.session.selection.nodes]") == [node]


def test_escape_inside_takes_back_the_selection_first(editor):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Alt+ArrowDown")
    editor.select("train_logistic")
    editor.page.keyboard.press("Escape")
    assert scope(editor) == [node]
    editor.page.keyboard.press("Escape")
    assert scope(editor) == []


def test_the_breadcrumb_leads_to_every_subgraph_around(editor):
    inner = collapse(editor, "train_logistic", "score_logistic")
    outer = collapse(editor, inner, "logistic")
    editor.page.keyboard.press("Alt+ArrowDown")
    editor.select(inner)
    editor.page.keyboard.press("Alt+ArrowDown")
    assert scope(editor) == [outer, inner]

    crumbs(editor).get_by_role("button", name="Subgraph 2").click()
    assert scope(editor) == [outer]
    crumbs(editor).get_by_role("button", name="Go outside").click()
    assert scope(editor) == []


def test_each_place_is_looked_at_as_it_was_left(editor):
    view = "(({x, y, zoom}) => [x, y, zoom].map(Math.round))(__designerCanvas.view.viewport)"
    collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Alt+ArrowDown")
    editor.page.mouse.move(600, 500)
    editor.page.keyboard.down("Control")
    editor.page.mouse.wheel(0, -400)
    editor.page.keyboard.up("Control")
    editor.page.wait_for_timeout(300)
    inside = editor.evaluate(view)
    editor.page.keyboard.press("Alt+ArrowUp")
    assert editor.evaluate(view) != inside
    editor.page.keyboard.press("Alt+ArrowDown")
    assert editor.evaluate(view) == inside


def test_what_is_edited_inside_changes_every_use(editor):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Control+d")
    [twin] = editor.evaluate("[...__designerCanvas.view.session.selection.nodes]")
    expect(editor.page.locator(f"[data-node={twin}] .dc-linked")).to_have_text("link2")
    editor.page.keyboard.press("Alt+ArrowDown")
    expect(crumbs(editor)).to_contain_text("Used 2 times")
    editor.select("train_logistic")
    editor.page.keyboard.press("F2")
    editor.page.keyboard.type("Learn")
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.press("Alt+ArrowUp")
    editor.select(node)
    editor.page.keyboard.press("Alt+ArrowDown")
    expect(editor.page.locator("[data-node=train_logistic]")).to_contain_text("Learn")


def test_a_use_is_made_independent(editor):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Control+d")
    [twin] = editor.evaluate("[...__designerCanvas.view.session.selection.nodes]")
    editor.page.get_by_role("button", name="Make independent").click()

    nodes = root(editor)["nodes"]
    assert nodes[twin]["subgraph"] != nodes[node]["subgraph"]
    expect(editor.page.locator(f"[data-node={node}] .dc-linked")).to_have_count(0)
    editor.page.locator(".dc-root").focus()
    editor.page.keyboard.press("Control+z")
    assert root(editor)["nodes"][twin]["subgraph"] == "subgraph"


def test_a_name_given_to_the_only_use_is_the_subgraphs(editor):
    collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("F2")
    editor.page.keyboard.type("Train and score")
    editor.page.keyboard.press("Enter")
    assert root(editor)["subgraphs"]["subgraph"]["label"] == "Train and score"
    editor.page.keyboard.press("Alt+ArrowDown")
    expect(crumbs(editor)).to_contain_text("Train and score")


def test_expanded_in_place_its_nodes_are_edited_where_it_stands(editor):
    node = collapse(editor, "train_logistic", "score_logistic")
    before = root(editor)
    editor.page.keyboard.press("Alt+e")
    inner = f"{node}__train_logistic"
    expect(editor.page.locator(f"[data-node={inner}]")).to_be_visible()
    assert root(editor) == before, "to look is not to edit"

    x, y = centre(editor, inner)
    editor.page.mouse.move(x, y)
    editor.page.mouse.down()
    editor.page.mouse.move(x + 40, y + 8, steps=6)
    editor.page.mouse.up()
    inside = before["subgraphs"]["subgraph"]["layout"]["nodes"]["train_logistic"]
    moved = root(editor)["subgraphs"]["subgraph"]["layout"]["nodes"]["train_logistic"]
    assert moved["x"] > inside["x"]
    assert root(editor)["nodes"] == before["nodes"]
    editor.page.keyboard.press("Control+z")
    assert root(editor) == before

    editor.select(node)
    editor.page.keyboard.press("Alt+e")
    expect(editor.page.locator(f"[data-node={inner}]")).to_have_count(0)
    assert root(editor) == before


def test_a_wire_across_the_border_of_an_expanded_subgraph_is_refused_with_the_reason(editor):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Alt+e")
    before = root(editor)
    editor.page.keyboard.press("Control+0")
    script = "([id, port, side]) => __designerCanvas.portPoint(id, port, side)"
    start = editor.evaluate(script, ["split", "results_dataset1", "output"])
    end = editor.evaluate(script, [f"{node}__score_logistic", "dataset", "input"])
    editor.page.mouse.move(start["x"], start["y"])
    editor.page.mouse.down()
    editor.page.mouse.move(end["x"] - 30, end["y"] - 30, steps=6)
    editor.page.mouse.move(end["x"], end["y"], steps=3)
    expect(editor.page.locator(".dc-tip")).to_contain_text("border")
    editor.page.mouse.up()
    assert root(editor) == before


def test_what_is_expanded_is_remembered_in_this_browser(editor):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Alt+e")
    editor.wait_until_saved()
    editor.page.reload()
    editor.page.wait_for_function("window.__designerCanvas?.view.session.isLoaded")
    expect(editor.page.locator(f"[data-node={node}__score_logistic]")).to_be_visible()


def test_a_module_dropped_into_the_frame_goes_into_the_subgraph(editor):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Alt+e")
    canvas = editor.page.locator(".dc-root").bounding_box()
    rect = editor.evaluate("id => __designerCanvas.nodeRect(id)", f"{node}__train_logistic")
    editor.drag_from_palette(
        "Summarize Data",
        rect["x"] - canvas["x"] + rect["width"] / 2,
        rect["y"] - canvas["y"] + rect["height"] + 24,
    )
    assert "summarize_data" in root(editor)["subgraphs"]["subgraph"]["nodes"]
    assert "summarize_data" not in root(editor)["nodes"]


def test_a_subgraph_runs_as_its_steps_and_shows_what_they_are_together(editor):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Control+Enter")
    steps = editor.wait_for_status("completed")
    assert {f"{node}__train_logistic", f"{node}__score_logistic"} <= set(steps)
    expect(editor.page.locator(f"[data-node={node}] [data-state=completed]")).to_be_visible()

    editor.open_port(node, "scored_dataset")
    expect(editor.page.locator(".ed-step-tab[aria-selected=true]")).to_have_text("Scored dataset")
    expect(editor.page.get_by_role("grid", name="Table rows")).to_be_visible()
    editor.page.get_by_role("tab", name="Steps inside").click()
    editor.page.locator(".ed-inner-steps button", has_text="Train logistic").click()
    assert scope(editor) == [node]
    assert editor.evaluate("[...__designerCanvas.view.session.selection.nodes]") == [
        "train_logistic"
    ]


def test_a_failure_inside_leads_to_its_culprit(editor, designer):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Alt+ArrowDown")
    editor.select("train_logistic")
    field = editor.page.locator("[data-parameter=label_column] input")
    field.fill("nowhere")
    field.press("Enter")
    editor.wait_until_saved()
    editor.page.locator(".dc-root").focus()
    editor.page.keyboard.press("Alt+ArrowUp")
    editor.page.keyboard.press("Control+Enter")
    editor.wait_for_status("failed")

    badge = editor.page.locator(f"[data-node={node}] [data-inside]")
    expect(badge.last).to_be_visible()
    badge.last.click()
    assert scope(editor) == [node]
    assert editor.evaluate("[...__designerCanvas.view.session.selection.nodes]") == [
        "train_logistic"
    ]


def test_a_problem_inside_is_told_outside_and_leads_there(editor):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.page.keyboard.press("Alt+ArrowDown")
    unfed = editor.drag_from_palette("Summarize Data", 120, 600)
    editor.page.locator(".dc-root").focus()
    editor.page.keyboard.press("Alt+ArrowUp")
    badge = editor.page.locator(f"[data-node={node}] .dc-problem[data-inside]")
    expect(badge).to_be_visible()
    expect(editor.page.locator(".ed-node-problems")).to_contain_text("Go there")
    badge.click()
    assert scope(editor) == [node]
    assert editor.evaluate("[...__designerCanvas.view.session.selection.nodes]") == [unfed]


def test_two_tabs_edit_inside_and_outside_at_once(editor, designer):
    node = collapse(editor, "train_logistic", "score_logistic")
    editor.wait_until_saved()
    pipeline = editor.evaluate("__designerCanvas.view.session.pipelineId")
    other = Editor(editor.page.context.new_page()).open(designer.url, pipeline)
    other.select(node)
    other.page.keyboard.press("Alt+ArrowDown")
    other.select("score_logistic")
    other.page.keyboard.press("F2")
    other.page.keyboard.type("Rate")
    other.page.keyboard.press("Enter")
    editor.select("split")
    editor.page.keyboard.press("F2")
    editor.page.keyboard.type("Halves")
    editor.page.keyboard.press("Enter")

    label = "__designerCanvas.view.session.root.subgraphs.subgraph.nodes.score_logistic.label"
    editor.page.wait_for_function(f"{label} === 'Rate'")
    other.page.wait_for_function(f"{ROOT}.nodes.split.label === 'Halves'")
    assert scope(other) == [node]
    editor.select(node)
    editor.page.keyboard.press("Control+Shift+g")
    other.page.wait_for_function(f"{SCOPE}.length === 0")
    assert root(other) == root(editor)
    assert root(editor)["nodes"]["score_logistic"]["label"] == "Rate"
