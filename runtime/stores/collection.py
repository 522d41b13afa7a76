"""Collecting what nobody needs any more, and saying what takes the disk."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from runtime.crash_points import crash_point
from runtime.model import TERMINAL, Run
from runtime.stores.artifact_store import FolderArtifactStore, disk_bytes
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """What stays.

    Attributes:
        newest_runs: So many of the newest runs keep their artifacts and logs.
        youngest_s: Runs that ended less than so many seconds ago keep them too.
        grace_s: Artifacts younger than this stay, whoever needs them.
    """

    newest_runs: int = 20
    youngest_s: float = 30 * 86_400
    grace_s: float = 3_600


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """What a collection removed."""

    artifacts: int = 0
    runs: int = 0
    bytes: int = 0


class DiskUse(msgspec.Struct, frozen=True, kw_only=True):
    """What takes the disk.

    Attributes:
        by_type: Bytes of artifacts by port type; `unused` for those no run refers to.
        by_run: Bytes by run id; what several runs share counts for the oldest of them.
        logs: Bytes of logs and attempt folders.
    """

    total: int
    by_type: dict[str, int]
    by_run: dict[str, int]
    logs: int


def collect(
    workspace: Workspace,
    store: SqliteRunStore,
    artifacts: FolderArtifactStore,
    *,
    now: float,
    retention: Retention | None = None,
    pins: Iterable[str] = (),
) -> Collection:
    """Remove artifacts and logs that no kept run, no pin and no grace protects.

    Records of runs stay. A step whose artifact was removed is computed again when it is needed.
    """
    policy = retention or Retention()
    kept, old = _sorted_out(store, policy, now)
    needed = {*pins, *(ref for run in kept for ref in _digests(store, run))}
    removed = freed = 0
    for digest in list(artifacts.digests()):
        if digest not in needed and _age_s(artifacts.path(digest), now) > policy.grace_s:
            crash_point("collection.before_delete")
            freed += artifacts.remove(digest)
            crash_point("collection.after_delete")
            removed += 1
    cleared = 0
    for run in old:
        size = _clear(workspace.runs / run.id)
        freed += size
        cleared += size > 0
    crash_point("collection.before_forget")
    store.forget_results(artifacts.has_all)
    return Collection(artifacts=removed, runs=cleared, bytes=freed)


def disk_use(
    workspace: Workspace, store: SqliteRunStore, artifacts: FolderArtifactStore
) -> DiskUse:
    """Say what takes the disk, by type and by run."""
    sizes = {digest: disk_bytes(artifacts.path(digest)) for digest in artifacts.digests()}
    unused = dict(sizes)
    by_type: dict[str, int] = {}
    by_run: dict[str, int] = {}
    for run in reversed(store.runs(limit=1 << 30)):
        for step in store.step_runs(run.id).values():
            for ref in step.outputs.values():
                size = unused.pop(ref.digest, 0)
                by_type[ref.type] = by_type.get(ref.type, 0) + size
                by_run[run.id] = by_run.get(run.id, 0) + size
    if unused:
        by_type["unused"] = sum(unused.values())
    logs = disk_bytes(workspace.runs)
    return DiskUse(total=sum(sizes.values()) + logs, by_type=by_type, by_run=by_run, logs=logs)


def _sorted_out(
    store: SqliteRunStore, policy: Retention, now: float
) -> tuple[list[Run], list[Run]]:
    kept: list[Run] = []
    old: list[Run] = []
    for number, run in enumerate(store.runs(limit=1 << 30)):
        is_young = now - (run.finished_at or now) < policy.youngest_s
        is_kept = run.status not in TERMINAL or is_young or number < policy.newest_runs
        (kept if is_kept else old).append(run)
    return kept, old


def _digests(store: SqliteRunStore, run: Run) -> Iterable[str]:
    for step in store.step_runs(run.id).values():
        for ref in step.outputs.values():
            yield ref.digest


def _age_s(path: Path, now: float) -> float:
    try:
        return now - os.lstat(path).st_mtime
    except OSError:
        return 0.0


def _clear(folder: Path) -> int:
    import shutil

    size = disk_bytes(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return size
