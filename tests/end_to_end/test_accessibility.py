"""Every page and every part of the editor before axe-core, in both themes: nothing serious."""

import re
from pathlib import Path

import pytest

from tests.end_to_end.editor_driver import Editor
from tests.profile import SharedDesigner, signed_in

AXE = Path("tests/web/node_modules/axe-core/axe.min.js")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core: npm ci in tests/web"),
]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# An experimental rule that wants each word of a card within its name: ours starts with the title.
EVERYTHING = {
    "runOnly": RULES,
    "rules": {"label-content-name-mismatch": {"enabled": False}},
}
COLOURS = {"runOnly": ["color-contrast"]}
# What stands beside the output of a trained model.
LETTER = """(letter) => {
  const name = document.querySelector("[data-node=train_forest] [data-port='out.trained_model']");
  if (!name) return false;
  const shown = getComputedStyle(name).display === "none" ? "" : getComputedStyle(name, "::before").content;
  return shown.replaceAll('"', "") === letter;
}"""
LOOK = """async (options) => {
  const result = await axe.run(document, { resultTypes: ["violations"], ...options });
  return result.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map(({ target, any, all, none }) => [
      target.join(" "), [...any, ...all, ...none].map(({ message }) => message).join("; ")])]);
}"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    """A designer with a run that completed, one that failed, and a graph with problems."""
    designer = SharedDesigner(tmp_path_factory.mktemp("seen") / "workspace")
    designer.sample = designer.api("POST", "/pipelines", {"sample": "breast_cancer"})["id"]
    designer.completed = designer.run(designer.sample)["id"]
    designer.second = designer.run(designer.sample)["id"]
    designer.broken = designer.api("POST", "/pipelines", {"graph": broken()})["id"]
    designer.failed = designer.run(designer.broken)["id"]
    yield designer
    designer.stop()


def broken() -> dict:
    """A graph whose script raises."""
    script = "def azureml_main(dataframe1=None, dataframe2=None):\n    raise ValueError('nothing there')\n"
    node = {
        "module": "python_language.execute_python_script",
        "version": "1.0.0",
        "parameters": {"python_script": script},
    }
    return {"format": 1, "name": "Fails", "nodes": {"script": node}}


@pytest.fixture
def screen(browser, studio):
    """A signed-in page, and what axe finds on it."""
    with signed_in(browser, studio, reduced_motion="reduce") as page:
        page.set_default_timeout(15_000)
        yield Screen(page, studio)


class Screen:
    """One page, looked at by axe in the states that a person brings it into."""

    def __init__(self, page, studio):
        self.page, self.studio = page, studio
        self.found: list[str] = []

    def go(self, path):
        self.page.goto(self.studio.url + path)

    def open(self, pipeline):
        return Editor(self.page).open(self.studio.url, pipeline)

    def ready(self, selector, state=""):
        """Wait for a part of the page; look at it when it is a state of its own."""
        self.page.locator(selector).first.wait_for()
        if state:
            self.look(state)

    def look(self, state):
        """Everything in the light theme, and the colours of the dark one."""
        self.page.wait_for_timeout(300)
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for theme, options in (("light", EVERYTHING), ("dark", COLOURS)):
            self.page.evaluate("theme => designerTheme.choose(theme)", theme)
            for rule, nodes in self.page.evaluate(LOOK, options):
                self.found += [f"{state}, {theme}: {rule} at {at}: {why}" for at, why in nodes]
        self.page.evaluate("designerTheme.choose('light')")


def states() -> dict:
    """Every state of the product that has a look of its own, by name."""
    return {
        "pipelines": lambda screen: (screen.go("/pipelines"), screen.ready(".pg-main a")),
        "template gallery": template_gallery,
        "runs": lambda screen: (screen.go("/runs"), screen.ready(".pg-main a")),
        "a run that completed": lambda screen: (
            screen.go(f"/runs/{screen.studio.completed}?step=evaluate"),
            screen.ready(".step-result [role=tab]"),
        ),
        "a run that failed": lambda screen: (
            screen.go(f"/runs/{screen.studio.failed}?step=script"),
            screen.ready(".step-result .ed-frames"),
        ),
        "a step reopened": reopened_step,
        "tags and a note on a run": marks_of_a_run,
        "library": lambda screen: (screen.go("/library"), screen.ready(".pg-main a")),
        "a module": lambda screen: (
            screen.go("/library/data_transformation.split_data"),
            screen.ready(".pg-main h1"),
        ),
        "targets": lambda screen: (screen.go("/targets"), screen.ready(".pg-target")),
        "settings": lambda screen: (screen.go("/settings"), screen.ready(".pg-main h1")),
        "a page that is not there": lambda screen: (
            screen.go("/nowhere"),
            screen.ready(".pg-empty"),
        ),
        "an empty canvas": empty_canvas,
        "a sample and its properties": properties,
        "adding, finding, commands and keys": sheets,
        "menus": menus,
        "results": results,
        "a failed step on the canvas": failed_on_the_canvas,
        "the outline": outline,
        "history and the plan": history,
        "two runs compared": compared_runs,
        "comments and another tab": comments,
        "a subgraph": subgraph,
        "frames and notes": marks,
        "a small window": small_window,
    }


def reopened_step(screen):
    screen.go(f"/runs/{screen.studio.failed}?step=script")
    screen.page.get_by_role("button", name="Reopen locally", exact=True).click()
    screen.ready(".ed-reopened code")


def marks_of_a_run(screen):
    screen.go(f"/runs/{screen.studio.second}")
    screen.page.get_by_role("button", name="Tags and note").click()
    screen.ready("dialog[open] textarea", "the dialog for tags and note")
    screen.page.get_by_role("textbox", name="Tags").fill("baseline")
    screen.page.get_by_role("textbox", name="Note").fill("Before the new data.")
    screen.page.get_by_role("button", name="Save").click()
    screen.ready(".pg-tag", "a run with tags")
    screen.go("/runs?q=tag:baseline")
    screen.ready(".pg-tag")


def template_gallery(screen):
    screen.go("/pipelines")
    screen.page.get_by_role("button", name="New pipeline").first.click()
    screen.ready("[role=radiogroup]")


def empty_canvas(screen):
    screen.open(screen.studio.api("POST", "/pipelines", {})["id"])
    screen.ready(".ed-empty-canvas")
    press(screen, "Control+k")
    screen.page.keyboard.type("tour")
    screen.page.keyboard.press("Enter")
    screen.ready(".ed-tour", "the tour")


def properties(screen):
    editor = screen.open(screen.studio.sample)
    screen.ready(".dc-node", "a sample")
    editor.select("split")
    screen.ready(".ed-properties", "a node's properties")
    press(screen, "F1")
    screen.look("help on a module")
    press(screen, "Escape", "Control+a")
    screen.look("properties of many nodes")


def sheets(screen):
    screen.open(screen.studio.sample)
    for key, state in (
        ("/", "adding a module"),
        ("Control+k", "the command palette"),
        ("Control+f", "find"),
        ("?", "keys and gestures"),
        ("Control+s", "naming a version"),
    ):
        press(screen, key)
        screen.look(state)
        press(screen, "Escape", "Escape")


def menus(screen):
    editor = screen.open(screen.studio.sample)
    rect = editor.evaluate("__designerCanvas.nodeRect('split')")
    screen.page.mouse.click(rect["x"] + 40, rect["y"] + 14, button="right")
    screen.ready("[role=menu]", "a node's menu")
    press(screen, "Escape")
    screen.page.get_by_role("button", name="More ways to run").click()
    screen.ready("[role=menu]", "ways to run")


def results(screen):
    editor = screen.open(screen.studio.sample)
    editor.run()
    editor.wait_for_status("completed")
    screen.look("a run on the canvas")
    editor.open_port("split", "results_dataset1")
    screen.ready("[role=grid]", "a table")
    for tab in screen.page.locator(".step-result [role=tab], .ed-results [role=tab]").all():
        if tab.is_visible():
            name = tab.inner_text()
            tab.click()
            screen.look(f"results, {name}")
    editor.open_port("evaluate", "evaluation_results")
    screen.look("a report")


def failed_on_the_canvas(screen):
    editor = screen.open(screen.studio.broken)
    editor.run()
    editor.wait_for_status("failed")
    editor.select("script")
    press(screen, "3")
    screen.look("a failed step on the canvas")


def outline(screen):
    screen.open(screen.studio.sample)
    press(screen, "4", "ArrowDown", "ArrowRight")
    screen.ready("[role=tree]", "the outline")


def history(screen):
    screen.open(screen.studio.sample)
    press(screen, "Alt+p")
    screen.look("the plan")
    press(screen, "Escape")
    screen.page.get_by_role("button", name="History").click()
    screen.look("history")


def compared_runs(screen):
    editor = screen.open(screen.studio.sample)
    editor.run()
    editor.wait_for_status("completed")
    editor.open_port("split", "results_dataset1")
    screen.page.get_by_role("button", name="Compare with another run").click()
    screen.look("two runs compared")


def comments(screen):
    other = screen.page.context.new_page()
    Editor(other).open(screen.studio.url, screen.studio.sample).select("load")
    editor = screen.open(screen.studio.sample)
    press(screen, "5")
    screen.ready(".ed-avatar", "no comments, another tab")
    editor.select("split")
    press(screen, "Shift+C")
    screen.page.keyboard.type("Why **this**? See `here`, https://example.org")
    screen.look("a new comment")
    press(screen, "Control+Enter")
    screen.ready(".ed-comment", "a thread")
    screen.page.get_by_role("button", name="Edit the comment").click()
    screen.look("editing a comment")
    screen.page.get_by_role("button", name="Cancel").click()
    screen.page.get_by_role("button", name=re.compile("^Your name")).click()
    screen.look("another name")
    press(screen, "Escape")
    screen.page.get_by_role("button", name="Resolve", exact=True).click()
    screen.page.locator(".ed-thread-settled").wait_for()
    other.close()


def subgraph(screen):
    editor = screen.open(screen.studio.api("POST", "/pipelines", {"sample": "wine_clusters"})["id"])
    editor.select(next(iter(editor.nodes())))
    press(screen, "Control+g")
    screen.look("a subgraph from outside")
    press(screen, "Alt+ArrowDown")
    screen.ready(".ed-crumbs")


def marks(screen):
    editor = screen.open(screen.studio.api("POST", "/pipelines", {"sample": "wine_clusters"})["id"])
    editor.select(next(iter(editor.nodes())))
    press(screen, "c", "Escape", "Shift+N", "Escape")


def small_window(screen):
    """A screen of 1440 × 900 whose text is twice as large has this many pixels left."""
    screen.page.set_viewport_size({"width": 720, "height": 450})
    screen.open(screen.studio.sample)
    screen.look("a small window, panels put away")
    for key in ("1", "2", "3"):
        press(screen, key)
        screen.look(f"a small window, panel {key}")


def press(screen, *keys):
    for key in keys:
        screen.page.keyboard.press(key)


@pytest.mark.parametrize("state", states())
def test_axe_finds_nothing_serious(screen, state):
    states()[state](screen)
    screen.look(state)
    assert screen.found == []


def test_ports_say_their_type_with_a_letter_until_a_person_takes_them_away(screen):
    editor = screen.open(screen.studio.sample)
    editor.evaluate("__designerCanvas.zoomTo(1)")
    screen.page.wait_for_function(LETTER, arg="M")
    press(screen, "Control+k")
    screen.page.keyboard.type("Letters of the types")
    press(screen, "Enter")
    screen.page.wait_for_function(LETTER, arg="")
    screen.open(screen.studio.sample).evaluate("__designerCanvas.zoomTo(1)")
    screen.page.wait_for_function(LETTER, arg="")
