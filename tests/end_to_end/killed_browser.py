"""A browser of its own, with a profile on disk, that can be killed as a crash does it."""

import contextlib
import os
import signal
import time
from pathlib import Path

from playwright.sync_api import Error, Page

from tests.conftest import CHROMIUM, CHROMIUM_FLAGS


class OwnBrowser:
    """A browser process over a profile folder; what it keeps, the next one on it finds.

    Args:
        browser: The browser of the tests, for its type.
        profile: The profile's folder.
    """

    def __init__(self, browser, profile: Path) -> None:
        self._profile = profile
        self._context = browser.browser_type.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            args=CHROMIUM_FLAGS,
            viewport={"width": 1440, "height": 900},
        )

    def __enter__(self) -> "OwnBrowser":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(Error):
            self._context.close()

    def open(self, url: str) -> Page:
        """A page at an address."""
        page = self._context.new_page()
        page.goto(url)
        return page

    def kill(self) -> None:
        """End every process of it at once, without a word."""
        for pid in self._pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while self._pids():
            time.sleep(0.01)

    def _pids(self) -> list[int]:
        wanted = f"--user-data-dir={self._profile}".encode()
        return [pid for pid in _own_pids() if wanted in _arguments(pid)]


def _own_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _arguments(pid: int) -> list[bytes]:
    with contextlib.suppress(OSError):
        path = Path(f"/proc/{pid}")
        if (path / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
            return (path / "cmdline").read_bytes().split(b"\0")
    return []
