"""Modules: what the palette and the library show, and the life cycle of their versions."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from designer.document.operations import Document
from designer.services.module_sources import SourceFile, source_files
from designer.services.push import PushHub
from modules_library.registry import (
    Catalog,
    ModuleWatch,
    Registry,
    open_catalog,
    watch_modules,
)
from runtime.errors import RequestError, close_matches
from runtime.model import Graph, ModuleSpec
from runtime.model.graph_json import graph_to_document

logger = logging.getLogger(__name__)

StateAction = Literal["deprecate", "disable", "enable"]
ModuleCard = dict[str, Any]
Result = TypeVar("Result")

LOOK_EVERY_S = 0.5


class ModuleService:
    """The verbs on modules of one workspace.

    Args:
        workspace: The workspace's folder.
        author: Who is named in the audit.
        push: Told when the palette changes.
    """

    def __init__(self, workspace: Path, *, author: str, push: PushHub) -> None:
        self._workspace = workspace
        self._author = author
        self._push = push
        self._watch: ModuleWatch | None = None
        self._looking: asyncio.Task[None] | None = None
        self._look = asyncio.Event()
        self._registry: Registry | None = None
        self._turn = asyncio.Lock()
        self.catalog: Catalog = open_catalog(workspace)
        self.changed: Callable[[], Coroutine[Any, Any, None]] | None = None

    @property
    def generation(self) -> int:
        """A number that grows with every change of the catalogue."""
        return self.catalog.generation

    def start(self) -> None:
        """Watch the workspace's `modules` folder."""
        loop = asyncio.get_running_loop()

        def notice() -> None:
            loop.call_soon_threadsafe(self._look.set)

        self._watch = watch_modules(self._workspace, notice)
        self._looking = asyncio.create_task(self._look_for_ever())

    async def stop(self) -> None:
        """Stop watching."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._watch is not None:
            await asyncio.to_thread(self._watch.stop)
        if self._registry is not None:
            await asyncio.to_thread(self._registry.close)

    def cards(self) -> list[ModuleCard]:
        """One card per module, for palette and library."""
        return self.catalog.cards()

    def card(self, module_id: str) -> ModuleCard:
        """One module's card. Raises RequestError M001 if there is none."""
        found = next((card for card in self.cards() if card["id"] == module_id), None)
        if found is None:
            raise self._no_module(module_id)
        return found

    def show(self, module_id: str, version: str) -> ModuleSpec:
        """The specification of a version, `default` for the default one.

        Raises:
            RequestError: M001 for an unknown module, M002 for an unknown version.
        """
        is_default = version == "default"
        spec = (
            self.catalog.default(module_id) if is_default else self.catalog.find(module_id, version)
        )
        if spec is not None:
            return spec
        versions = [one.version for one in self.catalog.versions(module_id)]
        if not versions:
            raise self._no_module(module_id)
        raise RequestError(
            "M002",
            f"'{module_id}' has no version '{version}'.{close_matches(version, versions)}",
            remedy=f"Choose one of {', '.join(versions)}.",
        )

    def sources(self, module_id: str, version: str) -> list[SourceFile]:
        """The files that a version consists of, the one that is run first."""
        return source_files(self.show(module_id, version))

    async def publish(
        self,
        module_id: str,
        *,
        version: str | None = None,
        make_default: bool = False,
        changelog: str = "",
    ) -> ModuleSpec:
        """Freeze a draft as a version.

        Raises:
            RequestError: M001, M007 or M016 (the source), M011 (the number is taken), M013 (the example).
        """
        return await self._change(
            lambda registry: registry.publish(
                registry.draft_source(module_id),
                version=version,
                make_default=make_default,
                changelog=changelog,
                author=self._author,
            )
        )

    async def publish_subgraph(
        self,
        graph: Graph,
        name: str,
        *,
        module_id: str = "",
        version: str | None = None,
        make_default: bool = False,
        changelog: str = "",
    ) -> ModuleSpec:
        """Freeze the definition of a subgraph as a module version.

        Raises:
            RequestError: G009, M007, M011, or everything that keeps it from running elsewhere.
        """
        return await self._change(
            lambda registry: registry.publish_subgraph(
                graph,
                name,
                module_id=module_id,
                version=version,
                make_default=make_default,
                changelog=changelog,
                author=self._author,
            )
        )

    def definition(self, module_id: str, version: str) -> Document:
        """The document of a version that is a subgraph.

        Raises:
            RequestError: M001, M002; M007 for a module of another kind.
        """
        spec = self.show(module_id, version)
        found = self.catalog.definition(spec.id, spec.version)
        if found is None:
            raise RequestError(
                "M007",
                f"'{spec.title}' {spec.version} is no subgraph that can be read.",
                remedy="Choose a module that was published from a subgraph.",
            )
        return graph_to_document(found)

    async def set_state(
        self,
        module_id: str,
        action: StateAction,
        *,
        version: str | None = None,
        message: str = "",
        replacement: str = "",
    ) -> ModuleCard:
        """Deprecate, disable or enable a version, or with no version the whole module."""
        self._check_exists(module_id, version)

        author = self._author

        def change(registry: Registry) -> None:
            match action:
                case "deprecate":
                    registry.deprecate(module_id, version, message, replacement, author=author)
                case "disable":
                    registry.disable(module_id, version, message, author=author)
                case "enable":
                    registry.enable(module_id, version, author=author)

        await self._change(change)
        return self.card(module_id)

    async def set_default(self, module_id: str, version: str) -> ModuleCard:
        """Move the pointer that a fresh drop uses. Raises RequestError M002 or M014."""
        self._check_exists(module_id, version)
        await self._change(
            lambda registry: registry.set_default(module_id, version, author=self._author)
        )
        return self.card(module_id)

    async def delete(
        self, module_id: str, version: str, *, users: Callable[[str, str], Sequence[str]]
    ) -> None:
        """Delete a version that nothing uses. Raises RequestError M012 with its users."""
        self._check_exists(module_id, version)
        await self._change(
            lambda registry: registry.delete(module_id, version, users, author=self._author)
        )

    async def reload(self) -> None:
        """Read the index again, and tell everybody if it changed."""
        before = self.generation
        await asyncio.to_thread(self.catalog.reload)
        if self.generation != before:
            self._push.publish({"kind": "modules", "generation": self.generation})
            if self.changed is not None:
                await self.changed()

    async def _change(self, work: Callable[[Registry], Result]) -> Result:
        async with self._turn:
            if self._registry is None:
                self._registry = await asyncio.to_thread(Registry, self._workspace)
            result = await asyncio.to_thread(work, self._registry)
        await self.reload()
        return result

    async def _look_for_ever(self) -> None:
        """Other processes change the index too, the command line for one."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), LOOK_EVERY_S)
            self._look.clear()
            try:
                await self.reload()
            except Exception:
                logger.exception("the module index could not be read")

    def _check_exists(self, module_id: str, version: str | None) -> None:
        if version:
            self.show(module_id, version)
        elif not self.catalog.versions(module_id):
            raise self._no_module(module_id)

    def _no_module(self, module_id: str) -> RequestError:
        return RequestError(
            "M001",
            f"There is no module '{module_id}'.{close_matches(module_id, self.catalog.module_ids())}",
            remedy="Choose one from the palette.",
        )


def spec_json(spec: ModuleSpec) -> dict[str, Any]:
    """A specification as plain JSON."""
    value: dict[str, Any] = msgspec.to_builtins(spec)
    return value
