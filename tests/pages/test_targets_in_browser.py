"""The targets page and the choice on a node, as people use them, with a real host behind them."""

import sys

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor
from tests.profile import page_of
from tests.running_designer import RunningDesigner
from tests.ssh_host import free_port

pytestmark = [pytest.mark.browser, pytest.mark.ssh, pytest.mark.slow]


@pytest.fixture
def designer(tmp_path):
    designer = RunningDesigner(tmp_path / "workspace")
    yield designer
    designer.stop()


@pytest.fixture
def page(browser, designer):
    with page_of(browser, designer, "/targets") as page:
        yield page


def declare(designer, ssh_host):
    target = {"name": "box", "kind": "ssh", "settings": ssh_host.target().settings}
    return designer.api("POST", "/targets", {"target": target})


def panel(page, name):
    return page.locator(f"#{name}")


def form(page):
    return page.get_by_role("dialog", name="Add a host over SSH")


def fill(page, ssh_host, port):
    settings = ssh_host.target().settings
    form(page).locator("[name=name]").fill("box")
    form(page).locator("[name=host]").fill("127.0.0.1")
    form(page).locator("[name=port]").fill(str(port))
    form(page).locator("summary", has_text="More").click()
    form(page).locator("[name=key_file]").fill(settings["key_file"])
    form(page).locator("[name=python]").fill(sys.executable)


def test_a_host_is_added_and_what_was_typed_stays_when_there_is_no_way_in(page, ssh_host):
    expect(panel(page, "local")).to_contain_text("this machine")
    page.get_by_role("button", name="Add a host").click()
    fill(page, ssh_host, free_port())
    form(page).get_by_role("button", name="Reach it and add it").click()
    expect(
        page.get_by_text("T003").or_(page.get_by_text("cannot be reached")).first
    ).to_be_visible()
    expect(panel(page, "box")).to_have_count(0)

    page.get_by_role("button", name="Add a host").click()
    expect(form(page).locator("[name=host]")).to_have_value("127.0.0.1")
    form(page).locator("[name=port]").fill(str(ssh_host.port))
    form(page).get_by_role("button", name="Reach it and add it").click()
    expect(panel(page, "box")).to_contain_text("A step can run here")
    expect(panel(page, "box")).to_contain_text("SHA256:")


def test_a_target_is_tested_and_says_why_no_step_can_run(page, designer, ssh_host):
    declare(designer, ssh_host)
    page.reload()
    panel(page, "box").get_by_role("button", name="Test").click()
    expect(panel(page, "box")).to_contain_text("A step can run here")
    ssh_host.stop()
    panel(page, "box").get_by_role("button", name="Test").click()
    expect(panel(page, "box").get_by_role("alert")).to_contain_text("T003")


def test_a_removed_target_comes_back_by_undo_though_its_host_is_away(page, designer, ssh_host):
    before = declare(designer, ssh_host)["target"]
    page.reload()
    ssh_host.stop()
    page.get_by_role("button", name="Remove box").click()
    expect(panel(page, "box")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(panel(page, "box")).to_be_visible()
    after = designer.api("GET", "/targets")["targets"][1]["target"]
    assert after == before


def test_a_node_sent_to_a_host_runs_there_and_the_page_shows_it_meanwhile(page, designer, ssh_host):
    declare(designer, ssh_host)
    enough = designer.workspace / "enough"
    script = (
        "import time\nfrom pathlib import Path\n\nimport pandas as pd\n\n"
        "def azureml_main(dataframe1=None, dataframe2=None):\n"
        f"    while not Path({str(enough)!r}).exists():\n        time.sleep(0.05)\n"
        '    return pd.DataFrame({"a": [1]})\n'
    )
    node = {
        "module": "python_language.execute_python_script",
        "version": "1.0.0",
        "parameters": {"python_script": script},
    }
    graph = {"format": 1, "name": "Away", "nodes": {"script": node}}
    pipeline = designer.api("POST", "/pipelines", {"graph": graph})["id"]
    editor = Editor(page).open(designer.url, pipeline)
    editor.select("script")
    page.get_by_role("button", name="Run settings").click()
    page.get_by_label("Compute target").select_option("box")
    expect(page.locator("[data-node=script]")).to_contain_text("on box")
    editor.run()
    page.wait_for_function("__designerCanvas.view.session.run?.steps.script?.status === 'running'")

    page.goto(f"{designer.url}/targets")
    running = panel(page, "box").get_by_role("list", name="Runs here now")
    expect(running).to_contain_text("Away, run 1")
    enough.touch()
    expect(running).to_have_count(0, timeout=30_000)
    step = designer.api("GET", f"/runs/{designer.api('GET', '/runs')['runs'][0]['id']}")["steps"]
    assert (step["script"]["target"], step["script"]["status"]) == ("box", "completed")


def test_a_pipeline_says_where_nodes_run_that_say_nothing_and_undo_takes_it_back(
    page, designer, ssh_host
):
    declare(designer, ssh_host)
    pipeline = designer.api("POST", "/pipelines", {"sample": "wine_clusters"})["id"]
    editor = Editor(page).open(designer.url, pipeline)
    page.get_by_role("button", name="Run settings").click()
    page.get_by_label("Compute target").select_option("box")
    run = "__designerCanvas.view.session.root.run"
    assert editor.evaluate(run) == {"target": "box"}
    editor.wait_until_saved()
    graph = designer.api("GET", f"/pipelines/{pipeline}")["graph"]
    assert graph["run"] == {"target": "box"}

    editor.select(next(iter(editor.nodes())))
    page.get_by_role("button", name="Run settings").click()
    choice = page.get_by_label("Compute target").locator("option").first
    expect(choice).to_have_text("box, as the pipeline")
    page.keyboard.press("Escape")
    page.locator(".dc-root").focus()
    page.keyboard.press("Control+z")
    page.wait_for_function(f"{run} === undefined")


@pytest.mark.docker
def test_a_docker_engine_is_added_and_says_what_it_offers(page, designer, docker_engine):
    settings = docker_engine.target().settings
    page.get_by_role("button", name="Add an engine").click()
    form = page.get_by_role("dialog", name="Add a Docker engine")
    form.locator("[name=name]").fill("engine")
    form.locator("[name=url]").fill("unix:///nowhere/docker.sock")
    form.locator("[name=image]").fill(settings["image"])
    form.locator("summary", has_text="More").click()
    form.locator("[name=python]").fill(settings["python"])
    form.get_by_role("button", name="Reach it and add it").click()
    expect(page.get_by_text("cannot be reached").first).to_be_visible()
    expect(panel(page, "engine")).to_have_count(0)

    page.get_by_role("button", name="Add an engine").click()
    expect(form.locator("[name=image]")).to_have_value(settings["image"])
    form.locator("[name=url]").fill(settings["url"])
    form.get_by_role("button", name="Reach it and add it").click()
    expect(panel(page, "engine")).to_contain_text("A step can run here")
    expect(panel(page, "engine")).to_contain_text("Docker ")
    kept = designer.api("GET", "/targets")["targets"][1]["target"]
    assert (kept["kind"], kept["settings"]["url"]) == ("docker", settings["url"])
