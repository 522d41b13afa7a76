"""An input artifact becomes the value that the function's annotation asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from modules_library.sdk.artifacts import File, Folder, ImageFolder, Model
from modules_library.sdk.codecs.documents import read_document
from modules_library.sdk.codecs.table_values import read_table
from modules_library.sdk.source import Port
from runtime.errors import DataError
from runtime.model import InputArtifact


def read_input(artifact: InputArtifact, port: Port) -> Any:
    """The artifact's value for a port.

    Raises:
        DataError: D008 when the artifact is of another type than the port takes.
    """
    type_, path = artifact.ref.type, Path(artifact.path)
    if type_ not in (port.type, "Any") and port.type not in (type_, "Any"):
        raise DataError(
            "D008",
            f"Port '{port.name}' expects {port.type}, but got {type_}.",
            remedy=f"Connect an output that gives {port.type}.",
            port=port.name,
        )
    return _value(artifact, type_ if type_ != "Any" else port.type, path, port.annotation)


def _value(artifact: InputArtifact, type_: str, path: Path, annotation: str) -> Any:
    match type_:
        case "Table":
            return read_table(path, annotation)
        case "Model":
            return Model.load(path)
        case "File":
            name = str(artifact.ref.summary.get("name", "")) or path.name
            return path if annotation == "pathlib.Path" else File(path, name)
        case "Folder":
            return Folder(path)
        case "ImageFolder":
            return ImageFolder(path)
    return read_document(path, type_)
