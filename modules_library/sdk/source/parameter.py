"""One keyword-only argument becomes one parameter."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any

from modules_library.sdk.annotations import (
    Description,
    FromPort,
    Language,
    Pattern,
    Range,
    Required,
    ShownWhen,
    Summary,
    Title,
    Unit,
)
from modules_library.sdk.column_selection import ColumnSelection
from modules_library.sdk.source.annotation import Annotation
from modules_library.sdk.source.docstring import Docstring
from modules_library.sdk.source.literals import Names, literal
from modules_library.sdk.source.problem import SourceProblem
from runtime.errors import DesignerError, close_matches
from runtime.model import ParameterSpec, VisibleWhen
from runtime.model.module_spec import ParameterKind

KIND_OF: dict[str, ParameterKind] = {
    "bool": "bool",
    "int": "int",
    "float": "float",
    "str": "string",
    "Text": "text",
    "Code": "code",
    "Literal": "enum",
    "Column": "column",
    "Columns": "columns",
    "ColumnSelection": "columns",
    "FilePath": "file",
    "pathlib.Path": "file",
    "Secret": "secret",
    "Seed": "seed",
}
"""Annotation to parameter kind."""

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "seed": (int,),
    "float": (int, float),
    "columns": (list, dict),
    "enum": (object,),
}


def parameter_spec(
    argument: ast.arg,
    annotation: Annotation,
    default: ast.expr | None,
    names: Names,
    *,
    docs: Docstring,
    ports: Sequence[str],
    known: Sequence[str],
) -> ParameterSpec:
    """The parameter that an argument declares.

    Raises:
        SourceProblem: Its kind, default or metadata is not usable.
    """
    name = argument.arg
    kind = _kind(argument, annotation)
    value: Any = _json_default(literal(default, names)) if default is not None else None
    title, description = annotation.first(Title), annotation.first(Description)
    bounds, pattern = annotation.first(Range) or Range(), annotation.first(Pattern)
    unit, language = annotation.first(Unit), annotation.first(Language)
    spec = ParameterSpec(
        name=name,
        kind="list" if annotation.many else kind,
        title=title.text if title else title_of(name),
        description=description.text if description else docs.entries.get(name, ""),
        default=value,
        required=default is None or annotation.first(Required) is not None,
        nullable=annotation.optional or kind == "seed",
        minimum=bounds.minimum,
        maximum=bounds.maximum,
        exclusive_minimum=bounds.exclusive_minimum,
        exclusive_maximum=bounds.exclusive_maximum,
        options=annotation.options,
        item_kind=kind if annotation.many else None,
        pattern=pattern.expression if pattern else None,
        port=_port(argument, annotation, kind, ports),
        language=language.name if language else None,
        unit=unit.text if unit else None,
        summary=annotation.first(Summary) is not None,
        visible_when=_conditions(argument, annotation, known),
    )
    if default is not None:
        _check_default(spec, argument)
    return spec


def _kind(argument: ast.arg, annotation: Annotation) -> ParameterKind:
    kind = KIND_OF.get(annotation.base)
    if kind is None:
        raise SourceProblem(
            argument,
            f"the parameter '{argument.arg}' has the type '{annotation.base}', which has no form."
            f"{close_matches(annotation.base, KIND_OF)}",
            remedy=f"Use one of {', '.join(sorted(KIND_OF))}"
            ", or move it before '*' to make it an input port.",
        )
    return kind


def _port(argument: ast.arg, annotation: Annotation, kind: str, ports: Sequence[str]) -> str | None:
    """The named port, or the first one for a column parameter that names none."""
    named = annotation.first(FromPort)
    if named is None:
        return ports[0] if ports and kind in ("column", "columns") else None
    if named.port not in ports:
        raise SourceProblem(
            argument,
            f"FromPort of '{argument.arg}' names the port '{named.port}', which does not exist."
            f"{close_matches(named.port, ports)}",
        )
    return named.port


def _conditions(
    argument: ast.arg, annotation: Annotation, known: Sequence[str]
) -> tuple[VisibleWhen, ...]:
    found = annotation.every(ShownWhen)
    for condition in found:
        if condition.parameter not in known:
            raise SourceProblem(
                argument,
                f"ShownWhen of '{argument.arg}' names the parameter '{condition.parameter}', "
                f"which does not exist.{close_matches(condition.parameter, known)}",
            )
    return tuple(VisibleWhen(parameter=c.parameter, values=c.values) for c in found)


def _json_default(value: Any) -> Any:
    if isinstance(value, ColumnSelection):
        return value.to_json()
    return list(value) if isinstance(value, tuple) else value


def _check_default(spec: ParameterSpec, argument: ast.arg) -> None:
    fault = default_fault(spec)
    if fault:
        raise SourceProblem(
            argument,
            f"the default {spec.default!r} of '{spec.name}' {fault}.",
            remedy="Correct the default or the constraint.",
        )


def default_fault(spec: ParameterSpec) -> str | None:
    """What is wrong with a parameter's own default, in words; None when it is fine."""
    value: Any = spec.default
    if value is None:
        ok = spec.nullable or spec.required
        return None if ok else "is not allowed: write '| None' in the annotation"
    if spec.kind == "list":
        return None if isinstance(value, list) else "is not a list"
    if spec.kind == "columns":
        return _columns_fault(value)
    if not _is_kind(spec.kind, value):
        return f"is not a value of kind {spec.kind}"
    if spec.kind == "enum":
        return None if value in spec.options else f"is not one of {list(spec.options)}"
    if spec.kind in _NUMBERS:
        return _bounds_fault(spec, value)
    if spec.pattern is not None:
        return _pattern_fault(spec.pattern, value)
    return None


_NUMBERS = ("int", "float", "seed")


def _is_kind(kind: str, value: Any) -> bool:
    if isinstance(value, bool) and kind in _NUMBERS:
        return False
    return isinstance(value, _PYTHON_TYPES.get(kind, (str,)))


def _columns_fault(value: Any) -> str | None:
    try:
        ColumnSelection.from_json(value)
    except DesignerError as exc:
        return f"is not a column selection: {exc.record.message}"
    return None


def _bounds_fault(spec: ParameterSpec, value: float) -> str | None:
    low, high = spec.minimum, spec.maximum
    if low is not None and (value < low or (spec.exclusive_minimum and value == low)):
        return f"is below {low}"
    if high is not None and (value > high or (spec.exclusive_maximum and value == high)):
        return f"is above {high}"
    return None


def _pattern_fault(pattern: str, value: str) -> str | None:
    try:
        found = re.fullmatch(pattern, value)
    except re.error as exc:
        return f"cannot be checked, because the pattern is broken: {exc}"
    return None if found else f"does not match {pattern!r}"


def title_of(name: str) -> str:
    """A title made from a name.

    >>> title_of("fraction_of_rows")
    'Fraction of rows'
    """
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]
