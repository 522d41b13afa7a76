"""The state of the version control of folders that a run's graph and modules come from.

The commit is read from the repository's files at once. Whether something was changed since is asked
of git, meanwhile; where git is not installed, nothing is said.
"""

import contextlib
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.model import SourceState

if TYPE_CHECKING:
    from subprocess import Popen

PATIENCE_S = 0.02
"""How long a run waits for git beyond what planning takes."""

_COMMAND = ("-c", "core.fsmonitor=false", "--no-optional-locks", "status", "--porcelain", "--", ".")


class SourceWatch:
    """Asks git about folders, and tells later.

    Args:
        folders: Those without a repository around them are left out.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        git = shutil.which("git")
        self._asked = [
            (state, _ask(git, Path(state.folder)))
            for state in (map(_read_head, dict.fromkeys(folders)) if git else ())
            if state is not None and git is not None
        ]

    def states(self, patience_s: float = PATIENCE_S) -> tuple[SourceState, ...]:
        """What is known; git that does not answer in time leaves open whether there are changes."""
        until = time.monotonic() + patience_s
        return tuple(
            SourceState(
                folder=state.folder,
                commit=state.commit,
                branch=state.branch,
                is_dirty=_has_changes(process, max(0.001, until - time.monotonic())),
            )
            for state, process in self._asked
        )


def _ask(git: str, folder: Path) -> "Popen[bytes] | None":
    import subprocess

    with contextlib.suppress(OSError):
        return subprocess.Popen(
            [git, "-C", str(folder), *_COMMAND],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    return None


def _has_changes(process: "Popen[bytes] | None", seconds: float) -> bool | None:
    import subprocess

    if process is None:
        return None
    try:
        out, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    return bool(out.strip()) if process.returncode == 0 else None


def _read_head(folder: Path) -> SourceState | None:
    """The commit and branch of the repository around a folder."""
    try:
        place = next(
            (one / ".git" for one in (folder, *folder.parents) if (one / ".git").exists()), None
        )
        if place is None:
            return None
        if place.is_file():  # a work tree beside its repository
            named = place.read_text().partition("gitdir:")[2].strip()
            place = (place.parent / named).resolve()
        head = (place / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return SourceState(folder=str(folder), commit=head)
        ref = head.removeprefix("ref: ")
        branch = ref.removeprefix("refs/heads/")
        return SourceState(folder=str(folder), commit=_commit(place, ref), branch=branch)
    except (OSError, UnicodeDecodeError):
        return None


def _commit(place: Path, ref: str) -> str:
    """What a name stands for; empty in a repository without a commit."""
    common = place / "commondir"
    folders = (
        [place, (place / common.read_text().strip()).resolve()] if common.exists() else [place]
    )
    for folder in folders:
        if (folder / ref).exists():
            return (folder / ref).read_text().strip()
        packed = folder / "packed-refs"
        for line in packed.read_text().splitlines() if packed.exists() else ():
            commit, _, name = line.partition(" ")
            if name == ref:
                return commit
    return ""
