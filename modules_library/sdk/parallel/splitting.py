"""An input cut into mini-batches, each an artifact of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modules_library.sdk.artifacts import Folder, ImageFolder
from modules_library.sdk.codecs import write_output
from modules_library.sdk.codecs.arrow_file import open_arrow, read_roles
from modules_library.sdk.codecs.folders import MANIFEST
from modules_library.sdk.table import Roles
from runtime.model import InputArtifact, OutputPort


@dataclass(frozen=True, eq=False)
class Batch:
    """A mini-batch.

    Attributes:
        number: From 1.
        first: Its first row, from 0, or the path of its first file.
        size: How many rows or files.
    """

    number: int
    first: str
    size: int
    artifact: InputArtifact


def split(
    artifact: InputArtifact, size: int, folder: Path, *, only: int | None = None
) -> Iterator[Batch]:
    """The mini-batches of an input, in order; one empty one of an input that holds nothing.

    Args:
        artifact: A table or a folder.
        size: Rows or files per mini-batch.
        folder: Where they are written, one folder each.
        only: The number of the one to give; all of them where absent.
    """
    if artifact.ref.type == "Table":
        return _rows(artifact, size, folder, only)
    return _files(artifact, size, folder, only)


def _rows(artifact: InputArtifact, size: int, folder: Path, only: int | None) -> Iterator[Batch]:
    path = Path(artifact.path)
    table, roles = open_arrow(path).replace_schema_metadata(None), read_roles(path)
    port = OutputPort(name="batch", type="Table")
    for number, start in enumerate(range(0, table.num_rows, size) or [0], start=1):
        if only not in (None, number):
            continue
        part = table.slice(start, size)
        place = folder / str(number)
        made = write_output(part, port, folder=place, inherited=roles)
        given = InputArtifact(ref=made.ref, path=str(place / made.path))
        yield Batch(number, str(start), part.num_rows, given)


def _files(artifact: InputArtifact, size: int, folder: Path, only: int | None) -> Iterator[Batch]:
    """Files of all sub-folders by their paths; linked where the file system can."""
    root = Path(artifact.path)
    paths = sorted(one for one in root.rglob("*") if one.is_file() and one.name != MANIFEST)
    kind = ImageFolder if artifact.ref.type == "ImageFolder" else Folder
    port = OutputPort(name="batch", type=artifact.ref.type)
    for number, start in enumerate(range(0, len(paths), size) or [0], start=1):
        if only not in (None, number):
            continue
        part, place = paths[start : start + size], folder / str(number)
        content = place / "content"
        content.mkdir(parents=True)
        for path in part:
            _link(path, content / path.relative_to(root))
        made = write_output(kind(content), port, folder=place, inherited=Roles())
        given = InputArtifact(ref=made.ref, path=str(place / made.path))
        first = part[0].relative_to(root).as_posix() if part else ""
        yield Batch(number, first, len(part), given)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
