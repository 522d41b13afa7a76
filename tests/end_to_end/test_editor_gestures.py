"""Gestures that hands know from other tools, on the real page."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def editor(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return Editor(page)


def open_sample(editor, designer, sample="breast_cancer"):
    editor.open(designer.url, designer.api("POST", "/pipelines", {"sample": sample})["id"])
    expect(editor.page.locator("[data-node=split]")).to_be_visible()


def test_keys_belong_to_the_canvas_while_nothing_has_the_focus(editor, designer):
    editor.open(designer.url, designer.api("POST", "/pipelines", {"name": "Keys"})["id"])
    keyboard = editor.page.keyboard
    keyboard.press("/")
    keyboard.type("sample")
    keyboard.press("Enter")
    editor.page.wait_for_function(
        "Object.keys(__designerCanvas.view.session.document.nodes ?? {}).length === 1"
    )
    editor.evaluate("document.activeElement.blur()")
    assert editor.evaluate("document.activeElement === document.body")

    keyboard.press("Control+d")
    assert len(editor.nodes()) == 2
    keyboard.press("Delete")
    assert list(editor.nodes()) == ["sample_dataset"]
    keyboard.press("/")
    keyboard.type("x")
    keyboard.press("Backspace")
    keyboard.press("Delete")
    assert list(editor.nodes()) == ["sample_dataset"], "a field keeps its own keys"


def test_nodes_copied_to_another_pipeline_bring_their_parameters(editor, designer):
    open_sample(editor, designer)
    editor.select("split")
    expect(editor.page.get_by_label("Label of this node")).to_be_visible()
    editor.page.keyboard.press("Control+c")
    assert "split" in editor.evaluate("navigator.clipboard.readText()")
    editor.open(designer.url, designer.api("POST", "/pipelines", {"name": "Other"})["id"])
    editor.page.locator(".dc-root").click(position={"x": 300, "y": 620})
    editor.page.keyboard.press("Control+v")

    expect(editor.page.locator("[data-node=split]")).to_be_visible()
    parameters = editor.evaluate("__designerCanvas.view.session.document.parameters")
    assert sorted(parameters) == ["seed", "train_fraction"]
    editor.page.keyboard.press("Control+z")
    assert editor.nodes() == {}


def test_the_middle_button_pans_and_pastes_nothing(editor, designer):
    open_sample(editor, designer)
    canvas = editor.page.locator(".dc-root")
    canvas.click(position={"x": 40, "y": 600})
    view = "(({x, y}) => [x, y])(__designerCanvas.view.viewport)"
    x, y = editor.evaluate(view)
    box = canvas.bounding_box()
    mouse = editor.page.mouse
    mouse.move(box["x"] + 60, box["y"] + 600)
    mouse.down(button="middle")
    mouse.move(box["x"] + 160, box["y"] + 550, steps=4)
    mouse.up(button="middle")
    editor.page.wait_for_timeout(300)

    moved = editor.evaluate(view)
    assert (moved[0] - x, moved[1] - y) == pytest.approx((100, -50), abs=1)
    assert len(editor.nodes()) == 9
    expect(editor.page.get_by_text("The clipboard holds no pipeline nodes.")).to_have_count(0)


def test_a_pipeline_is_drawn_wired_and_run_by_keyboard_alone(editor, designer):
    editor.open(designer.url, designer.api("POST", "/pipelines", {"name": "By keyboard"})["id"])
    keyboard = editor.page.keyboard
    for words in ("sample", "summarize"):
        keyboard.press("/")
        keyboard.press("Control+a")
        keyboard.type(words)
        keyboard.press("Enter")
    editor.page.wait_for_function(
        "Object.keys(__designerCanvas.view.session.document.nodes ?? {}).length === 2"
    )
    properties = editor.page.get_by_role("complementary", name="Properties")
    properties.get_by_role("button", name="Inputs and outputs").focus()
    keyboard.press("Enter")
    connect = properties.get_by_role("button", name="Connect dataset", exact=False)
    connect.focus()
    keyboard.press("Enter")
    expect(editor.page.get_by_role("menuitemradio", name="Sample Dataset")).to_be_focused()
    keyboard.press("Enter")
    assert editor.nodes()["summarize_data"]["inputs"] == {"dataset": "sample_dataset.dataset"}
    keyboard.press("Control+Enter")
    assert editor.wait_for_status("completed")["summarize_data"]["status"] == "completed"


def test_a_run_of_a_part_leaves_the_results_of_the_rest(editor, designer):
    open_sample(editor, designer)
    editor.page.locator(".dc-root").click(position={"x": 40, "y": 600})
    editor.page.keyboard.press("Control+Enter")
    editor.wait_for_status("completed")
    first = editor.evaluate("__designerCanvas.view.session.run.id")
    editor.select("split")
    editor.page.keyboard.press("Shift+Enter")
    editor.page.wait_for_function(
        """id => (run => run.id !== id && run.status === "completed")
            (__designerCanvas.view.session.run)""",
        arg=first,
    )
    compared = editor.page.locator("[data-node=evaluate]")
    expect(compared).to_contain_text("AUC")
    editor.page.reload()
    expect(compared).to_contain_text("AUC")
    editor.page.wait_for_timeout(300)
    editor.open_port("evaluate", "evaluation_results")
    expect(editor.page.get_by_text("Confusion matrix").first).to_be_visible()


def test_an_earlier_revision_comes_back_from_the_history(editor, designer):
    open_sample(editor, designer)
    editor.select("split")
    editor.page.keyboard.press("Control+ArrowRight")
    editor.page.keyboard.press("Delete")
    expect(editor.page.locator("[data-node=split]")).to_have_count(0)
    editor.wait_until_saved()
    properties = editor.page.get_by_role("complementary", name="Properties")
    properties.get_by_role("button", name="History").click()
    properties.get_by_role("button", name="Restore revision 1: Nudge").click()

    expect(editor.page.locator("[data-node=split]")).to_be_visible()
    wired = editor.nodes()["train_forest"]["inputs"]["dataset"]
    assert wired == "split.results_dataset1"
    expect(properties.get_by_role("listitem").first).to_contain_text("Restore revision 1")
    properties.get_by_role("button", name="Restore revision 0").click()
    expect(properties.get_by_role("listitem").first).to_contain_text("Restore revision 0")
