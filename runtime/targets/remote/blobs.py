"""What lies on a host: artifacts by digest, sent once, verified on arrival, used by every step."""

import contextlib
import os
import shutil
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import blake3
import msgspec

from runtime.errors import InfrastructureError
from runtime.model import StepRequest, WorkerEvent
from runtime.model.digest import PREFIX, digest_bytes, is_digest
from runtime.stores.artifact_store import MANIFEST, FolderArtifactStore
from runtime.targets.remote.messages import Chunk, Deliver, Fetch, Piece

_PIECE_BYTES = 1 << 20
_UNUSED_S = 14 * 86_400


class _Part:
    """A blob on its way in: its file, and the digest of what is there."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.file = open(path, "ab", buffering=0)  # noqa: SIM115 - open until the last chunk
        self.hasher = blake3.blake3()
        self.size = os.path.getsize(path)
        if self.size:
            self.hasher.update_mmap(path)

    def add(self, data: bytes | memoryview) -> None:
        view = memoryview(data)
        while view:
            view = view[self.file.write(view) :]
        self.hasher.update(data)
        self.size += len(data)


class Blobs:
    """The artifacts of a host, and what is on its way.

    Args:
        home: Folder of everything; artifacts are shared by all workspaces.
        folder: The workspace's own folder.
        tidies: Whether to remove what nobody has used for long.
    """

    def __init__(self, home: str, folder: str, *, tidies: bool = True) -> None:
        self._home = os.path.realpath(home)
        self._store = FolderArtifactStore(Path(home))
        self._folder = folder
        self._parts_folder = f"{folder}/parts"
        os.makedirs(self._parts_folder, mode=0o700, exist_ok=True)
        self._parts: dict[str, _Part] = {}
        self._manifests: dict[str, dict[str, str]] = {}
        if tidies:
            self._drop_unused()

    # -- in --------------------------------------------------------------------------------------

    def missing(self, delivered: Deliver) -> dict[str, int]:
        """Digests that are not here, with how much of each is."""
        return {
            digest: self._part_size(digest)
            for digest, size in delivered.blobs.items()
            if not self._store.has(_checked(digest), size)
        }

    def take(self, chunk: Chunk, data: bytes) -> bool | None:
        """Add bytes; once all came, whether they are what their digest says."""
        digest = _checked(chunk.digest)
        part = self._parts.get(digest)
        if part is None:
            part = self._parts[digest] = _Part(self._part_place(digest))
        if chunk.offset > part.size:
            raise ValueError(f"a gap in {digest}")
        part.add(data[part.size - chunk.offset :])
        if not chunk.is_last:
            return None
        del self._parts[digest]
        part.file.close()
        return self._finish(part, digest)

    def _finish(self, part: _Part, digest: str) -> bool:
        if PREFIX + part.hasher.hexdigest() != digest:
            os.unlink(part.path)
            return False
        self._keep(part.path, digest)
        return True

    def receive(self, digest: str, offset: int) -> bool:
        """Take the rest of a blob from standard input; gives whether it is whole."""
        place = self._part_place(digest)
        with contextlib.suppress(FileNotFoundError):
            os.truncate(place, offset)
        part = _Part(place)
        for data in _large_pieces():
            part.add(data)
        part.file.close()
        return self._finish(part, digest)

    def make_folders(self, manifests: Mapping[str, str]) -> None:
        """Learn what folders consist of; their files are blobs like any other."""
        for digest, text in manifests.items():
            if digest_bytes(text.encode()) != _checked(digest):
                raise ValueError(f"the manifest of {digest} is another")
            files = msgspec.json.decode(text)["files"]
            self._manifests[digest] = {name: entry["digest"] for name, entry in files.items()}
            self._manifests[digest][MANIFEST] = text

    def place(self, delivered: Deliver) -> None:
        """Put blobs where a step looks for them, and its inputs' folders together."""
        self.put_together(delivered.folders)
        for path, digest in delivered.links.items():
            self._link(self._store.place(_checked(digest)), self._inside(path))
        for digest in (*delivered.blobs, *delivered.folders):
            with contextlib.suppress(OSError):
                os.utime(self._store.place(digest))

    def put_together(self, folders: Iterable[str]) -> None:
        """Make folders, of which the manifest and all files are here, where they are not."""
        for digest in folders:
            if digest in self._manifests and not self._store.has(digest):
                self._assemble(digest)

    def has(self, digest: str, size: int | None = None) -> bool:
        """Whether an artifact is here and, where `size` is given, that long."""
        return self._store.has(_checked(digest), size)

    def file(self, digest: str) -> str:
        """Where an artifact lies."""
        return self._store.place(_checked(digest))

    def keep_outputs(self, request: StepRequest, event: WorkerEvent) -> WorkerEvent:
        """Move what a step made to the artifacts, so that the next one has it here."""
        for output in event.outputs.values():
            source = os.path.normpath(f"{request.folder}/{output.path}")
            if output.path.startswith("/"):
                source = os.path.normpath(output.path)
            is_inside = source.startswith(f"{request.folder}/") and not os.path.islink(source)
            if not is_inside or not is_digest(output.ref.digest):
                continue  # whoever fetches it will not find it, and say so
            with contextlib.suppress(OSError, InfrastructureError):
                self._store.adopt(Path(source), output.ref, durable=False)
        return event

    # -- out -------------------------------------------------------------------------------------

    def pieces(self, fetch: Fetch) -> Iterator[tuple[Piece, bytes]]:
        """A blob, or a file of a folder, piece by piece."""
        place = self._store.place(_checked(fetch.digest))
        is_folder = os.path.isdir(place)
        if is_folder:
            place = f"{place}/{fetch.file or MANIFEST}"
        about: dict[str, Any] = {
            "digest": fetch.digest,
            "file": fetch.file,
            "is_folder": is_folder,
        }
        try:
            with open(place, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                file.seek(fetch.offset)
                while True:
                    data = file.read(_PIECE_BYTES)
                    is_last = not data or file.tell() >= size
                    yield Piece(bytes=len(data), is_last=is_last, **about), data
                    if is_last:
                        return
        except OSError:
            yield Piece(is_last=True, is_there=False, **about), b""

    def drop_folder(self, folder: str) -> None:
        """Remove an attempt's folder."""
        if os.path.realpath(folder).startswith(f"{self._home}/workspaces/"):
            shutil.rmtree(folder, ignore_errors=True)

    # -- where things lie ------------------------------------------------------------------------

    def _part_place(self, digest: str) -> str:
        return f"{self._parts_folder}/{digest.removeprefix(PREFIX)}"

    def _part_size(self, digest: str) -> int:
        if digest in self._parts:
            return self._parts[digest].size
        try:
            return os.path.getsize(self._part_place(digest))
        except OSError:
            return 0

    def _keep(self, path: str, digest: str) -> None:
        place = self._store.place(digest)
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        os.chmod(path, 0o400)
        os.rename(path, place)

    def _assemble(self, digest: str) -> None:
        part = f"{self._part_place(digest)}.folder"
        shutil.rmtree(part, ignore_errors=True)
        for name, content in self._manifests[digest].items():
            place = os.path.normpath(f"{part}/{name}")
            if not place.startswith(f"{part}/"):
                raise ValueError(f"'{name}' is no file of a folder")
            os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
            if name == MANIFEST:
                Path(place).write_text(content, encoding="utf-8")
            else:
                os.link(self._store.place(_checked(content)), place)
        target = self._store.place(digest)
        os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
        with contextlib.suppress(OSError):
            os.rename(part, target)

    def _link(self, place: str, path: str) -> None:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        try:
            os.link(place, path)
        except FileExistsError:
            return
        except OSError:
            shutil.copyfile(place, path)

    def _inside(self, path: str) -> str:
        place = os.path.normpath(f"{self._home}/{path}")
        if not place.startswith(f"{self._home}/"):
            raise ValueError(f"'{path}' lies elsewhere")
        return place

    def _drop_unused(self) -> None:
        """Remove what no step has used for two weeks, and what nobody asked for any more."""
        before = time.time() - _UNUSED_S
        for attempt in Path(self._folder).glob("runs/*/*/*"):
            with contextlib.suppress(OSError):
                if attempt.stat().st_mtime < before:
                    shutil.rmtree(attempt, ignore_errors=True)
        for digest in list(self._store.digests()):
            with contextlib.suppress(OSError):
                if os.stat(self._store.place(digest)).st_mtime < before:
                    self._store.remove(digest)


def _large_pieces() -> Iterator[memoryview]:
    """Standard input in pieces of a megabyte: one call each, however small sshd's writes are."""
    buffer = memoryview(bytearray(_PIECE_BYTES))
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(0)) as source:
        while size := source.recv_into(buffer, _PIECE_BYTES, socket.MSG_WAITALL):
            yield buffer[:size]
        return
    while size := os.readv(0, [buffer]):
        yield buffer[:size]


def receive(home: str, workspace: str, digest: str, offset: str) -> None:
    """Take the rest of a blob from standard input, and print whether it is what its digest says."""
    os.umask(0o077)
    blobs = Blobs(home, f"{home}/workspaces/{workspace}", tidies=False)
    print(msgspec.json.encode(blobs.receive(_checked(digest), int(offset))).decode())  # noqa: T201


def _checked(digest: str) -> str:
    if not is_digest(digest):
        raise ValueError(f"'{digest[:80]}' is no digest")
    return digest
