"""The page `/settings`: how it looks, what the workspace takes, what runs here."""

import asyncio
from typing import Any

from nicegui import ui

from designer.pages.region import Act
from designer.pages.settings_view import draw_settings
from designer.pages.shell import Page, open_page
from designer.pages.words import bytes_words, count_words
from designer.services.services import Services

__all__ = ["SettingsPage", "register_settings"]


def register_settings(services: Services) -> None:
    """Register the page."""

    @ui.page("/settings")
    async def settings() -> None:
        await SettingsPage(services).open()


class SettingsPage:
    """The state of one open page."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._page: Page

    async def open(self) -> None:
        """Draw it."""
        workspace = self._services.workspace.path.name
        self._page = open_page("settings", "Settings", workspace, self.act)
        await self.draw()

    async def draw(self) -> None:
        """Draw what is there now."""
        facts: dict[str, Any] = await asyncio.to_thread(self._services.workspace_facts)
        self._page.show(draw_settings(facts))

    async def act(self, act: Act) -> None:
        """Do what a person asked for."""
        if act.action == "collect":
            done = await self._services.collect()
            artifacts = count_words(done.artifacts, "artifact")
            logs = count_words(done.runs, "run")
            freed = bytes_words(done.bytes)
            if done.artifacts or done.runs:
                words = f"{freed} freed: {artifacts}, and the logs of {logs}."
            else:
                words = "Nothing is old enough to be collected."
            self._page.notice(words)
        await self.draw()
