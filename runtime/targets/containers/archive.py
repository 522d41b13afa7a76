"""Tar archives made while they are sent, and opened while they arrive."""

import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_PIECE_BYTES = 1 << 20
_BLOCK = 512


class Entry(NamedTuple):
    """One file, folder or link of an archive.

    Attributes:
        source: The file whose bytes it has; `data` where there is none.
        link: What it points to, where it is a link.
        is_private: It belongs to the user of the step, who may write there; else to nobody.
    """

    name: str
    source: Path | None = None
    data: bytes = b""
    link: str = ""
    is_folder: bool = False
    is_private: bool = False


def packed(entries: Iterable[Entry], *, user: int) -> Iterator[bytes]:
    """The entries as an archive, piece by piece.

    Args:
        entries: In their order; a folder before what is in it.
        user: Whom the private ones belong to.
    """
    for entry in entries:
        about = tarfile.TarInfo(entry.name)
        about.mode = 0o755 if entry.is_folder else 0o644 if entry.is_private else 0o444
        about.uid = about.gid = user if entry.is_private else 0
        if entry.link:
            about.type, about.linkname = tarfile.SYMTYPE, entry.link
        elif entry.is_folder:
            about.type = tarfile.DIRTYPE
        elif entry.source is not None:
            facts = os.stat(entry.source)
            about.size, about.mtime = facts.st_size, int(facts.st_mtime)
        else:
            about.size = len(entry.data)
        yield about.tobuf(tarfile.PAX_FORMAT)
        yield from _content(entry, about.size)
    yield bytes(2 * _BLOCK)


def _content(entry: Entry, size: int) -> Iterator[bytes]:
    if entry.source is None:
        yield entry.data
    else:
        left = size
        with open(entry.source, "rb") as file:
            while left and (data := file.read(min(left, _PIECE_BYTES))):
                left -= len(data)
                yield data
        yield bytes(left)  # it became shorter meanwhile: whoever compares digests finds out
    yield bytes(-size % _BLOCK)


def tree(folder: Path, place: str) -> Iterator[Entry]:
    """A folder with everything in it; what is named `.manifest.json` comes last."""
    yield Entry(place, is_folder=True)
    for path in sorted(folder.rglob("*"), key=lambda path: (path.name == ".manifest.json", path)):
        name = f"{place}/{path.relative_to(folder).as_posix()}"
        yield Entry(name, is_folder=True) if path.is_dir() else Entry(name, source=path)


def unpack(archive: BinaryIO, place: Path, *, most_bytes: int) -> int:
    """Put an archive's one file or folder at a place; gives its bytes.

    Raises:
        ValueError: It holds something else, or more than was said.
    """
    came = 0
    with tarfile.open(fileobj=archive, mode="r|") as opened:
        for member in opened:
            inside = member.name.partition("/")[2]
            target = Path(os.path.normpath(place / inside)) if inside else place
            came += member.size
            if not target.is_relative_to(place) or came > most_bytes:
                raise ValueError(f"'{member.name}' does not belong there")
            if member.isdir():
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
            elif member.isreg() and (source := opened.extractfile(member)) is not None:
                with target.open("wb") as file:
                    while data := source.read(_PIECE_BYTES):
                        file.write(data)
            else:
                raise ValueError(f"'{member.name}' is no file")
    return came
