"""What other processes do while the page is open: the runner dies, the command line publishes."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.designer.running import SAMPLE_NODE, change, operation
from tests.designer.serving.server_process import serving, wait_for_run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("others") / "workspace") as server:
        with server.client() as client:
            client.post("/api/v1/pipelines", json={"sample": "breast_cancer"})
        yield server


def start(client, **options):
    answer = client.post("/api/v1/runs", json={"pipeline_id": "breast_cancer", "options": options})
    assert answer.status_code == 201, answer.text
    return answer.json()["run"]["id"]


def kill_runner(workspace):
    pid = json.loads((workspace / "engine.lock").read_text())["pid"]
    os.kill(pid, signal.SIGKILL)


def run_events(tab, run_id, seconds=60):
    """Every event of a run, until it has ended."""
    events, deadline = [], time.monotonic() + seconds
    while time.monotonic() < deadline:
        message = json.loads(tab.recv(seconds))
        events += [e for e in message.get("events", ()) if e["run_id"] == run_id]
        if any(e["kind"] == "run" and e["status"] == "completed" for e in events):
            return events
    raise AssertionError(f"the run did not end: {events}")


def test_a_runner_that_is_killed_is_replaced_and_the_run_ends_without_a_person(server):
    with server.client() as client, server.push("breast_cancer") as tab:
        run_id = start(client, regenerate=True)
        time.sleep(0.3)
        kill_runner(server.workspace)
        assert wait_for_run(client, run_id)["status"] == "completed"
        events = run_events(tab, run_id)
        numbers = [event["sequence"] for event in events if event["status"]]
        assert numbers == sorted(set(numbers)), "each event once, in order"
        assert wait_for_run(client, start(client))["status"] == "completed"


def test_a_run_from_the_command_line_appears_on_the_open_page(server):
    with server.push() as tab:
        assert json.loads(tab.recv(5))["kind"] == "hello"
        graph = server.workspace / "pipelines/breast_cancer.json"
        deadline = time.monotonic() + 30
        while not graph.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        done = subprocess.run(
            [sys.executable, "-m", "designer.cli", "run", graph, "--json",
             "--workspace", server.workspace],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert run_events(tab, json.loads(done.stdout)["run_id"])


def test_a_module_published_on_the_command_line_reaches_the_open_palette(server):
    def designer(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "designer.cli", "module", *arguments,
             "--workspace", str(server.workspace)],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    designer("new", "first_rows")
    designer("publish", "custom.first_rows")
    with server.client() as client:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            answer = client.get("/api/v1/modules/custom.first_rows")
            if answer.status_code == 200 and answer.json()["default"] == "1.0.0":
                break
            time.sleep(0.05)
        assert answer.json()["default"] == "1.0.0"
        client.post("/api/v1/pipelines", json={"name": "uses it"})
        body = {"operations": [
            operation("1", change("nodes/load", SAMPLE_NODE)),
            operation("2", change("nodes/rows", {
                "module": "custom.first_rows", "version": "1.0.0",
                "inputs": {"dataset": "load.dataset"}})),
        ]}  # fmt: skip
        client.post("/api/v1/pipelines/uses_it/operations", json=body)
        with server.push("uses_it") as tab:
            designer("disable", "custom.first_rows", "1.0.0", "--reason", "wrong")
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                message = json.loads(tab.recv(5))
                codes = {item["code"] for item in message.get("items", ())}
                if "M003" in codes:
                    break
            assert "M003" in codes
        refused = client.post("/api/v1/runs", json={"pipeline_id": "uses_it"})
        assert refused.status_code == 422 and "M003" in refused.text
