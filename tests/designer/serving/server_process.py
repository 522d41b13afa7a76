"""A designer server as its own process, spoken to over real sockets."""

import contextlib
import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
from websockets.sync.client import connect

ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/login\?token=(\S+?)&next=(\S*)")


def _die_with_the_tests() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class ServerProcess:
    """`designer …` running until it is stopped or killed."""

    def __init__(self, workspace: Path, *arguments: str) -> None:
        self.workspace = workspace
        self._log = workspace.parent / f"server-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "designer.cli", *arguments,
                    "--no-browser", "--port", "0", "--workspace", str(workspace),
                ],
                stderr=log,
                stdout=log,
                start_new_session=True,
                preexec_fn=_die_with_the_tests,
            )  # fmt: skip
        self.url, self.login_token, self.page = self._wait_for_address()
        self.token = (workspace / "server/token").read_text()

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

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=15)

    def output(self) -> str:
        return self._log.read_text()

    def _wait_for_address(self) -> tuple[str, str, str]:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if (found := ADDRESS.search(self._log.read_text())) is not None:
                return found[1], found[2], found[3]
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"the server did not start: {self._log.read_text()}")


@contextlib.contextmanager
def serving(workspace: Path, *arguments: str):
    server = ServerProcess(workspace, *arguments)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()
        end_runner(workspace)


def end_runner(workspace: Path) -> None:
    """End the runner that a test's server has started."""
    with contextlib.suppress(OSError, ValueError, KeyError, ProcessLookupError):
        os.kill(json.loads((workspace / "engine.lock").read_text())["pid"], signal.SIGTERM)


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
