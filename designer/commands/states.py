"""Graphs as commands are given them: a file, a state of a pipeline, the graph of a run."""

import argparse
from contextlib import closing
from pathlib import Path

import msgspec

from designer.document.operations import Document
from designer.services.references import parse_reference
from runtime.errors import RequestError

AT = "@"


class GivenState(msgspec.Struct, frozen=True, kw_only=True):
    """A graph that a command was given.

    Attributes:
        title: What to call it.
        document: The graph.
        folder: Where relative data paths start from.
        pipeline_id: Of a state of a pipeline.
        revision: Of a state of a pipeline.
    """

    title: str
    document: Document
    folder: Path | None = None
    pipeline_id: str = ""
    revision: int = 0


def wanted_state(chosen: argparse.Namespace, workspace: Path) -> GivenState | None:
    """The state of a pipeline that `--version`, or a graph like `PIPELINE@NAME`, asks for.

    None for a plain graph file.
    """
    path: Path = chosen.graph
    if chosen.at_version is not None:
        pipeline_id = path.stem if path.suffix == ".json" else str(path)
        return state_of(pipeline_id, chosen.at_version, workspace)
    if AT in str(path) and not path.exists():
        return given_state(str(path), workspace)
    return None


def given_state(text: str, workspace: Path) -> GivenState:
    """The graph that a text means: a file, `PIPELINE`, `PIPELINE@REVISION`, `PIPELINE@NAME`, `run:N`.

    Raises:
        RequestError: When there is none.
        InvalidGraphError: When a file is no graph.
    """
    path = Path(text)
    if path.is_file():
        return _of_file(path)
    if (reference := parse_reference(text)).kind == "run":
        return _of_run(reference.name, workspace)
    pipeline_id, _, wanted = text.partition(AT)
    return state_of(pipeline_id, wanted, workspace)


def state_of(pipeline_id: str, wanted: str, workspace: Path) -> GivenState:
    """A state of a pipeline of the workspace."""
    from designer.store import Database, PipelineStore, VersionStore
    from runtime.stores.workspace import Workspace

    place = Workspace(workspace)
    reference = parse_reference(wanted)

    with closing(Database(place.designer_db)) as database:
        revision = reference.revision if reference.kind == "revision" else None
        if reference.kind == "version":
            version = database.do_now(
                lambda session: VersionStore(session).find(pipeline_id, reference.name)
            )
            revision = version.revision
        document, revision = database.do_now(
            lambda session: PipelineStore(session).document(pipeline_id, revision)
        )
    return GivenState(
        title=f"{pipeline_id}{AT}{wanted or revision}",
        document=document,
        folder=place.pipelines,
        pipeline_id=pipeline_id,
        revision=revision,
    )


def _of_file(path: Path) -> GivenState:
    from runtime.model.graph_json import graph_to_document, parse_graph

    document = graph_to_document(parse_graph(path.read_bytes()))
    return GivenState(title=str(path), document=document, folder=path.resolve().parent)


def _of_run(name: str, workspace: Path) -> GivenState:
    from designer.commands.runs import find_run
    from runtime.model import Plan
    from runtime.stores.run_store import SqliteRunStore
    from runtime.stores.workspace import Workspace

    store = SqliteRunStore(Workspace(workspace).runs_db)
    run = find_run(store, name)
    content = store.plan(run.id)
    if content is None:
        raise RequestError(
            "R006", f"The plan of run {run.number} is gone.", remedy="Choose a newer run."
        )
    plan = msgspec.json.decode(content, type=Plan)
    return GivenState(
        title=f"run {run.number}",
        document=msgspec.json.decode(plan.graph_json),
        pipeline_id=run.pipeline_id,
        revision=run.revision,
    )
