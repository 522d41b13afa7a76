"""The page `/library/{id}`: what a module does, its versions, and the steps of their life."""

from typing import Any
from urllib.parse import quote, urlencode

from nicegui import ui

from designer.pages.live import follow
from designer.pages.module_view import Shown, draw_module
from designer.pages.region import Act
from designer.pages.shell import Page, open_page, shown_error
from designer.services.modules import StateAction
from designer.services.services import Services
from runtime.errors import DesignerError

__all__ = ["ModulePage", "register_module"]

_DONE = {
    "deprecate": "is deprecated. Pipelines that use it go on working, with a warning.",
    "disable": "is disabled. Nothing can run with it until it is enabled again.",
    "enable": "is active.",
}


def register_module(services: Services) -> None:
    """Register the page."""

    @ui.page("/library/{module_id}")
    @shown_error
    async def module(module_id: str, version: str = "") -> None:
        await ModulePage(services, module_id, version).open()


class ModulePage:
    """The state of one open page."""

    def __init__(self, services: Services, module_id: str, version: str) -> None:
        self._services = services
        self._id = module_id
        self._version = version
        self._page: Page

    async def open(self) -> None:
        """Draw it and follow the catalogue."""
        card = self._services.modules.card(self._id)
        if self._version:
            self._services.modules.show(self._id, self._version)
        workspace = self._services.workspace.path.name
        self._page = open_page("library", str(card["title"]), workspace, self.act)
        await self.draw()
        follow(self._services.push, {"modules"}, self._take)

    async def draw(self) -> None:
        """Draw what is there now."""
        modules = self._services.modules
        card = modules.card(self._id)
        version = self._shown_version(card)
        spec = modules.show(self._id, version) if version else None
        shown = Shown(
            card=card,
            spec=spec,
            sources=modules.sources(self._id, version) if spec else [],
            usage=await self._services.usage(self._id),
            others=tuple(one["id"] for one in modules.cards() if one["id"] != self._id),
        )
        self._page.show(draw_module(shown), address=self._address())

    async def act(self, act: Act) -> None:
        """Do what a person asked for."""
        modules, fields = self._services.modules, act.fields
        match act.action:
            case "version":
                self._version = act.value
            case "publish":
                spec = await modules.publish(
                    self._id,
                    version=fields.get("version", "").strip() or None,
                    make_default="make_default" in fields,
                    changelog=fields.get("changelog", "").strip(),
                )
                self._version = spec.version
                self._page.notice(f"Version {spec.version} is published; it never changes again.")
            case "default":
                await modules.set_default(self._id, act.value)
                self._page.notice(f"A fresh drop now uses version {act.value}.")
            case "deprecate" | "disable" | "enable":
                await self._set_state(act.action, act)
        await self.draw()

    async def _set_state(self, action: StateAction, act: Act) -> None:
        version = None if act.fields.get("scope") == "module" else act.value
        await self._services.modules.set_state(
            self._id,
            action,
            version=version,
            message=act.fields.get("message", "").strip(),
            replacement=act.fields.get("replacement", "").strip(),
        )
        subject = f"Version {version}" if version else "The whole module"
        self._page.notice(f"{subject} {_DONE[action]}")

    async def _take(self, _: dict[str, Any]) -> None:
        try:
            await self.draw()
        except DesignerError as exc:
            self._page.notice(exc.record.message, remedy=exc.record.remedy, kind="error")

    def _shown_version(self, card: dict[str, Any]) -> str:
        known = [str(version["version"]) for version in card["versions"]]
        if self._version in known:
            return self._version
        return str(card["default"] or (known[-1] if known else ""))

    def _address(self) -> str:
        path = f"/library/{quote(self._id, safe='')}"
        return f"{path}?{urlencode({'version': self._version})}" if self._version else path
