"""The schema source of a workspace, put together: its cache, our worker, our modules' answers."""

import platform
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import modules_library
from runtime.model import ArtifactRef, PortSchema
from runtime.model.digest import digest_value
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.schema_memo import SchemaMemo
from runtime.stores.workspace import Workspace
from runtime.targets.schema_source import SchemaSource
from runtime.targets.schema_worker import SchemaWorker

STORED_BY = "modules_library.sdk.foresight.stored:stored_schema"

FLOOR = (
    *("polars", "pyarrow", "pyarrow.compute", "pyarrow.csv", "pyarrow.ipc"),
    "modules_library.sdk.foresight.answering",
    "modules_library.sdk.foresight.stored",
)
"""What every answer needs."""

PRELOAD = (
    *FLOOR,
    *("duckdb", "numpy"),
    "modules_library.formats",
    "modules_library.transforms.foresight",
    "modules_library.learning.foresight",
    "sklearn.datasets",
)
"""What the built-in modules need besides, for a worker that is asked again and again."""

_PATIENCE_S = 30.0
"""How long an answer may take where libraries are still to be imported."""


def open_schema_source(workspace: Path | None, *, is_kept: bool = True) -> SchemaSource:
    """The schema source of a workspace; without one no answer is kept.

    Args:
        workspace: The workspace's folder.
        is_kept: It will be asked again and again; otherwise for one graph only.
    """
    memo = SchemaMemo(workspace / "cache" / "schemas.db" if workspace else None)
    worker = SchemaWorker(PRELOAD) if is_kept else SchemaWorker(FLOOR, answer_s=_PATIENCE_S)
    return SchemaSource(memo, worker, stored_by=STORED_BY, floor=_floor())


def stored_reader(
    source: SchemaSource, workspace: Workspace | None
) -> Callable[[ArtifactRef], PortSchema | None]:
    """Reads the schemas of a workspace's artifacts."""
    store = FolderArtifactStore(workspace.artifacts) if workspace else None

    def stored(ref: ArtifactRef) -> PortSchema | None:
        is_there = store is not None and store.has(ref.digest)
        return source.stored(ref, store.path(ref.digest) if store and is_there else None)

    return stored


def _floor() -> str:
    """What every answer depends on besides the module: the SDK, which no module's digest covers."""
    root = Path(modules_library.__file__).parent
    stamps = {
        path.relative_to(root).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted((root / "sdk").rglob("*.py"))
    }
    versions = [platform.python_version(), *map(metadata.version, ("designer", "polars", "duckdb"))]
    return digest_value([versions, stamps])
