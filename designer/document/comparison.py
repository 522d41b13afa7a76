"""What differs between two documents, as people see it: nodes, wires, ports, values. Pure.

Built on `difference`, so that nothing that differs is left out; moves are counted apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec

from designer.document.difference import difference
from designer.document.operations import ABSENT, Change, Document, same, value_at
from designer.document.place import Path, place_of

Kind = Literal["added", "removed", "changed"]
What = Literal["node", "subgraph", "pipeline", "frame", "note"]

_DRAWN: dict[str, What] = {"frames": "frame", "notes": "note"}
_GEOMETRY = frozenset({"x", "y", "width", "height"})


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One value that differs.

    Attributes:
        path: Where, from the item on: `("parameters", "max_depth")`; empty for the whole item.
        before: What was there.
        after: What is there.
        text: The same in words.
        lines: Of a longer text, the lines that differ, with `-` and `+` before them.
    """

    path: Path
    before: Any = ABSENT
    after: Any = ABSENT
    text: str = ""
    lines: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """Whether the value came, went, or is another one."""
        return _kind(self.before, self.after)


class Difference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item that differs, with everything that differs in it.

    Attributes:
        kind: Whether it came, went, or changed.
        what: A node, the definition of a subgraph, the pipeline itself, a frame or a note.
        scope: The definition it lies in; empty for the pipeline.
        id: Its id there; empty for the pipeline or definition itself.
        moved: The definition that a node came out of, or went into, whole.
        title: What people call it.
        details: What differs in it; of a node that came or went, its wires.
    """

    kind: Kind
    what: What
    scope: str = ""
    id: str = ""
    moved: str = ""
    title: str = ""
    details: tuple[Detail, ...] = ()


class WireMark(msgspec.Struct, frozen=True, kw_only=True):
    """A wire that differs: where it leads and where it comes from, for drawing."""

    kind: Kind
    scope: str
    node: str
    port: str
    source: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that differs between two documents.

    Attributes:
        differences: Items in the order of their scopes; the pipeline itself first.
        wires: The wires that differ.
        moved: Ids of the nodes that only stand elsewhere, by scope.
    """

    differences: tuple[Difference, ...] = ()
    wires: tuple[WireMark, ...] = ()
    moved: dict[str, tuple[str, ...]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs but looks."""
        return not self.differences


def compare(before: Document, after: Document) -> Comparison:
    """What leads from one document to the other; without words, see `comparison_words`."""
    changes = difference(before, after)
    groups: dict[tuple[str, What, str], list[Change]] = defaultdict(list)
    for change in changes:
        if (item := _item_of(change)) is not None:
            groups[item].append(change)
    differences = [
        _difference(before, after, scope, what, name, group)
        for (scope, what, name), group in groups.items()
    ]
    differences = [one for one in differences if one.details or one.kind != "changed"]
    return Comparison(
        differences=tuple(sorted(differences, key=_order)),
        wires=tuple(_wire_marks(before, after, differences)),
        moved=_moved(changes),
    )


def _item_of(change: Change) -> tuple[str, What, str] | None:
    """The item that a change belongs to, None for mere looks."""
    place = place_of(change.path)
    scope = place.scope[1] if place.scope else ""
    if place.is_definition:
        return place.inside[1], "subgraph", ""
    if place.node is not None:
        return scope, "node", place.node
    if place.inside[0] == "layout":
        kind = _DRAWN.get(place.inside[1]) if len(place.inside) > 2 else None
        return (scope, kind, place.inside[2]) if kind else None
    return scope, "subgraph" if scope else "pipeline", ""


def _difference(
    before: Document, after: Document, scope: str, what: What, name: str, group: list[Change]
) -> Difference:
    path = _path(scope, what, name)
    old, new = value_at(before, path), value_at(after, path)
    kind = _kind(old, new) if path else "changed"
    details: Iterable[Detail] = ()
    if what in ("frame", "note"):
        details = _drawn(old, new)
    elif kind == "changed":
        details = _details(path, group)
    elif what == "node":
        details = _own_wires(new if kind == "added" else old, kind)
    moved = _moved_between(before, after, path, kind) if what == "node" else ""
    return Difference(
        kind=kind, what=what, scope=scope, id=name, moved=moved, details=tuple(details)
    )


def _path(scope: str, what: What, name: str) -> Path:
    root: Path = ("subgraphs", scope) if scope else ()
    match what:
        case "node":
            return (*root, "nodes", name)
        case "frame" | "note":
            return (*root, "layout", f"{what}s", name)
        case _:
            return root


def _details(path: Path, group: list[Change]) -> Iterator[Detail]:
    inside = {change.path[len(path) :]: change for change in group}
    for rest, change in inside.items():
        is_said_by_version = rest == ("digest",) and ("version",) in inside
        if not is_said_by_version:
            yield Detail(path=rest, before=change.before, after=change.after)


def _drawn(old: Any, new: Any) -> Iterator[Detail]:
    """What differs in a frame or note besides where it lies."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return
    for key in sorted((old.keys() | new.keys()) - _GEOMETRY):
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        if not same(before, after):
            yield Detail(path=(key,), before=before, after=after)


def _own_wires(node: Any, kind: Kind) -> Iterator[Detail]:
    for port, wires in sorted(node.get("inputs", {}).items()):
        if kind == "added":
            yield Detail(path=("inputs", port), after=wires)
        else:
            yield Detail(path=("inputs", port), before=wires)


def _moved_between(before: Document, after: Document, path: Path, kind: Kind) -> str:
    """The definition that came with this node in it, or went with it."""
    if kind == "changed":
        return ""
    here, there = (before, after) if kind == "removed" else (after, before)
    node = value_at(here, path)
    mine, others = here.get("subgraphs", {}), there.get("subgraphs", {})
    for name, definition in others.items():
        found = definition.get("nodes", {}).get(path[-1])
        if name not in mine and found and _is_same_use(found, node):
            return str(name)
    return ""


def _is_same_use(one: Document, other: Document) -> bool:
    return all(one.get(key) == other.get(key) for key in ("module", "subgraph", "parameters"))


def _wire_marks(
    before: Document, after: Document, differences: Iterable[Difference]
) -> Iterator[WireMark]:
    for one in differences:
        if one.what != "node":
            continue
        for detail in one.details:
            if detail.path[:1] == ("inputs",):
                for port, old, new in _inputs(detail):
                    yield from _marks_of(one, port, old, new)


def _inputs(detail: Detail) -> Iterator[tuple[str, Any, Any]]:
    if len(detail.path) > 1:
        yield detail.path[1], detail.before, detail.after
        return
    old, new = (value if isinstance(value, dict) else {} for value in (detail.before, detail.after))
    for port in sorted(old.keys() | new.keys()):
        yield port, old.get(port, ABSENT), new.get(port, ABSENT)


def _marks_of(one: Difference, port: str, before: Any, after: Any) -> Iterator[WireMark]:
    old, new = dict(wires_of(before)), dict(wires_of(after))
    for source in sorted(old.keys() | new.keys()):
        kind = _kind(old.get(source, ABSENT), new.get(source, ABSENT))
        if kind != "changed" or old[source] != new[source]:
            yield WireMark(kind=kind, scope=one.scope, node=one.id, port=port, source=source)


def wires_of(value: Any) -> Iterator[tuple[str, bool]]:
    """The wires that an input holds: their sources, and whether they are disabled."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from wires_of(item)
    elif isinstance(value, dict):
        yield str(value.get("from", "")), bool(value.get("disabled"))
    elif isinstance(value, str):
        yield value, False


def _moved(changes: Iterable[Change]) -> dict[str, tuple[str, ...]]:
    moved: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        scope, inside = place_of(change.path)
        is_place = inside[:2] == ("layout", "nodes") and len(inside) == 3
        if is_place and ABSENT not in (change.before, change.after):
            moved[scope[1] if scope else ""].append(inside[2])
    return {scope: tuple(sorted(ids)) for scope, ids in moved.items()}


def _kind(before: Any, after: Any) -> Kind:
    if before is ABSENT:
        return "added"
    return "removed" if after is ABSENT else "changed"


def _order(one: Difference) -> tuple[Any, ...]:
    whats = ("pipeline", "subgraph", "node", "frame", "note")
    return one.scope, whats.index(one.what), ("changed", "added", "removed").index(one.kind), one.id
