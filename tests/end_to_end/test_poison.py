"""A damaged workspace: the designer starts, sets the culprit aside, and all else works (S-50)."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.designer.running import change, operation
from tests.designer.serving.server_process import serving, wait_for_run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("poison")]
PASSING = ("pipelines", "runs", "modules", "workspace", "samples")


def chain(text):
    return {
        "format": 1,
        "nodes": {
            "data": {
                "module": "data_input_output.enter_data_manually",
                "version": "1.0.0",
                "parameters": {"data": text},
            },
            "distinct": {
                "module": "data_transformation.remove_duplicate_rows",
                "version": "1.0.0",
                "inputs": {"dataset": "data.dataset"},
            },
        },
    }


class Before:
    """A sound workspace with two pipelines that have run; `hurt` is the one to be damaged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with serving(folder) as server, server.client() as client:
            for name, text in (("kept", "a\n1\n"), ("hurt", "a\n2\n")):
                client.post("/api/v1/pipelines", json={"name": name, "graph": chain(text)})
                ended = run(client, name)
            edit = operation("describe", change("description", "The one that is damaged."))
            client.post("/api/v1/pipelines/hurt/operations", json={"operations": [edit]})
            self.run_id = ended["id"]
            self.digest = ended["steps"]["distinct"]["outputs"]["results_dataset"]["digest"]
            (folder / "modules").mkdir(exist_ok=True)
            file = folder / "pipelines/hurt.json"
            deadline = time.monotonic() + 30
            while not file.exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            runner = json.loads((folder / "engine.lock").read_text())["pid"]
            server.interrupt()
        with suppress(ProcessLookupError):
            os.kill(runner, signal.SIGKILL)


def run(client, pipeline):
    started = client.post("/api/v1/runs", json={"pipeline_id": pipeline})
    assert started.status_code == 201, started.text
    return wait_for_run(client, started.json()["run"]["id"])


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    return Before(tmp_path_factory.mktemp("poison") / "workspace")


@pytest.fixture
def workspace(before, tmp_path):
    return shutil.copytree(before.folder, tmp_path / "workspace", symlinks=True)


def artifact(workspace, before):
    (file,) = (workspace / "artifacts").rglob(f"*{before.digest.removeprefix('b3:')[2:]}*")
    file.chmod(0o600)
    return file


def sql(database, statement):
    def damage(workspace, before):
        with closing(sqlite3.connect(workspace / database)) as connection:
            connection.execute(statement.format(run=before.run_id))
            connection.commit()

    return damage


def content(name, data):
    return lambda workspace, before: (workspace / name).write_bytes(data)


def living_process(workspace, before):
    """A note of an engine that is really another program: this one."""
    started = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
    note = {"pid": os.getpid(), "start_time": started, "kind": "runner", "socket": "/nowhere"}
    (workspace / "engine.lock").write_text(json.dumps(note))


def folder_for_a_file(workspace, before):
    (workspace / "pipelines/hurt.json").unlink()
    (workspace / "pipelines/hurt.json").mkdir()


NOISE = bytes(range(256)) * 40
DAMAGES = {
    "a lost artifact": lambda w, b: artifact(w, b).unlink(),
    "an empty pipeline's file": content("pipelines/hurt.json", b""),
    "a pipeline's file of 100,000 levels": content("pipelines/hurt.json", b"[" * 100_000),
    "a folder for a pipeline's file": folder_for_a_file,
    "a new file that is no pipeline": content("pipelines/stranger.json", b"{"),
    "garbage for a module index": content("module_index.json", b'{"root": "\xff'),
    "a module index of other things": content("module_index.json", b'{"modules": [{"id": 5}]}'),
    "garbage for an engine's lock": content("engine.lock", b'{"pid": "\xff'),
    "the lock of another process": living_process,
    "garbage for a server's lock": content("server/lock", b"\xff"),
    "an empty token": content("server/token", b""),
    "an unfinished run of broken JSON": sql(
        "runs.db", "UPDATE run SET record='{{', status='running' WHERE id='{run}'"
    ),
    "an unfinished run without a plan": sql(
        "runs.db", "UPDATE run SET status='running', plan='none' WHERE id='{run}'"
    ),
    "broken step rows": sql("runs.db", "UPDATE step SET record='{{'"),
    "broken settled steps": sql("runs.db", "UPDATE run SET settled='[['"),
    "broken events": sql("runs.db", "UPDATE event SET events='{{'"),
    "broken results for reuse": sql("runs.db", "UPDATE result SET stored='{{'"),
    "a truncated write-ahead log": lambda w, b: cut_log(w / "runs.db-wal"),
    "a write-ahead log of noise": content("runs.db-wal", NOISE),
    "a draft of noise": content("modules/noise.py", NOISE),
    "a link that is its own target": lambda w, b: (w / "modules/loop").symlink_to("loop"),
    "garbage for settings": content("workspace.toml", b"\xff\x00["),
}


def cut_log(file):
    file.touch()
    os.truncate(file, file.stat().st_size // 2)


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_designer_starts_and_everything_works(damage, workspace, before):
    DAMAGES[damage](workspace, before)
    with serving(workspace) as server, server.client() as client:
        for place in PASSING:
            assert client.get(f"/api/v1/{place}").status_code == 200, place
        known = {item["id"] for item in client.get("/api/v1/pipelines").json()["pipelines"]}
        assert known == {"kept", "hurt"}
        for pipeline in ("kept", "hurt"):
            assert run(client, pipeline)["status"] == "completed"
        assert "Traceback" not in server.output()


def test_a_damaged_pipeline_file_is_a_warning_and_the_draft_is_unchanged(workspace, before):
    (workspace / "pipelines/hurt.json").write_bytes(b"\xff\x00{garbage")
    with serving(workspace) as server, server.client() as client:
        shown = client.get("/api/v1/pipelines/hurt").json()
        (warning,) = shown["diagnostics"]
        assert (warning["code"], warning["severity"]) == ("G001", "warning")
        assert "hurt.json" in warning["message"] and "unchanged" in warning["message"]
        assert set(shown["graph"]["nodes"]) == {"data", "distinct"}
    assert (workspace / "pipelines/hurt.json").read_bytes() == b"\xff\x00{garbage"


def test_a_damaged_run_has_a_code_and_the_others_are_read(workspace, before):
    sql("runs.db", "UPDATE run SET record='{{' WHERE id='{run}'")(workspace, before)
    with serving(workspace) as server, server.client() as client:
        runs = client.get("/api/v1/runs").json()["runs"]
        assert {item["status"] for item in runs} == {"failed", "completed"}
        assert run(client, "kept")["status"] == "completed"
        hurt = client.get(f"/api/v1/runs/{before.run_id}").json()
        assert (hurt["status"], hurt["error"] and hurt["error"]["code"]) == ("failed", "S003")
    with closing(sqlite3.connect(workspace / "runs.db")) as connection:
        kept = connection.execute("SELECT source, content FROM quarantine").fetchall()
    assert kept == [("run", "{")]


def test_a_damaged_artifact_has_a_code_and_is_made_again(workspace, before):
    page = f"/api/v1/artifacts/{before.digest}/page"
    os.truncate(artifact(workspace, before), 50)
    with serving(workspace) as server, server.client() as client:
        refused = client.get(page)
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "S003")
        assert refused.json()["error"]["remedy"]
        run(client, "hurt")
        assert client.get(page).json()["rows"] == [[2]]


@pytest.mark.parametrize("statement", ["DELETE FROM plan", "UPDATE plan SET content='{{'"])
def test_a_run_whose_plan_is_damaged_still_shows_its_results(workspace, before, statement):
    sql("runs.db", statement)(workspace, before)
    with serving(workspace) as server, server.client() as client:
        refused = client.get(f"/api/v1/runs/{before.run_id}/graph")
        assert refused.json()["error"]["code"] == "S003"
        assert client.get(f"/api/v1/runs/{before.run_id}").json()["status"] == "completed"


@pytest.mark.parametrize("table", ["operation", "snapshot"])
def test_a_pipeline_whose_history_is_damaged_says_so_and_the_others_open(workspace, before, table):
    column = {"operation": "operation", "snapshot": "document"}[table]
    sql("designer.db", f"UPDATE {table} SET {column}='garbage' WHERE pipeline_id='hurt'")(
        workspace, before
    )
    with serving(workspace) as server, server.client() as client:
        hurt = client.get("/api/v1/pipelines/hurt")
        assert (hurt.status_code, hurt.json()["error"]["code"]) == (503, "S002")
        assert "'pipelines' folder" in hurt.json()["error"]["remedy"]
        assert (workspace / "pipelines/hurt.json").exists()
        assert client.get("/api/v1/pipelines/kept").status_code == 200
        assert run(client, "kept")["status"] == "completed"


REFUSALS = {
    "runs.db": (NOISE, "S002"),
    "designer.db": (NOISE, "S002"),
    "workspace.toml": (b"format = 99\n", "S004"),
    "module_index.json": (b'{"format": 99}', "S004"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_opened_safely_is_refused_with_a_remedy_and_left_as_it_is(
    name, workspace, before
):
    data, code = REFUSALS[name]
    (workspace / name).write_bytes(data)
    (workspace / f"{name}-wal").unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "designer.cli", "--no-browser", "--port", "0"]
        + ["--workspace", str(workspace)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 3
    assert done.stderr.startswith(code) and "Traceback" not in done.stderr
    assert (workspace / name).read_bytes() == data


def test_a_database_that_is_moved_away_is_made_anew_and_the_pipelines_come_back(workspace, before):
    for name in ("designer.db", "runs.db", "runs.db-wal", "runs.db-shm"):
        (workspace / name).unlink(missing_ok=True)
    with serving(workspace) as server, server.client() as client:
        known = {item["id"] for item in client.get("/api/v1/pipelines").json()["pipelines"]}
        assert known == {"kept", "hurt"}
        assert run(client, "hurt")["status"] == "completed"


def test_a_second_designer_on_a_workspace_only_opens_the_first(workspace, before):
    with serving(workspace) as first:
        second = subprocess.run(
            [sys.executable, "-m", "designer.cli", "--no-browser", "--workspace", str(workspace)],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert second.returncode == 0
        assert f"{first.url}/login?token=" in second.stderr
        assert first.process.poll() is None


def test_a_second_engine_on_a_workspace_is_refused(workspace, before):
    with serving(workspace) as server, server.client() as client:
        run(client, "kept")
        second = subprocess.run(
            [sys.executable, "-m", "runtime", "runner", str(workspace)],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert second.returncode == 3 and "R007" in second.stderr + second.stdout
        assert run(client, "kept")["status"] == "completed"
