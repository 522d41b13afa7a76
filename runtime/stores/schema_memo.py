"""Answers about schemas, kept on disk: opening a pipeline asks nothing that was asked before."""

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

logger = logging.getLogger(__name__)

KEEP_S = 30 * 86400.0
_USED_ANEW_AFTER_S = 86400.0
_TABLE = """
CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, used REAL NOT NULL, content BLOB NOT NULL)
WITHOUT ROWID
"""


class SchemaMemo:
    """A cache of answers by key. What goes wrong with its file costs the answers, nothing else.

    Args:
        path: The file; None keeps nothing on disk.
        clock: Gives seconds since the epoch.
    """

    def __init__(self, path: Path | None, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._connection = _open(path, clock()) if path else None

    def get(self, key: str) -> bytes | None:
        """The answer that was kept under a key."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute(
                "SELECT content, used FROM answer WHERE key=?", (key,)
            ).fetchone()
            if row is None:
                return None
            if self._clock() - row[1] > _USED_ANEW_AFTER_S:
                self._connection.execute(
                    "UPDATE answer SET used=? WHERE key=?", (self._clock(), key)
                )
        except sqlite3.Error as exc:
            self._give_up(exc)
            return None
        content: bytes = row[0]
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep an answer."""
        if self._connection is None:
            return
        try:
            self._connection.execute(
                "INSERT OR REPLACE INTO answer (key, used, content) VALUES (?,?,?)",
                (key, self._clock(), content),
            )
        except sqlite3.Error as exc:
            self._give_up(exc)

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _give_up(self, exc: sqlite3.Error) -> None:
        logger.warning("answers about schemas are no longer kept on disk: %s", exc)
        self.close()


def _open(path: Path, now: float) -> sqlite3.Connection | None:
    """The file, made anew where it is damaged."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for is_last_try in (False, True):
        try:
            return _connected(path, now)
        except sqlite3.Error as exc:
            if is_last_try:
                logger.warning("answers about schemas are not kept on disk: %s", exc)
            for beside in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    path.with_name(path.name + beside).unlink()
    return None


def _connected(path: Path, now: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1.0)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(_TABLE)
        connection.execute("DELETE FROM answer WHERE used<?", (now - KEEP_S,))
    except sqlite3.Error:
        connection.close()
        raise
    return connection
