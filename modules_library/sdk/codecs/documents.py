"""Artifacts that are JSON documents: learners, transforms, reports, values."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import msgspec

from modules_library.sdk.artifacts import Report, Transform, UntrainedModel
from runtime.errors import InfrastructureError
from runtime.model.digest import canonical_json


def document_of(value: Any) -> bytes:
    """The canonical JSON of a document artifact.

    Raises:
        ValueError: The value has no JSON form; the text names what stands in the way.
    """
    if isinstance(value, Report):
        return _encode(value.document)
    if isinstance(value, UntrainedModel):
        fields = ("learner", "task", "parameters", "title")
        return _encode({name: getattr(value, name) for name in fields})
    if isinstance(value, Transform):
        return _encode({"kind": value.kind, "columns": list(value.columns), "state": value.state})
    return _encode(value)


def read_document(path: Path, type_: str) -> Any:
    """The value of a document artifact, as the class of its port type."""
    try:
        value = msgspec.json.decode(path.read_bytes())
        if type_ == "UntrainedModel":
            return UntrainedModel(**value)
        if type_ == "Transform":
            columns = tuple(value.get("columns", ()))
            return Transform(kind=value["kind"], state=value["state"], columns=columns)
        return Report(value) if type_ == "Report" else value
    except (msgspec.DecodeError, TypeError, KeyError) as exc:
        raise InfrastructureError(
            "S003",
            f"The stored {type_} at '{path}' is damaged: {exc}.",
            remedy="Run the step that made it again.",
        ) from exc


def summary_of(value: Any) -> dict[str, Any]:
    """Small facts for the node's face."""
    if isinstance(value, UntrainedModel):
        return {"learner": value.title or value.learner}
    if isinstance(value, Transform):
        return {"kind": value.kind, "columns": len(value.columns)}
    if isinstance(value, Report):
        return _report_summary(value.document)
    return {}


def _report_summary(document: dict[str, Any]) -> dict[str, Any]:
    models = document.get("models") or [{}]
    metrics = models[0].get("metrics", {})
    main = next((name for name in _MAIN_METRICS if name in metrics), next(iter(metrics), None))
    facts = {"task": document.get("task", "")}
    return facts | ({main: metrics[main]} if main else {})


_MAIN_METRICS = ("auc", "accuracy", "r2", "silhouette")


def _encode(value: Any) -> bytes:
    return canonical_json(_plain(value, ""))


def _plain(value: Any, place: str) -> Any:
    """JSON values only; numbers of NumPy become Python's, NaN and infinity become null."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(item, f"{place}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{place}[{index}]") for index, item in enumerate(value)]
    if hasattr(value, "tolist"):
        return _plain(value.tolist(), place)
    raise ValueError(
        f"{type(value).__name__} at '{place.lstrip('.') or 'the top'}' has no JSON form"
    )
