"""Frozen nodes: the graph holds digests, the workspace holds what they stand for."""

import msgspec

from runtime.execution.known import Known
from runtime.model import ArtifactRef, Origin, Plan, Step
from runtime.stores import FolderArtifactStore, SqliteRunStore
from runtime.stores.artifact_store import disk_bytes
from runtime.stores.changes import StoredResult

_FORMATS = {
    "Table": "arrow",
    "Model": "model",
    "Transform": "transform",
    "ImageFolder": "folder",
    "Folder": "folder",
    "File": "file",
}


def frozen_results(
    plan: Plan, store: SqliteRunStore, artifacts: FolderArtifactStore
) -> dict[str, Known]:
    """The outputs of a plan's frozen steps, with what the run store knows of them."""
    steps = [step for step in plan.steps if step.frozen]
    if not steps:
        return {}
    digests = {ref.digest for step in steps for ref in step.frozen.values()}
    origins = store.origins(digests)
    return {step.id: _known(step, origins, artifacts) for step in steps}


def _known(step: Step, origins: dict[str, Origin], artifacts: FolderArtifactStore) -> Known:
    refs = {port: _whole(ref, origins, artifacts) for port, ref in step.frozen.items()}
    made = [origins[ref.digest] for ref in refs.values() if ref.digest in origins]
    newest = max(made, key=lambda origin: origin.run_number, default=None)
    result = StoredResult(
        run_id=newest.run_id if newest else "",
        run_number=newest.run_number if newest else 0,
        step=step.id,
        inputs=(),
        outputs=refs,
        finished_at=newest.at if newest else None,
    )
    return Known(result, "frozen")


def _whole(
    ref: ArtifactRef, origins: dict[str, Origin], artifacts: FolderArtifactStore
) -> ArtifactRef:
    """The reference with size, format and summary; of one that nobody made here, as it lies."""
    origin = origins.get(ref.digest)
    if origin is not None:
        return msgspec.structs.replace(origin.artifact, type=ref.type)
    if ref.format:
        return ref
    size = disk_bytes(artifacts.path(ref.digest))
    return msgspec.structs.replace(ref, bytes=size, format=_FORMATS.get(ref.type, "json"))
