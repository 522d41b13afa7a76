"""What the packages were that steps of a run could import: versions, kept once by their digest."""

import functools
import os
import sys
from pathlib import Path

import msgspec

from runtime.model.digest import digest_bytes

LOCKS = "locks"
_SUFFIXES = (".dist-info", ".egg-info")


class EnvironmentLock(msgspec.Struct, frozen=True, kw_only=True):
    """The environment of steps on this machine.

    Attributes:
        python: Its version.
        platform: Operating system and kind of processor.
        packages: Versions by name, in the spelling of package indexes.
    """

    python: str
    platform: str
    packages: dict[str, str]


def kept_lock(workspace: Path) -> str:
    """Keep the lock of the environment that runs this program; gives its digest."""
    state = tuple((folder, _changed_at(folder)) for folder in sys.path if os.path.isdir(folder))
    digest, content = _this_environment(state)
    path = _place(workspace, digest)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_bytes(content)
        temporary.replace(path)
    return digest


def read_lock(workspace: Path, digest: str) -> EnvironmentLock | None:
    """A lock by its digest; None where it is not kept."""
    try:
        return msgspec.json.decode(_place(workspace, digest).read_bytes(), type=EnvironmentLock)
    except (OSError, msgspec.DecodeError):
        return None


def differing_packages(
    before: EnvironmentLock, after: EnvironmentLock
) -> dict[str, tuple[str, str]]:
    """Versions that differ, by name; empty text where a package is not there.

    >>> a = EnvironmentLock(python="3.12.1", platform="", packages={"polars": "1.0", "x": "2"})
    >>> b = EnvironmentLock(python="3.12.1", platform="", packages={"polars": "1.1", "x": "2"})
    >>> differing_packages(a, b)
    {'polars': ('1.0', '1.1')}
    """
    was = {"Python": before.python, "platform": before.platform, **before.packages}
    is_ = {"Python": after.python, "platform": after.platform, **after.packages}
    return {
        name: (was.get(name, ""), is_.get(name, ""))
        for name in sorted({*was, *is_}, key=str.lower)
        if was.get(name) != is_.get(name)
    }


@functools.lru_cache(maxsize=2)
def _this_environment(state: tuple[tuple[str, float], ...]) -> tuple[str, bytes]:
    packages: dict[str, str] = {}
    for folder, _ in state:
        for entry in os.listdir(folder):
            name, dash, version = entry.partition("-")
            if entry.endswith(_SUFFIXES) and dash:
                known = version.removesuffix(".dist-info").partition("-")[0]
                packages.setdefault(name.lower().replace("_", "-"), known.removesuffix(".egg-info"))
    lock = EnvironmentLock(
        python=".".join(map(str, sys.version_info[:3])),
        platform=f"{sys.platform} {os.uname().machine}",
        packages=dict(sorted(packages.items())),
    )
    content = msgspec.json.encode(lock)
    return digest_bytes(content), content


def _changed_at(folder: str) -> float:
    try:
        return os.stat(folder).st_mtime
    except OSError:
        return 0.0


def _place(workspace: Path, digest: str) -> Path:
    return workspace / "environments" / LOCKS / f"{digest.removeprefix('b3:')}.json"
