"""The page `/environments`: what steps can run in, what is built of it, and what uses it."""

from typing import Any

from nicegui import ui

from designer.pages.environment_list import draw_environments
from designer.pages.live import follow
from designer.pages.region import Act
from designer.pages.shell import Page, open_page
from designer.services.answers import EnvironmentList
from designer.services.services import Services
from runtime.model import PackageSource

__all__ = ["register_environments"]

_TICK_S = 1.0


def register_environments(services: Services) -> None:
    """Register the page."""

    @ui.page("/environments")
    async def environments() -> None:
        await EnvironmentsPage(services).open()


class EnvironmentsPage:
    """The state of one open page."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._typed: dict[str, str] = {}
        self._listed: EnvironmentList
        self._page: Page

    async def open(self) -> None:
        """Draw it, and follow builds and runs."""
        workspace = self._services.workspace.path.name
        self._page = open_page("environments", "Environments", workspace, self.act)
        await self.draw()
        ui.timer(_TICK_S, self._tick)
        follow(self._services.push, {"run"}, self._take)

    async def draw(self) -> None:
        """Draw what is there now."""
        self._listed = await self._services.environments.list()
        self._page.show(draw_environments(self._listed, self._typed))

    async def act(self, act: Act) -> None:
        """Do what a person asked for."""
        try:
            match act.action:
                case "add":
                    await self._add(act)
                case "add-ready":
                    await self._add_ready(act.value)
                case "build":
                    await self._services.environments.build(act.value)
                case "remove":
                    await self._remove(act.value)
                case "source":
                    await self._choose_source(act)
        finally:
            await self.draw()

    async def _add(self, act: Act) -> None:
        self._typed = dict(act.fields)
        fields = {key: value.strip() for key, value in act.fields.items()}
        self._page.notice("Resolving what is asked for …")
        source = PackageSource(
            extra_index=fields.get("extra_index", ""), wheels=fields.get("wheels", "")
        )
        await self._keep(
            fields.get("name", ""),
            tuple(fields.get("requirements", "").splitlines()),
            python=fields.get("python", ""),
            source=source,
        )
        self._typed = {}

    async def _add_ready(self, name: str) -> None:
        self._page.notice(f"Resolving what '{name}' asks for …")
        await self._keep(name, (), python="", source=PackageSource())

    async def _keep(
        self, name: str, requirements: tuple[str, ...], *, python: str, source: PackageSource
    ) -> None:
        added = await self._services.environments.add(
            name, requirements, python=python, source=source
        )
        count = len(added.environment.locked)
        self._page.notice(f"'{name}' is locked: {count} packages.")

    async def _remove(self, name: str) -> None:
        gone = await self._services.environments.remove(name)

        async def undo() -> None:
            await self._services.environments.restore(gone.environment)
            await self.draw()

        self._page.notice(f"'{gone.environment.title}' is removed.", undo=undo)

    async def _choose_source(self, act: Act) -> None:
        fields = {key: value.strip() for key, value in act.fields.items()}
        source = PackageSource(index=fields.get("index", ""), wheels=fields.get("wheels", ""))
        await self._services.environments.set_source(source)
        self._page.notice("Packages come from there from now on.")

    async def _tick(self) -> None:
        if any(one.is_building for one in self._listed.environments):
            await self.draw()

    async def _take(self, message: dict[str, Any]) -> None:
        if any(event["kind"] in ("run", "step") for event in message["events"]):
            await self.draw()
