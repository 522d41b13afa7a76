"""One designer process for the pages' tests, with a pipeline that has run and one that failed."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]


class RunningDesigner:
    """A designer process over a workspace of its own."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "studio"
        self.workspace.mkdir()
        self._log = folder / "designer.log"
        with self._log.open("wb") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "designer.cli", "--no-browser", "--port", "0"]
                + ["--workspace", str(self.workspace)],
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )
        self.base = self._wait_for_address()
        self.token = (self.workspace / "server" / "token").read_text().strip()

    def _wait_for_address(self) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            text = self._log.read_text(errors="replace")
            if found := re.search(r"(http://127\.0\.0\.1:\d+)/\S*token=", text):
                return found[1]
            assert self.process.poll() is None, text
            time.sleep(0.05)
        raise AssertionError(f"no address printed: {text}")

    def api(self, method: str, path: str, body: object = None) -> dict:
        request = urllib.request.Request(
            f"{self.base}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        request = urllib.request.Request(
            self.base + path,
            headers={"Authorization": f"Bearer {self.token}", "Accept": "text/html"},
        )
        try:
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
        body = {"pipeline_id": pipeline_id, "options": {}}
        run = self.api("POST", "/runs", body)["run"]
        deadline = time.monotonic() + 120
        while run["status"] not in ("completed", "failed", "cancelled"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
            run = self.api("GET", f"/runs/{run['id']}")
        return run

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._end_runner()

    def _end_runner(self) -> None:
        lock = self.workspace / "engine.lock"
        if lock.exists() and (found := re.search(r'"pid":\s*(\d+)', lock.read_text())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(found[1]), 15)


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    designer = RunningDesigner(tmp_path_factory.mktemp("pages"))
    yield designer
    designer.stop()


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, studio):
    """Opens a page signed in; the test fails when a page raised an error."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def go(path: str):
        page.goto(studio.sign_in(path) if page.url == "about:blank" else studio.base + path)
        page.wait_for_selector(".pg-main .pg-region *")
        return page

    yield go
    context.close()
    assert errors == []
