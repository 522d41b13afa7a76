"""Where runs and artifacts rest: a workspace folder, its artifact store and its run database."""

from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.run_store import SqliteRunStore, StaleChange, StoreIsFull
from runtime.stores.workspace import Workspace

__all__ = ["FolderArtifactStore", "SqliteRunStore", "StaleChange", "StoreIsFull", "Workspace"]
