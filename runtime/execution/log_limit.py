"""The limit on what is kept of a step's log: its beginning and its end.

The step writes to the file itself and never waits. Once a log is over the limit, the disk under its
middle is given back again and again (a hole in the file), so the step takes no more than the limit
and what it writes between two looks. When it has ended the hole is closed with a line that says what
was dropped.
"""

import contextlib
import os
from pathlib import Path

from runtime.stores.log_file import counts_of

LOG_LIMIT_BYTES = 1 << 30
_LEAST_BYTES = 16 << 20
_SHARE_OF_FREE_DISK = 0.1
_SHARE_OF_TAIL = 8
_PAGE = 4096
_PIECE_BYTES = 8 << 20
_KEEP_SIZE, _PUNCH_HOLE = 1, 2


class LogLimit:
    """Keeps one log under a limit.

    Args:
        path: The log.
        most: Bytes that are kept; a tenth of the free disk where that is less.
    """

    def __init__(self, path: str, most: int = LOG_LIMIT_BYTES) -> None:
        self._path = path
        self._asked = most
        self._most = 0
        self._is_cut = False
        self._lost = 0

    def hold(self, size: int) -> None:
        """Give disk back where the log has become too large."""
        if size <= min(self._asked, _LEAST_BYTES) or size <= self._limit():
            return
        with contextlib.suppress(OSError), open(self._path, "r+b") as file:
            if not self._is_cut:
                self._is_cut = True
                os.pwrite(
                    file.fileno(), b"\n[Dropped as the log grew over its limit]\n", self._head
                )
            start, end = self._head + _PAGE, (size - self._tail) // _PAGE * _PAGE
            if not _punch_hole(file.fileno(), start, end - start):
                file.truncate(self._limit())
                self._lost += size - self._limit()

    def finish(self) -> None:
        """The step has ended: close the hole and say what was dropped."""
        with contextlib.suppress(OSError):
            size = os.stat(self._path).st_size
            if self._lost:
                with open(self._path, "ab") as log:
                    log.write(_note(self._lost))
            elif size > min(self._asked, _LEAST_BYTES) and size > self._limit():
                counts_of(Path(self._path)).unlink(missing_ok=True)
                with open(self._path, "r+b") as file:
                    self._close_hole(file.fileno(), size)

    def _close_hole(self, file: int, size: int) -> None:
        start = size - self._tail
        note = _note(start - self._head)
        os.pwrite(file, note, self._head)
        at = self._head + len(note)
        while piece := os.pread(file, _PIECE_BYTES, start):
            at += os.pwrite(file, piece, at)
            start += len(piece)
        os.ftruncate(file, at)

    def _limit(self) -> int:
        if not self._most:
            free = os.statvfs(os.path.dirname(self._path))
            share = int(free.f_bavail * free.f_frsize * _SHARE_OF_FREE_DISK)
            self._most = min(self._asked, max(share, _LEAST_BYTES)) // _PAGE * _PAGE
        return self._most

    @property
    def _tail(self) -> int:
        return self._limit() // _SHARE_OF_TAIL // _PAGE * _PAGE

    @property
    def _head(self) -> int:
        return self._limit() - self._tail


def _note(dropped: int) -> bytes:
    return f"\n[{dropped >> 20} MB of the log were printed here and dropped.]\n".encode()


def _punch_hole(file: int, start: int, size: int) -> bool:
    """Give the disk under a part of a file back; false where the file system can't."""
    import ctypes

    if size <= 0:
        return True
    fallocate = getattr(ctypes.CDLL(None, use_errno=True), "fallocate", None)
    if fallocate is None:
        return False
    fallocate.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
    return bool(fallocate(file, _KEEP_SIZE | _PUNCH_HOLE, start, size) == 0)
