"""The OpenAPI description, made from the same nouns that the routes decode and encode."""

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from designer.api.messages import ErrorAnswer

_REF = "#/components/schemas/{name}"
_described: list[Any] = [ErrorAnswer]


def described(
    gives: Any = None,
    *,
    takes: Any = None,
    status: int = 200,
    media_type: str = "application/json",
) -> dict[str, Any]:
    """What a route's decorator is told: its status, the noun it answers and the one it takes."""
    content = {media_type: {"schema": _schema(gives) if gives is not None else {}}}
    facts: dict[str, Any] = {
        "status_code": status,
        "responses": {
            status: {"description": "Done", "content": content},
            "default": {
                "description": "An error",
                "content": {"application/json": {"schema": _schema(ErrorAnswer)}},
            },
        },
    }
    if takes is not None:
        body = {"required": True, "content": {"application/json": {"schema": _schema(takes)}}}
        facts["openapi_extra"] = {"requestBody": body}
    return facts


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an app."""
    document = get_openapi(
        title="Designer",
        version="1",
        description="Pipelines, modules, runs and artifacts of one workspace.",
        routes=app.routes,
    )
    _, components = msgspec.json.schema_components(_described, ref_template=_REF)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas |= components
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    return document


def _schema(kind: Any) -> Any:
    if kind not in _described:
        _described.append(kind)
    (reference,), _ = msgspec.json.schema_components([kind], ref_template=_REF)
    return reference
