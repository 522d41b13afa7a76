"""A file that is hashed while it is written, from the memory that it is written from.

What Arrow's writer gives is written by the thread that calls and hashed beside it by another one,
while it is still in the processor's cache. Reading it back from the page cache would cost more
than writing and hashing together: every page would have to be mapped again.

The file system is told the size beforehand: finding room for millions of single pages while they
are written, on a busy machine, takes longer than everything else.
"""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path
from queue import Queue
from types import TracebackType
from typing import TypeAlias

import blake3
import pyarrow as pa

from runtime.model.digest import PREFIX

Piece: TypeAlias = bytes | bytearray | pa.Buffer

_GATHERED = 1 << 16
"""Pieces smaller than this are written and hashed together."""

_BESIDE_FROM = 1 << 22
"""A file is worth a second thread from this many bytes on."""

_KEEP_SIZE = 1
"""`FALLOC_FL_KEEP_SIZE` of Linux: room is made, the file does not grow."""

_WAITING = 8
"""Pieces that may wait to be hashed; their memory is held until then."""


class HashedFile:
    """A new file and the digest of what was written to it.

    Args:
        path: Where; what is there is replaced.
        capacity: About how many bytes will come.

    Attributes:
        size: Bytes written so far.
        digest: Digest of all bytes, once the file is closed.
    """

    def __init__(self, path: Path, *, capacity: int) -> None:
        self.size = 0
        self.digest = ""
        self.closed = False
        self._descriptor = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666
        )
        self._hasher = blake3.blake3()
        self._gathered = bytearray()
        self._queue: Queue[Piece | None] = Queue(_WAITING)
        self._thread: threading.Thread | None = None
        if capacity >= _BESIDE_FROM:
            _make_room(self._descriptor, capacity)
            self._thread = threading.Thread(target=self._hash_queue, daemon=True)
            self._thread.start()

    def __enter__(self) -> HashedFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._write_gathered()
                self._give_back_room()
        finally:
            self._close()

    def for_arrow(self) -> pa.PythonFile:
        """The same file as Arrow's writers take it."""
        return pa.PythonFile(self, mode="w")

    def write(self, data: Piece) -> int:
        """Take a piece; its memory must not change any more."""
        size = memoryview(data).nbytes
        self.size += size
        if size < _GATHERED:
            self._gathered += data
            if len(self._gathered) >= _GATHERED:
                self._write_gathered()
        else:
            self._write_gathered()
            self._write_through(data)
        return size

    def tell(self) -> int:
        """Bytes written so far."""
        return self.size

    def flush(self) -> None:
        """Nothing: the file is complete when it is closed."""

    def close(self) -> None:
        """Nothing: leaving the `with` block closes the file."""

    def _write_gathered(self) -> None:
        if self._gathered:
            data, self._gathered = self._gathered, bytearray()
            self._write_through(data)

    def _write_through(self, data: Piece) -> None:
        if self._thread is None:
            self._hasher.update(data)
        else:
            self._queue.put(data)
        rest = memoryview(data).cast("B")
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def _give_back_room(self) -> None:
        if self._thread is not None:
            os.ftruncate(self._descriptor, self.size)

    def _close(self) -> None:
        self.closed = True
        os.close(self._descriptor)
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
        self.digest = PREFIX + str(self._hasher.hexdigest())

    def _hash_queue(self) -> None:
        while (data := self._queue.get()) is not None:
            self._hasher.update(data)


def _make_room(descriptor: int, size: int) -> None:
    """Reserve blocks where the file system can; where not, writing works all the same.

    `os.posix_fallocate` would write the whole file where it cannot.
    """
    fallocate = getattr(ctypes.CDLL(None), "fallocate", None)
    if fallocate is not None:
        fallocate(descriptor, _KEEP_SIZE, ctypes.c_int64(0), ctypes.c_int64(size))
