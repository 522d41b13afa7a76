"""The schema of a stored artifact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from modules_library.sdk.artifacts import read_model_facts
from modules_library.sdk.codecs.arrow_file import roles_of
from modules_library.sdk.codecs.documents import read_document
from modules_library.sdk.codecs.table_values import frame_of_arrow
from modules_library.sdk.foresight.tables import schema_of
from runtime.model import (
    ColumnSchema,
    ModelSchema,
    PortSchema,
    StoredQuestion,
    TableSchema,
    TransformSchema,
    UntrainedModelSchema,
)

_decode = msgspec.json.Decoder(StoredQuestion).decode

_LABEL_TYPES = {"string": "String", "boolean": "Boolean", "integer": "Int64", "float": "Float64"}
_FEATURE_TYPES = {"numeric": "Float64", "boolean": "Boolean", "categorical": ""}


def stored_schema(question: bytes) -> PortSchema | None:
    """The schema of the artifact that a `StoredQuestion` names; None for types without one."""
    asked = _decode(question)
    path = Path(asked.path)
    match asked.type:
        case "Table":
            return _table(path)
        case "Model":
            return model_schema(read_model_facts(path))
        case "Transform":
            value = read_document(path, "Transform")
            needs = tuple(ColumnSchema(name=name) for name in value.columns)
            return TransformSchema(transform=value.kind, needs=needs)
        case "UntrainedModel":
            value = read_document(path, "UntrainedModel")
            return UntrainedModelSchema(
                learner=value.learner,
                task=value.task,
                title=value.title,
                parameters=value.parameters,
            )
    return None


def model_schema(facts: dict[str, Any]) -> ModelSchema:
    """What `model.json` says, as far as later nodes need it."""
    label = facts.get("label")
    features = [
        ColumnSchema(
            name=item["column"],
            type=_FEATURE_TYPES.get(item["kind"], ""),
            categorical=item["kind"] == "categorical" or None,
        )
        for item in facts.get("features", ())
    ]
    return ModelSchema(
        learner=str(facts.get("learner", "")),
        task=str(facts.get("task", "")),
        title=str(facts.get("title", "")),
        label=ColumnSchema(name=label["column"], type=_LABEL_TYPES.get(label["kind"], ""))
        if label
        else None,
        features=tuple(features) if "features" in facts else None,
        classes=tuple(map(str, facts["classes"])) if facts.get("classes") else None,
        facts={key: facts[key] for key in ("parameters", "cluster_labels") if key in facts},
    )


def _table(path: Path) -> TableSchema:
    with pa.memory_map(str(path)) as file:
        reader = pa.ipc.open_file(file)
        stored = reader.schema
        rows = sum(reader.get_batch(i).num_rows for i in range(reader.num_record_batches))
    empty = frame_of_arrow(stored.empty_table())
    return TableSchema(columns=schema_of(empty.schema, roles_of(stored)), rows=rows)
