"""Index files: what a catalogue knows of modules without opening their sources."""

from __future__ import annotations

import contextlib
import fcntl
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from runtime.durable_files import replace_durably
from runtime.errors import InfrastructureError
from runtime.model import Diagnostic, ModuleSpec
from runtime.model.module_spec import ModuleState

log = logging.getLogger(__name__)

FORMAT = 1
WORKSPACE_INDEX = "module_index.json"


class StateEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A state that somebody set: on one version, or with an empty `version` on the whole module."""

    module: str
    version: str = ""
    state: ModuleState = "active"
    message: str = ""
    replacement: str = ""


class DraftFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file in the workspace's `modules/` folder, as it was when it was last read.

    Attributes:
        stamp: Modification time in nanoseconds and size; another stamp means: read again.
        module: Id of the module it declares; empty for a file of helpers.
        imports: Project files that it imports, by path below `modules/`.
        problems: Why it has no spec.
    """

    stamp: tuple[int, int]
    module: str = ""
    imports: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


class _Index(msgspec.Struct, frozen=True, kw_only=True):
    """What every index file holds beside the specs.

    Attributes:
        root: Folder that `entry.source` starts from; empty for the index file's own folder.
        defaults: Default version by module id; empty text for a module that has none.
        states: States set in this workspace, on built-ins too.
        drafts: Files of the `modules/` folder by path below it.
        published: How many of the specs are published ones; drafts follow them.
        change: Number of the last registry change that is in here.
        generation: Grows with every change of the file.
    """

    format: int = FORMAT
    root: str = ""
    defaults: dict[str, str] = {}
    states: tuple[StateEntry, ...] = ()
    drafts: dict[str, DraftFile] = {}
    published: int = 0
    change: int = 0
    generation: int = 0


class ModuleIndex(_Index, frozen=True, kw_only=True):
    """An index file with its specs, as the generator writes it."""

    modules: tuple[ModuleSpec, ...] = ()


class RawIndex(_Index, frozen=True, kw_only=True):
    """An index file as it is read: each spec stays JSON until somebody looks at it."""

    modules: tuple[msgspec.Raw, ...] = ()


_specs = msgspec.json.Decoder(ModuleSpec)
_indexes = msgspec.json.Decoder(RawIndex)


def read_index(path: Path) -> RawIndex:
    """Read an index file; an absent one is an empty index.

    Raises:
        InfrastructureError: S003 when the file is damaged, S004 when it is newer than we are.
    """
    try:
        index = _indexes.decode(path.read_bytes())
    except FileNotFoundError:
        return RawIndex()
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise _damaged(path, exc) from exc
    if index.format > FORMAT:
        raise InfrastructureError(
            "S004",
            f"The module index '{path}' has format {index.format}; this designer knows {FORMAT}.",
            remedy="Install the newer designer, or open another workspace.",
        )
    return index


def sound_index(path: Path) -> RawIndex:
    """The same for a file that can be made again: a damaged one is removed and counts as empty."""
    try:
        index = read_index(path)
        _check_specs(path, index)
        return index
    except InfrastructureError as exc:
        if exc.code != "S003":
            raise
        log.warning("%s It is written anew.", exc.record.message)
        path.unlink(missing_ok=True)
        return RawIndex()


def _check_specs(path: Path, index: RawIndex) -> None:
    try:
        for raw in index.modules:
            _specs.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise _damaged(path, exc) from exc


def _damaged(path: Path, why: Exception) -> InfrastructureError:
    return InfrastructureError(
        "S003",
        f"The module index '{path}' is damaged: {why}.",
        remedy="Delete the file; it is written again from the registry.",
    )


def write_index(path: Path, index: RawIndex) -> None:
    """Replace an index file as a whole; a reader sees the old one or the new one."""
    replace_durably(path, msgspec.json.encode(index))


def raw_spec(spec: ModuleSpec) -> msgspec.Raw:
    """A spec's JSON without the fields that have their defaults: quicker to read."""
    return msgspec.Raw(msgspec.json.encode(_without_defaults(spec)))


def spec_of(raw: msgspec.Raw | bytes) -> ModuleSpec:
    """The spec of a JSON text."""
    return _specs.decode(raw)


@contextlib.contextmanager
def index_lock(workspace: Path) -> Iterator[None]:
    """Hold the right to change the workspace's index; other processes wait."""
    workspace.mkdir(parents=True, exist_ok=True)
    with (workspace / f".{WORKSPACE_INDEX}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def pretty(value: Any) -> bytes:
    """JSON for files that people read in a diff: sorted keys, two spaces, final newline."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2) + b"\n"


def _without_defaults(value: Any) -> Any:
    """The value with every field left out that has its default: a third of the size to read."""
    if isinstance(value, msgspec.Struct):
        return {
            field.name: _without_defaults(item)
            for field in msgspec.structs.fields(value)
            if (item := getattr(value, field.name)) != _default_of(field)
        }
    if isinstance(value, tuple | list):
        return [_without_defaults(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_defaults(item) for key, item in value.items()}
    return value


def _default_of(field: Any) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default
