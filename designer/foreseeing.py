"""Validation with foresight: every problem of a graph, those of its data included, before it runs."""

from pathlib import Path

from designer.services.schema_source import open_schema_source, stored_reader
from runtime.foresight import EarlierRun, Foresight, foresee
from runtime.interfaces import ModuleCatalog
from runtime.model import Diagnostic, Graph
from runtime.stores.workspace import Workspace
from runtime.validation import Examination, examine

EARLIER_RUNS = 5


def validate_with_schemas(
    graph: Graph, catalog: ModuleCatalog, *, workspace: Path | None, source_folder: Path | None
) -> tuple[Diagnostic, ...]:
    """Every problem of a graph, and what its nodes will fail with for the columns they get.

    Args:
        graph: The graph.
        catalog: Its modules.
        workspace: Where answers are kept and earlier runs are looked for; None for nowhere.
        source_folder: Folder that relative data paths start from.
    """
    examination = examine(graph, catalog)
    found = foresee_graph(examination, workspace=workspace, source_folder=source_folder)
    return (*examination.diagnostics, *found.diagnostics)


def foresee_graph(
    examination: Examination, *, workspace: Path | None, source_folder: Path | None
) -> Foresight:
    """What every node of a validated graph will give; a schema worker is started where needed."""
    place = Workspace(workspace) if workspace is not None and workspace.is_dir() else None
    source = open_schema_source(place.path if place else None, is_kept=False)
    try:
        return foresee(
            examination,
            ask=source.ask,
            stored=stored_reader(source, place),
            earlier=_earlier(place, examination.view.graph.name),
            source_folder=source_folder,
        )
    finally:
        source.close()


def _earlier(workspace: Workspace | None, name: str) -> tuple[EarlierRun, ...]:
    if workspace is None or not workspace.runs_db.exists():
        return ()
    from runtime.stores.earlier_runs import earlier_runs
    from runtime.stores.run_store import SqliteRunStore

    store = SqliteRunStore(workspace.runs_db)
    try:
        return tuple(earlier_runs(store, pipeline_id="", name=name, limit=EARLIER_RUNS))
    finally:
        store.close()
