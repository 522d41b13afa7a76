"""What the mini-batches gave, put together in their order."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from modules_library.sdk.artifacts import Folder, ImageFolder
from modules_library.sdk.codecs import write_output
from modules_library.sdk.codecs.arrow_file import open_arrow, read_roles
from modules_library.sdk.codecs.documents import read_document
from modules_library.sdk.codecs.folders import MANIFEST
from modules_library.sdk.codecs.table_values import frame_of_arrow
from modules_library.sdk.parallel.settings import FAILED
from modules_library.sdk.parallel.splitting import Batch
from modules_library.sdk.table import Roles, Table
from runtime.errors import ModuleError
from runtime.model import ErrorRecord, OutputFile, OutputPort


def join(paths: Sequence[Path], port: OutputPort, *, folder: Path) -> OutputFile:
    """One output out of what each mini-batch gave for it.

    Args:
        paths: Theirs, in the order of the mini-batches; at least one.
        port: The port.
        folder: The attempt's folder.

    Raises:
        ModuleError: M009 when two mini-batches gave a file of the same name.
    """
    value = _joined(paths, port, folder)
    return write_output(value, port, folder=folder, inherited=Roles())


def failed_batches(failed: Mapping[Batch, ErrorRecord], *, folder: Path) -> OutputFile:
    """The table of mini-batches that failed."""
    import polars as pl

    rows = sorted(failed.items(), key=lambda one: one[0].number)
    frame = pl.DataFrame(
        {
            "batch": [batch.number for batch, _ in rows],
            "first": [batch.first for batch, _ in rows],
            "size": [batch.size for batch, _ in rows],
            "code": [error.code for _, error in rows],
            "error": [error.message for _, error in rows],
        },
        schema={
            "batch": pl.Int64,
            "first": pl.String,
            "size": pl.Int64,
            "code": pl.String,
            "error": pl.String,
        },
    )
    port = OutputPort(name=FAILED, type="Table")
    return write_output(frame, port, folder=folder, inherited=Roles())


def _joined(paths: Sequence[Path], port: OutputPort, folder: Path) -> Any:
    if port.type == "Table":
        import polars as pl

        frames = [frame_of_arrow(open_arrow(path)) for path in paths]
        return Table(pl.concat(frames, how="diagonal_relaxed"), read_roles(paths[0]))
    if port.type == "Value":
        return [read_document(path, "Value") for path in paths]
    target = folder / "joined" / port.name
    target.mkdir(parents=True)
    for path in paths:
        _move_into(target, path, port)
    return ImageFolder(target) if port.type == "ImageFolder" else Folder(target)


def _move_into(target: Path, source: Path, port: OutputPort) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_dir() or path.name == MANIFEST:
            continue
        place = target / path.relative_to(source)
        if place.exists():
            raise ModuleError(
                "M009",
                f"Two mini-batches gave the file '{path.relative_to(source)}' of '{port.name}'.",
                remedy="Make the names from what the mini-batch holds.",
                port=port.name,
            )
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)
