"""Where runs and artifacts rest: a workspace folder, its artifact store and its run database."""

from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.run_store import SqliteRunStore, StaleChangeError, StoreFullError
from runtime.stores.workspace import Workspace

__all__ = [
    "FolderArtifactStore",
    "SqliteRunStore",
    "StaleChangeError",
    "StoreFullError",
    "Workspace",
]
