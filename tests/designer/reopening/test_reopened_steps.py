"""A step of a run is reopened in a folder, and does there what it did in the run."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import nbformat
import pytest

import designer
from designer.reopening import reopen, stored_subject, subject_of
from runtime.errors import DesignerError
from runtime.model.digest import digest_file
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace

pytestmark = pytest.mark.slow

SAMPLES = Path("assets/samples").absolute()
SCRIPT = """import pandas as pd


def azureml_main(dataframe1=None, dataframe2=None):
    wanted = "heights"
    return dataframe1[[wanted]]
"""
OWN = '''"""Weigh."""

from pathlib import Path
from typing import Annotated

import polars as pl

from modules_library.sdk import Columns, FilePath, File, Folder, FromPort, Secret, StepContext, module
from weights.scale import scaled


@module(version="1.0.0")
def weigh(
    step: list[pl.DataFrame],
    result: pl.DataFrame | None = None,
    *,
    rates: FilePath,
    password: Secret,
    columns: Annotated[Columns, FromPort("step")],
    note: str = "plain",
    context: StepContext,
) -> pl.DataFrame:
    """Weigh tables.

    Args:
        step: Tables.
        result: Another.
        rates: A file.
        password: Never shown.
        columns: Which.
        note: Words.
        context: The step.
    """
    context.log_metric("seen", len(step))
    context.folder.joinpath("own.txt").write_text(str(columns))
    factor = float(Path(rates).read_text())
    return scaled(pl.concat(step), factor * (2 if password == "open sesame" else 1))
'''


class Shop:
    """A workspace with runs."""

    def __init__(self, folder):
        self.workspace = Workspace(folder / "workspace")
        self.artifacts = FolderArtifactStore(self.workspace.artifacts)

    def run(self, graph):
        return designer.run_graph(graph, self.workspace.path)

    def subject(self, run, step):
        with contextlib.closing(SqliteRunStore(self.workspace.runs_db)) as store:
            return stored_subject(store, run, step)

    def reopen(self, run, step, folder):
        reopen(self.subject(run, step), self.artifacts, folder)
        return folder


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


def graph(script=SCRIPT, label='Only """ the\n\'wanted\' \\ column'):
    load = {"module": "data_input_output.enter_data_manually", "version": "1.0.0"}
    load["parameters"] = {"data": "height\n1\n2\n"}
    node = {"module": "python_language.execute_python_script", "version": "1.0.0", "label": label}
    node["inputs"] = {"dataset1": "load.dataset"}
    node["parameters"] = {"python_script": script}
    after = {"module": "data_transformation.split_data", "version": "1.0.0"}
    after["inputs"] = {"dataset": "choose.result_dataset"}
    nodes = {"load": load, "choose": node, "split": after}
    return {"format": 1, "name": "Heights", "nodes": nodes}


def run_script(folder, **environment):
    # Workers do not see it, and the last digits depend on it.
    inherited = {name: text for name, text in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    return subprocess.run(
        [sys.executable, "step.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**inherited, **environment},
    )


def shown_digests(done):
    lines = [line.split() for line in done.stdout.splitlines() if " b3:" in line]
    return {words[0].rstrip(":"): words[2] for words in lines if words[0].endswith(":")}


def test_every_step_of_a_run_gives_the_same_digests_where_it_is_reopened(shop, tmp_path):
    run = shop.run(SAMPLES / "breast_cancer.json")
    for name, state in run.steps.items():
        folder = shop.reopen(run, name, tmp_path / name)
        done = run_script(folder)
        assert done.returncode == 0, (name, done.stderr)
        assert shown_digests(done) == {port: ref.digest for port, ref in state.outputs.items()}
        assert done.stdout.count("The same as in the run.") == len(state.outputs)


def test_a_failed_step_fails_the_same_way_in_its_own_source(shop, tmp_path):
    run = shop.run(graph())
    folder = shop.reopen(run, "choose", tmp_path / "again")
    done = run_script(folder)
    error = run.steps["choose"].error
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == error.message
    assert str(folder / "modules/execute_python_script.py") in done.stderr
    readme = (folder / "README.md").read_text()
    assert error.message in readme and "script.py:6 in azureml_main" in readme
    assert f"`{run.id}`" in readme and "-m pdb" in readme
    (launch,) = json.loads((folder / ".vscode/launch.json").read_text())["configurations"]
    assert launch["program"].endswith("/step.py") and launch["python"] == sys.executable


def test_a_change_in_the_folder_is_what_runs_and_changes_nothing_else(shop, tmp_path):
    run = shop.run(graph())
    folder = shop.reopen(run, "choose", tmp_path / "again")
    program = folder / "parameters/python_script.py"
    assert program.read_text() == SCRIPT
    program.write_text(SCRIPT.replace('"heights"', '"height"'))
    done = run_script(folder)
    assert done.returncode == 0 and "result_dataset: Table" in done.stdout
    assert run_script(folder).returncode == 0, "a second time as well"
    assert all(map(shop.artifacts.verify, shop.artifacts.digests()))


def test_the_debugger_stops_where_the_step_failed(shop, tmp_path):
    folder = shop.reopen(shop.run(graph()), "choose", tmp_path / "again")
    command = [sys.executable, "-m", "pdb", "-c", "continue", "step.py"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, input="p wanted\nq\n"
    )
    assert "Uncaught exception" in done.stdout and "(Pdb)" in done.stdout


def test_the_notebook_is_valid_and_its_cells_do_the_same(shop, tmp_path, monkeypatch):
    run = shop.run(graph(SCRIPT.replace("heights", "height")))
    folder = shop.reopen(run, "choose", tmp_path / "again")
    notebook = nbformat.read(folder / "step.ipynb", as_version=4)
    nbformat.validate(notebook)
    monkeypatch.chdir(folder)
    space: dict = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(cell.source, space)
    made = {Path(one.path).stem: one.ref.digest for one in space["outputs"]}
    assert made == {port: ref.digest for port, ref in run.steps["choose"].outputs.items()}


def test_inputs_are_read_only_and_have_the_digests_of_the_run(shop, tmp_path):
    run = shop.run(graph())
    folder = shop.reopen(run, "choose", tmp_path / "again")
    path = folder / "inputs/dataset1.arrow"
    assert digest_file(path) == run.steps["load"].outputs["dataset"].digest
    assert path.stat().st_mode & 0o777 == 0o400


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: _flip(path)])
def test_an_input_that_is_gone_or_damaged_is_refused_and_leaves_nothing(shop, tmp_path, damage):
    run = shop.run(graph())
    damage(shop.artifacts.path(run.steps["load"].outputs["dataset"].digest))
    with pytest.raises(DesignerError) as caught:
        shop.reopen(run, "choose", tmp_path / "again")
    assert caught.value.code == "S003" and "'load.dataset'" in caught.value.record.message
    assert "Run the pipeline again" in caught.value.record.remedy
    assert not (tmp_path / "again").exists()


def test_a_step_that_never_got_its_inputs_says_which_one_to_reopen(shop, tmp_path):
    run = shop.run(graph())
    with pytest.raises(DesignerError) as caught:
        shop.subject(run, "split")
    assert caught.value.code == "R009"
    assert caught.value.record.remedy == "Reopen 'choose' instead."
    with pytest.raises(DesignerError, match="R006"):
        shop.subject(run, "chose")


def test_a_step_that_is_no_function_is_refused(shop):
    run = shop.run(graph())
    with contextlib.closing(SqliteRunStore(shop.workspace.runs_db)) as store:
        text = (store.plan(run.id) or b"").replace(
            b"modules_library.sdk.execution:execute", b"somewhere.else:run"
        )
    with pytest.raises(DesignerError, match="R009"):
        subject_of(run, msgspec.json.decode(text, type=type(_plan())), "choose")


def test_a_folder_in_use_is_left_alone(shop, tmp_path):
    run = shop.run(graph())
    (tmp_path / "used").mkdir()
    (tmp_path / "used/mine.txt").write_text("mine")
    with pytest.raises(DesignerError, match="R009"):
        shop.reopen(run, "choose", tmp_path / "used")
    assert [path.name for path in (tmp_path / "used").iterdir()] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    shop.reopen(run, "choose", tmp_path / "empty")


@pytest.fixture
def own(shop, tmp_path):
    """A run of a workspace's own module: many wires, a file, a secret, a helper, odd names."""
    modules = shop.workspace.modules
    (modules / "weights").mkdir()
    (modules / "weights/weigh.py").write_text(OWN)
    (modules / "weights/scale.py").write_text(
        "def scaled(frame, factor):\n    return frame * factor\n"
    )
    (tmp_path / "rates.txt").write_text("3")
    loads = {
        name: {
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": f"a\n{value}\n"},
        }
        for name, value in (("first", 1), ("second", 2))
    }
    weigh = {
        "module": "weights.weigh",
        "version": "draft",
        "inputs": {"step": ["first.dataset", "second.dataset"]},
        "parameters": {
            "rates": str(tmp_path / "rates.txt"),
            "password": {"$secret": "the-key"},
            "columns": {"start": "all", "rules": []},
            "note": 'a "quoted"\n# %% line',
        },
    }
    document = {"format": 1, "name": "Own", "nodes": {**loads, "weigh": weigh}}
    return shop.run(document)


def test_a_module_of_the_workspace_brings_its_helpers_and_files(shop, own, tmp_path):
    assert own.status == "completed", own.steps["weigh"].error
    folder = shop.reopen(own, "weigh", tmp_path / "again")
    shutil.rmtree(shop.workspace.modules)
    done = run_script(folder, DESIGNER_SECRET_THE_KEY="shut")
    assert done.returncode == 0, done.stderr
    assert shown_digests(done) == {
        port: ref.digest for port, ref in own.steps["weigh"].outputs.items()
    }
    assert "seen = 2" in done.stdout and (folder / "work/own.txt").exists()


def test_a_secret_is_asked_for_and_never_written(shop, own, tmp_path):
    subject = shop.subject(own, "weigh")
    step = msgspec.structs.replace(
        subject.step, parameters={**subject.step.parameters, "password": "hunter2"}
    )
    folder = tmp_path / "again"
    reopen(msgspec.structs.replace(subject, step=step), shop.artifacts, folder)
    written = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert written and not any(b"hunter2" in content for content in written)
    assert "`DESIGNER_SECRET_PASSWORD`" in (folder / "README.md").read_text()
    done = run_script(folder)
    assert "V004" in done.stderr and "Set DESIGNER_SECRET_PASSWORD" in done.stderr
    assert run_script(folder, DESIGNER_SECRET_PASSWORD="open sesame").returncode == 0


def test_a_source_or_a_file_that_has_changed_since_the_run_is_refused(shop, own, tmp_path):
    (tmp_path / "rates.txt").write_text("4")
    with pytest.raises(DesignerError, match=r"V005.*rates"):
        shop.reopen(own, "weigh", tmp_path / "again")
    (tmp_path / "rates.txt").write_text("3")
    (shop.workspace.modules / "weights/scale.py").write_text("def scaled(*_): ...\n")
    with pytest.raises(DesignerError, match="M005"):
        shop.reopen(own, "weigh", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def _flip(path):
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _plan():
    from runtime.model import Plan

    return Plan(name="", graph_json="", graph_hash="", steps=())
