"""The page of environments and the choice on a node, as people use them, without a network."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor
from tests.profile import page_of
from tests.running_designer import RunningDesigner
from tests.wheels import floor_wheels, make_wheel, stand_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCRIPT = (
    "import pandas as pd\nimport tint\n\n"
    "def azureml_main(dataframe1=None, dataframe2=None):\n"
    '    return pd.DataFrame({"shade": [tint.VALUE]})\n'
)


@pytest.fixture
def designer(tmp_path):
    wheels = floor_wheels(tmp_path / "wheels")
    make_wheel(wheels, "tint", "1.0", tint="VALUE = 'one'\n")
    stand_in(wheels, "pandas", "99.0")
    designer = RunningDesigner(tmp_path / "workspace")
    designer.api("PUT", "/environments/source", {"wheels": str(wheels)})
    yield designer
    designer.stop()


@pytest.fixture
def page(browser, designer):
    with page_of(browser, designer, "/environments") as page:
        yield page


def panel(page, name):
    return page.locator(f"#{name}")


def add(page, requirements):
    page.get_by_role("button", name="Add an environment").click()
    page.locator("[name=name]").fill("shades")
    page.locator("[name=requirements]").fill(requirements)
    page.get_by_role("button", name="Resolve and add").click()


def test_an_environment_is_added_built_and_removed_with_undo(page):
    add(page, "no-such-package")
    expect(page.get_by_text("cannot be resolved").first).to_be_visible()
    page.get_by_role("button", name="Add an environment").click()
    expect(page.locator("[name=requirements]")).to_have_value("no-such-package")
    page.keyboard.press("Escape")
    add(page, "tint\npandas")
    shades = panel(page, "shades")
    expect(shades).to_contain_text("not built yet")
    shades.get_by_role("button", name="Build").click()
    expect(shades).to_contain_text("built in")
    shades.get_by_text("Locked versions").click()
    expect(shades).to_contain_text("tint==1.0")
    shades.get_by_role("button", name="Remove shades").click()
    expect(shades).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(shades).to_contain_text("not built yet")


def test_a_node_runs_in_the_environment_that_is_chosen_for_it(page, designer):
    add(page, "tint\npandas")
    expect(panel(page, "shades")).to_contain_text("nothing so far")
    node = {
        "module": "python_language.execute_python_script",
        "version": "1.0.0",
        "parameters": {"python_script": SCRIPT},
    }
    graph = {"format": 1, "name": "Shading", "nodes": {"script": node}}
    pipeline = designer.api("POST", "/pipelines", {"graph": graph})["id"]
    editor = Editor(page).open(designer.url, pipeline)
    editor.select("script")
    page.get_by_role("button", name="Run settings").click()
    page.get_by_label("Environment", exact=True).select_option("shades")
    expect(page.locator("[data-node=script]")).to_contain_text("in shades")
    page.evaluate(
        "window.__details = [];"
        "setInterval(() => { const step = __designerCanvas.view.session.run?.steps?.script;"
        " if (step?.detail) window.__details.push(step.detail); }, 20)"
    )
    editor.run()
    page.wait_for_function(
        "__designerCanvas.view.session.run?.steps.script?.status === 'completed'"
    )
    details = page.evaluate("window.__details")
    assert any(one.startswith("building environment, ") for one in details), details
    run = designer.api("GET", "/runs")["runs"][0]["id"]
    page.goto(f"{designer.url}/runs/{run}?step=script")
    expect(page.get_by_text("Environment", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="shades")).to_be_visible()
    page.goto(f"{designer.url}/environments")
    expect(panel(page, "shades")).to_contain_text("script in Shading")
