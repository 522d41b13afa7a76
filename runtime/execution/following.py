"""What a running step prints and takes; and the limit on what is kept of what it prints."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.targets.attempt import Attempt

if TYPE_CHECKING:
    from runtime.targets.usage import Usage

LOG_LIMIT_BYTES = 50 << 20
_CHUNK_BYTES = 64 << 10
_FIRST_READING_S = 0.3
_READING_S = 1.0


class Follower:
    """Reads a step's log while it grows, and keeps the newest reading of what the step takes.

    The step writes to the file itself and never waits. A log over the limit is cut back now and
    then, so a step that prints without end takes no more disk than the limit and a little.
    """

    def __init__(self, attempt: Attempt, *, limit: int = LOG_LIMIT_BYTES) -> None:
        self.attempt = attempt
        self.is_expired = False
        self.usage: Usage | None = None
        self._reading_due = attempt.began + _FIRST_READING_S
        self._path = attempt.log
        self._limit = limit
        self._read = 0
        self._dropped = 0

    def new_text(self) -> str:
        """What was printed since the last call; of a flood, its beginning only."""
        try:
            size = os.stat(self._path).st_size
        except OSError:
            return ""
        if size > self._limit:
            self._cut(size)
        if size <= self._read or self._read >= self._limit:
            return ""
        return self._take(min(size, self._limit))

    def is_reading_due(self, now: float) -> bool:
        """Whether it is time to see what the step takes; told once a second."""
        if now < self._reading_due:
            return False
        self._reading_due = now + _READING_S
        return True

    def finish(self) -> str:
        """The rest, with a line at the end of the file when something was dropped."""
        if self.attempt.is_silent:
            return ""
        text = self.new_text()
        if self._dropped:
            self._mark()
        return text

    def _take(self, size: int) -> str:
        with open(self._path, "rb") as file:
            file.seek(self._read)
            data = file.read(min(size - self._read, _CHUNK_BYTES))
        skipped = size - self._read - len(data)
        self._read = size
        text = data.decode("utf-8", "replace")
        return f"{text}\n… {skipped} bytes more in the log …\n" if skipped > 0 else text

    def _cut(self, size: int) -> None:
        os.truncate(self._path, self._limit)
        self._dropped += size - self._limit

    def _mark(self) -> None:
        line = f"\n[The log ends here: {self._dropped >> 20} MB more were printed and dropped.]\n"
        with Path(self._path).open("ab") as file:
            file.write(line.encode())
