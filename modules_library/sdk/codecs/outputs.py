"""A value that a function returned becomes an artifact in the attempt's folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from modules_library.sdk.artifacts import (
    File,
    Folder,
    ImageFolder,
    Model,
    Report,
    Transform,
    UntrainedModel,
    read_model_facts,
)
from modules_library.sdk.codecs.documents import document_of, summary_of
from modules_library.sdk.codecs.folders import take_file, take_folder
from modules_library.sdk.codecs.table_values import arrow_of
from modules_library.sdk.table import Roles
from runtime.errors import ModuleError
from runtime.model import ArtifactRef, OutputFile, OutputPort
from runtime.model.digest import digest_bytes, digest_file

if TYPE_CHECKING:
    import pyarrow as pa

_CLASSES: dict[str, type] = {
    "UntrainedModel": UntrainedModel,
    "Transform": Transform,
    "Report": Report,
    "Model": Model,
    "ImageFolder": ImageFolder,
    "Folder": Folder,
    "File": File,
}


def write_output(value: Any, port: OutputPort, *, folder: Path, inherited: Roles) -> OutputFile:
    """Write one output below `<folder>/outputs`, hashed.

    Args:
        value: What the function gave for this port.
        port: The port.
        folder: The attempt's folder.
        inherited: Roles of the input tables, for columns of the same name.

    Raises:
        ModuleError: M009 when the value is not what the port declares.
    """
    (folder / "outputs").mkdir(parents=True, exist_ok=True)
    type_ = _type_of(value) if port.type == "Any" else port.type
    place = f"outputs/{port.name}"
    try:
        return _write(value, type_, folder, place, inherited)
    except ValueError as exc:
        raise ModuleError(
            "M009",
            f"Port '{port.name}' expects {port.type}, but what it got cannot be stored: {exc}.",
            remedy=f"Return a value that is a {port.type}.",
            port=port.name,
        ) from exc
    except _WrongTypeError as exc:
        raise ModuleError(
            "M009",
            f"Port '{port.name}' expects {port.type}, but the function gave {_name(value)}.",
            remedy=f"Return {_article(port.type)} for '{port.name}', or change its annotation.",
            port=port.name,
            expected=port.type,
            got=_name(value),
        ) from exc


class _WrongTypeError(Exception):
    """The value is not of the port's type."""


def _write(value: Any, type_: str, folder: Path, place: str, inherited: Roles) -> OutputFile:
    if type_ == "Table":
        return _write_table(value, folder, f"{place}.arrow", inherited)
    if type_ == "File" and isinstance(value, Path):
        value = File(value, value.name)
    if type_ == "Folder" and isinstance(value, Path):
        value = Folder(value)
    if type_ != "Value" and not isinstance(value, _CLASSES[type_]):
        raise _WrongTypeError
    if isinstance(value, Model):
        return _write_model(value, folder, f"{place}.model")
    if isinstance(value, File):
        return _write_file(value, folder, place)
    if isinstance(value, Folder):
        return _write_folder(value, type_, folder, place)
    return _write_document(value, type_, folder, f"{place}.json")


def _write_table(value: Any, folder: Path, place: str, inherited: Roles) -> OutputFile:
    from modules_library.sdk.codecs.arrow_file import write_arrow

    found = arrow_of(value)
    if found is None:
        raise _WrongTypeError
    table, own = found
    roles = own if own is not None else inherited
    digest, size = write_arrow(table, folder / place, roles=roles)
    return _file("Table", digest, size, "arrow", place, _table_summary(table))


def _table_summary(table: pa.Table) -> dict[str, Any]:
    return {"rows": table.num_rows, "columns": table.num_columns}


def take_model(path: Path, port: OutputPort, *, folder: Path) -> OutputFile:
    """A model archive that lies somewhere already, as an output.

    Raises:
        ModuleError: M009 when it is no model archive.
    """
    (folder / "outputs").mkdir(parents=True, exist_ok=True)
    place = f"outputs/{port.name}.model"
    take_file(path, folder / place, own=folder)
    return _model_file(folder, place)


def _write_model(value: Model, folder: Path, place: str) -> OutputFile:
    value.save(folder / place)
    return _model_file(folder, place)


def _model_file(folder: Path, place: str) -> OutputFile:
    path = folder / place
    facts = read_model_facts(path)
    shown = {"learner": facts.get("title") or facts.get("learner"), "task": facts.get("task")}
    return _file("Model", digest_file(path), path.stat().st_size, "model", place, _said(shown))


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value}


def _write_file(value: File, folder: Path, place: str) -> OutputFile:
    name = value.name or value.path.name
    place += Path(name).suffix if Path(name).suffix.isascii() else ""
    path = folder / place
    if not value.path.is_file():
        raise ValueError(f"the file '{value.path}' does not exist")
    take_file(value.path, path, own=folder)
    size = path.stat().st_size
    return _file("File", digest_file(path), size, "file", place, {"name": name, "bytes": size})


def _write_folder(value: Folder, type_: str, folder: Path, place: str) -> OutputFile:
    if not value.path.is_dir():
        raise ValueError(f"the folder '{value.path}' does not exist")
    digest, size, count = take_folder(value.path, folder / place, own=folder)
    return _file(type_, digest, size, "folder", place, {"files": count})


def _write_document(value: Any, type_: str, folder: Path, place: str) -> OutputFile:
    data = document_of(value)
    (folder / place).write_bytes(data)
    return _file(type_, digest_bytes(data), len(data), "json", place, summary_of(value))


def _file(
    type_: str, digest: str, size: int, format_: str, place: str, summary: dict[str, Any]
) -> OutputFile:
    ref = ArtifactRef(type=type_, digest=digest, bytes=size, format=format_, summary=summary)
    return OutputFile(ref=ref, path=place)


def _type_of(value: Any) -> str:
    """The port type of a value, for ports that give any."""
    for name, kind in _CLASSES.items():
        if isinstance(value, kind):
            return name
    if isinstance(value, Path):
        return "Folder" if value.is_dir() else "File"
    return "Table" if _is_table(value) else "Value"


def _is_table(value: Any) -> bool:
    names = {f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(value).__mro__}
    return bool(names & _TABLE_CLASSES)


_TABLE_CLASSES = {
    "modules_library.Table",
    "polars.DataFrame",
    "polars.LazyFrame",
    "pandas.DataFrame",
    "pyarrow.Table",
    "numpy.ndarray",
}


def _name(value: Any) -> str:
    return "nothing (None)" if value is None else type(value).__name__


def _article(type_: str) -> str:
    return f"an {type_}" if type_[0] in "AEIOU" else f"a {type_}"
