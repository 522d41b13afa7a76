"""The version of the database: brought up to date on opening, refused when it is newer."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from runtime.errors import InfrastructureError

HEAD = "0003"
"""The newest migration; a database that has it is opened without loading Alembic."""

MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(path: Path) -> None:
    """Create the database or migrate it.

    Raises:
        InfrastructureError: S002 when the file is no database, S004 when it is newer than we are.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    revision = revision_of(path)
    if revision == HEAD:
        return
    if revision is not None and revision not in known_revisions():
        raise InfrastructureError(
            "S004",
            f"The workspace was written by a newer designer (database version {revision}, "
            f"this designer knows up to {HEAD}).",
            remedy="Install that designer, or open another workspace.",
        )
    _upgrade(path)


def revision_of(path: Path) -> str | None:
    """The migration a database file has, None for a new one."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        os.close(descriptor)
        with closing(sqlite3.connect(path)) as connection:
            has_table = connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
            ).fetchone()
            row = (
                has_table
                and connection.execute("SELECT version_num FROM alembic_version").fetchone()
            )
            return str(row[0]) if row else None
    except (sqlite3.Error, OSError) as exc:
        raise InfrastructureError(
            "S002",
            f"The database '{path}' cannot be opened: {exc}.",
            remedy="Restore the file from a backup; without one, move it away: the pipelines are "
            "read again from the folder 'pipelines', without their history.",
        ) from exc


def known_revisions() -> set[str]:
    """The migrations this designer knows, by the names of their files."""
    return {file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def _upgrade(path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{path}".replace("%", "%%"))
    command.upgrade(config, "head")
