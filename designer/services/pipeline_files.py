"""`pipelines/<id>.json`: written on idle, and read when somebody else changed it."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from runtime.durable_files import PART

logger = logging.getLogger(__name__)

IDLE_S = 1.0
SETTLE_S = 0.2
UPLOAD = ".part"
_CHANGES = frozenset({"created", "modified", "moved", "closed", "deleted"})


def remove_leftovers(folder: Path) -> None:
    """Remove what a killed process left half-written: new files and uploads."""
    for path in (*folder.glob(f".*{PART}"), *folder.glob(f"*/.*{UPLOAD}")):
        path.unlink(missing_ok=True)


class IdleSaver:
    """Calls `save(pipeline_id)` a second after the last edit.

    Args:
        save: Writes the file of one pipeline.
        idle_s: How long nobody must have edited.
    """

    def __init__(self, save: Callable[[str], Awaitable[None]], *, idle_s: float = IDLE_S) -> None:
        self._save = save
        self._idle_s = idle_s
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def touch(self, pipeline_id: str) -> None:
        """Note an edit."""
        if (previous := self._tasks.pop(pipeline_id, None)) is not None:
            previous.cancel()
        self._tasks[pipeline_id] = asyncio.create_task(self._later(pipeline_id))

    async def finish(self) -> None:
        """Save at once what still waits."""
        waiting = list(self._tasks)
        for pipeline_id in waiting:
            self._tasks.pop(pipeline_id).cancel()
            await self._save(pipeline_id)

    async def _later(self, pipeline_id: str) -> None:
        await asyncio.sleep(self._idle_s)
        self._tasks.pop(pipeline_id, None)
        try:
            await self._save(pipeline_id)
        except Exception:
            logger.exception("pipeline %s could not be written to its file", pipeline_id)


class FolderWatcher:
    """Tells which pipeline files were changed or removed, after they have settled.

    Args:
        folder: The workspace's `pipelines` folder.
        changed: Called on the event loop with the file's path.
    """

    def __init__(self, folder: Path, changed: Callable[[Path], Awaitable[None]]) -> None:
        self._folder = folder
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._timers: dict[Path, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._observer: BaseObserver = Observer()

    def start(self) -> None:
        """Begin watching."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._observer.schedule(_Handler(self._seen), str(self._folder))
        self._observer.start()

    def stop(self) -> None:
        """Stop watching."""
        self._observer.stop()
        self._observer.join(timeout=2)
        for timer in self._timers.values():
            timer.cancel()

    def _seen(self, path: Path) -> None:
        if path.suffix == ".json" and not path.name.startswith("."):
            self._loop.call_soon_threadsafe(self._settle, path)

    def _settle(self, path: Path) -> None:
        if (timer := self._timers.pop(path, None)) is not None:
            timer.cancel()
        self._timers[path] = self._loop.call_later(SETTLE_S, self._report, path)

    def _report(self, path: Path) -> None:
        self._timers.pop(path, None)
        task = asyncio.ensure_future(self._changed(path))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Future[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("a changed pipeline file was not taken over", exc_info=task.exception())


class _Handler(FileSystemEventHandler):
    def __init__(self, seen: Callable[[Path], None]) -> None:
        self._seen = seen

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _CHANGES and not event.is_directory:
            for path in (event.src_path, event.dest_path):
                if path:
                    self._seen(Path(os.fsdecode(path)))
