"""Name every problem of a document's shape at once: wrong types, unknown keys, bad references.

A check takes a value and its JSON Pointer and gives diagnostics. The tables at the end of the
file are the graph's format; the checks above them are what the tables are made of.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from runtime.errors import close_matches
from runtime.model.diagnostic import Diagnostic, pointer
from runtime.model.graph import NodeStateKind, ParameterType
from runtime.model.graph_file import MAX_NAME, NAME, NODE_ID, REFERENCES, WIRE
from runtime.model.graph_limits import readable, words_of

Problems = Iterator[Diagnostic]
Check = Callable[[object, str], Problems]


def diagnose(document: object) -> Problems:
    """Give every problem of the document's shape."""
    yield from _fields(GRAPH, is_extensible=True)(document, "")


def _fields(checks: Mapping[str, Check], *, is_extensible: bool = False) -> Check:
    """An object with these keys; `x-…` keys are kept where the format allows them."""

    def check(value: object, where: str) -> Problems:
        if not isinstance(value, dict):
            yield _wrong(value, "an object", where)
            return
        for key, item in value.items():
            if not isinstance(key, str):
                continue
            if key in checks:
                yield from checks[key](item, f"{where}/{key}")
            elif not (is_extensible and key.startswith("x-")):
                yield _unknown_key(key, checks, where, is_extensible=is_extensible)

    return check


def _map(key_check: Check, value_check: Check) -> Check:
    def check(value: object, where: str) -> Problems:
        if not isinstance(value, dict):
            yield _wrong(value, "an object", where)
            return
        for key, item in value.items():
            if not isinstance(key, str):
                continue
            here = where + pointer(readable(key))
            yield from key_check(key, here)
            yield from value_check(item, here)

    return check


def _list(item_check: Check) -> Check:
    def check(value: object, where: str) -> Problems:
        if not isinstance(value, list | tuple):
            yield _wrong(value, "a list", where)
            return
        for index, item in enumerate(value):
            yield from item_check(item, f"{where}/{index}")

    return check


def _kind(types: type | tuple[type, ...], words: str) -> Check:
    def check(value: object, where: str) -> Problems:
        is_right = isinstance(value, types) and (types is bool or not isinstance(value, bool))
        if not is_right:
            yield _wrong(value, words, where)

    return check


def _at_least(
    words: str, types: type | tuple[type, ...], is_enough: Callable[[Any], bool]
) -> Check:
    def check(value: object, where: str) -> Problems:
        if not isinstance(value, types) or isinstance(value, bool) or not is_enough(value):
            yield _wrong(value, words, where)

    return check


def _pattern(pattern: str, words: str, code: str = "G005") -> Check:
    expression = re.compile(pattern)

    def check(value: object, where: str) -> Problems:
        if not isinstance(value, str) or not expression.fullmatch(value):
            yield _wrong(value, words, where, code=code)

    return check


def _choice(options: tuple[str, ...]) -> Check:
    words = "one of " + ", ".join(f"'{option}'" for option in options)

    def check(value: object, where: str) -> Problems:
        if not isinstance(value, str) or value not in options:
            hint = close_matches(value, options) if isinstance(value, str) else ""
            yield _wrong(value, words, where, hint=hint)

    return check


def _nullable(check: Check) -> Check:
    return lambda value, where: iter(()) if value is None else check(value, where)


def _format(value: object, where: str) -> Problems:
    if value != 1 or isinstance(value, bool):
        yield _wrong(value, "1", where)


def _wires(value: object, where: str) -> Problems:
    if isinstance(value, list | tuple):
        yield from _list(_wire)(value, where)
    else:
        yield from _wire(value, where)


def _wire(value: object, where: str) -> Problems:
    if isinstance(value, dict):
        yield from _fields({"from": _wire_text, "disabled": _boolean})(value, where)
        if "from" not in value:
            yield _missing("from", where)
    else:
        yield from _wire_text(value, where)


def _one_or_more(check_one: Check) -> Check:
    check_all = _list(check_one)
    return lambda value, where: (check_all if isinstance(value, list | tuple) else check_one)(
        value, where
    )


def _state(value: object, where: str) -> Problems:
    if isinstance(value, dict):
        yield from _fields({"kind": _state_kind, "artifacts": _map(_name, _text)})(value, where)
        if "kind" not in value:
            yield _missing("kind", where)
    else:
        yield from _state_kind(value, where)


def _parameter_value(value: object, where: str) -> Problems:
    """A value, or a reference: an object with one `$` key."""
    if not isinstance(value, dict):
        return
    marked = [key for key in value if isinstance(key, str) and key.startswith("$")]
    if not marked:
        return
    key = marked[0]
    if key not in REFERENCES:
        yield Diagnostic(
            code="G005",
            message=f"'{readable(key)}' is not a kind of reference.{close_matches(key, REFERENCES)}",
            remedy=f"Use one of {', '.join(REFERENCES)}.",
            where=where + pointer(readable(key)),
        )
    elif len(value) > 1:
        yield Diagnostic(
            code="G005",
            message=f"A reference holds '{key}' alone, but this one has {len(value)} keys.",
            remedy="Remove the other keys.",
            where=where,
        )
    elif not isinstance(value[key], str) or not value[key]:
        yield _wrong(value[key], "the name of what it refers to", f"{where}/{key}")


def _graph_parameter(value: object, where: str) -> Problems:
    yield from _fields(GRAPH_PARAMETER)(value, where)
    if isinstance(value, dict) and "type" not in value:
        yield _missing("type", where)


def _missing(key: str, where: str) -> Diagnostic:
    return Diagnostic(
        code="G005",
        message=f"The key '{key}' is missing.",
        remedy=f"Add '{key}'.",
        where=where,
    )


def _unknown_key(
    key: str, known: Mapping[str, Check], where: str, *, is_extensible: bool
) -> Diagnostic:
    keep = ", or start its name with 'x-' to keep it" if is_extensible else ""
    return Diagnostic(
        code="G003",
        message=f"Unknown key '{readable(key)}'.{close_matches(key[:MAX_NAME], known)}",
        remedy=f"Correct its name or remove it{keep}.",
        where=where + pointer(readable(key)),
    )


def _wrong(
    value: object, expected: str, where: str, *, code: str = "G005", hint: str = ""
) -> Diagnostic:
    place = where.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~") if where else ""
    subject = f"'{place}'" if place else "The graph"
    return Diagnostic(
        code=code,
        message=f"{subject} must be {expected}, but it is {words_of(value)}.{hint}",
        remedy=f"Write {expected}.",
        where=where,
    )


_text = _kind(str, "text")
_boolean = _kind(bool, "true or false")
_object = _kind(dict, "an object")
_any_number = _kind((int, float), "a number")
_positive = _at_least("a number above 0", (int, float), lambda value: value > 0)
_not_negative = _at_least("a number of at least 0", (int, float), lambda value: value >= 0)
_count = _at_least("a whole number of at least 0", int, lambda value: value >= 0)
_name = _pattern(NAME, "a name of letters, digits and underscores")
_node_id = _pattern(
    NODE_ID, "an id of small letters, digits and underscores that starts with a letter", "G010"
)
_reference_to_node = _pattern(NODE_ID, "the id of a node")
_wire_text = _pattern(WIRE, "a wire 'node.port'")
_inner_parameter = _pattern(WIRE, "a parameter 'node.parameter'")
_state_kind = _choice(get_args(NodeStateKind))
_scalar = _kind((bool, int, float, str), "a number, text, true or false")

GRAPH_PARAMETER: dict[str, Check] = {
    "type": _choice(get_args(ParameterType)),
    "default": lambda value, where: (
        iter(())
        if value is None or isinstance(value, bool | int | float | str)
        else iter([_wrong(value, "a number, text, true or false", where)])
    ),
    "minimum": _nullable(_any_number),
    "maximum": _nullable(_any_number),
    "description": _text,
}
RUN: dict[str, Check] = {
    "target": _nullable(_text),
    "cpus": _nullable(_positive),
    "memory_gib": _nullable(_positive),
    "gpus": _nullable(_not_negative),
    "environment": _nullable(_text),
    "timeout_s": _nullable(_positive),
    "retries": _nullable(_count),
    "reuse": _nullable(_boolean),
}
NODE: dict[str, Check] = {
    "label": _nullable(_text),
    "module": _text,
    "version": _text,
    "digest": _nullable(_text),
    "subgraph": _nullable(_reference_to_node),
    "inputs": _map(_name, _wires),
    "parameters": _map(_name, _parameter_value),
    "after": _list(_reference_to_node),
    "run": _nullable(_fields(RUN)),
    "state": _nullable(_state),
}
_nodes = _map(_node_id, _fields(NODE, is_extensible=True))
SUBGRAPH: dict[str, Check] = {
    "label": _text,
    "description": _text,
    "nodes": _nodes,
    "inputs": _map(_name, _one_or_more(_wire_text)),
    "outputs": _map(_name, _nullable(_wire_text)),
    "parameters": _map(_name, _one_or_more(_inner_parameter)),
    "layout": _object,
}
GRAPH: dict[str, Check] = {
    "format": _format,
    "name": _text,
    "description": _text,
    "parameters": _map(_name, _graph_parameter),
    "run": _nullable(_fields(RUN)),
    "nodes": _nodes,
    "outputs": _map(_name, _wire_text),
    "subgraphs": _map(_node_id, _fields(SUBGRAPH, is_extensible=True)),
    "layout": _object,
}
