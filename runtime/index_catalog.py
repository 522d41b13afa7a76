"""A catalogue of module versions read from index files: no database, no module code."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from runtime.errors import InfrastructureError
from runtime.model import Diagnostic, Graph, ModuleSpec

INDEX_FORMAT: Literal[1] = 1


class ModuleIndex(msgspec.Struct, frozen=True, kw_only=True):
    """What an index file holds.

    Attributes:
        root: Folder that each entry's source is relative to; empty for the file's own folder.
        defaults: Default version by module id.
    """

    format: int = INDEX_FORMAT
    root: str = ""
    modules: tuple[ModuleSpec, ...] = ()
    defaults: dict[str, str] = {}


_decode = msgspec.json.Decoder(ModuleIndex).decode


class IndexCatalog:
    """Module versions of one or several index files; a later file overrides an earlier one.

    Args:
        files: Paths of index files.

    Raises:
        InfrastructureError: S003 when a file cannot be read.
    """

    def __init__(self, *files: Path) -> None:
        self._versions: dict[str, dict[str, ModuleSpec]] = {}
        self._defaults: dict[str, str] = {}
        for file in files:
            self.add(read_index(file))

    def add(self, index: ModuleIndex) -> None:
        """Add what an index holds; its root is resolved already."""
        for spec in index.modules:
            self._versions.setdefault(spec.id, {})[spec.version] = _rooted(spec, index.root)
        self._defaults.update(index.defaults)

    def find(self, module_id: str, version: str) -> ModuleSpec | None:
        """The exact version, whatever its state; None if there is none."""
        return self._versions.get(module_id, {}).get(version)

    def default(self, module_id: str) -> ModuleSpec | None:
        """The version that the default pointer names; None if there is no pointer."""
        version = self._defaults.get(module_id)
        return None if version is None else self.find(module_id, version)

    def versions(self, module_id: str) -> tuple[ModuleSpec, ...]:
        """All versions of a module, newest first; empty if the module does not exist."""
        known = self._versions.get(module_id, {}).values()
        return tuple(sorted(known, key=lambda spec: _order(spec.version), reverse=True))

    def definition(self, module_id: str, version: str) -> Graph | None:
        """None: index files hold no subgraphs."""
        return None

    def module_ids(self) -> Iterable[str]:
        """The ids of all modules."""
        return self._versions.keys()

    def problems(self, module_id: str) -> tuple[Diagnostic, ...]:
        """Empty: index files hold only modules that can be used."""
        return ()


def read_index(file: Path) -> ModuleIndex:
    """Read an index file; its root becomes an absolute folder."""
    try:
        index = _decode(file.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InfrastructureError(
            "S003",
            f"The module index '{file}' cannot be read: {exc}.",
            remedy="Write it anew from the module sources.",
        ) from exc
    return msgspec.structs.replace(index, root=index.root or str(file.resolve().parent))


def _rooted(spec: ModuleSpec, root: str) -> ModuleSpec:
    entry = spec.entry
    if not entry.source or entry.source.startswith("/"):
        return spec
    entry = msgspec.structs.replace(entry, source=f"{root}/{entry.source}")
    return msgspec.structs.replace(spec, entry=entry)


def _order(version: str) -> tuple[Sequence[int], str]:
    parts = [int(part) for part in version.split(".") if part.isdigit()]
    return parts, version
