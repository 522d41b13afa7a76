"""Events on their way out of a worker: the first at once, then at most ten batches a second."""

import time
from _thread import allocate_lock
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from runtime.model import WorkerEvent

if TYPE_CHECKING:
    import threading

_encode = msgspec.json.Encoder().encode
_INTERVAL_S = 0.1
_MOST_WAITING = 10_000


class Emitter:
    """Coalesces a step's progress and metrics.

    Of progress only the newest is kept; metrics are kept in order.

    Args:
        write: Takes finished lines; it must write all of them.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._lock = allocate_lock()
        self._waiting: list[WorkerEvent] = []
        self._progress: WorkerEvent | None = None
        self._last = 0.0
        self._timer: threading.Timer | None = None

    def emit(self, event: WorkerEvent) -> None:
        """Take one event."""
        with self._lock:
            if event.kind == "progress":
                self._progress = event
            elif len(self._waiting) < _MOST_WAITING:
                self._waiting.append(event)
            wait = self._last + _INTERVAL_S - time.monotonic()
            if wait <= 0:
                self._send()
            elif self._timer is None:
                import threading

                self._timer = threading.Timer(wait, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write everything that waits."""
        with self._lock:
            self._send()

    def _send(self) -> None:
        events = [*self._waiting, *([self._progress] if self._progress else [])]
        self._waiting.clear()
        self._progress = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if events:
            self._last = time.monotonic()
            self._write(b"".join(_encode(event) + b"\n" for event in events))
