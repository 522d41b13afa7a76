"""A real designer process on a fresh workspace, and a real browser in front of it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Designer:
    """One designer process; `url` signs in, `api` speaks REST with the workspace's token."""

    def __init__(self, workspace: Path, *arguments: str) -> None:
        self.workspace = workspace
        self.arguments = arguments
        self.port: int | None = None
        self.start()

    def start(self) -> None:
        port = ["--port", str(self.port)] if self.port else ["--port", "0"]
        log = self.workspace.parent / f"{self.workspace.name}.log"
        self.log = log
        with log.open("ab") as sink:
            begin = sink.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "designer.cli", *self.arguments, "--no-browser", *port]
                + ["--workspace", str(self.workspace)],
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
                cwd=self.workspace.parent,
            )
        self.url = self._wait_for_url(begin)
        self.base = re.match(r"http://[^/]+", self.url)[0]
        self.port = int(self.base.rsplit(":", 1)[1])

    def _wait_for_url(self, begin: int) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            text = self.log.read_bytes()[begin:].decode(errors="replace")
            if found := re.search(r"http://127\.0\.0\.1:\d+/\S*token=\S+", text):
                return found[0]
            assert self.process.poll() is None, text
            time.sleep(0.05)
        raise AssertionError(f"no address printed: {text}")

    def api(self, method: str, path: str, body: object = None) -> dict:
        token = (self.workspace / "server/token").read_text().strip()
        request = urllib.request.Request(
            f"{self.base}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


@pytest.fixture
def designer(tmp_path):
    (tmp_path / "workspace").mkdir()
    process = Designer(tmp_path / "workspace")
    yield process
    process.stop()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, designer):
    """A signed-in page; the test fails when the page logged an error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(designer.url)
    yield page
    context.close()
    assert errors == []
