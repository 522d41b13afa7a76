"""`designer runner`, `collect` and `doctor`."""

import argparse
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from designer.commands.output import print_json, say
from designer.commands.place import workspace_of

INFRASTRUCTURE = 3
_MARKS = {"ok": "✓", "warning": "!", "error": "✗"}
TRIED_PYTHONS = {(3, 11), (3, 12), (3, 13)}
_ROOM_BYTES = 1 << 30


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    name: str
    status: Literal["ok", "warning", "error"]
    message: str
    remedy: str = ""


class _Found(NamedTuple):
    status: Literal["ok", "warning", "error"]
    message: str
    remedy: str = ""


def runner(chosen: argparse.Namespace) -> int:
    """Host the engine until interrupted."""
    from runtime.execution.runner import run_runner
    from runtime.log import log_to

    log_to()
    return run_runner(workspace_of(chosen))


def collect(chosen: argparse.Namespace) -> int:
    """Remove artifacts and logs that nobody needs any more."""
    from contextlib import closing

    from designer.services.upkeep import collect_workspace
    from designer.store import Database
    from runtime.stores.collection import Retention
    from runtime.stores.workspace import Workspace

    workspace = Workspace(workspace_of(chosen))
    retention = Retention(newest_runs=chosen.keep_runs, youngest_s=chosen.keep_days * 86_400)
    with closing(Database(workspace.designer_db)) as database:
        done = collect_workspace(workspace, database, retention=retention)
    if chosen.json:
        print_json(done)
    else:
        say(f"{done.bytes / 2**20:.1f} MiB freed: {done.artifacts} artifacts, {done.runs} runs.")
    return 0


def doctor(chosen: argparse.Namespace) -> int:
    """Check this machine and the workspace."""
    workspace = workspace_of(chosen)
    looks: dict[str, Callable[[], _Found]] = {
        "python": _python,
        "sqlite": _sqlite,
        "disk": lambda: _disk(workspace),
        "workspace": lambda: _workspace(workspace),
        "docker": _docker,
    }
    checks = [Check(name, *look()) for name, look in looks.items()]
    if chosen.json:
        print_json({"checks": checks})
    else:
        for check in checks:
            say(f"{_MARKS[check.status]} {check.name}: {check.message}")
            if check.remedy:
                say(f"    {check.remedy}")
    return INFRASTRUCTURE if any(check.status == "error" for check in checks) else 0


def _python() -> _Found:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] not in TRIED_PYTHONS:
        return _Found("warning", version, "The designer is tried with Python 3.11 to 3.13.")
    return _Found("ok", version)


def _sqlite() -> _Found:
    if sqlite3.sqlite_version_info < (3, 35):
        return _Found("error", sqlite3.sqlite_version, "Install SQLite 3.35 or newer.")
    return _Found("ok", sqlite3.sqlite_version)


def _disk(workspace: Path) -> _Found:
    place = next(folder for folder in (workspace, *workspace.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    message = f"{free / 2**30:.1f} GiB free at {place}"
    if free < _ROOM_BYTES:
        return _Found("warning", message, "Free disk space, or move the workspace.")
    return _Found("ok", message)


def _workspace(path: Path) -> _Found:
    from runtime.errors import DesignerError
    from runtime.stores.run_store import SqliteRunStore
    from runtime.stores.workspace import Workspace

    if not path.exists():
        return _Found("ok", f"{path} will be created")
    try:
        SqliteRunStore(Workspace(path).runs_db).close()
    except DesignerError as exc:
        return _Found("error", exc.record.message, exc.record.remedy)
    return _Found("ok", str(path))


def _docker() -> _Found:
    try:
        import docker
    except ImportError:
        return _Found("warning", "the Docker library is missing", "Install the designer again.")
    try:
        engine = docker.from_env(timeout=3)
        version = engine.version()["Version"]
        engine.close()
    except Exception as exc:  # noqa: BLE001 - whatever the library raises means: no engine
        return _Found(
            "warning",
            f"no engine answers ({type(exc).__name__})",
            "Start Docker if steps should run in containers; nothing else needs it.",
        )
    return _Found("ok", f"engine {version}")
