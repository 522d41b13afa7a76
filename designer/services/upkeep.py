"""What the workspace takes of the disk, and letting go of what nobody needs any more."""

import shutil
import time
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from designer.document.operations import Document
from designer.services.frozen_files import remembered_documents
from designer.store import Database, PipelineStore, RunMarkStore
from runtime.environments.built import built_environments
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.collection import Collection, Retention, collect, disk_use
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace


def collect_workspace(
    workspace: Workspace, database: Database, *, retention: Retention | None = None
) -> Collection:
    """Remove artifacts and logs that no kept run and no frozen node needs."""
    documents = database.do_now(lambda session: list(PipelineStore(session).documents()))
    with closing(SqliteRunStore(workspace.runs_db)) as store:
        forget_marks(database, store)
        return collect(
            workspace,
            store,
            FolderArtifactStore(workspace.artifacts),
            now=time.time(),
            retention=retention,
            pins=frozen_artifacts((*documents, *remembered_documents(workspace.path))),
        )


def forget_marks(database: Database, store: SqliteRunStore) -> None:
    """Take the tags and notes of runs away that are gone."""
    marked = database.do_now(lambda session: RunMarkStore(session).marked())
    there = {run.id for run in store.runs(limit=len(marked), among=marked)} if marked else set()
    if gone := marked - there:
        database.do_now(lambda session: RunMarkStore(session).forget(gone))


def frozen_artifacts(documents: Iterable[Document]) -> set[str]:
    """The digests of the artifacts that frozen nodes hold on to."""
    found: set[str] = set()
    for document in documents:
        found |= _frozen_in(document)
        for definition in (document.get("subgraphs") or {}).values():
            found |= frozen_artifacts([definition])
    return found


def _frozen_in(document: Document) -> set[str]:
    states = (node.get("state") for node in (document.get("nodes") or {}).values())
    held = (state.get("artifacts") for state in states if isinstance(state, dict))
    return {
        digest for artifacts in held if isinstance(artifacts, dict) for digest in artifacts.values()
    }


def disk_facts(workspace: Workspace) -> dict[str, Any]:
    """What takes the disk: artifacts by port type, logs, databases; and what is free."""
    disk = shutil.disk_usage(workspace.path)
    with closing(SqliteRunStore(workspace.runs_db)) as store:
        use = disk_use(workspace, store, FolderArtifactStore(workspace.artifacts))
    built = built_environments(workspace.built_environments).values()
    environments = sum(one.bytes for one in built)
    databases = sum(path.stat().st_size for path in workspace.path.glob("*.db*"))
    return {
        "total": disk.total,
        "free": disk.free,
        "used": use.total + databases + environments,
        "parts": {
            "artifacts": use.total - use.logs,
            "logs": use.logs,
            "databases": databases,
            "environments": environments,
        },
        "by_type": use.by_type,
    }
