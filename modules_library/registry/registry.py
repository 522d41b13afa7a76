"""The registry of one workspace: publish versions and steer them through their life."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from modules_library.programs import DECLARATION, program_spec
from modules_library.registry import life_cycle
from modules_library.registry.catalog import BUILTIN_INDEX, Catalog, open_catalog
from modules_library.registry.drafts import CATEGORY, MODULES, module_id_of
from modules_library.registry.index_file import (
    WORKSPACE_INDEX,
    StateEntry,
    index_lock,
    raw_spec,
    sound_index,
    spec_of,
    write_index,
)
from modules_library.registry.life_cycle import ModuleRecord, VersionRecord
from modules_library.registry.module_store import AuditEntry, ModuleStore
from modules_library.registry.publishing import (
    copied_digest,
    discard,
    locked,
    settle,
    stage,
    stage_text,
    version_folder,
)
from modules_library.registry.subgraph_module import (
    SOURCE,
    frozen_definition,
    module_id_for,
    spec_of_definition,
    uses_version,
)
from modules_library.sdk.source import spec_from_source
from modules_library.sdk.version import SemanticVersion, normal_version
from runtime.errors import RequestError, close_matches
from runtime.model import Graph, ModuleSpec
from runtime.model.graph_json import write_graph

RunExample = Callable[[ModuleSpec], None]
"""Runs a module's own example in a process of its own; raises a `DesignerError` when it fails."""

Users = Callable[[str, str], Sequence[str]]
"""What uses a module version, in words."""


class Registry:
    """Module versions of a workspace, built-ins included; every change is one transaction.

    Args:
        workspace: The workspace's folder.
        builtin: Index file of the modules that the designer brings.
        clock: Gives seconds since the epoch.
    """

    def __init__(
        self,
        workspace: Path,
        *,
        builtin: Path = BUILTIN_INDEX,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.workspace = workspace
        self._clock = clock
        self._builtins = Catalog(builtin=builtin)
        self._store = ModuleStore(workspace)
        if self._store.last_change() != sound_index(self._index).change:
            self.rewrite_index()

    def publish(
        self,
        source: Path,
        *,
        version: str | None = None,
        make_default: bool = False,
        changelog: str = "",
        author: str = "",
        run_example: RunExample | None = None,
    ) -> ModuleSpec:
        """Freeze a draft under a version number; the same bytes again change nothing.

        Args:
            source: The draft's file, as a rule below the workspace's `modules/` folder; for a
                script, command or notebook its folder or the `module.toml` in it.
            version: Number of the version; the one that the source declares when absent.
            make_default: Also move the default pointer; the first version becomes the default
                anyway.
            changelog: What is new, one line.
            author: Who publishes; the operating system's user when empty.
            run_example: Runs the module's own example; a process of its own when absent.

        Raises:
            RequestError: M007 or M016 for a source that cannot be read, M011 for other bytes under a
                number that was published, M013 when the example fails.
        """
        source = source / DECLARATION if source.is_dir() else source
        root, module_id = self._place(source)
        spec = self._read(source, module_id, root)
        number = _number(version or spec.version)
        builtin = self._builtin_record(module_id)
        before = self._store.record(builtin)
        planned = life_cycle.publish(before, number, spec.digest, make_default=make_default)
        if planned == before:
            return self._spec(module_id, number)
        staging, place = stage(self.workspace, source, root=root)
        try:
            _refuse_changed(source, spec, staging / place)
            spec = self._signed(spec, number, author=author, changelog=changelog)
            (run_example or _example_in_a_process)(_at(spec, staging / place))
            entry = self._entry("publish", module_id, number, author, default=make_default)
            self._admit(spec, staging, place, make_default=make_default, entry=entry)
        finally:
            discard(staging)
        return self._spec(module_id, number)

    def publish_subgraph(
        self,
        graph: Graph,
        name: str,
        *,
        module_id: str = "",
        version: str | None = None,
        make_default: bool = False,
        changelog: str = "",
        author: str = "",
    ) -> ModuleSpec:
        """Freeze the definition of a subgraph under a version number; nothing is executed.

        Args:
            graph: The pipeline that has the definition.
            name: Its name under `subgraphs`.
            module_id: The module that it becomes a version of; `custom.<name>` when empty.
            version: Number of the version; when absent the next minor one, or the one that holds
                just this definition already.
            make_default: Also move the default pointer; the first version becomes the default
                anyway.
            changelog: What is new, one line.
            author: Who publishes; the operating system's user when empty.

        Raises:
            RequestError: G009 for a name that the graph does not have, M007 for an unusable id,
                M011 for another definition under a number that was published.
            InvalidGraphError: M015 for what other pipelines do not have, and every error inside.
        """
        catalog = open_catalog(self.workspace)
        document = frozen_definition(graph, name, catalog)
        spec = spec_of_definition(document, module_id or module_id_for(name), catalog)
        before = self._store.record(self._builtin_record(spec.id))
        number = _number(version) if version else life_cycle.next_version(before, spec.digest)
        planned = life_cycle.publish(before, number, spec.digest, make_default=make_default)
        if planned != before:
            staging = stage_text(self.workspace, SOURCE, write_graph(document))
            try:
                signed = self._signed(spec, number, author=author, changelog=changelog)
                entry = self._entry("publish", spec.id, number, author, default=make_default)
                self._admit(signed, staging, SOURCE, make_default=make_default, entry=entry)
            finally:
                discard(staging)
        return self._spec(spec.id, number)

    def deprecate(
        self,
        module_id: str,
        version: str | None = None,
        message: str = "",
        replacement: str = "",
        *,
        author: str = "",
    ) -> None:
        """Warn wherever the version is used; without a version, the whole module."""
        number = _optional(version)
        self._change(
            module_id,
            lambda record: life_cycle.deprecate(record, number, message, replacement),
            self._entry("deprecate", module_id, number, author, message=message),
        )

    def disable(
        self, module_id: str, version: str | None = None, reason: str = "", *, author: str = ""
    ) -> None:
        """Refuse new runs of the version; without a version, of the whole module."""
        number = _optional(version)
        self._change(
            module_id,
            lambda record: life_cycle.disable(record, number, reason),
            self._entry("disable", module_id, number, author, reason=reason),
        )

    def enable(self, module_id: str, version: str | None = None, *, author: str = "") -> None:
        """Take a deprecation or a disabling back."""
        number = _optional(version)
        self._change(
            module_id,
            lambda record: life_cycle.enable(record, number),
            self._entry("enable", module_id, number, author),
        )

    def set_default(self, module_id: str, version: str, *, author: str = "") -> None:
        """Move the default pointer."""
        number = normal_version(version)
        self._change(
            module_id,
            lambda record: life_cycle.set_default(record, number),
            self._entry("set_default", module_id, number, author),
        )

    def delete(self, module_id: str, version: str, users: Users, *, author: str = "") -> None:
        """Remove a version that nothing uses; its number stays bound to its bytes."""
        number = normal_version(version)
        using = (*users(module_id, number), *self._subgraphs_with(module_id, number))
        self._change(
            module_id,
            lambda record: life_cycle.delete(record, number, using),
            self._entry("delete", module_id, number, author),
        )
        discard(version_folder(self.workspace, module_id, number))

    def audit(self, module_id: str | None = None, *, limit: int = 100) -> list[AuditEntry]:
        """The latest changes, newest first."""
        return self._store.audit(module_id, limit=limit)

    def draft_source(self, module_id: str) -> Path:
        """The file of a draft.

        Raises:
            RequestError: M001 when the `modules/` folder has none of this id.
        """
        category, _, name = module_id.partition(".")
        folder = self.workspace / MODULES
        homes = [folder / category, *([folder] if category == CATEGORY else [])]
        places = [
            place for home in homes for place in (home / name / DECLARATION, home / f"{name}.py")
        ]
        for place in places:
            if place.is_file():
                return place
        raise RequestError(
            "M001",
            f"There is no draft of '{module_id}' in the workspace's '{MODULES}' folder.",
            remedy=f"Save its source as '{places[-1].relative_to(self.workspace)}'.",
        )

    def rewrite_index(self) -> None:
        """Write the workspace's index anew from the database."""
        with index_lock(self.workspace):
            self._write_index()

    def close(self) -> None:
        """Close the database."""
        self._store.close()

    @property
    def _index(self) -> Path:
        return self.workspace / WORKSPACE_INDEX

    def _signed(self, spec: ModuleSpec, number: str, *, author: str, changelog: str) -> ModuleSpec:
        """A spec with everything that publishing adds."""
        return msgspec.structs.replace(
            spec,
            version=number,
            author=spec.author or author or _user(),
            changelog=changelog or spec.changelog,
            requirements=locked(spec.requirements, workspace=self.workspace),
            published_at=datetime.fromtimestamp(self._clock(), UTC).isoformat("T", "seconds"),
        )

    def _subgraphs_with(self, module_id: str, version: str) -> list[str]:
        """The published subgraphs that have a module version inside, in words."""
        catalog = Catalog(self.workspace)
        return [
            f"subgraph '{spec.id}' {spec.version}"
            for one in catalog.module_ids()
            for spec in catalog.versions(one)
            if spec.kind == "subgraph"
            and (document := catalog.definition(spec.id, spec.version))
            and uses_version(document, module_id, version)
        ]

    def _admit(
        self, spec: ModuleSpec, staging: Path, place: str, *, make_default: bool, entry: AuditEntry
    ) -> None:
        """Give a checked version its place; the rules are asked again, now that nobody else can."""
        builtin = self._builtin_record(spec.id)

        def publish(record: ModuleRecord) -> ModuleRecord:
            return life_cycle.publish(record, spec.version, spec.digest, make_default=make_default)

        with index_lock(self.workspace):
            now = self._store.record(builtin)
            publish(now)
            folder = version_folder(self.workspace, spec.id, spec.version)
            if spec.version not in now.versions or now.versions[spec.version].deleted:
                settle(staging, folder)
            frozen = raw_spec(_at(spec, folder.relative_to(self.workspace) / place))
            self._store.change(
                builtin, publish, entry, specs={spec.version: bytes(frozen).decode()}
            )
            self._write_index()

    def _change(
        self,
        module_id: str,
        action: Callable[[ModuleRecord], ModuleRecord],
        entry: AuditEntry,
    ) -> None:
        builtin = self._builtin_record(module_id)
        with index_lock(self.workspace):
            if not self._store.record(builtin).versions:
                raise self._unknown(module_id)
            self._store.change(builtin, action, entry)
            self._write_index()

    def _write_index(self) -> None:
        index = sound_index(self._index)
        modules, versions = self._store.overrides()
        published = [msgspec.Raw(spec.encode()) for spec in self._store.published()]
        states = [_state_entry(row.id, "", row) for row in modules if row.state != "active"]
        states += [_state_entry(row.module_id, row.version, row) for row in versions]
        changed = msgspec.structs.replace(
            index,
            modules=(*published, *index.modules[index.published :]),
            published=len(published),
            defaults={
                row.id: row.default_version for row in modules if row.default_version is not None
            },
            states=tuple(states),
            change=self._store.last_change(),
            generation=index.generation + 1,
        )
        write_index(self._index, changed)

    def _builtin_record(self, module_id: str) -> ModuleRecord:
        default = self._builtins.default(module_id)
        return ModuleRecord(
            id=module_id,
            versions={
                spec.version: VersionRecord(digest=spec.digest, builtin=True)
                for spec in self._builtins.versions(module_id)
            },
            default=default.version if default else None,
        )

    def _place(self, source: Path) -> tuple[Path, str]:
        """Where a source's imports start from, and the id that its place gives."""
        modules = (self.workspace / MODULES).resolve()
        if source.resolve().is_relative_to(modules):
            return modules, module_id_of(source.resolve().relative_to(modules).as_posix())
        folder = source.resolve().parent
        return folder, f"{CATEGORY}.{folder.name if source.name == DECLARATION else source.stem}"

    def _read(self, source: Path, module_id: str, root: Path) -> ModuleSpec:
        if source.name == DECLARATION:
            reading = program_spec(source.parent, module_id=module_id, origin="workspace")
        else:
            reading = spec_from_source(source, module_id=module_id, root=root, origin="workspace")
        if reading.spec is not None:
            return reading.spec
        if not reading.diagnostics:
            raise RequestError(
                "M007",
                f"'{source.name}' declares no module.",
                remedy="Put @module(version=…) above its function.",
            )
        first = reading.diagnostics[0]
        raise RequestError(first.code, first.message, remedy=first.remedy, where=first.where)

    def _spec(self, module_id: str, version: str) -> ModuleSpec:
        published = self._store.spec(module_id, version)
        if not published:
            found = self._builtins.find(module_id, version)
            assert found is not None, "a version is published here or comes with the designer"
            return found
        spec = spec_of(published.encode())
        return _at(spec, self.workspace / spec.entry.source)

    def _unknown(self, module_id: str) -> RequestError:
        known = list(Catalog(self.workspace).module_ids())
        if module_id in known:
            return RequestError(
                "M002",
                f"'{module_id}' has only a draft so far.",
                remedy="Publish it first.",
            )
        return RequestError(
            "M001",
            f"There is no module '{module_id}'.{close_matches(module_id, known)}",
            remedy="Choose one from the list of modules.",
        )

    def _entry(
        self, action: str, module_id: str, version: str | None, author: str, **details: Any
    ) -> AuditEntry:
        return AuditEntry(
            at=self._clock(),
            author=author or _user(),
            action=action,
            module=module_id,
            version=version or "",
            details={key: value for key, value in details.items() if value},
        )


def _number(version: str) -> str:
    try:
        return str(SemanticVersion(version))
    except ValueError as exc:
        raise RequestError(
            "V003", f"{exc}.", remedy="Write the version as 1.0.0.", where="/version"
        ) from exc


def _refuse_changed(source: Path, spec: ModuleSpec, copy: Path) -> None:
    if copied_digest(copy) != spec.digest:
        raise RequestError(
            "M005",
            f"'{source.name}' changed while it was being published.",
            remedy="Publish it again.",
        )


def _optional(version: str | None) -> str | None:
    return normal_version(version) if version is not None else None


def _at(spec: ModuleSpec, source: Path) -> ModuleSpec:
    entry = msgspec.structs.replace(spec.entry, source=str(source))
    return msgspec.structs.replace(spec, entry=entry)


def _state_entry(module: str, version: str, row: Any) -> StateEntry:
    return StateEntry(
        module=module,
        version=version,
        state=row.state,
        message=row.message,
        replacement=row.replacement,
    )


def _example_in_a_process(spec: ModuleSpec) -> None:
    if spec.kind == "function":
        from modules_library.sdk import example

        example.run_example(spec)
    else:
        from modules_library.programs import example as of_programs

        of_programs.run_example(spec)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
