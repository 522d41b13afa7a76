"""`designer …` as a process of its own: the one way in which tests start it from outside."""

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

STARTS_WITHIN_S = 60
_ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/login\?token=([^\s&]+)(?:&next=(\S*))?")


class DesignerProcess:
    """A designer over a workspace; `kill` and `start` again keep workspace and port.

    Attributes:
        url: Scheme, host and port.
        login_token: Signs one browser in, once.
        page: The path that the designer would have opened.
        token: The workspace's own token, for REST.
    """

    def __init__(self, workspace: Path, *arguments: str, **environment: str) -> None:
        self.workspace = workspace
        self._arguments = arguments
        self._environment = environment
        self._port = "0"
        self.start()

    def start(self) -> None:
        self._log = self.workspace.parent / f"designer-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "designer.cli", *self._arguments,
                    "--no-browser", "--port", self._port, "--workspace", str(self.workspace),
                ],
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONUNBUFFERED": "1"} | self._environment,
                start_new_session=True,
                preexec_fn=_die_with_the_tests,
            )  # fmt: skip
        self.url, self.login_token, self.page = self._wait_for_address()
        self._port = self.url.rsplit(":", 1)[1]
        self.token = (self.workspace / "server/token").read_text().strip()

    @property
    def login_url(self) -> str:
        """The address that the designer printed: signs one browser in, once."""
        return f"{self.url}/login?token={self.login_token}&next={self.page}"

    def kill(self) -> None:
        """As a crash does it; the runner lives on."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def interrupt(self) -> int:
        """As Ctrl+C does it; gives the exit status. The runner lives on."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=15)

    def output(self) -> str:
        """What it has printed since its last start."""
        return self._log.read_text(errors="replace")

    def _wait_for_address(self) -> tuple[str, str, str]:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline:
            if found := _ADDRESS.search(self.output()):
                return found[1], found[2], found[3] or ""
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"the designer did not start: {self.output()}")


def end_runner(workspace: Path) -> None:
    """End the runner that a designer has started."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        os.kill(json.loads((workspace / "engine.lock").read_text())["pid"], signal.SIGTERM)


def _die_with_the_tests() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
