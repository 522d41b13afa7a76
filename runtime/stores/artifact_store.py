"""Artifacts in a folder: immutable bytes under the digest of what they are."""

import math
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from runtime.crash_points import crash_point
from runtime.durable_files import sync
from runtime.errors import InfrastructureError
from runtime.model import ArtifactRef
from runtime.model.digest import PREFIX, digest_file
from runtime.stores.soundness import Soundness

MANIFEST = ".manifest.json"
_READ_ONLY = 0o400


class FolderArtifactStore:
    """Artifacts at `<folder>/cas/<first two digits>/<digest>`.

    Bytes are written elsewhere on the same file system and renamed into place, so nobody sees half
    an artifact. One that is absent, short or damaged counts as missing, never as an error.

    Args:
        folder: Where they lie.
        creates: Whether to make the folder when it is absent.
    """

    def __init__(self, folder: Path, *, creates: bool = True) -> None:
        self.folder = folder / "cas"
        self._damaged = folder / "damaged"
        self._soundness = Soundness(folder / "verified", self.verify, writes=creates)
        self._prefix = f"{self.folder}/"
        if creates:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        """Local path of the artifact's file or folder; it must not be written to."""
        return Path(self.place(digest))

    def has(self, digest: str, size: int | None = None) -> bool:
        """Whether the artifact is present and, where `size` is given, that long."""
        place = self.place(digest)
        try:
            facts = os.stat(place)
        except OSError:
            return False
        if facts.st_mode & 0o040000:
            return os.path.exists(f"{place}/{MANIFEST}")
        return size is None or facts.st_size == size

    def has_all(self, refs: Iterable[ArtifactRef], *, since: float = math.inf) -> bool:
        """Whether all of these are present and as long as they were.

        Args:
            refs: The artifacts.
            since: Bytes that changed after this time are read and have to have their digest.
        """
        stat, prefix = os.stat, self._prefix
        for ref in refs:
            digest = ref.digest
            try:
                facts = stat(f"{prefix}{digest[3:5]}/{digest[3:]}")
            except OSError:
                return False
            if facts.st_size != ref.bytes:
                if not self.has(digest, ref.bytes):
                    return False
            elif facts.st_ctime <= since:
                continue
            if since < math.inf and not self._is_sound(digest, since):
                return False
        return True

    def _is_sound(self, digest: str, since: float) -> bool:
        try:
            return self._soundness.is_sound(digest, self.place(digest), since=since)
        except OSError:
            return False

    def set_damaged_aside(self, refs: Iterable[ArtifactRef]) -> bool:
        """Move those of the artifacts away that were found damaged; whether there were any."""
        damaged = [ref.digest for ref in refs if self._soundness.is_damaged(ref.digest)]
        for digest in damaged:
            aside = self._damaged / digest.removeprefix(PREFIX)
            with suppress(OSError):
                self._damaged.mkdir(mode=0o700, exist_ok=True)
                _rename(self.place(digest), str(aside))
        return bool(damaged)

    def adopt(self, source: Path, ref: ArtifactRef, *, durable: bool) -> None:
        """Move finished bytes into the store under `ref.digest`; fsync first when `durable`."""
        place = self.place(ref.digest)
        is_present = self.has(ref.digest, ref.bytes)
        if is_present and self._may_stay(source, ref.digest, place):
            _remove(source)
        else:
            if durable:
                _sync_tree(source)
            crash_point("artifact.before_move")
            self._move(source, place)
            crash_point("artifact.after_move")
            self._soundness.replace(ref.digest, place, was_taken=is_present)
        if durable:
            self.make_durable(ref.digest)

    def _may_stay(self, source: Path, digest: str, place: str) -> bool:
        """Whether what is present stays; a file of which we do not know is replaced once.

        What came from another machine was digested on arrival and has no source.
        """
        if not source.exists():
            return True
        if source.is_dir():
            return not self._soundness.is_damaged(digest)
        return self._soundness.is_known(digest, place)

    def make_durable(self, digest: str) -> None:
        """Fsync an artifact and the folder that names it."""
        place = self.place(digest)
        _sync_tree(Path(place))
        sync(os.path.dirname(place))
        sync(self.folder)

    def verify(self, digest: str) -> bool:
        """Read the bytes and compare their digest (of a folder: its manifest's, and each file's)."""
        path = self.path(digest)
        try:
            if not path.is_dir():
                return digest_file(path) == digest
            return digest_file(path / MANIFEST) == digest and _is_as_listed(path)
        except OSError:
            return False

    def remove(self, digest: str) -> int:
        """Delete an artifact; gives the bytes freed."""
        path = self.path(digest)
        freed = disk_bytes(path)
        _remove(path)
        return freed

    def digests(self) -> Iterator[str]:
        """All artifacts present."""
        for shard in sorted(os.listdir(self.folder)):
            for name in sorted(os.listdir(f"{self._prefix}{shard}")):
                yield PREFIX + name

    def place(self, digest: str) -> str:
        """The same path as text."""
        return f"{self._prefix}{digest[3:5]}/{digest[3:]}"

    def _move(self, source: Path, place: str) -> None:
        if not source.is_dir():
            os.chmod(source, _READ_ONLY)
        try:
            _rename(source, place)
        except FileNotFoundError:
            if not source.exists():
                raise InfrastructureError(
                    "S003",
                    f"The output '{source.name}' vanished before it was stored.",
                    remedy="Run the step again.",
                ) from None
            os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
            _rename(source, place)


def _is_as_listed(folder: Path) -> bool:
    """Whether the files of a folder are what its manifest says."""
    try:
        listed = msgspec.json.decode((folder / MANIFEST).read_bytes())["files"]
    except (msgspec.DecodeError, LookupError, TypeError):
        return True
    return all(digest_file(folder / name) == file["digest"] for name, file in listed.items())


def disk_bytes(path: Path) -> int:
    """Bytes of a file, or of all files below a folder; 0 when it is absent."""
    if path.is_dir():
        return sum(file.lstat().st_size for file in path.rglob("*") if not file.is_dir())
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def free_bytes(folder: Path) -> int:
    """Bytes that are free for us where a folder lies."""
    facts = os.statvfs(folder)
    return facts.f_bavail * facts.f_frsize


def _rename(source: Path | str, place: str) -> None:
    try:
        os.rename(source, place)
    except OSError:
        if not os.path.isdir(place):
            raise
        _remove(Path(place))
        os.rename(source, place)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        import shutil

        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _sync_tree(path: Path) -> None:
    if path.is_dir():
        for inner in path.rglob("*"):
            sync(inner)
    sync(path)
