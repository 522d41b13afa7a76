"""Writing the folder of a reopened step; nothing is executed by it."""

import shutil
import sys
import zipfile
from pathlib import Path

import msgspec

from designer.reopening.function import write_function
from designer.reopening.program import write_program
from designer.reopening.readme import PACKAGES
from designer.reopening.subject import Subject
from runtime.errors import RequestError
from runtime.stores.artifact_store import FolderArtifactStore


class Reopened(msgspec.Struct, frozen=True, kw_only=True):
    """The folder that was made.

    Attributes:
        folder: Where it lies, absolute.
        command: What runs the step.
    """

    folder: str
    command: str


def reopen(subject: Subject, artifacts: FolderArtifactStore, folder: Path) -> Reopened:
    """Write a step of a run into a folder that is absent or empty.

    Raises:
        RequestError: S003 for an input that is not stored any more, R009 for a folder that is in
            use, M005 or V005 for a source or a file that has changed since the run.
    """
    folder = folder.expanduser().absolute()
    is_new = not folder.exists()
    if not is_new and (not folder.is_dir() or any(folder.iterdir())):
        raise RequestError(
            "R009", f"'{folder}' is not empty.", remedy="Name a folder that does not exist yet."
        )
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _write(subject, artifacts, folder)
    except BaseException:
        _clear(folder, is_new=is_new)
        raise
    command = "./run.sh" if subject.is_program else f"{sys.executable} step.py"
    return Reopened(folder=str(folder), command=command)


def free_place(parent: Path, name: str) -> Path:
    """A path in a folder that nobody uses: what a person changed in an earlier one stays."""
    place, number = parent / name, 2
    while place.exists():
        place, number = parent / f"{name}-{number}", number + 1
    return place


def pack(folder: Path, archive: Path) -> None:
    """Pack a folder as a zip, below its own name."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED, strict_timestamps=False) as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")


def _write(subject: Subject, artifacts: FolderArtifactStore, folder: Path) -> None:
    write = write_program if subject.is_program else write_function
    texts = write(subject, artifacts, folder)
    if subject.step.environment is not None:
        texts[PACKAGES] = "".join(f"{package}\n" for package in subject.step.environment.locked)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8", "backslashreplace"))
        if text.startswith("#!"):
            path.chmod(0o700)


def _clear(folder: Path, *, is_new: bool) -> None:
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
