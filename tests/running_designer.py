"""A real designer process over a workspace, for tests that look at it from outside."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.designer_process import DesignerProcess, end_runner

RUN_ENDS_WITHIN_S = 120


class RunningDesigner(DesignerProcess):
    """A designer spoken to with REST, page by page, by the standard library alone."""

    def __init__(self, workspace: Path, *arguments: str, **environment: str) -> None:
        workspace.mkdir(exist_ok=True)
        super().__init__(workspace, *arguments, **environment)

    def _request(self, path: str, **fields) -> urllib.request.Request:
        headers = {"Authorization": f"Bearer {self.token}", **fields.pop("headers")}
        return urllib.request.Request(self.url + path, headers=headers, **fields)

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
        return f"{self.url}/login?token={login}&next={path}"

    def run(self, pipeline_id: str) -> dict:
        """Run a pipeline to its end."""
        run = self.api("POST", "/runs", {"pipeline_id": pipeline_id, "options": {}})["run"]
        deadline = time.monotonic() + RUN_ENDS_WITHIN_S
        while run["status"] not in ("completed", "failed", "cancelled"):
            assert time.monotonic() < deadline, run
            time.sleep(0.1)
            run = self.api("GET", f"/runs/{run['id']}")
        return run

    def stop(self) -> None:
        """End the designer and its runner."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        end_runner(self.workspace)
