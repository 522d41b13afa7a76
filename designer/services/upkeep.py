"""What the workspace takes of the disk, and letting go of what nobody needs any more."""

import shutil
import time
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from designer.document.operations import Document
from designer.store import Database, PipelineStore
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
        return collect(
            workspace,
            store,
            FolderArtifactStore(workspace.artifacts),
            now=time.time(),
            retention=retention,
            pins=frozen_artifacts(documents),
        )


def frozen_artifacts(documents: Iterable[Document]) -> set[str]:
    """The digests of the artifacts that frozen nodes hold on to."""
    found: set[str] = set()
    for document in documents:
        for part in (document, *document.get("subgraphs", {}).values()):
            for node in part.get("nodes", {}).values():
                state = node.get("state")
                artifacts = state.get("artifacts") if isinstance(state, dict) else None
                found |= set(artifacts.values()) if isinstance(artifacts, dict) else set()
    return found


def disk_facts(workspace: Workspace) -> dict[str, Any]:
    """What takes the disk: artifacts by port type, logs, databases; and what is free."""
    disk = shutil.disk_usage(workspace.path)
    with closing(SqliteRunStore(workspace.runs_db)) as store:
        use = disk_use(workspace, store, FolderArtifactStore(workspace.artifacts))
    databases = sum(path.stat().st_size for path in workspace.path.glob("*.db*"))
    return {
        "total": disk.total,
        "free": disk.free,
        "used": use.total + databases,
        "parts": {
            "artifacts": use.total - use.logs,
            "logs": use.logs,
            "databases": databases,
        },
        "by_type": use.by_type,
    }
