"""The environments that are built in a folder: listed, and removed when nothing runs in them."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from runtime.environments.build import locked, sweep
from runtime.environments.building import Progress
from runtime.errors import RequestError

FACTS = "environment.json"


class BuiltEnvironment(msgspec.Struct, frozen=True, kw_only=True):
    """An environment as it lies on the disk.

    Attributes:
        folder: The first digits of its digest.
        name: What it was called when it was built.
        seconds: How long that took.
        built_at: When, in seconds since the epoch.
    """

    folder: str = ""
    name: str = ""
    python: str = ""
    requirements: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    bytes: int = 0
    seconds: float = 0
    built_at: float = 0


def built_environments(home: Path) -> dict[str, BuiltEnvironment]:
    """Those that are built, by their folder's name; what interrupted builders left is removed."""
    if not home.is_dir():
        return {}
    sweep(str(home))
    found = {}
    for path in sorted(home.glob(f"*/{FACTS}")):
        with contextlib.suppress(OSError, msgspec.DecodeError):
            facts = msgspec.json.decode(path.read_bytes(), type=BuiltEnvironment)
            folder = path.parent.name
            found[folder] = msgspec.structs.replace(
                facts, folder=folder, built_at=path.stat().st_mtime
            )
    return found


def progress_of(home: Path, folder: str) -> Progress | None:
    """How far the build of an environment is, whoever does it; None while nobody does."""
    try:
        said = (home / f"{folder}.progress").read_bytes()
        with _lock(home / f"{folder}.lock") as is_ours:
            return None if is_ours else msgspec.json.decode(said, type=Progress)
    except (OSError, msgspec.DecodeError):
        return None


def remove_built(home: Path, folder: str) -> bool:
    """Remove an environment from the disk; false when it was not there.

    Raises:
        RequestError: E006 while a step runs in it.
    """
    if not (home / folder).exists():
        return False
    with _lock(home / f"{folder}.use") as is_ours:
        if not is_ours:
            raise RequestError(
                "E006",
                "A step runs in the environment now.",
                remedy="Wait for its end, or cancel its run.",
            )
        aside = home / f"{folder}.part"
        (home / folder).rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
    for ending in ("use", "log"):  # the lock stays: a builder may be waiting for it
        (home / f"{folder}.{ending}").unlink(missing_ok=True)
    return True


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[bool]:
    """Whether a lock could be taken; it is held while the block runs."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        is_ours = locked(descriptor)
        yield is_ours
        if is_ours:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)
