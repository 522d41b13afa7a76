"""Which files of a folder belong to its module, and their digest.

What `.gitignore` leaves in belongs to it. A `.designerignore` has the same form and the last word:
it leaves out more, or with `!` takes back in what `.gitignore` leaves out. Both may lie in any
folder, and the deeper one decides. Neither belongs to the module itself: a copy of its files has the
digest of the folder they were copied from, and no machine needs to know these rules a second time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from runtime.errors import RequestError
from runtime.model.digest import digest_file, digest_value

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

GITIGNORE, DESIGNERIGNORE = ".gitignore", ".designerignore"
ALWAYS_OUT = (
    *(GITIGNORE, DESIGNERIGNORE),
    *(".git", "__pycache__", ".ipynb_checkpoints", ".DS_Store"),
)
"""Names that no module needs."""

LARGEST_BYTES, MOST_FILES = 300 << 20, 5000
"""A folder beyond this is refused: it would travel with every run."""


class _Rules(NamedTuple):
    """An ignore file and the folder it lies in, as a path below the module's folder."""

    place: str
    spec: GitIgnoreSpec

    def verdict(self, path: str) -> bool | None:
        """Whether it leaves a path out; None when it says nothing of it."""
        if not path.startswith(self.place):
            return None
        return self.spec.check_file(path[len(self.place) :]).include

    def takes_back(self) -> bool:
        """Whether something in it begins with `!`."""
        return any(pattern.include is False for pattern in self.spec.patterns)


class _Ignored(NamedTuple):
    """The ignore files on the way to a folder, the deepest first."""

    git: tuple[_Rules, ...] = ()
    designer: tuple[_Rules, ...] = ()

    def with_those_in(self, folder: Path, place: str) -> _Ignored:
        """The same and the ones that a folder has itself."""
        return _Ignored(
            (*_rules(folder / GITIGNORE, place), *self.git),
            (*_rules(folder / DESIGNERIGNORE, place), *self.designer),
        )

    def leaves_out(self, path: str) -> bool:
        """Whether a file or, with a slash at its end, a folder is left out."""
        for rules in (*self.designer, *self.git):
            verdict = rules.verdict(path)
            if verdict is not None:
                return verdict
        return False

    def can_be_skipped(self, path: str) -> bool:
        """Whether nothing below a folder that is left out can be taken back."""
        takes_back = any(rules.takes_back() for rules in self.designer)
        return self.leaves_out(path) and not takes_back


def files_of(folder: Path) -> dict[str, Path]:
    """The files that belong to a module, by their path below its folder.

    Raises:
        RequestError: M017 when they are too many or too large to travel with every run.
    """
    found: dict[str, Path] = {}
    size = 0
    for name, entry in _walk(folder, "", _Ignored()):
        found[name] = Path(entry.path)
        size += entry.stat().st_size
        if size > LARGEST_BYTES or len(found) > MOST_FILES:
            raise _too_large(folder)
    return dict(sorted(found.items()))


def folder_digest(folder: Path) -> str:
    """Digest over the path and the bytes of every file that belongs to a module."""
    contents = {name: digest_file(path) for name, path in files_of(folder).items()}
    return digest_value({"format": 1, "files": contents})


def folder_stamp(folder: Path) -> tuple[int, int]:
    """Two numbers that change when a file is changed, added or taken away; nothing is read."""
    found = islice(_walk(folder, "", _Ignored()), MOST_FILES + 1)
    try:
        facts = {name: entry.stat() for name, entry in found}
    except OSError:
        return 0, 0  # it is being changed just now; the next look finds it as it is
    listed = [[name, one.st_mtime_ns, one.st_size] for name, one in sorted(facts.items())]
    number = int(digest_value(listed).removeprefix("b3:")[:12], 16)
    return number, sum(one.st_size for one in facts.values())


def _walk(folder: Path, place: str, above: _Ignored) -> Iterator[tuple[str, os.DirEntry[str]]]:
    ignored = above.with_those_in(folder, place)
    with os.scandir(folder) as found:
        entries = list(found)
    for entry in entries:
        path = f"{place}{entry.name}"
        if entry.name in ALWAYS_OUT:
            continue
        if entry.is_dir(follow_symlinks=False):
            if not ignored.can_be_skipped(f"{path}/"):
                yield from _walk(Path(entry.path), f"{path}/", ignored)
        elif entry.is_file() and not ignored.leaves_out(path):
            yield path, entry


def _rules(file: Path, place: str) -> tuple[_Rules, ...]:
    try:
        facts = file.stat()
    except OSError:
        return ()
    return (_Rules(place, _compiled(str(file), facts.st_mtime_ns, facts.st_size)),)


@lru_cache(maxsize=256)
def _compiled(file: str, changed: int, size: int) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # only where there is such a file

    text = Path(file).read_bytes().decode("utf-8", errors="replace")
    return GitIgnoreSpec.from_lines(text.splitlines())


def _too_large(folder: Path) -> RequestError:
    return RequestError(
        "M017",
        f"'{folder.name}' has more than {LARGEST_BYTES >> 20} MiB or {MOST_FILES} files, "
        "which would travel with every run.",
        remedy=f"Leave data and results out in its {DESIGNERIGNORE}.",
    )
