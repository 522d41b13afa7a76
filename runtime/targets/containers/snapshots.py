"""Our packages as steps in containers import them: as they were when the step was sent, compiled."""

import compileall
import io
import os
import shutil
import tarfile
from pathlib import Path
from typing import NamedTuple

from runtime.targets.remote.packages import packages_of, packed

_LAST = "complete"


class Snapshot(NamedTuple):
    """A package by its digest; `last` is the file that was written last."""

    name: str
    digest: str
    place: Path
    last: str = _LAST


def snapshots_of(executor: str, folder: Path) -> tuple[Snapshot, ...]:
    """What a step needs to import its executor.

    Args:
        executor: `package.module:function`.
        folder: Where snapshots are kept; one that is there is used again.
    """
    made = []
    for one in packages_of(executor):
        place = folder / one.digest
        if not (place / _LAST).exists():
            _write(packed(one), place)
        made.append(Snapshot(one.name, one.digest, place))
    return tuple(made)


def _write(archive: bytes, place: Path) -> None:
    part = place.with_name(f"{place.name}.part{os.getpid()}")
    part.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        opened.extractall(part, filter="data")
    compileall.compile_dir(part, quiet=2)
    for path in (part, *part.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (part / _LAST).touch(mode=0o644)
    try:
        part.rename(place)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
