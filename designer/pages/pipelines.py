"""The page `/pipelines`: every pipeline at a glance, and the ways to a new one."""

from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from nicegui import ui

from designer.pages.live import follow
from designer.pages.pipeline_list import Refusal, Shown, draw_pipelines
from designer.pages.region import Act
from designer.pages.shell import Page, open_page
from designer.services.services import Services
from runtime.model import ErrorRecord

__all__ = ["register_pipelines"]


def register_pipelines(services: Services) -> None:
    """Register the page."""

    @ui.page("/pipelines")
    async def pipelines(q: str = "", sort: str = "modified") -> None:
        await PipelinesPage(services, search=q, sort=sort).open()


class PipelinesPage:
    """The state of one open page."""

    def __init__(self, services: Services, *, search: str, sort: str) -> None:
        self._services = services
        self._search = search
        self._sort = sort
        self._refusal: Refusal | None = None
        self._page: Page

    async def open(self) -> None:
        """Draw it and follow runs and files."""
        self._page = open_page(
            "pipelines", "Pipelines", self._services.workspace.path.name, self.act
        )
        await self.draw()
        follow(self._services.push, {"run", "files"}, self._take)

    async def draw(self) -> None:
        """Draw what is there now."""
        pipelines = self._services.pipelines
        listed = await pipelines.list()
        shown = Shown(
            cards=listed.pipelines,
            problems=listed.problems,
            bin=(await pipelines.bin()).pipelines,
            samples=pipelines.samples().samples,
            search=self._search,
            sort=self._sort,
            refusal=self._refusal,
        )
        self._page.show(draw_pipelines(shown), address=self._address())

    async def act(self, act: Act) -> None:
        """Do what a person asked for."""
        match act.action:
            case "search":
                self._search = act.value
            case "sort":
                self._sort = act.value
            case "new":
                name, template = (act.fields.get(key, "") for key in ("name", "template"))
                await self._create(name=name.strip(), sample=template)
            case "sample":
                await self._create(sample=act.value)
            case "import":
                self._page.go(_editor(act.value))
            case "import_refused":
                self._refusal = read_refusal(act.value)
            case "forget_refusal":
                self._refusal = None
            case "duplicate":
                await self._services.pipelines.duplicate(act.value)
                self._page.notice("A copy was made.")
            case "rename":
                if name := act.fields.get("name", "").strip():
                    await self._services.pipelines.rename(act.value, name)
            case "delete":
                await self._delete(act.value)
            case "undelete":
                await self._services.pipelines.undelete(act.value)
        await self.draw()

    async def _create(self, **how: Any) -> None:
        created = await self._services.pipelines.create(**how)
        self._page.go(_editor(created.id))

    async def _delete(self, pipeline_id: str) -> None:
        name = (await self._services.pipelines.draft(pipeline_id)).graph.name

        async def undo() -> None:
            await self._services.pipelines.undelete(pipeline_id)
            await self.draw()

        await self._services.pipelines.delete(pipeline_id)
        await self.draw()
        self._page.notice(f"'{name}' is in the bin.", undo=undo)

    async def _take(self, message: dict[str, Any]) -> None:
        is_files = message["kind"] == "files"
        if is_files or any(event["kind"] == "run" for event in message["events"]):
            await self.draw()

    def _address(self) -> str:
        wanted = {"q": self._search, "sort": self._sort if self._sort != "modified" else ""}
        query = urlencode({key: value for key, value in wanted.items() if value})
        return f"/pipelines?{query}" if query else "/pipelines"


def read_refusal(text: str) -> Refusal:
    """What the server said about a graph that it did not take."""
    try:
        return msgspec.json.decode(text, type=Refusal)
    except msgspec.MsgspecError:
        error = ErrorRecord(code="G001", message="The text could not be imported.")
        return Refusal(error=error, diagnostics=())


def _editor(pipeline_id: str) -> str:
    return f"/pipelines/{quote(pipeline_id, safe='')}"
