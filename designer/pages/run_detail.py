"""The page `/runs/{id}`: what one run did, step by step."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from nicegui import ui

from designer.canvas.step_result import StepResult
from designer.pages.live import follow
from designer.pages.region import Act, Region
from designer.pages.rerunning_view import NO_RELATIVES, Relatives, read_values
from designer.pages.run_facts import StepData
from designer.pages.run_view import draw_run, draw_step_head
from designer.pages.shell import Page, open_page, shown_error
from designer.services.compared_runs import RunComparison
from designer.services.services import Services
from designer.store import RunMarks
from runtime.errors import DesignerError
from runtime.execution.critical_path import critical_path
from runtime.execution.environment_lock import EnvironmentLock
from runtime.model import Graph, OutputPort, Plan, Run
from runtime.model.graph_json import parse_graph

__all__ = ["RunPage", "register_run"]

OTHERS = 50
PAUSE_S = 0.001
"""Rest after a drawing, for each step: long runs are drawn less often."""


def register_run(services: Services) -> None:
    """Register the page."""

    @ui.page("/runs/{run_id}")
    @shown_error
    async def run(run_id: str, step: str = "", against: str = "") -> None:
        await RunPage(services, run_id, step=step, against=against).open()


class RunPage:
    """The state of one open page."""

    def __init__(self, services: Services, run_id: str, *, step: str, against: str) -> None:
        self._services = services
        self._run_id = run_id
        self._step = step
        self._against = against
        self._comparison: RunComparison | None = None
        self._others: list[Run] = []
        self._run: Run
        self._marks = RunMarks()
        self._relatives: Relatives = NO_RELATIVES
        self._lock: EnvironmentLock | None = None
        self._hosts: dict[str, str] = {}
        self._typed: dict[str, str] = {}
        self._graph: Graph
        self._plan: Plan
        self._order: tuple[str, ...] = ()
        self._sources: dict[str, dict[str, str]] = {}
        self._is_pipeline_there = False
        self._page: Page
        self._head: Region
        self._result: StepResult

    async def open(self) -> None:
        """Draw it and follow the run."""
        await self._read()
        plan = self._plan = await self._services.runs.plan_of(self._run_id)
        self._graph = parse_graph(plan.graph_json)
        self._lock = await self._services.runs.packages_of(self._run)
        if self._run.pipeline_id:
            runs = await self._services.runs.list(
                pipeline_id=self._run.pipeline_id, limit=OTHERS + 1
            )
            self._others = [run for run in runs if run.id != self._run_id][:OTHERS]
        await self._compare()
        self._hosts = await self._services.targets.hosts()
        self._order = tuple(step.id for step in plan.steps if step.id in self._run.steps)
        self._sources = source_labels(plan)
        ids = {card.id for card in (await self._services.pipelines.list()).pipelines}
        self._is_pipeline_there = self._run.pipeline_id in ids
        title, workspace = f"Run {self._run.number}", self._services.workspace.path.name
        self._page = open_page("runs", title, workspace, self.act)
        with ui.element("section").classes("pg-step").props('aria-label="Step"') as self._panel:
            self._head = Region(self.act)
            self._result = StepResult(self._show_node)
        self._page.adopt(self._panel)
        self.draw()
        follow(self._services.push, {"run", "run_marks"}, self._take)

    def draw(self) -> None:
        """Draw what is known now."""
        longest = critical_path(self._run, self._plan)
        data = step_data(self._run, self._plan)
        self._page.show(
            draw_run(
                self._run,
                order=self._order,
                chosen=self._step,
                has_pipeline=self._is_pipeline_there,
                longest=longest,
                marks=self._marks,
                typed=self._typed,
                relatives=self._relatives,
                parameters=self._graph.parameters,
                lock=self._lock,
                data=data,
                others=self._others,
                comparison=self._comparison,
            ),
            address=self._address(),
        )
        step = self._run.steps.get(self._step)
        self._panel.set_visibility(step is not None)
        if step is not None:
            self._head.show(
                draw_step_head(
                    step,
                    longest,
                    data=data.get(step.step, StepData()),
                    host=self._hosts.get(step.target, ""),
                    price=self._run.prices.get(step.target),
                )
            )
            self._result.show(
                self._run_id,
                step,
                outputs=self._outputs(step.module, step.version),
                sources=self._sources.get(step.step),
            )

    async def act(self, act: Act) -> None:
        """Do what a person asked for."""
        match act.action:
            case "step":
                self._step = "" if act.value == self._step else act.value
            case "close":
                self._step = ""
            case "against":
                self._against = act.value
                await self._compare()
            case "cancel":
                await self._services.runs.cancel(self._run_id)
                await self._read()
            case "rerun":
                await self._rerun({}, as_it_was=False)
            case "rerun_with":
                values = read_values(self._graph.parameters, act.fields)
                await self._rerun(values, as_it_was=act.fields.get("graph") != "newest")
            case "resume":
                run = await self._services.runs.resume(self._run_id)
                self._page.go(f"/runs/{quote(run.id, safe='')}")
            case "marks":
                self._typed = dict(act.fields)
                self.draw()
                await self._mark(act.fields.get("tags", ""), act.fields.get("note", ""))
                self._typed = {}
        self.draw()

    async def _mark(self, tags: str, note: str) -> None:
        """What a person changed of what was shown; what others changed meanwhile stays."""
        wanted, shown = set(tags.replace(",", " ").lower().split()), set(self._marks.tags)
        is_new = note.replace("\r\n", "\n").strip() != self._marks.note
        self._marks = await self._services.marks.change(
            self._run_id,
            add=sorted(wanted - shown),
            remove=sorted(shown - wanted),
            note=note if is_new else None,
            author=self._services.author,
        )

    async def _compare(self) -> None:
        runs = self._services.runs
        self._comparison = (
            await runs.compare(self._against, self._run_id) if self._against else None
        )

    async def _rerun(self, values: Mapping[str, Any], *, as_it_was: bool) -> None:
        answer = await self._services.rerun(self._run_id, values, as_it_was=as_it_was)
        self._page.go(f"/runs/{quote(answer.run.id, safe='')}")

    async def _read(self) -> None:
        self._run = await self._services.runs.get(self._run_id)
        self._marks = await self._services.marks.of_run(self._run_id)
        self._relatives = await self._services.runs.relatives(self._run)

    async def _take(self, message: dict[str, Any]) -> None:
        events = message.get("events", ())
        if message.get("run_id") == self._run_id or any(
            event["run_id"] == self._run_id for event in events
        ):
            await self._read()
            self.draw()
            await asyncio.sleep(len(self._order) * PAUSE_S)

    def _outputs(self, module: str, version: str) -> tuple[OutputPort, ...]:
        try:
            return self._services.modules.show(module, version).outputs
        except DesignerError:
            return ()

    def _show_node(self) -> None:
        self._page.go(f"/runs/{quote(self._run_id, safe='')}/canvas")

    def _address(self) -> str:
        path = f"/runs/{quote(self._run_id, safe='')}"
        wanted = {"step": self._step, "against": self._against}
        query = urlencode({key: value for key, value in wanted.items() if value})
        return f"{path}?{query}" if query else path


def step_data(run: Run, plan: Plan) -> dict[str, StepData]:
    """The bytes that came into each step that ran."""
    found: dict[str, StepData] = {}
    for step in plan.steps:
        state = run.steps.get(step.id)
        if state is None or state.reused or not state.attempts:
            continue
        refs = (run.steps[wire.step].outputs.get(wire.output) for wire in step.inputs)
        found[step.id] = StepData(read=sum(ref.bytes for ref in refs if ref is not None))
    return found


def source_labels(plan: Plan) -> dict[str, dict[str, str]]:
    """For each step and input port the label of the step that feeds it."""
    labels = {step.id: step.label or step.id for step in plan.steps}
    return {
        step.id: {wire.port: labels.get(wire.step, wire.step) for wire in step.inputs}
        for step in plan.steps
    }
