"""Modules: what the palette and the library show, and the life cycle of their versions."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from designer.services.push import PushHub
from modules_library.registry import Catalog, open_catalog
from runtime.errors import RequestError, close_matches
from runtime.model import ModuleSpec

logger = logging.getLogger(__name__)

StateAction = Literal["deprecate", "disable", "enable"]
ModuleCard = dict[str, Any]


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
        self._watch: Any = None
        self._turn = asyncio.Lock()
        self.catalog: Catalog = open_catalog(workspace)
        self.changed: Callable[[], Coroutine[Any, Any, None]] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def generation(self) -> int:
        """A number that grows with every change of the catalogue."""
        return self.catalog.generation

    def start(self) -> None:
        """Watch the workspace's `modules` folder."""
        try:
            from modules_library.registry import watch_modules
        except ImportError:
            return

        loop = asyncio.get_running_loop()

        def notice(*_: object) -> None:
            loop.call_soon_threadsafe(self._reload_soon)

        self._watch = watch_modules(self._workspace, notice)

    def stop(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.stop()

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

    def source_html(self, module_id: str, version: str) -> str:
        """The source of a version as highlighted HTML, every text of it escaped."""
        source = self.source_text(self.show(module_id, version))
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer

        formatted: str = highlight(source, PythonLexer(), HtmlFormatter(cssclass="source"))
        return formatted

    def source_text(self, spec: ModuleSpec) -> str:
        """The source of a version; empty where the file is gone."""
        try:
            return Path(spec.entry.source).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

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
            RequestError: M001, M007 (the source), M011 (the number is taken), M013 (the example).
        """
        source = self._draft_source(module_id)

        def publish() -> ModuleSpec:
            spec: ModuleSpec = self._registry().publish(
                source,
                version=version,
                make_default=make_default,
                changelog=changelog,
                author=self._author,
            )
            return spec

        spec: ModuleSpec = await self._change(publish)
        return spec

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

        def change() -> None:
            registry = self._registry()
            match action:
                case "deprecate":
                    registry.deprecate(module_id, version, message, replacement=replacement)
                case "disable":
                    registry.disable(module_id, version, message)
                case "enable":
                    registry.enable(module_id, version)

        await self._change(change)
        return self.card(module_id)

    async def set_default(self, module_id: str, version: str) -> ModuleCard:
        """Move the pointer that a fresh drop uses. Raises RequestError M002 or M014."""
        self._check_exists(module_id, version)
        await self._change(lambda: self._registry().set_default(module_id, version))
        return self.card(module_id)

    async def delete(
        self, module_id: str, version: str, *, users: Callable[[str, str], Sequence[str]]
    ) -> None:
        """Delete a version that nothing uses. Raises RequestError M012 with its users."""
        self._check_exists(module_id, version)
        await self._change(lambda: self._registry().delete(module_id, version, users))

    async def reload(self) -> None:
        """Read the index again, and tell everybody if it changed."""
        before = self.generation
        await asyncio.to_thread(self.catalog.reload)
        if self.generation != before:
            self._push.publish({"kind": "modules", "generation": self.generation})
            if self.changed is not None:
                await self.changed()

    async def _change(self, work: Callable[[], Any]) -> Any:
        async with self._turn:
            result = await asyncio.to_thread(work)
        await self.reload()
        return result

    def _reload_soon(self) -> None:
        task = asyncio.ensure_future(self.reload())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _registry(self) -> Any:
        from modules_library.registry import Registry

        return Registry(self._workspace)

    def _draft_source(self, module_id: str) -> Path:
        draft = self.catalog.find(module_id, "draft")
        if draft is not None:
            return Path(draft.entry.source)
        category, _, name = module_id.partition(".")
        folder = self._workspace / "modules"
        path = folder / f"{name}.py" if category == "custom" else folder / category / f"{name}.py"
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise RequestError(
                "M001",
                f"'{module_id}' has no draft in this workspace's 'modules' folder.",
                remedy="Write the module into that folder first.",
            )
        return path

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
