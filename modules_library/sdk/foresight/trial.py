"""A call foreseen and carried out, to compare the two."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from modules_library.sdk.example import Call, input_artifacts, json_parameters, run_call
from modules_library.sdk.foresight.answering import output_schemas
from modules_library.sdk.foresight.stored import stored_schema
from runtime.model import (
    ArtifactRef,
    InputArtifact,
    ModuleSpec,
    PortSchema,
    SchemaAnswer,
    SchemaRequest,
    StoredQuestion,
)


def foresee_and_run(
    spec: ModuleSpec, call: Call, folder: Path
) -> tuple[SchemaAnswer, dict[str, PortSchema | None]]:
    """What is said of a call before it runs, and the schemas of what it stores.

    Raises:
        Exception: Whatever the module raises when it runs.
    """
    foreseen = foresee_call(spec, call, folder)
    outputs = run_call(spec, call, folder)
    attempt = folder / "attempt"
    return foreseen, {name: _stored(out.ref, attempt / out.path) for name, out in outputs.items()}


def foresee_call(spec: ModuleSpec, call: Call, folder: Path) -> SchemaAnswer:
    """What is said of a call by the schemas of its inputs alone."""
    artifacts = input_artifacts(spec, call.inputs, folder / "foreseen")
    return output_schemas(msgspec.json.encode(_request(spec, call, artifacts, folder)))


def _request(
    spec: ModuleSpec, call: Call, artifacts: Mapping[str, tuple[InputArtifact, ...]], folder: Path
) -> SchemaRequest:
    return SchemaRequest(
        entry=spec.entry,
        module=spec.id,
        digest=spec.digest,
        parameters=json_parameters(spec, call),
        inputs={
            port: tuple(_stored(one.ref, Path(one.path)) for one in many)
            for port, many in artifacts.items()
        },
        outputs=spec.outputs,
        source_folder=str(folder),
    )


def _stored(ref: ArtifactRef, path: Path) -> PortSchema | None:
    question = StoredQuestion(type=ref.type, path=str(path))
    return stored_schema(msgspec.json.encode(question))
