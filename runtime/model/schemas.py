"""JSON Schemas made from the Structs; `assets/schemas/` holds them for editors and programs."""

import inspect
import json
from typing import Any

import msgspec

from runtime.model.documents import ErrorDocument, PlanDocument, RunDocument
from runtime.model.graph_file import NAME, NODE_ID, GraphFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_EXTENSIBLE = ("GraphFile", "NodeFile", "SubgraphFile")
_ANY_VALUES = {
    "NodeFile": ("parameters",),
    "GraphFile": ("layout",),
    "SubgraphFile": ("layout",),
}
_NAMED_BY_ID = {"nodes", "subgraphs"}
_FREE = {"layout"}


def schema_texts() -> dict[str, str]:
    """Give the text of every schema by file name."""
    schemas = {
        "graph.v1.json": graph_schema(),
        "run.v1.json": _schema(RunDocument, "What `designer run --json` prints"),
        "plan.v1.json": _schema(PlanDocument, "What `designer plan --json` prints"),
        "error.v1.json": _schema(ErrorDocument, "What is printed when a request cannot be met"),
    }
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in schemas.items()}


def graph_schema() -> dict[str, Any]:
    """Give the schema of the graph file, format 1."""
    schema = _schema(GraphFile, "A Designer graph, format 1")
    for name, definition in schema["$defs"].items():
        properties = definition.get("properties", {})
        if name in _EXTENSIBLE:
            definition["patternProperties"] = {"^x-": {}}
        for key in _ANY_VALUES.get(name, ()):
            properties[key]["additionalProperties"] = {}
        for key, declared in properties.items():
            is_map = declared.get("type") == "object" and "additionalProperties" in declared
            if is_map and key not in _FREE:
                form = NODE_ID if key in _NAMED_BY_ID else NAME
                declared["propertyNames"] = {"pattern": f"^{form}$"}
    return schema


def _schema(kind: type, title: str) -> dict[str, Any]:
    (schema,), definitions = msgspec.json.schema_components((kind,), ref_template="#/$defs/{name}")
    for definition in definitions.values():
        if "description" in definition:
            # How far it is indented depends on the version of msgspec and of Python.
            definition["description"] = inspect.cleandoc(definition["description"])
    return {"$schema": _DIALECT, "title": title, **schema, "$defs": definitions}
