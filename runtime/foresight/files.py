"""External files that a module looks into before a run: which, and whether they changed."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from runtime.model.digest import digest_bytes, digest_value

_ENDS = 1 << 16
_MOST_ENTRIES = 2000


class FileStamp(NamedTuple):
    """What tells that a file or folder is as it was, without reading all of it.

    Attributes:
        text: Differs when its size, its time or its ends do.
        changed_at: Seconds since the epoch.
    """

    text: str
    changed_at: float


Stamp = Callable[[Path], FileStamp]


def file_stamp(path: Path) -> FileStamp:
    """The stamp of a file or folder.

    Raises:
        OSError: It does not exist or cannot be read.
    """
    if path.is_dir():
        return _folder_stamp(path)
    facts = path.stat()
    text = f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ino} {digest_bytes(_ends(path))}"
    return FileStamp(text, max(facts.st_mtime, facts.st_ctime))


def _ends(path: Path) -> bytes:
    with path.open("rb") as file:
        start = file.read(_ENDS)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(len(start), size - _ENDS))
        return start + file.read(_ENDS)


def _folder_stamp(path: Path) -> FileStamp:
    facts = {
        item.relative_to(path).as_posix(): (stat.st_size, stat.st_mtime_ns)
        for item in sorted(path.rglob("*"))[:_MOST_ENTRIES]
        for stat in (item.stat(),)
    }
    own = path.stat()
    latest = max([own.st_mtime, *(changed / 1e9 for _, changed in facts.values())])
    return FileStamp(digest_value(facts), latest)
