"""Check one parameter value against its spec: the same rule in the editor and before a run."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from runtime.errors import close_matches
from runtime.model.graph_limits import words_of
from runtime.model.module_spec import ParameterKind, ParameterSpec

LARGEST_SEED = 2**32 - 1
_TEXT_KINDS = {"string", "text", "code", "column", "file"}
_RULE_KEYS = {
    "action": ("include", "exclude"),
    "by": ("names", "types", "pattern", "indexes", "roles"),
}


class ValueProblem(NamedTuple):
    """What is wrong with a value: V002 wrong type, V003 breaks a constraint, V004 missing."""

    code: str
    message: str
    remedy: str


def check_value(spec: ParameterSpec, value: Any, *, module: str = "") -> list[ValueProblem]:
    """Give every problem of a value; empty when it is right.

    Args:
        spec: The parameter's declaration.
        value: A JSON value, references already resolved.
        module: Title of the node or module, for the messages.

    >>> from runtime.model import ParameterSpec
    >>> spec = ParameterSpec(name="fraction", kind="float", minimum=0, maximum=1)
    >>> check_value(spec, 1.4, module="Split Data")[0].message
    "Parameter 'fraction' of 'Split Data' is the number 1.4, but must be between 0 and 1."
    """
    subject = f"Parameter '{spec.name}'" + (f" of '{module}'" if module else "")
    if is_blank(value, spec):
        return list(_check_blank(spec, value, subject))
    expected = _TYPES[spec.kind][0]
    if not _has_type(spec.kind, value):
        return [_wrong_type(subject, value, expected)]
    return list(_check_constraints(spec, value, subject))


def coerce(spec: ParameterSpec, value: Any) -> Any:
    """Give a right value in its parameter's own type: `5` for a float is 5.0, `5.0` for an int 5."""
    if type(value) is int and spec.kind == "float":
        return float(value)
    if type(value) is float and spec.kind in ("int", "seed"):
        return int(value)
    if spec.kind == "list" and isinstance(value, list | tuple):
        return [_coerce_item(spec.item_kind, item) for item in value]
    return value


def is_visible(spec: ParameterSpec, values: Mapping[str, Any]) -> bool:
    """Whether a parameter is shown, given every parameter's value."""
    return all(values.get(when.parameter) in when.values for when in spec.visible_when)


def is_blank(value: Any, spec: ParameterSpec) -> bool:
    """Whether a value is what an untouched form field holds."""
    return value is None or (spec.required and value in ("", [], ()))


def _check_blank(spec: ParameterSpec, value: Any, subject: str) -> Iterator[ValueProblem]:
    if spec.required:
        yield ValueProblem("V004", f"{subject} has no value.", f"Set {_TYPES[spec.kind][0]}.")
    elif not spec.nullable and spec.kind != "seed" and spec.default is not None:
        yield _wrong_type(subject, value, _TYPES[spec.kind][0])


def _wrong_type(subject: str, value: Any, expected: str) -> ValueProblem:
    return ValueProblem(
        "V002", f"{subject} is {words_of(value)}, but must be {expected}.", f"Set {expected}."
    )


def _breaks(subject: str, value: Any, constraint: str, hint: str = "") -> ValueProblem:
    return ValueProblem(
        "V003",
        f"{subject} is {words_of(value)}, but must be {constraint}.{hint}",
        f"Set a value that is {constraint}.",
    )


def _check_constraints(spec: ParameterSpec, value: Any, subject: str) -> Iterator[ValueProblem]:
    if spec.kind == "enum":
        if value not in spec.options or isinstance(value, bool) != isinstance(
            next((option for option in spec.options if option == value), None), bool
        ):
            options = " or ".join(repr(option) for option in spec.options)
            hint = close_matches(str(value)[:200], map(str, spec.options))
            yield _breaks(subject, value, options, hint)
    elif spec.kind == "list":
        yield from _check_items(spec, value, subject)
    elif spec.kind == "columns":
        yield from _check_columns(value, subject)
    elif spec.kind == "seed":
        if not 0 <= value <= LARGEST_SEED:
            yield _breaks(subject, value, f"between 0 and {LARGEST_SEED}")
    elif spec.kind in ("int", "float"):
        yield from _check_range(spec, value, subject)
    elif spec.pattern and spec.kind in _TEXT_KINDS and not _compiled(spec.pattern).fullmatch(value):
        yield _breaks(subject, value, f"of the form {spec.pattern}")


def _check_items(spec: ParameterSpec, value: Any, subject: str) -> Iterator[ValueProblem]:
    kind: ParameterKind = spec.item_kind or "string"
    item_spec = msgspec.structs.replace(
        spec, kind=kind, item_kind=None, required=False, nullable=False, default=""
    )
    for position, item in enumerate(value, start=1):
        item_subject = f"Item {position} of {subject[:1].lower()}{subject[1:]}"
        if not _has_type(kind, item):
            yield _wrong_type(item_subject, item, _TYPES[kind][0])
        else:
            yield from _check_constraints(item_spec, item, item_subject)


def _check_range(spec: ParameterSpec, value: Any, subject: str) -> Iterator[ValueProblem]:
    low, high = spec.minimum, spec.maximum
    is_below = low is not None and (value < low or (spec.exclusive_minimum and value == low))
    is_above = high is not None and (value > high or (spec.exclusive_maximum and value == high))
    if is_below or is_above:
        yield _breaks(subject, value, range_words(spec))


def range_words(spec: ParameterSpec) -> str:
    """A range in words, `between 0 and 1` or `above 0`."""
    low, high = spec.minimum, spec.maximum
    unit = f" {spec.unit}" if spec.unit else ""
    is_open = spec.exclusive_minimum or spec.exclusive_maximum
    if low is not None and high is not None and not is_open:
        return f"between {low:g} and {high:g}{unit}"
    lower = "" if low is None else f"{'above' if spec.exclusive_minimum else 'at least'} {low:g}"
    upper = "" if high is None else f"{'below' if spec.exclusive_maximum else 'at most'} {high:g}"
    return " and ".join(part for part in (lower, upper) if part) + unit


def _check_columns(value: Any, subject: str) -> Iterator[ValueProblem]:
    if isinstance(value, list | tuple):
        return
    if value.get("start", "none") not in ("none", "all") or set(value) - {"start", "rules"}:
        yield _breaks(subject, value, "{'start': 'none' or 'all', 'rules': […]}")
    rules = value.get("rules", [])
    if not isinstance(rules, list | tuple):
        yield _breaks(subject, rules, "rules in a list")
        return
    for position, rule in enumerate(rules, start=1):
        for key, options in _RULE_KEYS.items():
            if not isinstance(rule, dict) or rule.get(key) not in options:
                words = " or ".join(repr(option) for option in options)
                yield _breaks(
                    f"Rule {position} of {subject[:1].lower()}{subject[1:]}",
                    rule.get(key) if isinstance(rule, dict) else rule,
                    f"one with '{key}' {words}",
                )


def _coerce_item(kind: ParameterKind | None, item: Any) -> Any:
    if kind == "float" and type(item) is int:
        return float(item)
    return int(item) if kind == "int" and type(item) is float else item


def _has_type(kind: ParameterKind, value: Any) -> bool:
    return _TYPES[kind][1](value)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _is_whole(value: Any) -> bool:
    kind = type(value)
    return kind is int or (kind is float and math.isfinite(value) and value.is_integer())


def _is_number(value: Any) -> bool:
    kind = type(value)
    return kind is int or (kind is float and math.isfinite(value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_columns(value: Any) -> bool:
    return isinstance(value, dict) or (_is_list(value) and all(map(_is_text, value)))


def _is_secret(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == ["$secret"]


_TYPES: dict[ParameterKind, tuple[str, Callable[[Any], bool]]] = {
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "int": ("a whole number", _is_whole),
    "float": ("a number", _is_number),
    "string": ("text", _is_text),
    "text": ("text", _is_text),
    "code": ("the text of a program", _is_text),
    "enum": ("one of its options", lambda value: isinstance(value, str | int | float | bool)),
    "list": ("a list", _is_list),
    "column": ("the name of a column", _is_text),
    "columns": ("a list of column names or column rules", _is_columns),
    "file": ("the path of a file", _is_text),
    "secret": ("a reference to a secret, {'$secret': name}", _is_secret),
    "seed": ("a whole number or nothing", _is_whole),
}
