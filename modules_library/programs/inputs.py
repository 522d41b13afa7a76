"""Input artifacts as paths under names that a program understands."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from modules_library.programs.declaration import Declaration, Input
from runtime.errors import DataError
from runtime.model import InputArtifact, StepRequest

INPUTS = "inputs"
"""Where they lie, below the attempt's folder."""

_FOLDERS = ("Folder", "ImageFolder")
_ENDINGS = {"Model": ".model", "File": ""} | dict.fromkeys(_FOLDERS, "")

InputPaths = Mapping[str, tuple[Path, ...]]


def input_paths(request: StepRequest, declaration: Declaration, folder: Path) -> InputPaths:
    """Where each input lies for the program, by port; nothing for an unwired one."""
    return {
        name: tuple(
            _given(one, name, port, _place(folder, name, one, number if port.many else None))
            for number, one in enumerate(request.inputs.get(name, ()), start=1)
        )
        for name, port in declaration.inputs.items()
    }


def _place(folder: Path, name: str, artifact: InputArtifact, number: int | None) -> Path:
    """Its path without the ending; a file keeps its own name in a folder of its own."""
    stem = name if number is None else f"{name}_{number}"
    if artifact.ref.type == "File":
        shown = Path(str(artifact.ref.summary.get("name", ""))).name
        return folder / INPUTS / stem / (shown or Path(artifact.path).name)
    return folder / INPUTS / stem


def _given(artifact: InputArtifact, name: str, port: Input, place: Path) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    stored, type_ = Path(artifact.path), artifact.ref.type
    if type_ == "Table":
        target = place.with_name(f"{place.name}.{port.format}")
        if port.format != "arrow":
            _write_table(stored, target, name, port)
            return target
    else:
        target = place.with_name(place.name + _ENDINGS.get(type_, ".json"))
    if port.access == "download":
        _copy(stored, target)
    else:
        _mount(stored, target, name)
    return target


def _mount(stored: Path, target: Path, name: str) -> None:
    try:
        target.symlink_to(stored.resolve())
    except OSError as exc:
        _say(f"Input '{name}' is a copy: the stored bytes cannot be mounted here ({exc}).")
        _copy(stored, target)


def _copy(stored: Path, target: Path) -> None:
    """A copy that may be changed, whatever may be done to the stored bytes."""
    if not stored.is_dir():
        shutil.copyfile(stored, target)
        return
    shutil.copytree(stored, target, copy_function=shutil.copyfile)
    for folder in [target, *(one for one in target.rglob("*") if one.is_dir())]:
        folder.chmod(0o700)


def _write_table(stored: Path, target: Path, name: str, port: Input) -> None:
    import polars as pl

    if port.access == "mount":
        _say(f"Input '{name}' is a copy: its table is written as {port.format}.")
    frame = pl.scan_ipc(stored, glob=False)
    try:
        if port.format == "csv":
            frame.collect().write_csv(target)
        else:
            frame.collect().write_parquet(target)
    except pl.exceptions.PolarsError as exc:
        raise DataError(
            "D008",
            f"The table at '{name}' cannot be written as {port.format}: {exc}.",
            remedy=f'Use format = "arrow", or leave columns out that {port.format} cannot hold.',
        ) from exc


def _say(sentence: str) -> None:
    """Tell whoever reads the step's log."""
    print(sentence, flush=True)  # noqa: T201 - standard output is the log of the step
