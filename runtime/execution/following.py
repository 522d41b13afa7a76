"""What a running step prints and takes; and the limit on what is kept of what it prints."""

import os
from typing import TYPE_CHECKING

from runtime.execution.log_limit import LOG_LIMIT_BYTES, LogLimit
from runtime.targets.attempt import Attempt

if TYPE_CHECKING:
    from runtime.targets.usage import Usage

_CHUNK_BYTES = 64 << 10
_FIRST_READING_S = 0.3
_READING_S = 1.0


class Follower:
    """Reads a step's log while it grows, and keeps the newest reading of what the step takes.

    The step writes to the file itself and never waits; a step that prints without end takes no more
    disk than the limit and a little.
    """

    def __init__(self, attempt: Attempt, *, limit: int = LOG_LIMIT_BYTES) -> None:
        self.attempt = attempt
        self.is_expired = False
        self.usage: Usage | None = None
        self._reading_due = attempt.began + _FIRST_READING_S
        self._path = attempt.log
        self._limit = LogLimit(attempt.log, limit)
        self._read = 0

    def new_text(self) -> str:
        """What was printed since the last call; of a flood, its beginning only."""
        try:
            size = os.stat(self._path).st_size
        except OSError:
            return ""
        self._limit.hold(size)
        return self._take(size) if size > self._read else ""

    def is_reading_due(self, now: float) -> bool:
        """Whether it is time to see what the step takes; told once a second."""
        if now < self._reading_due:
            return False
        self._reading_due = now + _READING_S
        return True

    def finish(self) -> str:
        """The rest; a flood's log is brought to what is kept of it."""
        if self.attempt.is_silent:
            return ""
        text = self.new_text()
        self._limit.finish()
        return text

    def _take(self, size: int) -> str:
        with open(self._path, "rb") as file:
            file.seek(self._read)
            data = file.read(min(size - self._read, _CHUNK_BYTES))
        skipped = size - self._read - len(data)
        self._read = size
        text = data.decode("utf-8", "replace")
        return f"{text}\n… {skipped} bytes more in the log …\n" if skipped > 0 else text
