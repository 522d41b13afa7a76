"""What the `@module` line says."""

from __future__ import annotations

import ast
from dataclasses import fields

import msgspec

from modules_library.sdk.decorator import AFTER_RUN, SAME_ROWS, ZERO_ROWS, ModuleMetadata
from modules_library.sdk.parallel.settings import Parallel
from modules_library.sdk.source.literals import Names, literal
from modules_library.sdk.source.problem import SourceProblem
from modules_library.sdk.version import SemanticVersion
from runtime.errors import close_matches

_ARGUMENTS = {item.name for item in fields(ModuleMetadata)}
_TUPLES = ("requires", "preload", "tags")
_SCHEMAS = {"ZERO_ROWS": ZERO_ROWS, "SAME_ROWS": SAME_ROWS, "AFTER_RUN": AFTER_RUN}
_EXPECTED: dict[str, type | tuple[type, ...]] = {
    "version": str,
    "title": str,
    "icon": str,
    "requires": tuple,
    "resources": (dict, type(None)),
    "isolated": (bool, type(None)),
    "preload": (tuple, type(None)),
    "reusable": bool,
    "tags": tuple,
    "author": str,
    "summary": (str, type(None)),
    "changelog": str,
}


def read_metadata(decorator: ast.expr, names: Names) -> ModuleMetadata:
    """The metadata of a `@module(…)` line.

    Raises:
        SourceProblem: An argument is unknown, no literal, or of the wrong type.
    """
    if not isinstance(decorator, ast.Call):
        raise SourceProblem(
            decorator, "@module needs a version.", remedy='Write @module(version="1.0.0").'
        )
    if decorator.args:
        raise SourceProblem(decorator, "@module takes named arguments only.")
    values: dict[str, object] = {}
    for keyword in decorator.keywords:
        if keyword.arg not in _ARGUMENTS:
            raise SourceProblem(
                keyword.value,
                f"@module has no argument '{keyword.arg}'."
                f"{close_matches(str(keyword.arg), _ARGUMENTS)}",
                remedy=f"Use one of {', '.join(sorted(_ARGUMENTS))}.",
            )
        if keyword.arg == "schema":
            values["schema"] = _schema(keyword.value, names)
            continue
        if keyword.arg == "parallel":
            values["parallel"] = _parallel(keyword.value, names)
            continue
        value = literal(keyword.value, names)
        as_tuple = keyword.arg in _TUPLES and isinstance(value, list)
        values[keyword.arg] = tuple(value) if as_tuple else value
    return _checked(values, decorator)


RULE = "rule"
"""How `ModuleMetadata.schema` reads in a source that names a function."""


def _schema(node: ast.expr, names: Names) -> str:
    """One of the SDK's constants, or `rule` for a function that the file defines or imports."""
    canonical = names.canonical(node) or ""
    if canonical in _SCHEMAS:
        return _SCHEMAS[canonical]
    if isinstance(node, ast.Name) and (node.id in names.functions or node.id in names.imports):
        return RULE
    raise SourceProblem(
        node,
        f"@module: 'schema' cannot be '{ast.unparse(node)}'.{close_matches(canonical, _SCHEMAS)}",
        remedy=f"Write one of {', '.join(_SCHEMAS)}, or the name of a function of this file.",
    )


def _parallel(node: ast.expr, names: Names) -> Parallel | None:
    value = literal(node, names)
    try:
        return msgspec.convert(value, Parallel) if value is not None else None
    except msgspec.ValidationError as exc:
        raise SourceProblem(
            node,
            f"@module: 'parallel' cannot be {value!r}: {exc}.",
            remedy='Write parallel={"input": "dataset", "rows": 1000}, or "files" for a folder.',
        ) from exc


def _checked(values: dict[str, object], decorator: ast.expr) -> ModuleMetadata:
    for name, kind in _EXPECTED.items():
        if name in values and not isinstance(values[name], kind):
            raise SourceProblem(decorator, f"@module: '{name}' cannot be {values[name]!r}.")
    try:
        values["version"] = str(SemanticVersion(str(values.get("version", ""))))
    except ValueError as exc:
        raise SourceProblem(
            decorator,
            f"@module: the version {values.get('version', '')!r} is not a semantic version.",
            remedy='Write version="1.0.0".',
        ) from exc
    return ModuleMetadata(**values)  # type: ignore[arg-type]
