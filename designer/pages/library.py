"""The page `/library`: every module, by category, with its state."""

from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from designer.pages.library_list import Shown, draw_library
from designer.pages.live import follow
from designer.pages.region import Act
from designer.pages.shell import Page, open_page
from designer.services.services import Services

__all__ = ["LibraryPage", "register_library"]


def register_library(services: Services) -> None:
    """Register the page."""

    @ui.page("/library")
    async def library(q: str = "", state: str = "", category: str = "") -> None:
        await LibraryPage(services, search=q, state=state, category=category).open()


class LibraryPage:
    """The state of one open page."""

    def __init__(self, services: Services, *, search: str, state: str, category: str) -> None:
        self._services = services
        self._search = search
        self._state = state
        self._category = category
        self._page: Page

    async def open(self) -> None:
        """Draw it and follow the catalogue."""
        workspace = self._services.workspace
        self._page = open_page("library", "Library", workspace.path.name, self.act)
        self.draw()
        follow(self._services.push, {"modules"}, self._take)

    def draw(self) -> None:
        """Draw what is there now."""
        shown = Shown(
            cards=self._services.modules.cards(),
            folder=str(self._services.workspace.modules),
            search=self._search,
            state=self._state,
            category=self._category,
        )
        self._page.show(draw_library(shown), address=self._address())

    async def act(self, act: Act) -> None:
        """Do what a person asked for."""
        match act.action:
            case "search":
                self._search = act.value
            case "state":
                self._state = act.value
            case "category":
                self._category = act.value
            case "clear":
                self._search = self._state = self._category = ""
        self.draw()

    async def _take(self, _: dict[str, Any]) -> None:
        self.draw()

    def _address(self) -> str:
        wanted = {"q": self._search, "state": self._state, "category": self._category}
        query = urlencode({key: value for key, value in wanted.items() if value})
        return f"/library?{query}" if query else "/library"
