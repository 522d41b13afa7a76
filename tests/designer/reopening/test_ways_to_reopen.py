"""Reopening from the command line and over REST."""

import io
import json
import os
import zipfile
from pathlib import Path

import polars as pl
import pytest

from designer.cli import run as command_line
from tests.designer.running import client_of, running_app
from tests.stored_runs import StoredRuns

GRAPH = {
    "format": 1,
    "name": "Two steps",
    "nodes": {
        "load": {
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": "a\n1\n"},
        },
        "split": {
            "module": "data_transformation.split_data",
            "version": "1.0.0",
            "inputs": {"dataset": "load.dataset"},
        },
    },
}


@pytest.fixture
def stored(tmp_path):
    """A workspace with one run; gives its path, the run's id and the artifact's file."""
    stored = StoredRuns(tmp_path / "workspace")
    table = stored.table(pl.DataFrame({"a": [1, 2]}))
    stored.pipeline("p", GRAPH)
    run_id = stored.run("p", {"load": {"dataset": table}, "split": {}})
    stored.close()
    return tmp_path / "workspace", run_id, stored.path(table)


def test_the_command_line_opens_a_step_in_the_folder_that_is_named(
    stored, tmp_path, capsys, monkeypatch
):
    workspace, _, artifact = stored
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(workspace))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "there"
    assert command_line(["runs", "open", "1", "split", "-o", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["folder"] == str(folder)
    assert os.path.samefile(folder / "inputs/dataset.arrow", artifact), "linked, not copied"
    assert command_line(["runs", "open", "1", "split"]) == 0
    assert command_line(["runs", "open", "1", "split"]) == 0
    assert (tmp_path / "run-1-split/step.py").exists()
    assert (tmp_path / "run-1-split-2/step.py").exists(), "what is there is left alone"
    capsys.readouterr()
    artifact.unlink()
    assert command_line(["runs", "open", "1", "split", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "S003"


async def test_a_page_gets_a_folder_in_the_workspace_or_a_zip_of_it(stored):
    workspace, run_id, artifact = stored
    async with running_app(workspace) as app, client_of(app) as client:
        address = f"/api/v1/runs/{run_id}/reopened"
        made = await client.post(address, json={"step": "split"})
        assert made.status_code == 201, made.text
        folder = Path(made.json()["folder"])
        assert folder == workspace / "reopened/run-1-split" and (folder / "step.py").exists()
        packed = await client.get(address, params={"step": "split"})
        archive = zipfile.ZipFile(io.BytesIO(packed.content))
        names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        packed_names = {name for name in archive.namelist() if not name.endswith("/")}
        assert packed_names == {f"run-1-split/{name}" for name in names}
        inside = archive.read("run-1-split/inputs/dataset.arrow")
        assert inside == artifact.read_bytes()
        assert not list((workspace / "cache/reopened").iterdir()), "nothing is left of it"
        artifact.unlink()
        for refused in (
            await client.post(address, json={"step": "split"}),
            await client.get(address, params={"step": "split"}),
        ):
            assert (refused.status_code, refused.json()["error"]["code"]) == (404, "S003")
        unknown = await client.post(address, json={"step": "../../x"})
        assert unknown.json()["error"]["code"] == "R006"
