"""What a node asks of its target, as people say and see it. GPUs are faked in the driver alone."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor
from tests.profile import page_of
from tests.running_designer import RunningDesigner

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRIVER = """
import runtime.targets.gpu
from tests.runtime.targets.fake_driver import FakeDriver

runtime.targets.gpu.driver = lambda: FakeDriver(devices=2)
"""
PLACES = {"score": 0, "train": 160, "tune": 320}
SCRIPT = (
    "import os, time\nfrom pathlib import Path\n\nimport pandas as pd\n\n"
    "def azureml_main(dataframe1=None, dataframe2=None):\n"
    "    while not Path({enough!r}).exists():\n        time.sleep(0.05)\n"
    '    return pd.DataFrame({{"gpus": [os.environ["CUDA_VISIBLE_DEVICES"]]}})\n'
)


@pytest.fixture
def designer(tmp_path):
    """A designer on a machine with two GPUs: whoever starts Python there finds their driver."""
    (tmp_path / "usercustomize").mkdir()
    (tmp_path / "usercustomize/sitecustomize.py").write_text(DRIVER)
    paths = (str(tmp_path / "usercustomize"), str(Path(__file__).parents[2]))
    designer = RunningDesigner(tmp_path / "workspace", PYTHONPATH=os.pathsep.join(paths))
    yield designer
    designer.stop()


@pytest.fixture
def page(browser, designer):
    with page_of(browser, designer, "/targets") as page:
        yield page


def test_a_node_asks_for_gpus_waits_for_them_and_says_so(page, designer):
    expect(page.locator("#local")).to_contain_text("2 GPUs")
    expect(page.locator("#local")).to_contain_text("all of it")
    enough = designer.workspace / "enough"

    def node(label, **more):
        script = f"# {label}\n{SCRIPT.format(enough=str(enough))}"
        return {
            "module": "python_language.execute_python_script",
            "version": "1.0.0",
            "label": label,
            "parameters": {"python_script": script},
            **more,
        }

    nodes = {name: node(name.title(), run={"gpus": 1}) for name in ("train", "tune")}
    graph = {
        "format": 1,
        "name": "Asking",
        "nodes": {**nodes, "score": node("Score")},
        "layout": {"nodes": {name: {"x": 0, "y": y} for name, y in PLACES.items()}},
    }
    pipeline = designer.api("POST", "/pipelines", {"graph": graph})["id"]
    editor = Editor(page).open(designer.url, pipeline)
    editor.select("score")
    page.get_by_role("button", name="Run settings").click()
    expect(page.get_by_label("Processors")).to_have_attribute("placeholder", "1")
    expect(page.get_by_label("Memory", exact=True)).to_have_attribute("placeholder", "no limit")
    expect(page.get_by_text("0.5 shares one. local has 2.")).to_be_visible()
    for label, wish in (("Processors", "0.5"), ("Memory", "1.5"), ("GPUs", "3")):
        page.get_by_label(label, exact=True).fill(wish)
        page.get_by_label(label, exact=True).press("Enter")
    editor.wait_until_saved()
    preview = designer.api("POST", "/plans/preview", {"pipeline_id": pipeline, "options": {}})
    assert [one["code"] for one in preview["diagnostics"]] == ["L004"]
    assert (
        preview["diagnostics"][0]["message"] == "'Score' asks for 3 GPUs, but 'local' has 2 GPUs."
    )

    page.get_by_label("GPUs", exact=True).fill("1")
    page.get_by_label("GPUs", exact=True).press("Enter")
    editor.wait_until_saved()
    graph = designer.api("GET", f"/pipelines/{pipeline}")["graph"]
    assert graph["nodes"]["score"]["run"] == {"cpus": 0.5, "memory_gib": 1.5, "gpus": 1}

    editor.run()
    waiting = page.locator("[data-node]", has_text="Waits for 1 GPU: both are taken by")
    expect(waiting).to_have_count(1)
    page.goto(f"{designer.url}/targets")
    expect(page.locator("#local")).to_contain_text("no GPU")
    enough.touch()
    expect(page.locator("#local")).to_contain_text("all of it", timeout=30_000)
    run = designer.api("GET", f"/runs/{designer.api('GET', '/runs')['runs'][0]['id']}")
    assert run["status"] == "completed"
    numbers = [step["slots"]["gpu_numbers"] for step in run["steps"].values()]
    assert sorted(numbers)[0] == [0] and [1] in numbers
    page.goto(f"{designer.url}/runs/{run['id']}?step=score")
    expect(page.get_by_text("1.5 GiB of memory, 0.5 of a processor")).to_be_visible()
