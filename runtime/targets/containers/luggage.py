"""What a step needs in its container, and what it made there: mounted, or copied.

Where the engine sees this machine's files, inputs are mounted one by one, read-only, and the
attempt's folder is the one place to write. Elsewhere artifacts and our packages are copied, each
once, into two volumes that steps can only read, and the attempt's folder is a volume of its own.
"""

import contextlib
import os
import shutil
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from runtime.model import OutputFile, StepRequest
from runtime.targets.containers.archive import Entry, packed, tree, unpack
from runtime.targets.containers.engine import Engine, reader_of
from runtime.targets.containers.snapshots import Snapshot
from runtime.targets.remote.delivery import below, digest_of, source_files
from runtime.targets.remote.transfers import damaged, gone
from runtime.worker import CANCEL, REQUEST, encode, write_whole

HOME = "/designer"
_CAS, _PACKAGES = f"{HOME}/cas", f"{HOME}/packages"
_INNER = "container"
_NOBODY = 65534
_FOLDER_EXTRA_BYTES = 64 << 20


def step_user() -> int:
    """Who steps are in their containers: who we are, but never root."""
    return os.getuid() or _NOBODY


class Luggage(Protocol):
    """The way in and out of a step's container."""

    def mounts(
        self, request: StepRequest, there: StepRequest, snapshots: tuple[Snapshot, ...]
    ) -> dict[str, Any]:
        """What the engine has to mount for a request whose container's paths are `there`'s."""
        ...

    def bring(
        self,
        container: str,
        request: StepRequest,
        there: StepRequest,
        snapshots: tuple[Snapshot, ...],
    ) -> int:
        """Bring everything into a container that does not run so far; gives the bytes sent."""
        ...

    def ask_to_stop(self, container: str, request: StepRequest, there: StepRequest) -> None:
        """Leave the marker file for modules that look."""
        ...

    def bring_home(self, container: str, output: OutputFile, place: Path, folder: str) -> int:
        """Put an output of a container that has ended at a place here; gives the bytes fetched.

        Args:
            container: Where it was made.
            output: Its path is the container's.
            place: Below the attempt's folder here.
            folder: The attempt's folder in the container.
        """
        ...


class Mounted:
    """For an engine that sees our files.

    The step's folder lies within the attempt's: what we write there ourselves, the log above all, is
    out of its reach, so that no link it leaves can lead us elsewhere.
    """

    def mounts(
        self, request: StepRequest, there: StepRequest, snapshots: tuple[Snapshot, ...]
    ) -> dict[str, Any]:
        """Every input by itself, read-only; the step's folder, to write."""
        mounts = [_bind(_inner(request), there.folder, is_read_only=False)]
        for port, artifacts in request.inputs.items():
            for one, inside in zip(artifacts, there.inputs[port], strict=True):
                _let_read(one.path)
                mounts.append(_bind(one.path, inside.path))
        mounts += [_bind(one.place, f"{_PACKAGES}/{one.digest}") for one in snapshots]
        for name, path in request.files.items():
            if _is_readable(path):
                mounts.append(_bind(path, there.files[name]))
        return {"mounts": _unique(mounts)}

    def bring(
        self,
        container: str,
        request: StepRequest,
        there: StepRequest,
        snapshots: tuple[Snapshot, ...],
    ) -> int:
        """Write the request and the module's own files into the step's folder."""
        folder = _inner(request)
        for name, source in source_files(request).items():
            _copy(source, folder / "source" / name)
        for name, path in request.files.items():
            place = folder / Path(there.files[name]).relative_to(there.folder)
            if not _is_readable(path):
                _copy(Path(path), place)
            elif os.path.isdir(path):
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.touch()
        write_whole(f"{folder}/{REQUEST}", encode(there))
        _give_to_step(folder)
        return 0

    def ask_to_stop(self, container: str, request: StepRequest, there: StepRequest) -> None:
        """Leave the marker in the folder that both see."""
        with contextlib.suppress(OSError):
            os.close(os.open(_inner(request) / CANCEL, os.O_CREAT | os.O_NOFOLLOW, 0o644))

    def bring_home(self, container: str, output: OutputFile, place: Path, folder: str) -> int:
        """It is here; take it from whoever the step was, where an agent before has not done it."""
        inner = place.parents[1].resolve() / _INNER
        source = inner / os.path.relpath(output.path, folder)
        if source.is_symlink() or not source.resolve().is_relative_to(inner):
            raise gone("the engine", output.ref.digest)
        if source.exists() or not place.exists():
            os.rename(source, place)
        _take_from_step(place)
        return 0


class Copied:
    """For an engine that does not see our files.

    Args:
        engine: Where it is.
        workspace: Whose volumes hold what was sent.
        image: What the container that takes files is made from; it never runs.
    """

    def __init__(self, engine: Engine, workspace: str, image: str) -> None:
        self._engine = engine
        self._artifacts = f"designer-artifacts-{workspace}"
        self._packages = f"designer-packages-{workspace}"
        self._keeper = f"designer-keeper-{workspace}"
        self._image = image
        self._lock = threading.Lock()

    def mounts(
        self, request: StepRequest, there: StepRequest, snapshots: tuple[Snapshot, ...]
    ) -> dict[str, Any]:
        """What was sent, read-only; a volume of its own as the attempt's folder."""
        return {"mounts": [*self._volumes(is_read_only=True), _volume("", there.folder)]}

    def bring(
        self,
        container: str,
        request: StepRequest,
        there: StepRequest,
        snapshots: tuple[Snapshot, ...],
    ) -> int:
        """Send what is not there, then the request itself."""
        sent = 0
        with self._lock:
            keeper = self._keeping()
            for one in snapshots:
                if self._engine.size(keeper, f"{_PACKAGES}/{one.digest}/{one.last}") is None:
                    self._put(keeper, _PACKAGES, tree(one.place, one.digest))
            for artifacts in request.inputs.values():
                for artifact in artifacts:
                    sent += self._send(keeper, artifact.ref.digest, Path(artifact.path))
            entries = [Entry("./", is_folder=True, is_private=True)]
            entries += [Entry("outputs", is_folder=True, is_private=True)]
            for name, path in request.files.items():
                for place, file in below(there.files[name], path).items():
                    digest = digest_of(file)
                    sent += self._send(keeper, digest, Path(file))
                    inside = os.path.relpath(place, there.folder)
                    entries.append(Entry(inside, link=f"{_CAS}/{digest[3:5]}/{digest[3:]}"))
        for name, source in source_files(request).items():
            entries.append(Entry(f"source/{name}", source=source))
        entries.append(Entry(REQUEST, data=encode(there)))
        self._put(container, there.folder, iter(entries))
        return sent

    def ask_to_stop(self, container: str, request: StepRequest, there: StepRequest) -> None:
        """Send the marker."""
        self._put(container, there.folder, iter([Entry(CANCEL, is_private=True)]))

    def bring_home(self, container: str, output: OutputFile, place: Path, folder: str) -> int:
        """Fetch it."""
        chunks = self._engine.get(container, output.path)
        if chunks is None or not output.path.startswith(f"{folder}/"):
            raise gone(self._engine.name, output.ref.digest)
        try:
            most = output.ref.bytes + _FOLDER_EXTRA_BYTES
            return unpack(reader_of(chunks), place, most_bytes=most)
        except ValueError as exc:
            raise damaged(self._engine.name, output.ref.digest) from exc

    def _send(self, keeper: str, digest: str, path: Path) -> int:
        """Send an artifact unless it is there; gives the bytes that went over."""
        place = f"{digest[3:5]}/{digest[3:]}"
        if path.is_dir():
            if self._engine.size(keeper, f"{_CAS}/{place}/.manifest.json") is None:
                self._put(keeper, _CAS, tree(path, place))
                return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
            return 0
        size = path.stat().st_size
        if self._engine.size(keeper, f"{_CAS}/{place}") == size:
            return 0
        self._put(keeper, _CAS, iter([Entry(place, source=path)]))
        return size

    def _put(self, container: str, folder: str, entries: Iterator[Entry]) -> None:
        self._engine.put(container, folder, packed(entries, user=step_user()))

    def _keeping(self) -> str:
        if self._engine.state(self._keeper) is None:
            mounts = self._volumes(is_read_only=False)
            self._engine.create(
                self._keeper, {"mounts": mounts}, image=self._image, command=["true"]
            )
        return self._keeper

    def _volumes(self, *, is_read_only: bool) -> list[dict[str, Any]]:
        return [
            _volume(self._artifacts, _CAS, is_read_only=is_read_only),
            _volume(self._packages, _PACKAGES, is_read_only=is_read_only),
        ]


def _inner(request: StepRequest) -> Path:
    """The step's folder within the attempt's."""
    folder = Path(request.folder, _INNER)
    (folder / "outputs").mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _bind(source: str | Path, target: str, *, is_read_only: bool = True) -> dict[str, Any]:
    return {"Type": "bind", "Source": str(source), "Target": target, "ReadOnly": is_read_only}


def _volume(name: str, target: str, *, is_read_only: bool = False) -> dict[str, Any]:
    named = {"Source": name} if name else {}
    return {"Type": "volume", "Target": target, "ReadOnly": is_read_only, **named}


def _unique(mounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An artifact that comes in at two ports is mounted once."""
    return list({mount["Target"]: mount for mount in mounts}.values())


def _is_readable(path: str) -> bool:
    """Whether the step's user may read a file or folder, once it is mounted."""
    facts = os.stat(path)
    needed = stat.S_IROTH | (stat.S_IXOTH if stat.S_ISDIR(facts.st_mode) else 0)
    return facts.st_uid == step_user() or facts.st_mode & needed == needed


def _let_read(path: str) -> None:
    """Let the step's user read an artifact; the folder it lies in keeps everybody else out."""
    if _is_readable(path):
        return
    for place in (path, *map(str, Path(path).rglob("*"))):
        mode = os.stat(place).st_mode
        os.chmod(place, stat.S_IMODE(mode) | (0o555 if stat.S_ISDIR(mode) else 0o444))


def _give_to_step(folder: Path) -> None:
    if os.getuid() != step_user():
        for place in (folder, *folder.rglob("*")):
            os.chown(place, step_user(), -1, follow_symlinks=False)


def _take_from_step(place: Path) -> None:
    if os.getuid() != step_user():
        for one in (place, *place.rglob("*")):
            os.chown(one, os.getuid(), -1, follow_symlinks=False)


def _copy(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, place, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, place)
