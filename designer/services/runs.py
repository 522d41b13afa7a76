"""Runs: submitted to the runner, followed, cancelled, read from its records."""

import asyncio
import logging
import secrets
import shutil
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from designer.reopening import (
    Reopened,
    Subject,
    free_place,
    pack,
    reopen,
    stored_plan,
    stored_subject,
)
from designer.services.answers import (
    LastRun,
    LogText,
    StepHistory,
    StepInputArtifact,
    StepInputs,
    StepOfRun,
)
from designer.services.compared_runs import RunComparison, compare_runs
from designer.services.digests import RememberedDigests
from designer.services.push import PushHub
from designer.services.runner_link import RunnerLink
from runtime.environments.choice import EnvironmentChoice
from runtime.errors import RequestError, close_matches
from runtime.execution.critical_path import CriticalPath, critical_path
from runtime.execution.environment_lock import EnvironmentLock, read_lock
from runtime.execution.freezing import outputs_to_freeze
from runtime.execution.held_now import held_now
from runtime.execution.previewing import preview
from runtime.execution.resuming import resumed_plan
from runtime.execution.source_state import SourceWatch
from runtime.execution.unfinished import unfinished_before
from runtime.foresight import EarlierRun
from runtime.interfaces import ModuleCatalog
from runtime.model import (
    TERMINAL,
    Graph,
    Origin,
    Plan,
    Run,
    RunEvent,
    Slots,
    StepCounts,
    StepInput,
    StepRun,
)
from runtime.model.preview import Preview
from runtime.planning import PlanOptions, plan, plan_what_can_run
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.earlier_runs import earlier_run
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace
from runtime.targets.spawning import processors
from runtime.targets.target_file import target_names, target_offers

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

MOST_LOG_BYTES = 1 << 20
_PIPELINES_REMEMBERED = 4096
_RUNS_AT_ONCE = 100
_RUNS_REMEMBERED = 64
REOPENED = "reopened"
"""The folder of a workspace in which steps are reopened."""
EARLIER_RUNS = 5
"""How far back is looked for stored outputs that tell what a pipeline will give."""


class RunService:
    """The verbs on runs of one workspace.

    Args:
        workspace: The workspace.
        push: Told about every event of every run.
        author: Who is named in the record.
    """

    def __init__(self, workspace: Workspace, *, push: PushHub, author: str) -> None:
        self._workspace = workspace
        self._push = push
        self._author = author
        self._store = SqliteRunStore(workspace.runs_db)
        self._artifacts = FolderArtifactStore(workspace.artifacts)
        self._digests = RememberedDigests()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="runs-db")
        self._pipelines: dict[str, str] = {}
        self.ended: Callable[[str], None] = lambda pipeline_id: None
        self._recent: dict[str, EarlierRun] = {}
        self.link = RunnerLink(workspace, self._take, after=self._store.sequence)

    def start(self) -> None:
        """Start the runner and follow it."""
        self.link.start()

    async def stop(self) -> None:
        """Stop following; the runner goes on."""
        await self.link.stop()
        self._thread.shutdown(wait=True)
        self._store.close()

    async def prepare(
        self,
        graph: Graph,
        catalog: ModuleCatalog,
        options: PlanOptions,
        *,
        folder: Path | None = None,
    ) -> Plan:
        """Plan a graph.

        Raises:
            InvalidGraphError: With every diagnostic.
        """
        unfinished = await self._read(lambda store: unfinished_before(store, graph, options))
        surroundings = self._surroundings(options, unfinished)
        if folder is not None:
            surroundings["source_folder"] = folder
        return await asyncio.to_thread(plan, graph, catalog, **surroundings)

    async def preview(
        self, graph: Graph, catalog: ModuleCatalog, options: PlanOptions
    ) -> tuple[Plan, Preview]:
        """Say what a run would do, also of a graph with errors; nothing is executed or written."""
        unfinished = await self._read(lambda store: unfinished_before(store, graph, options))
        around = self._surroundings(options, unfinished)
        partial = await asyncio.to_thread(plan_what_can_run, graph, catalog, **around)
        offers = around["offers"]
        seen = await self._read(
            lambda store: preview(partial, store, self._artifacts, cpus=processors(), offers=offers)
        )
        return partial.plan, seen

    def _surroundings(self, options: PlanOptions, unfinished: Collection[str]) -> dict[str, Any]:
        return {
            "options": msgspec.structs.replace(options, author=self._author),
            "unfinished": unfinished,
            "source_folder": self._workspace.pipelines,
            "file_digest": self._digests.of,
            "draw_seed": lambda: secrets.randbelow(2**31),
            "has_artifact": self._artifacts.has,
            "targets": target_names(self._workspace.path),
            "offers": target_offers(self._workspace.path),
            "environments": EnvironmentChoice(self._workspace.path),
        }

    async def submit(
        self,
        graph: Graph,
        catalog: ModuleCatalog,
        options: PlanOptions,
        *,
        folder: Path | None = None,
    ) -> tuple[Run, Plan]:
        """Plan a graph and hand it to the runner; the run is durable when this returns.

        Args:
            graph: The graph.
            catalog: Where module versions are found.
            options: What to run and how.
            folder: Where relative data paths start from; the pipelines' folder without it.
        """
        folders = (folder or self._workspace.pipelines, self._workspace.modules)
        watching = asyncio.create_task(asyncio.to_thread(SourceWatch, folders))
        try:
            planned = await self.prepare(graph, catalog, options, folder=folder)
        finally:
            watch = await watching
        sources = await asyncio.to_thread(watch.states)
        planned = msgspec.structs.replace(planned, sources=sources)
        run = await self.link.submit(planned)
        self._remember(run.id, run.pipeline_id)
        return run, planned

    async def resume(self, run_id: str) -> Run:
        """Go on with a run that has ended: a new run of its plan takes over what it finished.

        Raises:
            RequestError: R006 if there is no such run, R010 when nothing of it is left to do.
            InfrastructureError: S003 if its plan is gone or damaged.
        """
        earlier = await self.get(run_id)
        plan = resumed_plan(await self.plan_of(run_id), earlier, author=self._author)
        run = await self.link.submit(plan)
        self._remember(run.id, run.pipeline_id)
        return run

    async def relatives(self, run: Run) -> tuple[Run | None, Sequence[Run]]:
        """The run that a run goes on with, and those that went on with it; without their steps."""
        return await self._read(
            lambda store: (
                store.brief(run.resumes) if run.resumes else None,
                store.resumed_by(run),
            )
        )

    async def outputs_to_freeze(
        self, graph: Graph, catalog: ModuleCatalog, *, nodes: Sequence[str], pipeline_id: str
    ) -> dict[str, dict[str, str]]:
        """What nodes of a pipeline are frozen with. Raises RequestError L001 or L003."""
        return await self._read(
            lambda store: outputs_to_freeze(
                store,
                self._artifacts,
                graph,
                catalog,
                nodes=nodes,
                pipeline_ids=(pipeline_id,),
            )
        )

    async def origins(self, digests: Sequence[str]) -> dict[str, Origin]:
        """Who made these artifacts, and when; those that no run made here are left out."""
        return await self._read(lambda store: store.origins(digests))

    async def list(
        self,
        *,
        pipeline_id: str | None = None,
        status: str | None = None,
        search: str | None = None,
        among: Collection[str] | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Run]:
        """Runs without their steps, newest first; `before` is a run number, `among` run ids."""
        return await self._read(
            lambda store: store.runs(
                limit=limit,
                before=before,
                pipeline_id=pipeline_id,
                status=status,
                search=search,
                among=among,
            )
        )

    async def step_counts(self, runs: Sequence[Run]) -> dict[str, StepCounts]:
        """How many steps of these runs became what, by run id."""
        rest = [run.number for run in runs if run.counts is None]
        counted = await self._read(lambda store: store.history.counts(rest)) if rest else {}
        return {run.id: run.counts or counted[run.number] for run in runs}

    async def get(self, run_id: str) -> Run:
        """A run with its steps. Raises RequestError R006 if there is none."""
        run = await self._read(lambda store: store.run(run_id))
        if run is None:
            raise no_run(run_id)
        return run

    async def named(self, name: str) -> Run:
        """A run by its id or its number. Raises RequestError R006 if there is none."""
        number = int(name) if name.isdecimal() and len(name) < 16 else None
        run = await self._read(lambda store: store.run(name))
        if run is None and number is not None:
            found = await self._read(lambda store: store.runs(limit=1, before=number + 1))
            run = found[0] if found and found[0].number == number else None
        if run is None:
            raise no_run(name)
        return run

    async def plan_of(self, run_id: str) -> Plan:
        """What a run executes.

        Raises:
            RequestError: R006 if there is no such run.
            InfrastructureError: S003 if its plan is gone or damaged.
        """
        run = await self.get(run_id)
        return await self._read(lambda store: stored_plan(store, run))

    async def packages_of(self, run: Run) -> EnvironmentLock | None:
        """The packages that a run's steps on this machine ran with; None where none is known."""
        if not run.packages:
            return None
        return await asyncio.to_thread(read_lock, self._workspace.path, run.packages)

    async def compare(self, before: str, after: str) -> RunComparison:
        """What differs between two runs. Raises RequestError R006 for one that does not exist."""
        was, is_ = await self.get(before), await self.get(after)
        locks = await self.packages_of(was), await self.packages_of(is_)
        return compare_runs(was, is_, locks)

    async def critical_path(self, run_id: str) -> CriticalPath:
        """The chain of steps that determined the end of a run. Raises as `plan_of` does."""
        return critical_path(await self.get(run_id), await self.plan_of(run_id))

    async def reopen(self, run_id: str, step: str) -> Reopened:
        """A step of a run in a folder of the workspace, with its exact inputs.

        Raises:
            RequestError: R006 for an unknown run or step; R009, S003, M005 or V005 where what went
                into the step is not there any more.
        """
        subject = await self._subject(run_id, step)
        folder = free_place(self._workspace.path / REOPENED, subject.folder_name)
        return await asyncio.to_thread(reopen, subject, self._artifacts, folder)

    async def reopened_archive(self, run_id: str, step: str) -> Path:
        """The same folder as a zip; delete it when it is sent. Raises what `reopen` does."""
        subject = await self._subject(run_id, step)
        place = self._workspace.path / "cache" / "reopened" / secrets.token_hex(8)
        return await asyncio.to_thread(_packed, subject, self._artifacts, place)

    async def _subject(self, run_id: str, step: str) -> Subject:
        run = await self.get(run_id)
        return await self._read(lambda store: stored_subject(store, run, step))

    async def cancel(self, run_id: str) -> Run:
        """Ask for a run to end. Raises RequestError R006 if there is none."""
        run = await self.get(run_id)
        if run.status not in TERMINAL:
            await self.link.cancel(run_id)
        return await self.get(run_id)

    async def log(
        self, run_id: str, step: str, *, offset: int = 0, limit: int = 1 << 16, attempt: int = 0
    ) -> LogText:
        """A part of a step's log. Raises RequestError R006 for an unknown run or step."""
        path, state = await self._log(run_id, step, attempt)
        wanted = max(1, min(limit, MOST_LOG_BYTES))
        return await asyncio.to_thread(_log_part, path, state, max(0, offset), wanted)

    async def log_path(self, run_id: str, step: str, attempt: int = 0) -> Path:
        """Where the log of a step lies, once it has one; of its last attempt unless one is named.

        A step that was reused has the log of the run that its result is from.

        Raises:
            RequestError: R006 for an unknown run or step.
        """
        return (await self._log(run_id, step, attempt))[0]

    async def _log(self, run_id: str, step: str, attempt: int) -> tuple[Path, StepRun]:
        def read(store: SqliteRunStore) -> tuple[Path, StepRun]:
            run = store.brief(run_id)
            if run is None:
                raise no_run(run_id)
            state = store.step_run(run.number, step)
            if state is None:
                raise no_step(msgspec.structs.replace(run, steps=store.steps_of(run.number)), step)
            return log_place(self._workspace, store, run_id, state, attempt), state

        return await self._read(read)

    async def of_step(
        self, pipeline_id: str, step: str, *, before: int | None = None, limit: int = 50
    ) -> StepHistory:
        """A step in the runs of a pipeline that had it, newest first; `before` is a run number."""

        def read(store: SqliteRunStore) -> list[StepOfRun]:
            found: list[StepOfRun] = []
            next_ = before
            while len(found) < limit:
                runs = store.runs(limit=_RUNS_AT_ONCE, before=next_, pipeline_id=pipeline_id)
                for run in runs:
                    state = store.step_run(run.number, step)
                    if state is not None:
                        found.append(StepOfRun(run=run, step=state))
                if len(runs) < _RUNS_AT_ONCE:
                    break
                next_ = runs[-1].number
            return found[:limit]

        return StepHistory(runs=tuple(await self._read(read)))

    async def inputs_of(self, run_id: str, step: str) -> StepInputs:
        """What came into a step of a run. Raises RequestError R006 for an unknown run or step."""
        run = await self.get(run_id)
        plan = await self.plan_of(run_id)
        labels = {planned.id: planned.label or planned.id for planned in plan.steps}
        wires = next((planned.inputs for planned in plan.steps if planned.id == step), None)
        if wires is None:
            raise no_step(run, step)
        return StepInputs(inputs=tuple(_brought(wire, run, labels) for wire in wires))

    async def held_now(self) -> dict[str, Slots]:
        """What running steps hold of each target."""
        return await self._read(held_now)

    async def latest(self, pipeline_id: str) -> Run | None:
        """The newest run of a pipeline with its steps."""
        runs = await self.list(pipeline_id=pipeline_id, limit=1)
        return await self.get(runs[0].id) if runs else None

    async def earlier(self, pipeline_id: str) -> Sequence[EarlierRun]:
        """The newest runs of a pipeline that ended, with what they stored, newest first."""
        runs = await self.list(pipeline_id=pipeline_id, limit=EARLIER_RUNS)
        return [await self._earlier(run) for run in runs if run.status in TERMINAL]

    async def _earlier(self, run: Run) -> EarlierRun:
        if run.id not in self._recent:
            if len(self._recent) >= _RUNS_REMEMBERED:
                self._recent.clear()
            self._recent[run.id] = await self._read(lambda store: earlier_run(store, run))
        return self._recent[run.id]

    async def latest_of_all(self) -> dict[str, LastRun]:
        """The newest run of every pipeline, of the last 1,000 runs."""
        found: dict[str, LastRun] = {}
        for run in await self.list(limit=1000):
            if run.pipeline_id and run.pipeline_id not in found:
                found[run.pipeline_id] = LastRun(
                    id=run.id, number=run.number, status=run.status, finished_at=run.finished_at
                )
        return found

    async def users_of(self, module_id: str, version: str) -> Sequence[str]:
        """The recent runs that used a module version, in words."""

        def read(store: SqliteRunStore) -> Sequence[str]:
            return [
                f"run {run.number}"
                for run in store.runs(limit=500)
                for step in store.step_runs(run.id).values()
                if step.module == module_id and version in ("", step.version)
            ]

        return list(dict.fromkeys(await self._read(read)))

    async def _take(self, event: RunEvent) -> None:
        pipeline_id = self._pipelines.get(event.run_id)
        if pipeline_id is None:
            run = await self._read(lambda store: store.run(event.run_id))
            pipeline_id = self._remember(event.run_id, run.pipeline_id if run else "")
        self._push.publish({"kind": "run", "events": [event]}, pipeline_id)
        if event.kind == "run" and event.status in TERMINAL:
            self.ended(pipeline_id)

    def _remember(self, run_id: str, pipeline_id: str) -> str:
        if len(self._pipelines) >= _PIPELINES_REMEMBERED:
            self._pipelines.clear()
        self._pipelines[run_id] = pipeline_id
        return pipeline_id

    async def _read(self, work: Callable[[SqliteRunStore], Result]) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, work, self._store)


def _packed(subject: Subject, artifacts: FolderArtifactStore, place: Path) -> Path:
    """A zip beside the folder that it is made of; the folder is gone afterwards."""
    folder, archive = place / subject.folder_name, place.with_suffix(".zip")
    try:
        reopen(subject, artifacts, folder)
        pack(folder, archive)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return archive


def no_run(run_id: str) -> RequestError:
    """The error for a run that does not exist."""
    return RequestError(
        "R006", f"There is no run '{run_id}'.", remedy="Choose one from the list of runs."
    )


def no_step(run: Run, step: str) -> RequestError:
    """The error for a step that a run does not have."""
    return RequestError(
        "R006",
        f"Run {run.number} has no step '{step}'.{close_matches(step, run.steps)}",
        remedy="Choose one of its steps.",
    )


def _brought(wire: StepInput, run: Run, labels: dict[str, str]) -> StepInputArtifact:
    source = run.steps.get(wire.step)
    return StepInputArtifact(
        port=wire.port,
        step=wire.step,
        output=wire.output,
        label=labels.get(wire.step, wire.step),
        artifact=source.outputs.get(wire.output) if source else None,
    )


def log_place(
    workspace: Workspace, store: SqliteRunStore, run_id: str, state: StepRun, attempt: int = 0
) -> Path:
    """Where the log of a step lies, once it has one; a reused step's is in the run it is from."""
    attempts = state.attempts
    if state.reused and state.reused_from:
        earlier = store.step_runs(state.reused_from).get(state.step)
        if earlier is not None:
            run_id, attempts = state.reused_from, earlier.attempts
    return workspace.log_file(run_id, state.step, attempt or max(attempts, 1))


def _log_part(path: Path, state: StepRun, offset: int, limit: int) -> LogText:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(min(offset, size))
            data = file.read(limit)
    except OSError:
        size, data = 0, b""
    position = min(offset, size)
    return LogText(
        text=data.decode("utf-8", errors="replace"),
        offset=position,
        next=position + len(data),
        end=position + len(data) >= size and state.status in TERMINAL,
        truncated=position + len(data) < size,
    )
