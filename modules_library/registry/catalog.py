"""The catalogue: every module version by id, out of index files; no module code is touched."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from modules_library.registry.cards import card_of
from modules_library.registry.drafts import read_drafts, stamps_of
from modules_library.registry.index_file import (
    WORKSPACE_INDEX,
    RawIndex,
    StateEntry,
    index_lock,
    raw_spec,
    read_index,
    sound_index,
    spec_of,
    write_index,
)
from modules_library.registry.known_version import KnownVersion
from modules_library.sdk.version import newest_first, normal_version
from runtime.model import Diagnostic, Graph, ModuleSpec

BUILTIN_INDEX = Path(__file__).parents[1] / "builtin" / "index.json"


class Catalog:
    """Built-ins and one workspace's modules; a `runtime.interfaces.ModuleCatalog`."""

    def __init__(self, workspace: Path | None = None, *, builtin: Path = BUILTIN_INDEX) -> None:
        self.workspace = workspace
        self._files = [builtin] + ([workspace / WORKSPACE_INDEX] if workspace else [])
        self._seen: list[tuple[int, int, int] | None] = []
        self.generation = 0
        self._modules: dict[str, dict[str, KnownVersion]] = {}
        self._defaults: dict[str, str] = {}
        self._broken: dict[str, tuple[Diagnostic, ...]] = {}
        self.draft_stamps: dict[str, tuple[int, int]] = {}
        self._cards: list[dict[str, Any]] | None = None
        self.reload()

    def find(self, module_id: str, version: str) -> ModuleSpec | None:
        """The exact version, whatever its state; `2` means 2.0.0."""
        found = self._known(module_id, version)
        return found.spec if found else None

    def default(self, module_id: str) -> ModuleSpec | None:
        """The version that the default pointer names; None if there is no pointer."""
        version = self._defaults.get(module_id)
        return self.find(module_id, version) if version else None

    def versions(self, module_id: str) -> tuple[ModuleSpec, ...]:
        """All versions of a module, newest first, a draft before all others."""
        return tuple(known.spec for known in self._modules.get(module_id, {}).values())

    def definition(self, module_id: str, version: str) -> Graph | None:
        """The document of an exact version that is a subgraph; None for every other module."""
        known = self._known(module_id, version)
        return known.definition if known else None

    def module_ids(self) -> Iterable[str]:
        """The ids of all modules that can be used; a broken draft alone is not among them."""
        return self._modules.keys()

    def problems(self, module_id: str) -> tuple[Diagnostic, ...]:
        """Why the source of a draft cannot be used, with file and line."""
        return self._broken.get(module_id, ())

    def cards(self) -> list[dict[str, Any]]:
        """What the palette shows: one JSON card per module, broken drafts included."""
        if self._cards is None:
            ids = sorted({*self._modules, *self._broken})
            self._cards = [self.card(module_id) for module_id in ids]
        return self._cards

    def card(self, module_id: str) -> dict[str, Any]:
        """One module's card."""
        return card_of(
            module_id,
            tuple(self._modules.get(module_id, {}).values()),
            default=self._defaults.get(module_id),
            problems=self._broken.get(module_id, ()),
        )

    def reload(self) -> bool:
        """Read the index files again if they changed; tells whether they did."""
        stamps = [_stamp(path) for path in self._files]
        if stamps == self._seen:
            return False
        self._seen = stamps
        self._take([(path.parent, read_index(path)) for path in self._files])
        return True

    def _known(self, module_id: str, version: str) -> KnownVersion | None:
        versions = self._modules.get(module_id, {})
        return versions.get(version) or versions.get(normal_version(version))

    def _take(self, indexes: list[tuple[Path, RawIndex]]) -> None:
        modules: dict[str, dict[str, KnownVersion]] = {}
        states: dict[tuple[str, str], StateEntry] = {}
        self._defaults, self._broken, self.draft_stamps = {}, {}, {}
        for folder, index in indexes:
            root = Path(index.root) if index.root else folder
            for raw in index.modules:
                known = KnownVersion(raw, root)
                modules.setdefault(known.facts.id, {})[known.facts.version] = known
            self._defaults |= index.defaults
            states |= {(entry.module, entry.version): entry for entry in index.states}
            self.draft_stamps |= {name: file.stamp for name, file in index.drafts.items()}
            self._broken |= {f.module: f.problems for f in index.drafts.values() if f.problems}
        self._defaults = {key: value for key, value in self._defaults.items() if value}
        self._modules = {key: _ordered(versions) for key, versions in modules.items()}
        for module_id, version in states:
            self._apply(module_id, version, states)
        self.generation += 1
        self._cards = None

    def _apply(
        self, module_id: str, version: str, states: dict[tuple[str, str], StateEntry]
    ) -> None:
        versions = self._modules.get(module_id, {})
        for key in [version] if version else list(versions):
            if key in versions:
                versions[key].put_into(states.get((module_id, key)), states.get((module_id, "")))


def open_catalog(workspace: Path | None) -> Catalog:
    """The catalogue of the built-ins and, if given, of a workspace with its current drafts."""
    if workspace is None:
        return Catalog()
    _whole_index(workspace)
    catalog = Catalog(workspace)
    if stamps_of(workspace) != catalog.draft_stamps and refresh_drafts(workspace):
        catalog.reload()
    return catalog


def refresh_drafts(workspace: Path) -> bool:
    """Bring the drafts in the workspace's index up to date; tells whether anything changed."""
    path = workspace / WORKSPACE_INDEX
    stamps = stamps_of(workspace)
    if stamps == {name: file.stamp for name, file in _whole_index(workspace).drafts.items()}:
        return False
    with index_lock(workspace):
        index = read_index(path)
        before = {spec.id: spec for spec in map(spec_of, index.modules[index.published :])}
        files, specs = read_drafts(workspace, index.drafts, before)
        changed = msgspec.structs.replace(
            index,
            modules=(*index.modules[: index.published], *map(raw_spec, specs.values())),
            drafts=files,
            generation=index.generation + 1,
        )
        write_index(path, changed)
    return True


def _whole_index(workspace: Path) -> RawIndex:
    """The workspace's index; a lost or damaged one is made again from the registry."""
    path = workspace / WORKSPACE_INDEX
    index = sound_index(path)
    if path.exists() or not (workspace / "designer.db").exists():
        return index
    from modules_library.registry.registry import Registry

    registry = Registry(workspace)
    registry.rewrite_index()
    registry.close()
    return read_index(path)


def _ordered(versions: dict[str, KnownVersion]) -> dict[str, KnownVersion]:
    if len(versions) < 2:
        return versions
    return {key: versions[key] for key in sorted(versions, key=newest_first, reverse=True)}


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
