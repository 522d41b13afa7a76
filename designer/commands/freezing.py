"""`designer freeze` and `unfreeze`: hold on to a node's outputs, in a graph file."""

import argparse
from contextlib import closing
from pathlib import Path

from designer.commands.graphs import check_readable
from designer.commands.output import complain, print_json
from designer.commands.place import workspace_of
from designer.document.freezing import with_frozen, without_frozen
from designer.document.operations import Document
from designer.services.frozen_files import remember_file
from modules_library.registry import open_catalog
from runtime.durable_files import SHARED, replace_durably
from runtime.execution.freezing import outputs_to_freeze
from runtime.model import Graph
from runtime.model.graph_json import (
    graph_from_document,
    graph_to_document,
    parse_graph,
    write_graph,
)
from runtime.stores import FolderArtifactStore, SqliteRunStore, Workspace


def freeze(chosen: argparse.Namespace) -> int:
    """Freeze nodes with the outputs of their last run."""
    workspace, graph = _opened(chosen)
    with closing(SqliteRunStore(workspace.runs_db)) as store:
        outputs = outputs_to_freeze(
            store,
            FolderArtifactStore(workspace.artifacts),
            graph,
            open_catalog(workspace.path),
            nodes=chosen.node,
            pipeline_ids=_pipeline_ids(chosen.graph, workspace),
        )
    _save(chosen.graph, with_frozen(graph_to_document(graph), outputs))
    remember_file(workspace.path, chosen.graph)
    if chosen.json:
        print_json({"frozen": outputs})
    for node in () if chosen.json else chosen.node:
        complain(f"❄ '{graph.nodes[node].label or node}' is frozen.")
    return 0


def unfreeze(chosen: argparse.Namespace) -> int:
    """Let frozen nodes run again."""
    _, graph = _opened(chosen)
    known = [node for node in chosen.node if node in graph.nodes]
    _save(chosen.graph, without_frozen(graph_to_document(graph), known))
    if chosen.json:
        print_json({"unfrozen": known})
    for node in () if chosen.json else known:
        complain(f"✓ '{graph.nodes[node].label or node}' runs again.")
    return 0


def _opened(chosen: argparse.Namespace) -> tuple[Workspace, Graph]:
    check_readable(chosen.graph)
    return Workspace(workspace_of(chosen)), parse_graph(chosen.graph.read_bytes())


def _pipeline_ids(graph: Path, workspace: Workspace) -> tuple[str, ...]:
    """A file among the workspace's pipelines has runs from the page as well."""
    is_pipeline = graph.resolve().parent == workspace.pipelines.resolve()
    return ("", graph.stem) if is_pipeline else ("",)


def _save(path: Path, document: Document) -> None:
    read = graph_from_document(document)
    if read.graph is not None:
        replace_durably(path, write_graph(read.graph).encode(), mode=SHARED)
