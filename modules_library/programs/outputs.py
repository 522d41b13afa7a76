"""What a program has written, by output port, as artifacts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modules_library.programs.declaration import NOTEBOOK_OUTPUT, Declaration, Output
from modules_library.sdk.artifacts import File, Folder, ImageFolder
from modules_library.sdk.codecs import write_output
from modules_library.sdk.codecs.documents import read_document
from modules_library.sdk.codecs.outputs import take_model
from modules_library.sdk.table import Roles
from runtime.errors import DesignerError, ModuleError
from runtime.model import OutputFile, OutputPort, StepRequest

MADE = "made"
"""Where a program writes, below the attempt's folder."""

_FOLDERS = {"Folder": Folder, "ImageFolder": ImageFolder}

OutputPaths = Mapping[str, Path]


def output_paths(declaration: Declaration, folder: Path) -> OutputPaths:
    """Where each output is to be written; folders are there already, empty."""
    place = folder / MADE
    place.mkdir(parents=True, exist_ok=True)
    found = {name: _place(place, name, port) for name, port in declaration.outputs.items()}
    for name, port in declaration.outputs.items():
        if port.type in _FOLDERS:
            found[name].mkdir()
        else:
            found[name].parent.mkdir(exist_ok=True)
    if declaration.kind == "notebook":
        found[NOTEBOOK_OUTPUT] = place / Path(declaration.entry).name
    return found


def taken_outputs(
    request: StepRequest, declaration: Declaration, paths: OutputPaths, inherited: Roles
) -> dict[str, OutputFile]:
    """Every output as an artifact in the attempt's folder.

    Raises:
        ModuleError: M009 for one that was not written, or is not what it is declared to be.
    """
    folder = Path(request.folder)
    return {
        port.name: _taken(paths[port.name], port, declaration, folder=folder, inherited=inherited)
        for port in request.outputs
    }


def executed_notebook(request: StepRequest, paths: OutputPaths) -> dict[str, OutputFile]:
    """The notebook as far as it came; nothing of a program that is none, or was never started."""
    path = paths.get(NOTEBOOK_OUTPUT)
    port = next((one for one in request.outputs if one.name == NOTEBOOK_OUTPUT), None)
    if path is None or port is None or not path.is_file():
        return {}
    value = File(path, path.name)
    made = write_output(value, port, folder=Path(request.folder), inherited=Roles())
    return {NOTEBOOK_OUTPUT: made}


def _place(folder: Path, name: str, port: Output) -> Path:
    match port.type:
        case "Table":
            return folder / f"{name}.{port.format}"
        case "File":
            return folder / name / (Path(port.file).name or name)
        case "Folder" | "ImageFolder":
            return folder / name
        case "Model":
            return folder / f"{name}.model"
    return folder / f"{name}.json"


def _taken(
    path: Path, port: OutputPort, declaration: Declaration, *, folder: Path, inherited: Roles
) -> OutputFile:
    if not path.exists():
        raise ModuleError(
            "M009",
            f"'{port.name}' was not written: there is nothing at '{path.name}'.",
            remedy=f"Write it where {{output.{port.name}}} says.",
            port=port.name,
        )
    declared = declaration.outputs.get(port.name, Output(type="File"))
    if port.type == "Model":
        return take_model(path, port, folder=folder)
    return write_output(_value(path, port, declared), port, folder=folder, inherited=inherited)


def _value(path: Path, port: OutputPort, declared: Output) -> Any:
    match port.type:
        case "Table":
            return _table(path, port.name, declared)
        case "File":
            return File(path, path.name)
        case "Folder" | "ImageFolder":
            return _FOLDERS[port.type](path)
    try:
        return read_document(path, port.type)
    except DesignerError as exc:
        raise _unreadable(path, port.name, "JSON", exc.record.message) from exc


def _table(path: Path, name: str, declared: Output) -> Any:
    import polars as pl
    import pyarrow as pa

    try:
        if declared.format == "csv":
            return pl.read_csv(path, infer_schema_length=None, try_parse_dates=True)
        if declared.format == "parquet":
            return pl.read_parquet(path)
        return pl.read_ipc(path)
    except (pl.exceptions.PolarsError, pa.ArrowInvalid, OSError) as exc:
        raise _unreadable(path, name, declared.format, str(exc)) from exc


def _unreadable(path: Path, name: str, form: str, why: str) -> ModuleError:
    return ModuleError(
        "M009",
        f"'{name}' is no {form} that can be read: {why.rstrip('.')}.",
        remedy=f"Write {form} to '{path.name}', or declare another format.",
        port=name,
    )
