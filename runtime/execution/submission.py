"""From a graph in any form to a finished run: read, plan, execute."""

import os
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from runtime.environments.choice import EnvironmentChoice
from runtime.execution.embedded import run_plan
from runtime.execution.source_state import SourceWatch
from runtime.execution.unfinished import unfinished_before
from runtime.interfaces import EventSink, ModuleCatalog
from runtime.model import Graph, Plan, Run
from runtime.model.digest import digest_file
from runtime.model.graph_json import parse_graph
from runtime.planning import NO_ENVIRONMENTS, PlanOptions
from runtime.planning import plan as make_plan
from runtime.stores import FolderArtifactStore, SqliteRunStore
from runtime.stores.workspace import ARTIFACTS, MODULES, RUNS_DB, Workspace
from runtime.targets.spawning import processors
from runtime.targets.target_file import target_names, target_offers

if TYPE_CHECKING:
    from runtime.model.preview import Preview


def run_graph(
    graph: Graph | dict[str, Any] | str | Path,
    workspace: Path | str,
    *,
    catalog: ModuleCatalog,
    options: PlanOptions | None = None,
    on_event: EventSink | None = None,
    ends_program: bool = False,
) -> Run:
    """Read, plan and execute a graph; see `runtime.run_graph`."""
    place = Workspace(workspace)
    plan = plan_graph(graph, catalog, options=options, workspace=place.path)
    return run_plan(plan, place, on_event=on_event, ends_program=ends_program)


def plan_graph(
    graph: Graph | dict[str, Any] | str | Path,
    catalog: ModuleCatalog,
    *,
    options: PlanOptions | None = None,
    workspace: Path | str | None = None,
    folder: Path | None = None,
) -> Plan:
    """Make a plan of a graph in any form; relative data paths start from the graph's file.

    Args:
        graph: The graph.
        catalog: Where module versions are found.
        options: What to run and how.
        workspace: Where earlier runs and frozen artifacts are looked for.
        folder: Where relative data paths start from, for a graph that is no file.
    """
    read, own_folder = read_graph_of(graph)
    folder = own_folder or folder
    watch = SourceWatch([one for one in (folder, _modules(workspace)) if one is not None])
    unfinished: Collection[str] = ()
    if options is not None and options.failed:
        with _runs(workspace) as runs:
            unfinished = unfinished_before(runs, read, options)
    plan = make_plan(
        read,
        catalog,
        options=options,
        unfinished=unfinished,
        source_folder=folder,
        file_digest=digest_file,
        draw_seed=draw_seed,
        has_artifact=_artifacts(workspace).has if workspace is not None else None,
        targets=target_names(workspace),
        offers=target_offers(workspace),
        environments=EnvironmentChoice(workspace) if workspace is not None else NO_ENVIRONMENTS,
    )
    return msgspec.structs.replace(plan, sources=watch.states())


def preview_graph(
    graph: Graph | dict[str, Any] | str | Path,
    workspace: Path | str,
    *,
    catalog: ModuleCatalog,
    options: PlanOptions | None = None,
    cpus: int | None = None,
    folder: Path | None = None,
) -> "tuple[Plan, Preview]":
    """Say what a run would do, and give the plan of the part that can run; writes nothing.

    Args:
        graph: The graph.
        workspace: Where earlier runs and frozen artifacts are looked for.
        catalog: Where module versions are found.
        options: What to run and how.
        cpus: Processors to estimate with.
        folder: Where relative data paths start from, for a graph that is no file.
    """
    from runtime.execution.previewing import preview
    from runtime.planning import plan_what_can_run

    read, own_folder = read_graph_of(graph)
    folder = own_folder or folder
    options, artifacts = options or PlanOptions(), _artifacts(workspace)
    offers = target_offers(workspace)
    with _runs(workspace) as runs:
        partial = plan_what_can_run(
            read,
            catalog,
            options=options,
            unfinished=unfinished_before(runs, read, options),
            source_folder=folder,
            file_digest=digest_file,
            draw_seed=draw_seed,
            has_artifact=artifacts.has,
            targets=target_names(workspace),
            offers=offers,
            environments=EnvironmentChoice(workspace),
        )
        return partial.plan, preview(
            partial, runs, artifacts, cpus=cpus or processors(), offers=offers
        )


def draw_seed() -> int:
    """A seed for a module whose seed was left blank; it is recorded with the run."""
    return int.from_bytes(os.urandom(4), "big") >> 1


def _runs(workspace: Path | str | None) -> "closing[SqliteRunStore]":
    """The runs of a workspace; none where it does not exist so far."""
    path = Path(workspace).expanduser() / RUNS_DB if workspace is not None else None
    return closing(SqliteRunStore(path if path is not None and path.exists() else None))


def _modules(workspace: Path | str | None) -> Path | None:
    return Path(workspace).expanduser() / MODULES if workspace is not None else None


def _artifacts(workspace: Path | str) -> FolderArtifactStore:
    return FolderArtifactStore(Path(workspace).expanduser() / ARTIFACTS, creates=False)


def read_graph_of(graph: Graph | dict[str, Any] | str | Path) -> tuple[Graph, Path | None]:
    """A graph in any form, and the folder that its relative data paths start from.

    Raises:
        InvalidGraphError: It cannot be read; all of its problems are in `diagnostics`.
    """
    if isinstance(graph, Graph):
        return graph, None
    if isinstance(graph, dict):
        return parse_graph(msgspec.json.encode(graph)), None
    if isinstance(graph, str) and graph.lstrip()[:1] == "{":
        return parse_graph(graph), None
    path = Path(graph)
    return parse_graph(path.read_bytes()), path.resolve().parent
