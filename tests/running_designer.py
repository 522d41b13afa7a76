"""A real designer process over a workspace, for tests that look at it from outside."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

STARTS_WITHIN_S = 60
RUN_ENDS_WITHIN_S = 120


class RunningDesigner:
    """One designer process; `kill` and `start` again keep workspace and port.

    Attributes:
        url: Signs one browser in, once.
        base: Scheme, host and port.
    """

    def __init__(self, workspace: Path, *arguments: str) -> None:
        self.workspace = workspace
        self.workspace.mkdir(exist_ok=True)
        self._arguments = arguments
        self._log = workspace.with_suffix(".log")
        self._port = "0"
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as sink:
            begin = sink.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "designer.cli", *self._arguments, "--no-browser"]
                + ["--port", self._port, "--workspace", str(self.workspace)],
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
                cwd=self.workspace.parent,
            )
        self.url = self._wait_for_url(begin)
        self.base = re.match(r"http://[^/]+", self.url)[0]
        self._port = self.base.rsplit(":", 1)[1]

    def _wait_for_url(self, begin: int) -> str:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline:
            text = self._log.read_bytes()[begin:].decode(errors="replace")
            if found := re.search(r"http://127\.0\.0\.1:\d+/\S*token=\S+", text):
                return found[0]
            assert self.process.poll() is None, text
            time.sleep(0.05)
        raise AssertionError(f"no address printed: {text}")

    def _request(self, path: str, **fields) -> urllib.request.Request:
        token = (self.workspace / "server" / "token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}", **fields.pop("headers")}
        return urllib.request.Request(self.base + path, headers=headers, **fields)

    def api(self, method: str, path: str, body: object = None) -> dict:
        """Speak REST with the workspace's token."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = self._request(f"/api/v1{path}", method=method, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        try:
            request = self._request(path, headers={"Accept": "text/html"})
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def sign_in(self, path: str) -> str:
        """An address that signs one browser in and goes to the path."""
        login = self.api("POST", "/login_tokens", {})["token"]
        return f"{self.base}/login?token={login}&next={path}"

    def run(self, pipeline_id: str) -> dict:
        """Run a pipeline to its end."""
        run = self.api("POST", "/runs", {"pipeline_id": pipeline_id, "options": {}})["run"]
        deadline = time.monotonic() + RUN_ENDS_WITHIN_S
        while run["status"] not in ("completed", "failed", "cancelled"):
            assert time.monotonic() < deadline, run
            time.sleep(0.1)
            run = self.api("GET", f"/runs/{run['id']}")
        return run

    def kill(self) -> None:
        """As a crash does it; the runner lives on."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End the designer and its runner."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        lock = self.workspace / "engine.lock"
        if lock.exists() and (found := re.search(r'"pid":\s*(\d+)', lock.read_text())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(found[1]), signal.SIGTERM)
