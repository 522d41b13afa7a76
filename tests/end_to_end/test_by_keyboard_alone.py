"""The first sample built, wired, set and run in the outline, and the canvas steered, without a mouse."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAMPLE = json.loads(Path("assets/samples/breast_cancer.json").read_text())
ORDER = ["load", "split", "logistic", "forest"]
ORDER += ["train_logistic", "train_forest", "score_logistic", "score_forest", "evaluate"]
CHOSEN = {("split", "fraction"): "0.7", ("train_logistic", "label_column"): "target"}
CHOSEN |= {("train_forest", "label_column"): "target"}


class Hands:
    """A keyboard in front of the editor, and what is read aloud."""

    def __init__(self, page):
        self.page, self.editor = page, Editor(page)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def row(self):
        """The row of the outline that has the focus."""
        self.page.wait_for_function("document.activeElement.dataset.row !== undefined")
        return self.page.evaluate("document.activeElement.getAttribute('aria-label')")

    def add(self, title, label):
        count = len(self.editor.nodes())
        self.press("/")
        expect(self.page.get_by_role("dialog", name="Add a module")).to_be_visible()
        self.type(title)
        self.press("Enter")
        script = "n => Object.keys(__designerCanvas.view.session.document.nodes).length > n"
        self.page.wait_for_function(script, arg=count)
        assert title in self.row()
        self.press("F2")
        field = self.page.locator(".ed-outline-field")
        expect(field).to_be_focused()
        self.type(label)
        self.press("Enter")
        expect(field).to_have_count(0)
        assert self.row().startswith(label)
        return self.page.evaluate("document.activeElement.dataset.node")

    def feed(self, port, words):
        """From an open node: down to one of its inputs, and to what feeds it."""
        while f"Input {port}," not in self.row():
            self.press("ArrowDown")
        self.press("Enter")
        expect(self.page.locator(".ed-pick input")).to_be_focused()
        self.type(words)
        self.press("Enter")
        assert "from " in self.row()

    def set(self, name, value):
        self.press("Enter")
        within = "document.activeElement.closest('[data-parameter]')?.dataset.parameter ?? ''"
        is_field = "document.activeElement.matches('input, select, textarea')"
        self.page.wait_for_function(f"{within} !== ''")
        for _ in range(60):
            if self.page.evaluate(within) == name and self.page.evaluate(is_field):
                break
            self.press("Tab")
        self.press("Control+a")
        self.type(value)
        self.press("Enter", "Escape")


@pytest.fixture
def hands(page):
    return Hands(page)


def test_the_first_sample_is_built_wired_set_and_run_in_the_outline(hands, designer):
    first = designer.api("GET", "/samples")["samples"][0]
    assert first["name"] == SAMPLE["name"]
    created = designer.api("POST", "/pipelines", {"name": "By keyboard"})["id"]
    hands.editor.open(designer.url, created)
    titles = {card["id"]: card["title"] for card in designer.api("GET", "/modules")["cards"]}
    hands.press("4")
    expect(hands.page.locator(".ed-outline-tree")).to_be_focused()
    ids = {}
    for name in ORDER:
        node = SAMPLE["nodes"][name]
        ids[name] = hands.add(titles[node["module"]], node["label"])
        for parameter in node.get("parameters", {}):
            if value := CHOSEN.get((name, parameter)):
                hands.set(parameter, value)
                assert hands.row().startswith(node["label"])
        if inputs := node.get("inputs"):
            hands.press("ArrowRight", "ArrowRight")
            for port, source in inputs.items():
                above, output = source.split(".")
                while not hands.row().startswith("Input"):
                    hands.press("ArrowUp")
                hands.press("ArrowLeft", "ArrowRight")
                words = f"{SAMPLE['nodes'][above]['label']} {output}"
                hands.feed(port.replace("_", " ").capitalize(), words)
            hands.press("ArrowLeft", "ArrowLeft")

    drawn = hands.editor.nodes()
    for name, node in SAMPLE["nodes"].items():
        wanted = {
            port: f"{ids[s.split('.')[0]]}.{s.split('.')[1]}"
            for port, s in node.get("inputs", {}).items()
        }
        assert drawn[ids[name]].get("inputs", {}) == wanted
    assert drawn[ids["split"]]["parameters"]["fraction"] == 0.7
    hands.press("Control+Enter")
    hands.editor.wait_for_status("completed", timeout_s=120)
    number = hands.page.evaluate("__designerCanvas.view.session.run.number")
    expect(hands.page.locator(".dc-live")).to_contain_text(f"Run {number} completed")
    expect(hands.page.get_by_role("treeitem", name="Compare both")).to_have_attribute(
        "aria-label", "Compare both, Evaluate Model, completed"
    )


def test_the_canvas_is_steered_by_keyboard_alone(hands, designer):
    created = designer.api("POST", "/pipelines", {"name": "Steered"})["id"]
    hands.editor.open(designer.url, created)
    hands.press("Escape", "/")
    hands.type("enter data")
    hands.press("Enter")
    expect(hands.page.locator("[data-node=enter_data_manually]")).to_be_visible()
    hands.press("Tab")
    expect(hands.page.get_by_role("dialog", name="Add a module")).to_be_visible()
    hands.type("remove duplicate")
    hands.press("Enter")
    expect(hands.page.locator("[data-node=remove_duplicate_rows]")).to_be_visible()
    hands.press("Control+a", "L")
    assert hands.editor.nodes()["remove_duplicate_rows"]["inputs"]
    selected = "[...__designerCanvas.view.session.selection.nodes]"
    hands.press("Escape", "ArrowDown")
    walked = hands.page.evaluate(selected)
    hands.press("ArrowUp" if walked == ["remove_duplicate_rows"] else "ArrowDown")
    assert hands.page.evaluate(selected) != walked
    hands.press("F2")
    expect(hands.page.locator(".dc-rename")).to_be_focused()
    hands.type("Renamed")
    hands.press("Enter")
    [chosen] = hands.page.evaluate(selected)
    assert hands.editor.nodes()[chosen]["label"] == "Renamed"
    hands.press("Enter")
    hands.page.wait_for_function("document.activeElement.closest('.ed-area-properties') !== null")
    hands.press("Escape")
    hands.press("Delete")
    assert chosen not in hands.editor.nodes()
    hands.press("Control+z")
    assert hands.editor.nodes()[chosen]["label"] == "Renamed"
