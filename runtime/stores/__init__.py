"""Where runs and artifacts rest: a workspace folder, its artifact store and its run database."""

from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.collection import Collection, DiskUse, Retention, collect, disk_use
from runtime.stores.database import StoreBusyError, StoreFullError
from runtime.stores.run_store import SqliteRunStore, StaleChangeError
from runtime.stores.workspace import Workspace

__all__ = [
    "Collection",
    "DiskUse",
    "FolderArtifactStore",
    "Retention",
    "SqliteRunStore",
    "StaleChangeError",
    "StoreBusyError",
    "StoreFullError",
    "Workspace",
    "collect",
    "disk_use",
]
