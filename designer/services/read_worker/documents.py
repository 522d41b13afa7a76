"""Artifacts that are documents: reports, values, learners, transformations, a model's facts."""

import zipfile
from pathlib import Path
from typing import Any

import msgspec

from runtime.errors import DataError

MOST_BYTES = 32 << 20
MANIFEST = ".manifest.json"


def document(path: Path) -> Any:
    """The JSON that an artifact is, or that describes it."""
    if path.is_dir():
        return _decode((path / MANIFEST).read_bytes())
    if zipfile.is_zipfile(path):
        return _model_facts(path)
    if path.stat().st_size > MOST_BYTES:
        raise _unsuitable("is too large to be shown")
    return _decode(path.read_bytes())


def _model_facts(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        try:
            entry = archive.getinfo("model.json")
        except KeyError as exc:
            raise _unsuitable("is an archive without a description") from exc
        if entry.file_size > MOST_BYTES:
            raise _unsuitable("is too large to be shown")
        return _decode(archive.read(entry))


def _decode(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError as exc:
        raise _unsuitable("is no document") from exc


def _unsuitable(why: str) -> DataError:
    return DataError("S003", f"The artifact {why}.", remedy="Download it instead.")
