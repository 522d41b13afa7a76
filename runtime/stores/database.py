"""One SQLite file used safely: durable transactions, errors that say what to do."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from runtime.crash_points import crash_point
from runtime.errors import InfrastructureError
from runtime.stores.schema import migrate

_LOG_BYTES = 4 << 20
_T = TypeVar("_T")


class StoreFullError(InfrastructureError):
    """The disk is full (S001): nothing was written, the same changes can be applied later."""


class StoreBusyError(InfrastructureError):
    """Another program holds the file (S002): nothing was written, as with a full disk."""


class Database:
    """A connection in WAL mode whose commits are on the disk when they return.

    Args:
        path: The file; made with mode 0600 when absent, migrated when older. None for a database
            in memory.

    Raises:
        InfrastructureError: S002 when it cannot be opened, S004 when a newer designer wrote it.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path or Path()
        try:
            self._connection = _open_memory() if path is None else _open(path)
        except (sqlite3.Error, OSError) as exc:
            raise _explained(exc, self.path) from exc
        self.execute = self._connection.execute
        self.executemany = self._connection.executemany

    def transaction(self, write: Callable[[], _T]) -> _T:
        """Do all that `write` does durably, or none of it.

        Raises:
            StoreFullError: The disk is full.
            StoreBusyError: Another program has held the file for ten seconds.
            InfrastructureError: S002 for anything else.
        """
        connection = self._connection
        try:
            self.execute("BEGIN IMMEDIATE")
            try:
                value = write()
                crash_point("database.before_commit")
                self.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    self.execute("ROLLBACK")
                raise
        except sqlite3.Error as exc:
            raise _explained(exc, self.path) from exc
        return value

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row of a query."""
        try:
            return self.execute(sql, values).fetchall()
        except sqlite3.Error as exc:
            raise _explained(exc, self.path) from exc

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row of a query, or None."""
        rows = self.all(sql, values)
        return rows[0] if rows else None

    def lengthen_log(self) -> None:
        """Give the write-ahead log its room beforehand.

        A commit that overwrites blocks costs half of one that makes the file longer. SQLite takes
        the zeros for the end of the log.
        """
        with contextlib.suppress(OSError):
            self.transaction(lambda: _fill_up(Path(f"{self.path}-wal"), _LOG_BYTES))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _open(path: Path) -> sqlite3.Connection:
    if not path.exists():
        _create(path)
    connection = sqlite3.connect(
        path, isolation_level=None, timeout=10, cached_statements=256, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=1000")
    migrate(connection)
    return connection


def _open_memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    return connection


def _create(path: Path) -> None:
    """Make the file whole at once: built in memory, one fsync, renamed into place."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        content = bytearray(connection.serialize())
    content[18:20] = b"\x02\x02"  # the header's way to say: write-ahead log
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(temporary, path)
    os.unlink(temporary)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _fill_up(file: Path, size: int) -> None:
    descriptor = os.open(file, os.O_WRONLY)
    try:
        have = os.fstat(descriptor).st_size
        if have < size:
            os.pwrite(descriptor, bytes(size - have), have)
    finally:
        os.close(descriptor)


def _explained(exc: Exception, path: Path) -> InfrastructureError:
    text = str(exc)
    if "full" in text or ("disk I/O" in text and _is_full(path)):
        return StoreFullError(
            "S001",
            f"The disk that holds '{path}' is full.",
            remedy="Free some space; the run goes on by itself.",
        )
    if "locked" in text:
        return StoreBusyError(
            "S002",
            f"Another program holds the database '{path}' and does not let go of it.",
            remedy="End what holds it, then try again; a run that goes on waits by itself.",
        )
    return InfrastructureError(
        "S002",
        f"The database '{path}' cannot be used: {text}.",
        remedy="Close what holds it, or restore it from a backup; without one, move it away: "
        "the history of runs then begins anew, and the pipelines stay.",
    )


def _is_full(path: Path) -> bool:
    facts = os.statvfs(path.parent)
    return facts.f_bavail * facts.f_frsize < 1 << 20
