"""Whether stored bytes are still what they were: by the file's times, by reading where these moved."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path


class Soundness:
    """Remembers which artifacts were read and found whole, and in which state their files were.

    Args:
        file: Where whole ones are remembered for the programs to come.
        verify: Reads an artifact and compares its digest.
        writes: Whether to remember beyond this program.
    """

    def __init__(self, file: Path, verify: Callable[[str], bool], *, writes: bool) -> None:
        self._file = file
        self._verify = verify
        self._writes = writes
        self._read: dict[str, tuple[str, bool]] | None = None

    def is_sound(self, digest: str, place: str, *, since: float) -> bool:
        """Whether the bytes at `place` have the digest; read only if they changed after `since`."""
        facts = [os.lstat(path) for path in _everything(place)]
        if max(one.st_ctime for one in facts) <= since:
            return True
        state = _state(facts)
        known = self._known().get(digest)
        if known is None or known[0] != state:
            known = self._note(digest, state, self._verify(digest))
        return known[1]

    def is_damaged(self, digest: str) -> bool:
        """Whether the artifact was read and had another digest."""
        return self._read is not None and not self._read.get(digest, ("", True))[1]

    def is_known(self, digest: str, place: str) -> bool:
        """Whether these bytes were whole and no file has changed since."""
        return self._known().get(digest) == (_state([os.lstat(place)]), True)

    def replace(self, digest: str, place: str, *, was_taken: bool) -> None:
        """Bytes that were digested just now lie there; where some lay before, remember these."""
        if was_taken:
            self._known()[digest] = (_state([os.lstat(place)]), True)
        elif self._read:
            self._read.pop(digest, None)

    def _note(self, digest: str, state: str, is_whole: bool) -> tuple[str, bool]:
        noted = self._known()[digest] = (state, is_whole)
        if is_whole and self._writes:
            with suppress(OSError), open(self._file, "a", encoding="ascii") as file:
                file.write(f"{digest} {state}\n")
        return noted

    def _known(self) -> dict[str, tuple[str, bool]]:
        if self._read is None:
            self._read = {}
            with suppress(OSError, UnicodeDecodeError):
                for line in self._file.read_text(encoding="ascii").splitlines():
                    digest, _, state = line.partition(" ")
                    self._read[digest] = (state, True)
        return self._read


def _everything(place: str) -> Iterator[str]:
    """A file, or a folder with all that is in it."""
    yield place
    if not os.path.isdir(place):
        return
    for folder, folders, files in os.walk(place):
        for name in (*sorted(folders), *sorted(files)):
            yield f"{folder}/{name}"


def _state(facts: list[os.stat_result]) -> str:
    """Inode, times and size; of a folder, its files' newest times, their size together, their number."""
    newest = max(one.st_ctime_ns for one in facts)
    return (
        f"{facts[0].st_ino} {max(one.st_mtime_ns for one in facts)} {newest} "
        f"{sum(one.st_size for one in facts)} {len(facts)}"
    )
