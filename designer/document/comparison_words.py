"""A comparison in words: one line for each item that differs and for each value in it. Pure."""

import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from designer.document.comparison import Comparison, Detail, Difference, Kind, wires_of
from designer.document.operations import ABSENT, Document, value_at
from designer.document.place import Path

NodeTitle = Callable[[Mapping[str, Any]], str]
"""What people call a use of a module that has no label."""

LONGEST = 60
MOST_LINES = 40
_REFERENCES = {"$parameter": "pipeline parameter", "$secret": "secret", "$dataset": "dataset"}


def in_words(
    comparison: Comparison, before: Document, after: Document, title: NodeTitle
) -> Comparison:
    """The comparison with titles and words in it."""
    writer = _Writer(before, after, title)
    return msgspec.structs.replace(
        comparison, differences=tuple(map(writer.difference, comparison.differences))
    )


def as_lines(comparison: Comparison) -> Iterator[str]:
    """The comparison as text: `+`, `-` and `~` before each item, its values below."""
    marks: dict[Kind, str] = {"added": "+", "removed": "-", "changed": "~"}
    for one in comparison.differences:
        yield f"{marks[one.kind]} {one.title}"
        for detail in one.details:
            yield f"    {detail.text}"
            yield from (f"      {line}" for line in detail.lines)
    if moved := sum(map(len, comparison.moved.values())):
        yield f"{moved} moved"


class _Writer:
    def __init__(self, before: Document, after: Document, title: NodeTitle) -> None:
        self._before = before
        self._after = after
        self._title = title

    def difference(self, one: Difference) -> Difference:
        details = tuple(self._detail(one, detail) for detail in one.details)
        return msgspec.structs.replace(one, title=self._item(one), details=details)

    def _item(self, one: Difference) -> str:
        match one.what:
            case "pipeline":
                return "Pipeline"
            case "subgraph":
                return f"Subgraph '{self._definition(one.scope)}'{self._size(one)}"
            case "frame" | "note":
                return f"{one.what.capitalize()} {one.id}{self._inside(one.scope)}"
            case _:
                moved = f", moved {self._way(one)}" if one.moved else ""
                return f"{self._node(one.scope, one.id)}{self._inside(one.scope)}{moved}"

    def _way(self, one: Difference) -> str:
        way = "into" if one.kind == "removed" else "out of"
        return f"{way} '{self._definition(one.moved)}'"

    def _size(self, one: Difference) -> str:
        if one.kind == "changed":
            return ""
        count = len(self._find(("subgraphs", one.scope, "nodes")) or ())
        return f" ({count} node{'' if count == 1 else 's'})"

    def _inside(self, scope: str) -> str:
        return f" in '{self._definition(scope)}'" if scope else ""

    def _definition(self, name: str) -> str:
        return str((self._find(("subgraphs", name)) or {}).get("label") or name)

    def _node(self, scope: str, node_id: str) -> str:
        root: Path = ("subgraphs", scope) if scope else ()
        node = self._find((*root, "nodes", node_id)) or {}
        if label := node.get("label"):
            return str(label)
        if subgraph := node.get("subgraph"):
            return self._definition(subgraph)
        return self._title(node) or node_id

    def _find(self, path: Path) -> Any:
        """The newer value at a path, the older one where it is gone."""
        new = value_at(self._after, path)
        old = value_at(self._before, path)
        return old if new is ABSENT and old is not ABSENT else None if new is ABSENT else new

    def _detail(self, one: Difference, detail: Detail) -> Detail:
        name = _name(detail.path)
        match detail.path:
            case ("inputs", _) if one.what == "node":
                sides = [self._sources(one, value) for value in (detail.before, detail.after)]
                shown = "".join(sides) if one.kind != "changed" else _step(*sides)
                return _with(detail, f"{name} {shown}")
            case ("label",):
                old, new = (value or "its own name" for value in _shown(detail))
                return _with(detail, f"name {old} → {new}")
        lines = _lines(detail.before, detail.after)
        if lines:
            return msgspec.structs.replace(detail, text=f"{name}, lines that differ:", lines=lines)
        if isinstance(detail.before, list) and isinstance(detail.after, list):
            return _with(detail, f"{name} {_list_step(detail.before, detail.after)}")
        return _with(detail, f"{name} {_step(*_shown(detail))}")

    def _sources(self, one: Difference, value: Any) -> str:
        wires = () if value is ABSENT else wires_of(value)
        return ", ".join(self._source(one.scope, *wire) for wire in wires)

    def _source(self, scope: str, source: str, is_disabled: bool) -> str:
        node, _, port = source.rpartition(".")
        off = " (disabled)" if is_disabled else ""
        return f"{self._node(scope, node)}.{port}{off}"


def _with(detail: Detail, text: str) -> Detail:
    return msgspec.structs.replace(detail, text=text)


def _name(path: Path) -> str:
    match path:
        case ("parameters", name):
            return f"parameter {name}"
        case ("inputs", port):
            return f"input {port}"
        case ("outputs", port):
            return f"output {port}"
        case ("run", setting):
            return f"run setting {setting}"
        case ("state",):
            return "state"
        case ("after",):
            return "runs after"
        case ("digest",):
            return "source of the module"
        case _:
            return " ".join(path)


def _step(old: str, new: str) -> str:
    if not old:
        return new
    return f"{old} → {new}" if new else f"{old} removed"


def _shown(detail: Detail) -> tuple[str, str]:
    return _value(detail.before), _value(detail.after)


def _value(value: Any) -> str:
    """A value on one line, shortened."""
    if value is ABSENT:
        return ""
    if isinstance(value, dict) and len(value) == 1:
        key, name = next(iter(value.items()))
        if key in _REFERENCES:
            return f"{_REFERENCES[key]} {name}"
    if isinstance(value, dict) and set(value) <= {"kind", "artifacts"} and "kind" in value:
        return str(value["kind"])
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split()) or '""'
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _list_step(old: list[Any], new: list[Any]) -> str:
    came = [_value(item) for item in new if item not in old]
    went = [_value(item) for item in old if item not in new]
    parts = [f"+ {', '.join(came)}"] if came else []
    parts += [f"− {', '.join(went)}"] if went else []
    return "; ".join(parts) or "in another order"


def _lines(old: Any, new: Any) -> tuple[str, ...]:
    """The lines that differ between two texts of several lines."""
    texts = [value for value in (old, new) if isinstance(value, str)]
    if len(texts) < 2 or not any("\n" in text for text in texts):
        return ()
    found = difflib.unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm="")
    lines = [line for line in found if not line.startswith(("---", "+++", "@@"))]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… {len(lines) - MOST_LINES} more"]
    return tuple(lines)
