"""Parameters: of the nodes against their module's declaration, of the pipeline against their own."""

from collections.abc import Iterator
from typing import Any

import msgspec

from runtime.errors import close_matches
from runtime.model.diagnostic import Diagnostic, pointer
from runtime.model.graph import GraphParameter
from runtime.model.module_spec import ParameterKind, ParameterSpec
from runtime.validation.values import check_value, is_visible
from runtime.validation.view import Finding, GraphView, SpecTable, referred_parameter

_KINDS: dict[str, ParameterKind] = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "string": "string",
}


def check_parameters(view: GraphView) -> Iterator[Finding]:
    """V001 to V004 and G011 for every node that runs its module."""
    for name, node in view.enabled():
        table = view.tables.get(name)
        if table and not (node.state and node.state.kind in ("bypassed", "frozen")):
            yield from _check_node(view, name, table)


def check_pipeline_parameters(view: GraphView) -> Iterator[Finding]:
    """G011, V002 and V003 for the pipeline's own parameters and the values set for this run."""
    for name in view.overrides:
        if name not in view.graph.parameters:
            yield _finding(
                "G011",
                f"The pipeline has no parameter '{name}'."
                f"{close_matches(name, view.graph.parameters)}",
                "Set one that it has, or add it to the pipeline.",
                pointer("parameters", name),
            )
    for name, parameter in view.graph.parameters.items():
        value = view.pipeline_values[name]
        if value is not None:
            place = pointer("parameters", name, *(() if name in view.overrides else ("default",)))
            for problem in check_value(_as_spec(name, parameter), value, module="the pipeline"):
                yield _finding(*problem, place)


def _check_node(view: GraphView, name: str, table: SpecTable) -> Iterator[Finding]:
    parameters = view.nodes[name].parameters
    values: dict[str, Any] | None = None
    for key, raw in parameters.items():
        known_range = table.ranges.get(key)
        if known_range and _is_within(view.resolve(raw), *known_range):
            continue
        spec = table.parameters.get(key)
        if spec is None:
            if not view.is_handed_on(name, "parameters", key):
                yield _unknown(view, name, key, table)
            continue
        if spec.visible_when:
            values = values or view.values(name)
            if not is_visible(spec, values):
                continue
        yield from _check_one(view, name, spec, raw)
    for spec in table.choices:
        if spec.name not in parameters and (
            not spec.visible_when or is_visible(spec, view.values(name))
        ):
            yield from _check_one(view, name, spec, spec.default)


def _check_one(view: GraphView, name: str, spec: ParameterSpec, raw: Any) -> Iterator[Finding]:
    title, key = view.named(name, "parameters", spec.name)
    reference = referred_parameter(raw)
    if reference is not None and reference not in view.pipeline_values:
        hint = close_matches(reference, view.pipeline_values)
        yield view.finding(
            name,
            "G011",
            f"Parameter '{key}' of '{title}' refers to the pipeline parameter "
            f"'{reference}', which does not exist.{hint}",
            "Add it to the pipeline, or set a value.",
            "parameters",
            spec.name,
        )
        return
    value = view.resolve(raw)
    named = spec if key == spec.name else msgspec.structs.replace(spec, name=key)
    for problem in check_value(named, value, module=title):
        yield view.finding(
            name, problem.code, problem.message, problem.remedy, "parameters", spec.name
        )
    if spec.kind == "file" and isinstance(value, str) and value.startswith(("/", "~")):
        yield view.finding(
            name,
            "V003",
            f"Parameter '{key}' of '{title}' is an absolute path, which other "
            "machines do not have.",
            "Put the file beside the pipeline and name it by a relative path.",
            "parameters",
            spec.name,
            severity="warning",
        )


def _is_within(value: Any, types: frozenset[type], low: float, high: float) -> bool:
    return type(value) in types and low <= value <= high


def _unknown(view: GraphView, name: str, key: str, table: SpecTable) -> Finding:
    known = ", ".join(f"'{known}'" for known in table.parameters) or "none"
    return view.finding(
        name,
        "V001",
        f"'{view.title(name)}' has no parameter '{key}'.{close_matches(key, table.parameters)}",
        f"Remove it; its parameters are {known}.",
        "parameters",
        key,
    )


def _as_spec(name: str, parameter: GraphParameter) -> ParameterSpec:
    return ParameterSpec(
        name=name,
        kind=_KINDS[parameter.type],
        minimum=parameter.minimum,
        maximum=parameter.maximum,
    )


def _finding(code: str, message: str, remedy: str, where: str) -> Finding:
    return Finding("", Diagnostic(code=code, message=message, remedy=remedy, where=where))
