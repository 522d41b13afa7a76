"""Everything that pages and REST can ask for, built once for a workspace."""

import asyncio
import getpass
import logging
import os
import platform
from collections.abc import Coroutine, Mapping, Sequence, Sized
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec

from designer.document.freezing import with_frozen, without_frozen
from designer.document.operations import Document
from designer.services import pipeline_view
from designer.services.answers import OperationsAnswer, PipelineView, RunAnswer
from designer.services.artifacts import ArtifactService
from designer.services.comments import CommentService
from designer.services.draft import readable_graph
from designer.services.environments import EnvironmentService
from designer.services.file_sync import FileSync
from designer.services.foresight import ForesightService
from designer.services.habits import HabitService
from designer.services.layouts import LayoutService
from designer.services.logs import LogService
from designer.services.modules import ModuleService
from designer.services.pipelines import PipelineService
from designer.services.push import PushHub
from designer.services.revisions import RevisionService
from designer.services.run_marks import RunMarkService
from designer.services.runs import RunService
from designer.services.targets import TargetService
from designer.services.upkeep import collect_workspace, disk_facts
from designer.services.uploads import Uploads
from designer.store import Database
from runtime.errors import DesignerError
from runtime.model import Plan
from runtime.model.graph_json import parse_graph
from runtime.model.preview import Preview
from runtime.planning import PlanOptions
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.collection import Collection
from runtime.stores.workspace import Workspace

logger = logging.getLogger(__name__)

WARM_AFTER_S = 1.5
"""The page that was just opened is drawn first."""


class Services:
    """The verbs of the product over one workspace.

    Args:
        path: The workspace's folder; created if absent.

    Raises:
        InfrastructureError: S002 or S004 when the workspace cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.workspace = Workspace(path)
        self.author = author = whoami()
        self.push = PushHub()
        self.modules = ModuleService(self.workspace.path, author=author, push=self.push)
        self.database = Database(self.workspace.designer_db)
        self.runs = RunService(self.workspace, push=self.push, author=author)
        self.marks = RunMarkService(self.database, self.runs, self.push)
        self.pipelines = PipelineService(
            self.database,
            self.workspace.pipelines,
            modules=self.modules,
            runs=self.runs,
            push=self.push,
            has_artifact=FolderArtifactStore(self.workspace.artifacts).has,
            author=author,
        )
        self.revisions = RevisionService(
            self.database,
            self.pipelines,
            runs=self.runs,
            modules=self.modules,
            push=self.push,
            author=author,
        )
        self.comments = CommentService(self.database, self.pipelines, self.modules, self.push)
        self.habits = HabitService(self.pipelines)
        self.artifacts = ArtifactService(self.workspace)
        self.logs = LogService(self.runs.log_path, self.artifacts.reader)
        self.layouts = LayoutService()
        self.uploads = Uploads(self.workspace.pipelines)
        self.targets = TargetService(self.workspace.path, self.runs.held_now)
        self.environments = EnvironmentService(
            self.workspace.path, self.database, lambda: self.modules.catalog
        )
        self.files = FileSync(self.workspace.pipelines, self.database, self.pipelines)
        self.foresight = ForesightService(
            self.workspace,
            examined=self.pipelines.examined,
            earlier=self.runs.earlier,
            push=self.push,
        )
        self.modules.changed = self.pipelines.revalidate
        self.pipelines.foreseen = self.foresight.diagnostics
        self.pipelines.changed = self.runs.ended = self.foresight.touch
        self.foresight.changed = self.pipelines.tell_diagnostics
        self._background: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Take over what changed while nobody looked, start the runner, begin to watch."""
        await self.files.start()
        self.modules.start()
        self.runs.start()
        self.foresight.start()

    async def stop(self) -> None:
        """Write what still waits and let go of everything; the runner goes on."""
        for task in self._background:
            task.cancel()
        await self.files.stop()
        await self.modules.stop()
        await self.runs.stop()
        await self.artifacts.stop()
        await self.foresight.stop()
        self.database.close()

    async def open_pipeline(self, pipeline_id: str) -> PipelineView:
        """A pipeline with everything the editor starts from; the engine makes itself ready."""
        view = await self.pipelines.get(pipeline_id)
        draft = await self.pipelines.draft(pipeline_id)
        places = await self.layouts.suggest(
            draft.graph,
            self.modules.catalog,
            name=pipeline_id,
            version=(draft.revision, self.modules.generation),
        )
        entries = [spec.entry for spec in view.modules.values()]
        families = {entry.preload for entry in entries if not entry.isolated}
        self.in_background(self._warm(families))
        return msgspec.structs.replace(view, places=places)

    async def _warm(self, families: set[tuple[str, ...]]) -> None:
        await asyncio.sleep(WARM_AFTER_S)
        try:
            await self.runs.link.warm(families)
        except (OSError, DesignerError) as exc:
            logger.info("nothing was loaded ahead: %s", exc)

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something while people go on; a fault of it is logged."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background_done)

    def _background_done(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            logger.error("work in the background failed", exc_info=fault)

    async def start_run(self, pipeline_id: str, options: PlanOptions) -> RunAnswer:
        """Run a pipeline's newest document.

        Raises:
            InvalidGraphError: With every diagnostic.
        """
        draft = await self.pipelines.draft(pipeline_id)
        options = msgspec.structs.replace(options, pipeline_id=pipeline_id, revision=draft.revision)
        run, plan = await self.runs.submit(draft.graph, self.modules.catalog, options)
        return RunAnswer(run=run, diagnostics=plan.diagnostics)

    async def rerun(
        self, run_id: str, parameters: Mapping[str, Any], *, as_it_was: bool = True
    ) -> RunAnswer:
        """Run the graph of a run again with its parameters, some of them changed.

        Args:
            run_id: The run.
            parameters: Values that take the place of the run's own.
            as_it_was: The graph of that run; otherwise its pipeline's newest document.

        Raises:
            RequestError: R006 if there is no such run, S005 if its pipeline is gone.
            InvalidGraphError: With every diagnostic.
        """
        earlier = await self.runs.get(run_id)
        options = PlanOptions(
            parameters={**earlier.parameters, **parameters},
            failure_policy="continue" if earlier.failure_policy == "continue" else "stop",
        )
        if not as_it_was:
            return await self.start_run(earlier.pipeline_id, options)
        options = msgspec.structs.replace(
            options, pipeline_id=earlier.pipeline_id, revision=earlier.revision
        )
        before = await self.runs.plan_of(run_id)
        run, plan = await self.runs.submit(
            parse_graph(before.graph_json),
            self.modules.catalog,
            options,
            folder=Path(before.source_folder) if before.source_folder else None,
        )
        return RunAnswer(run=run, diagnostics=plan.diagnostics)

    async def preview(
        self, options: PlanOptions, *, pipeline_id: str = "", graph: Document | None = None
    ) -> tuple[Plan, Preview]:
        """What a run would do; the plan is of the part that can run.

        Args:
            options: Which part, with which values.
            pipeline_id: A pipeline's newest document; its earlier runs count.
            graph: Or a graph that is not stored.
        """
        if graph is not None:
            subject = readable_graph(graph)
        else:
            draft = await self.pipelines.draft(pipeline_id)
            subject = draft.graph
            options = msgspec.structs.replace(
                options, pipeline_id=pipeline_id, revision=draft.revision
            )
        return await self.runs.preview(subject, self.modules.catalog, options)

    async def freeze(self, pipeline_id: str, nodes: Sequence[str]) -> OperationsAnswer:
        """Freeze nodes with the outputs of their last run, as one operation.

        Raises:
            RequestError: L001 for a node that does not exist, L003 for one without outputs.
        """
        draft = await self.pipelines.draft(pipeline_id)
        outputs = await self.runs.outputs_to_freeze(
            draft.graph, self.modules.catalog, nodes=nodes, pipeline_id=pipeline_id
        )
        label = f"Freeze {_counted(outputs)}"
        return await self.pipelines.change_to(
            pipeline_id, label, with_frozen(draft.document, outputs)
        )

    async def unfreeze(self, pipeline_id: str, nodes: Sequence[str]) -> OperationsAnswer:
        """Let frozen nodes run again, as one operation."""
        draft = await self.pipelines.draft(pipeline_id)
        known = [node for node in nodes if node in draft.document["nodes"]]
        return await self.pipelines.change_to(
            pipeline_id, f"Unfreeze {_counted(known)}", without_frozen(draft.document, known)
        )

    async def run_view(self, run_id: str) -> PipelineView:
        """The canvas of a run as it was, read-only."""
        run = await self.runs.get(run_id)
        plan = await self.runs.plan_of(run_id)
        graph = parse_graph(plan.graph_json)
        document: Document = msgspec.json.decode(plan.graph_json)
        modules = pipeline_view.modules_of(graph, self.modules.catalog)
        return PipelineView(
            id=run.pipeline_id,
            name=run.name or graph.name,
            revision=run.revision,
            graph=document,
            modules=modules,
            definitions=pipeline_view.definitions_of(modules, self.modules.catalog),
            diagnostics=plan.diagnostics,
            last_run=run,
            read_only=True,
            places=await self.layouts.suggest(graph, self.modules.catalog),
        )

    async def usage(self, module_id: str) -> dict[str, list[dict[str, Any]]]:
        """Which pipelines and runs use a module's versions."""
        self.modules.card(module_id)
        pipelines = []
        for card in (await self.pipelines.list()).pipelines:
            graph = (await self.pipelines.draft(card.id)).graph
            versions = sorted({n.version for n in graph.every_node() if n.module == module_id})
            if versions:
                pipelines.append({"id": card.id, "name": card.name, "versions": versions})
        runs = [{"name": name} for name in await self.runs.users_of(module_id, "")]
        return {"pipelines": pipelines, "runs": runs}

    async def collect(self) -> Collection:
        """Remove artifacts and logs that nobody needs any more."""
        return await asyncio.to_thread(collect_workspace, self.workspace, self.database)

    def workspace_facts(self) -> dict[str, Any]:
        """Where the workspace lies, what it takes, and in which versions we run."""
        return {
            "path": str(self.workspace.path),
            "disk": disk_facts(self.workspace),
            "runner": {"connected": self.runs.link.is_connected},
            "versions": versions(),
        }


def _counted(nodes: Sized) -> str:
    return "1 node" if len(nodes) == 1 else f"{len(nodes)} nodes"


def whoami() -> str:
    """The operating system's user: the author in history and audit."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def versions() -> dict[str, str]:
    """The versions of the designer, Python and the page framework."""
    return {
        "designer": metadata.version("designer"),
        "python": platform.python_version(),
        "nicegui": metadata.version("nicegui"),
    }
