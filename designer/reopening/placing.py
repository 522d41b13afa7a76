"""What went into a step, put into its folder: artifacts by port, files by parameter."""

import os
import shutil
from pathlib import Path, PurePosixPath

import msgspec

from designer.reopening.subject import Subject
from runtime.errors import RequestError
from runtime.model import ArtifactRef, InputArtifact
from runtime.model.digest import digest_file
from runtime.planning.files import FileDigests
from runtime.stores.artifact_store import MANIFEST, FolderArtifactStore

_READ_ONLY = 0o400
_READ_ONLY_FOLDER = 0o700
_ENDINGS = {"arrow": ".arrow", "json": ".json", "model": ".model", "transform": ".json"}

Inputs = dict[str, tuple[InputArtifact, ...]]


def place_inputs(
    subject: Subject, artifacts: FolderArtifactStore, folder: Path, *, below: str
) -> Inputs:
    """Put what came in below a part of the folder; the paths start from the folder.

    Raises:
        RequestError: S003 for an input that is not stored any more.
    """
    many = {wire.port for wire in subject.step.inputs if wire.many}
    placed: Inputs = {}
    for port, brought in subject.inputs.items():
        for number, one in enumerate(brought, start=1):
            stem = f"{below}/{port}/{number}" if port in many else f"{below}/{port}"
            path = f"{stem}{_ending(one.ref)}"
            _place(one.ref, artifacts, folder / path, source=one.source)
            placed[port] = (*placed.get(port, ()), InputArtifact(ref=one.ref, path=path))
    return placed


def copy_files(subject: Subject, folder: Path) -> dict[str, str]:
    """Copy the files that parameters name; gives their paths below the folder, by parameter.

    Raises:
        RequestError: V005 for one that is not what it was in the run.
    """
    digests, copied = FileDigests(None, digest_file), {}
    for parameter, digest in subject.step.files.items():
        original = Path(str(subject.step.parameters.get(parameter, "")))
        if not digest or digests.of(str(original), "", "").digest != digest:
            raise RequestError(
                "V005",
                f"The file '{original}' of parameter '{parameter}' is not what it was in the run.",
                remedy="Put the former file back, or run the pipeline again.",
            )
        copied[parameter] = f"files/{parameter}/{original.name}"
        target = folder / copied[parameter]
        target.parent.mkdir(parents=True, exist_ok=True)
        if original.is_dir():
            shutil.copytree(original, target)
        else:
            shutil.copyfile(original, target)
    return copied


def _ending(ref: ArtifactRef) -> str:
    if ref.format == "file":
        return PurePosixPath(str(ref.summary.get("name", ""))).suffix
    return _ENDINGS.get(ref.format, "")


def _place(ref: ArtifactRef, artifacts: FolderArtifactStore, target: Path, *, source: str) -> None:
    """Link a file, which is read-only and nobody writes to; copy a folder, whose files are not."""
    stored = artifacts.path(ref.digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if stored.is_dir():
            shutil.copytree(stored, target)
            for path in target.rglob("*"):
                path.chmod(_READ_ONLY_FOLDER if path.is_dir() else _READ_ONLY)
        else:
            _link(stored, target)
        is_whole = _is_whole(target, ref.digest)
    except FileNotFoundError:
        is_whole = False
    if not is_whole:
        raise RequestError(
            "S003",
            f"'{source}', which came into the step, is not stored here any more or is damaged.",
            remedy="Run the pipeline again and reopen the step of that run.",
        )


def _is_whole(path: Path, digest: str) -> bool:
    """Whether a file, or a folder with every file in it, has the bytes that the digest names."""
    if not path.is_dir():
        return digest_file(path) == digest
    files = msgspec.json.decode((path / MANIFEST).read_bytes())["files"]
    return digest_file(path / MANIFEST) == digest and all(
        digest_file(path / name) == facts["digest"] for name, facts in files.items()
    )


def _link(stored: Path, target: Path) -> None:
    try:
        os.link(stored, target)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without links
        shutil.copyfile(stored, target)
        target.chmod(_READ_ONLY)
