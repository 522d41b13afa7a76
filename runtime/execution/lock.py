"""One engine per workspace: a lock that the kernel releases, with a note of who holds it."""

import fcntl
import os
import time
from pathlib import Path

import msgspec

from runtime.errors import InfrastructureError
from runtime.targets.process import is_same, start_time

_PATIENCE_S = 0.5


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a workspace.

    Attributes:
        kind: `runner` answers on its socket; `embedded` is an engine inside another program.
        socket: Path of the runner's socket, empty for an embedded engine.
    """

    pid: int
    start_time: int
    kind: str
    socket: str = ""


class WorkspaceLock:
    """Holds a workspace for one engine until `release` or the end of the process.

    Args:
        path: The lock file.
        kind: `runner` or `embedded`.
        socket: Where the holder answers.

    Raises:
        InfrastructureError: R007 when another engine holds the workspace.
    """

    def __init__(self, path: Path, *, kind: str, socket: str = "") -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        patience = time.monotonic() + _PATIENCE_S
        while not _is_locked(self._file):
            # Held, but nobody has signed: whoever holds it is on the way out.
            if holder(path) is not None or time.monotonic() > patience:
                os.close(self._file)
                raise _held(path)
            time.sleep(0.002)
        pid = os.getpid()
        note = Holder(pid=pid, start_time=start_time(pid), kind=kind, socket=socket)
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, msgspec.json.encode(note), 0)

    def release(self) -> None:
        """Let another engine have the workspace."""
        os.ftruncate(self._file, 0)
        os.close(self._file)


def _is_locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def holder(path: Path) -> Holder | None:
    """Who holds the workspace now; None when nobody does, or nobody who still lives."""
    try:
        note = msgspec.json.decode(path.read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return note if is_same(note.pid, note.start_time) else None


def _held(path: Path) -> InfrastructureError:
    who = holder(path)
    by = f"process {who.pid} ({who.kind})" if who is not None else "another process"
    return InfrastructureError(
        "R007",
        f"The workspace '{path.parent}' is held by {by}.",
        remedy="Submit to the engine that runs there, or end it first.",
        pid=who.pid if who is not None else 0,
    )
