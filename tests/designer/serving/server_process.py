"""A designer server as its own process, spoken to over real sockets."""

import contextlib
import time
from pathlib import Path

import httpx
from websockets.sync.client import connect

from tests.designer_process import DesignerProcess, end_runner


class ServerProcess(DesignerProcess):
    """A designer with clients for REST and the push channel."""

    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=30
        )

    def push(self, pipeline: str = ""):
        """A connection to the push channel."""
        query = f"?pipeline={pipeline}" if pipeline else ""
        return connect(
            f"{self.url.replace('http', 'ws', 1)}/api/v1/push{query}",
            additional_headers={"Authorization": f"Bearer {self.token}"},
        )


@contextlib.contextmanager
def serving(workspace: Path, *arguments: str):
    server = ServerProcess(workspace, *arguments)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()
        end_runner(workspace)


def wait_for_run(client: httpx.Client, run_id: str, seconds: float = 60) -> dict:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        run = client.get(f"/api/v1/runs/{run_id}").json()
        if run["status"] in {"completed", "failed", "cancelled"}:
            return run
        time.sleep(0.05)
    raise AssertionError(f"run {run_id} did not end: {run}")


def wait_for_latest_run(client: httpx.Client, pipeline_id: str, seconds: float = 60) -> dict:
    """The end of the newest run of a pipeline that may only be about to start."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        runs = client.get(f"/api/v1/runs?pipeline_id={pipeline_id}").json()["runs"]
        if runs:
            return wait_for_run(client, runs[0]["id"], seconds)
        time.sleep(0.05)
    raise AssertionError(f"no run of {pipeline_id} was started")
