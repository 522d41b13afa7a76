"""Writing the folder of a reopened step; nothing is executed by it."""

import os
import shutil
import sys
import zipfile
from pathlib import Path, PurePosixPath

import msgspec

from designer.reopening.notebook import notebook
from designer.reopening.readme import launch, readme
from designer.reopening.script import cells_of, head_lines, script, text_files
from designer.reopening.source import copy_source
from designer.reopening.subject import Subject, secret_name, without_secrets
from modules_library.sdk.reopened import FACTS, ReopenedFacts, secret_variable
from modules_library.sdk.source import Declaration
from runtime.errors import RequestError
from runtime.model import ArtifactRef, InputArtifact, StepRequest
from runtime.model.digest import digest_file
from runtime.planning.files import FileDigests
from runtime.stores.artifact_store import MANIFEST, FolderArtifactStore

_READ_ONLY = 0o400
_READ_ONLY_FOLDER = 0o700
_ENDINGS = {"arrow": ".arrow", "json": ".json", "model": ".model", "transform": ".json"}


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
    return Reopened(folder=str(folder), command=f"{sys.executable} step.py")


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
    declaration, source = copy_source(subject.step, folder)
    files = _copy_files(subject, folder)
    inputs = _place_inputs(subject, artifacts, folder)
    facts = ReopenedFacts(
        request=_request(subject, declaration, source=source, inputs=inputs),
        made=subject.state.outputs,
    )
    cells = cells_of(subject, declaration, files, here="Path.cwd()")
    secrets = [
        (name, secret_variable(name))
        for spec in declaration.parameters
        if spec.kind == "secret" and spec.name in subject.step.parameters
        for name in [secret_name(spec.name, subject.step.parameters[spec.name])]
    ]
    texts = {
        FACTS: msgspec.json.format(msgspec.json.encode(facts), indent=2).decode() + "\n",
        "step.py": script(subject, declaration, files),
        "step.ipynb": notebook(head_lines(subject), cells),
        "README.md": readme(subject, source=source, python=sys.executable, secrets=secrets),
        ".vscode/launch.json": launch(sys.executable),
        **dict(text_files(subject, declaration).values()),
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8", "backslashreplace"))


def _request(
    subject: Subject,
    declaration: Declaration,
    *,
    source: str,
    inputs: dict[str, tuple[InputArtifact, ...]],
) -> StepRequest:
    step = subject.step
    secrets = {spec.name for spec in declaration.parameters if spec.kind == "secret"}
    return StepRequest(
        run_id=subject.run.id,
        step_id=step.id,
        attempt=max(subject.state.attempts, 1),
        fence=0,
        entry=msgspec.structs.replace(step.entry, source=source),
        module=step.module,
        version=step.version,
        digest=step.digest,
        label=step.label,
        parameters=without_secrets(step.parameters, secrets),
        inputs=inputs,
        outputs=step.outputs,
        folder="work",
        source_folder=subject.source_folder,
        seed=step.seed if subject.state.seed is None else subject.state.seed,
        threads=step.threads or 1,
    )


def _place_inputs(
    subject: Subject, artifacts: FolderArtifactStore, folder: Path
) -> dict[str, tuple[InputArtifact, ...]]:
    many = {wire.port for wire in subject.step.inputs if wire.many}
    placed: dict[str, tuple[InputArtifact, ...]] = {}
    for port, brought in subject.inputs.items():
        for number, one in enumerate(brought, start=1):
            stem = f"inputs/{port}/{number}" if port in many else f"inputs/{port}"
            path = f"{stem}{_ending(one.ref)}"
            _place(one.ref, artifacts, folder / path, source=one.source)
            placed[port] = (*placed.get(port, ()), InputArtifact(ref=one.ref, path=path))
    return placed


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


def _copy_files(subject: Subject, folder: Path) -> dict[str, str]:
    """Copies of the files that parameters name, which must be what they were."""
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


def _clear(folder: Path, *, is_new: bool) -> None:
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
