"""The page `/runs`: every run of the workspace, newest first, as they go."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from nicegui import ui

from designer.pages.live import follow
from designer.pages.region import Act
from designer.pages.run_list import PAGE, RunLine, Shown, draw_runs
from designer.pages.shell import Page, open_page
from designer.services.run_marks import searched
from designer.services.services import Services
from designer.store import RunMarks
from runtime.model import TERMINAL, Run

__all__ = ["RunsPage", "register_runs"]

_STATUSES = ("running", "completed", "failed", "cancelled", "queued")


def register_runs(services: Services) -> None:
    """Register the page."""

    @ui.page("/runs")
    async def runs(q: str = "", status: str = "", pipeline: str = "", before: int = 0) -> None:
        wanted = status if status in _STATUSES else ""
        await RunsPage(
            services, search=q, status=wanted, pipeline=pipeline, before=max(before, 0)
        ).open()


class RunsPage:
    """The state of one open page."""

    def __init__(
        self, services: Services, *, search: str, status: str, pipeline: str, before: int
    ) -> None:
        self._services = services
        self._search = search
        self._status = status
        self._pipeline = pipeline
        self._before = before
        self._ended: dict[str, RunLine] = {}
        self._page: Page

    async def open(self) -> None:
        """Draw it and follow runs."""
        self._page = open_page("runs", "Runs", self._services.workspace.path.name, self.act)
        await self.draw()
        follow(self._services.push, {"run", "run_marks"}, self._take)

    async def draw(self) -> None:
        """Draw what is there now."""
        name, tags = searched(self._search)
        runs = await self._services.runs.list(
            pipeline_id=self._pipeline or None,
            status=self._status or None,
            search=name or None,
            among=await self._services.marks.tagged(tags),
            before=self._before or None,
            limit=PAGE + 1,
        )
        pipelines = (await self._services.pipelines.list()).pipelines
        shown = Shown(
            lines=await self._lines(runs[:PAGE]),
            pipelines=tuple((card.id, card.name) for card in pipelines),
            search=self._search,
            status=self._status,
            pipeline=self._pipeline,
            is_first_page=not self._before,
            older_than=runs[PAGE - 1].number if len(runs) > PAGE else None,
        )
        self._page.show(draw_runs(shown), address=self._address())

    async def act(self, act: Act) -> None:
        """Do what a person asked for."""
        match act.action:
            case "search":
                self._search, self._before = act.value, 0
            case "tag":
                self._search, self._before = f"tag:{act.value}", 0
            case "status":
                self._status, self._before = act.value, 0
            case "pipeline":
                self._pipeline, self._before = act.value, 0
            case "older":
                self._before = int(act.value) if act.value.isdecimal() else 0
            case "newest":
                self._before = 0
            case "clear":
                self._search = self._status = self._pipeline = ""
                self._before = 0
            case "cancel":
                run = await self._services.runs.cancel(act.value)
                self._page.notice(f"Run {run.number} is asked to stop.")
        await self.draw()

    async def _lines(self, runs: Sequence[Run]) -> tuple[RunLine, ...]:
        """Runs with their steps counted; those that have ended are counted once."""
        new = [run for run in runs if run.id not in self._ended]
        counts = await self._services.runs.step_counts(new)
        for run in new:
            self._ended[run.id] = RunLine(run=run, **msgspec.structs.asdict(counts[run.id]))
        marks = await self._services.marks.of([run.id for run in runs])
        lines = tuple(
            msgspec.structs.replace(self._ended[run.id], marks=marks.get(run.id, RunMarks()))
            for run in runs
        )
        self._ended = {line.run.id: line for line in lines if line.run.status in TERMINAL}
        return lines

    async def _take(self, message: dict[str, Any]) -> None:
        if message["kind"] == "run_marks" or any(
            event["kind"] in ("run", "step") for event in message["events"]
        ):
            await self.draw()

    def _address(self) -> str:
        wanted = {
            "q": self._search,
            "status": self._status,
            "pipeline": self._pipeline,
            "before": str(self._before or ""),
        }
        query = urlencode({key: value for key, value in wanted.items() if value})
        return f"/runs?{query}" if query else "/runs"
