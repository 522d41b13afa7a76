"""Digests of data files, read again only when a file has changed."""

import time
from pathlib import Path

from runtime.model.digest import digest_file

MOST = 10_000
_SETTLED_S = 2.0
_Facts = tuple[int, int, int, int, int]


class RememberedDigests:
    """What previews and runs ask for again and again.

    A file counts as unchanged while device, inode, size and both its times are. One that was
    touched in the last two seconds is not remembered: a second change in the same tick of the
    file system's clock would go unnoticed.
    """

    def __init__(self) -> None:
        self._known: dict[Path, tuple[_Facts, str]] = {}

    def of(self, path: Path) -> str:
        """The digest of a file's bytes. Raises OSError when it cannot be read."""
        facts = _facts(path)
        known = self._known.get(path)
        if known is not None and known[0] == facts:
            return known[1]
        digest = digest_file(path)
        if facts == _facts(path) and time.time_ns() - max(facts[3:]) > _SETTLED_S * 1e9:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[path] = facts, digest
        return digest


def _facts(path: Path) -> _Facts:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
