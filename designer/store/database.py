"""`designer.db`: SQLite in WAL mode, fully synchronous, one writing thread, migrated on opening."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from designer.store.schema import bring_up_to_date
from runtime.errors import InfrastructureError

Result = TypeVar("Result")

BUSY_TIMEOUT_MS = 10_000
_FULL = ("disk is full", "disk i/o error", "no space left")


class Database:
    """The open database; every piece of work is one transaction on one thread of its own.

    Raises:
        InfrastructureError: S002 when the file cannot be opened, S004 when a newer designer wrote it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        bring_up_to_date(path)
        self._engine = sqlalchemy.create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", _prepare)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="designer-db")

    async def do(self, work: Callable[[Session], Result]) -> Result:
        """Run work in a transaction; once this returns, what it wrote survives a power cut."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.do_now, work)

    def do_now(self, work: Callable[[Session], Result]) -> Result:
        """The same, on the calling thread."""
        try:
            with Session(self._engine, expire_on_commit=False) as session:
                result = work(session)
                session.commit()
                return result
        except SQLAlchemyError as exc:
            raise as_infrastructure_error(exc, self.path) from exc

    def close(self) -> None:
        """Finish what is being written and close the file."""
        self._thread.shutdown(wait=True)
        self._engine.dispose()


def as_infrastructure_error(exc: Exception, path: Path) -> InfrastructureError:
    """What the operator is told about a fault of the database: S001 or S002."""
    reason = str(getattr(exc, "orig", None) or exc)
    if any(words in reason.lower() for words in _FULL):
        return InfrastructureError(
            "S001",
            f"The database '{path.name}' could not be written: {reason}.",
            remedy="Free disk space and repeat the edit; nothing that was acknowledged is lost.",
        )
    return InfrastructureError(
        "S002",
        f"The database '{path.name}' could not be used: {reason}.",
        remedy="Close other programs that use the workspace, then repeat.",
    )


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
