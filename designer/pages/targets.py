"""The page `/targets`: where steps can run, what each place offers, and what runs there now."""

import asyncio
from collections import defaultdict
from typing import Any

from nicegui import ui

from designer.pages.live import follow
from designer.pages.region import Act
from designer.pages.shell import Page, open_page
from designer.pages.target_list import RunningStep, Shown, Tested, draw_targets
from designer.pages.target_price_view import read_price
from designer.services.services import Services
from runtime.errors import DesignerError, RequestError
from runtime.model import Target, TargetReport

__all__ = ["register_targets"]

_GOING = ("preparing", "running")


def register_targets(services: Services) -> None:
    """Register the page."""

    @ui.page("/targets")
    async def targets() -> None:
        await TargetsPage(services).open()


class TargetsPage:
    """The state of one open page."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tested: dict[str, Tested] = {}
        self._testing: set[str] = set()
        self._typed: dict[str, str] = {}
        self._page: Page

    async def open(self) -> None:
        """Draw it and follow runs."""
        self._page = open_page("targets", "Targets", self._services.workspace.path.name, self.act)
        await self.draw()
        follow(self._services.push, {"run"}, self._take)

    async def draw(self) -> None:
        """Draw what is there now."""
        listed = await self._services.targets.list()
        shown = Shown(
            targets=listed.targets,
            running=await self._running(),
            tested=self._tested,
            testing=frozenset(self._testing),
            typed=self._typed,
        )
        self._page.show(draw_targets(shown))

    async def act(self, act: Act) -> None:
        """Do what a person asked for."""
        try:
            match act.action:
                case "add":
                    await self._add(act)
                case "test":
                    await self._test(act.value)
                case "remove":
                    await self._remove(act.value)
                case "price":
                    price = read_price(act.fields.get("price", ""))
                    await self._services.targets.set_price(act.value, price)
        finally:
            await self.draw()

    async def _add(self, act: Act) -> None:
        self._typed = dict(act.fields)
        target, fingerprint = read_target(act)
        self._page.notice(f"Reaching {target.settings['host']} …")
        added = await self._services.targets.add(target, fingerprint=fingerprint)
        self._typed = {}
        if added.report is not None:
            self._tested[target.name] = Tested(report=added.report)
        self._page.notice(f"'{target.name}' is added. Its key is pinned: {added.fingerprint}")

    async def _test(self, name: str) -> None:
        self._testing.add(name)
        await self.draw()
        try:
            self._tested[name] = Tested(report=await self._services.targets.test(name))
        except DesignerError as exc:
            self._tested[name] = Tested(report=TargetReport(), error=exc.record)
        finally:
            self._testing.discard(name)

    async def _remove(self, name: str) -> None:
        gone = await self._services.targets.remove(name)

        async def undo() -> None:
            await self._services.targets.restore(gone.target)
            await self.draw()

        self._tested.pop(name, None)
        self._page.notice(f"'{name}' is removed.", undo=undo)

    async def _running(self) -> dict[str, list[RunningStep]]:
        """What runs on each target now."""
        runs = await self._services.runs.list(status="running")
        found: dict[str, list[RunningStep]] = defaultdict(list)
        for run in await asyncio.gather(*(self._services.runs.get(one.id) for one in runs)):
            for step in run.steps.values():
                if step.status in _GOING:
                    found[step.target].append(RunningStep(run=run, step=step))
        return found

    async def _take(self, message: dict[str, Any]) -> None:
        if any(event["kind"] in ("run", "step") for event in message["events"]):
            await self.draw()


def read_target(act: Act) -> tuple[Target, str]:
    """What a person typed, and the fingerprint that the host must show.

    Raises:
        RequestError: T002 for a port that is none.
    """
    fields = {key: value.strip() for key, value in act.fields.items()}
    settings: dict[str, str | int | float | bool] = {
        name: fields[name]
        for name in ("host", "user", "key_file", "python", "wheels")
        if fields.get(name)
    }
    if port := fields.get("port"):
        if not port.isdecimal():
            raise RequestError(
                "T002", f"'{port}' is no port.", remedy="Give a number from 1 to 65535."
            )
        settings["port"] = int(port)
    target = Target(name=fields.get("name", ""), kind="ssh", settings=settings)
    return target, fields.get("fingerprint", "")
