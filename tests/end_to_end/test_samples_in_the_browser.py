"""Every sample runs green in the browser, and the browser, the command line and Python agree."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.editor_driver import Editor
from tests.profile import SharedDesigner, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
SAMPLES = sorted(path.stem for path in (ROOT / "assets/samples").glob("*.json"))


@pytest.fixture
def designer(own_designer):
    """Each test has its own: nothing is reused from the runs of others."""
    return own_designer


@pytest.fixture(scope="module")
def unused_designer(tmp_path_factory):
    """A designer in which no sample has run but by the one test of it."""
    process = SharedDesigner(tmp_path_factory.mktemp("samples") / "workspace")
    yield process
    process.stop()


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_runs_green_on_the_canvas(sample, browser, unused_designer):
    pipeline = unused_designer.api("POST", "/pipelines", {"sample": sample})["id"]
    with signed_in(browser, unused_designer) as page:
        editor = Editor(page).open(unused_designer.url, pipeline)
        editor.run()
        steps = editor.wait_for_status("completed", 120)

    assert steps
    assert {step["status"] for step in steps.values()} == {"completed"}


def test_page_command_line_and_python_give_the_same_artifacts(page, designer, tmp_path):
    pipeline = designer.api("POST", "/pipelines", {"sample": "breast_cancer"})["id"]
    editor = Editor(page).open(designer.url, pipeline)
    editor.run()
    drawn = digests(editor.wait_for_status("completed", 120))
    graph = str(ROOT / "assets/samples/breast_cancer.json")

    done = subprocess.run(
        [sys.executable, "-m", "designer.cli", "run", graph, "--json"]
        + ["--workspace", str(tmp_path / "elsewhere")],
        capture_output=True,
        check=True,
    )
    commanded = digests(json.loads(done.stdout)["steps"])
    script = (
        "import designer, json, sys, msgspec;"
        "run = designer.run_graph(sys.argv[1], sys.argv[2]);"
        "print(msgspec.json.encode(run.steps).decode())"
    )
    called = subprocess.run(
        [sys.executable, "-c", script, graph, str(designer.workspace)],
        capture_output=True,
        check=True,
    )
    steps = json.loads(called.stdout)

    assert drawn == commanded == digests(steps)
    assert all(step["reused"] for step in steps.values())


def test_after_one_parameter_changed_only_what_depends_on_it_runs_and_says_why(page, designer):
    pipeline = designer.api("POST", "/pipelines", {"sample": "breast_cancer"})["id"]
    editor = Editor(page).open(designer.url, pipeline)
    editor.run()
    editor.wait_for_status("completed", 120)
    first = editor.evaluate("__designerCanvas.view.session.run.number")

    editor.evaluate("__designerCanvas.view.session.setParameter('forest', 'number_of_trees', 12)")
    editor.run()
    page.wait_for_function(
        "n => { const run = __designerCanvas.view.session.run;"
        " return run && run.number > n && run.status === 'completed'; }",
        arg=first,
        timeout=120_000,
    )
    steps = editor.wait_for_status("completed")

    ran = {name for name, step in steps.items() if not step["reused"]}
    assert ran == {"forest", "train_forest", "score_forest", "evaluate"}
    assert "100 to 12" in steps["forest"]["reason"]
    assert f"run {first}" in steps["load"]["reason"]


def digests(steps: dict) -> dict:
    return {
        (name, port): ref["digest"]
        for name, step in steps.items()
        for port, ref in step["outputs"].items()
    }
