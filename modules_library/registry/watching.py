"""Watching the workspace's `modules/` folder: a saved file is a fresh draft within a second."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from modules_library.registry.catalog import refresh_drafts
from modules_library.registry.drafts import MODULES
from runtime.errors import DesignerError

log = logging.getLogger(__name__)

QUIET_S = 0.1
"""A burst of events (an editor writes, renames, touches) becomes one reading."""

RESCAN_S = 3.0
"""Events can be lost (full queue, network folder); looking at all time stamps finds them."""

RESCAN_UNWATCHED_S = 0.5
"""The same where the system gives no events at all."""


class ModuleWatch:
    """A running watch; `stop` ends it, a `with` block does too."""

    def __init__(
        self, workspace: Path, on_change: Callable[[], None], *, rescan_s: float = RESCAN_S
    ) -> None:
        self._workspace = workspace
        self._folder = workspace / MODULES
        self._on_change = on_change
        self._rescan_s = rescan_s
        self._event = threading.Event()
        self._stopped = threading.Event()
        self._observer: BaseObserver | None = None
        self._inode: int | None = None
        self._folder.mkdir(parents=True, exist_ok=True)
        self._observe()
        self._thread = threading.Thread(target=self._run, name="module-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watch and its threads."""
        self._stopped.set()
        self._event.set()
        self._thread.join(timeout=5)
        self._unobserve()

    def __enter__(self) -> ModuleWatch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        self._refresh()
        while not self._stopped.is_set():
            every = self._rescan_s if self._observer else RESCAN_UNWATCHED_S
            if self._event.wait(every) and not self._stopped.is_set():
                self._stopped.wait(QUIET_S)
            self._event.clear()
            if not self._stopped.is_set():
                self._follow_folder()
                self._refresh()

    def _refresh(self) -> None:
        try:
            if refresh_drafts(self._workspace):
                self._on_change()
        except (OSError, DesignerError):
            log.exception("The drafts in %s could not be read", self._folder)

    def _follow_folder(self) -> None:
        """Watch again when the folder was replaced by another one."""
        if _inode(self._folder) != self._inode:
            self._unobserve()
            self._observe()

    def _observe(self) -> None:
        self._inode = _inode(self._folder)
        if self._inode is None:
            return
        observer = Observer()
        observer.schedule(_Handler(self._event), str(self._folder), recursive=True)
        try:
            observer.start()
        except OSError as exc:
            log.warning("No file events for %s (%s); looking twice a second", self._folder, exc)
            return
        self._observer = observer

    def _unobserve(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            with contextlib.suppress(RuntimeError):
                self._observer.join(timeout=5)
        self._observer = None


class _Handler(FileSystemEventHandler):
    def __init__(self, event: threading.Event) -> None:
        self._event = event

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Everything but reading is a reason to look."""
        if event.event_type not in ("opened", "closed_no_write"):
            self._event.set()


def watch_modules(workspace: Path, on_change: Callable[[], None]) -> ModuleWatch:
    """Keep the workspace's index in step with its `modules/` folder.

    Args:
        workspace: The workspace's folder.
        on_change: Called from the watch's own thread after the index was written anew.
    """
    return ModuleWatch(workspace, on_change)


def _inode(folder: Path) -> int | None:
    try:
        return folder.stat().st_ino
    except OSError:
        return None
