"""Small files that people and programs rely on: replaced as a whole, and durably."""

import contextlib
import os
from pathlib import Path

from runtime.crash_points import crash_point

PART = ".tmp"
PRIVATE, SHARED = 0o600, 0o644


def replace_durably(path: Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """Replace a file so that readers and a power cut see either the old or the new one.

    Args:
        path: The file; what is half-written lies beside it, under a name from a dot to `.tmp`.
        content: All of it.
        mode: Who may read it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}{PART}")
    try:
        crash_point("file.before_write")
        _write(part, content, mode)
        crash_point("file.before_rename")
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    crash_point("file.after_rename")
    sync(path.parent)


def sync(path: Path | str) -> None:
    """Make a file's bytes, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(part: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
