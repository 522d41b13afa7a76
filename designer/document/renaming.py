"""Two people made a node or subgraph with the same name: the later one gets another, everywhere.

Renames are told as old to new: `split` is a node at the top, `subgraphs/prepare` a subgraph,
`subgraphs/prepare/nodes/split` a node inside it. `designer/canvas/web/document/renaming.js` reads
them in the same way.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from designer.document.operations import ABSENT, Change, Document, Operation, value_at
from designer.document.place import Path, Place, place_of


def resolve_clashes(
    document: Document,
    operation: Operation,
    known: Mapping[str, str],
    *,
    used: Collection[Path] = (),
) -> tuple[Operation, dict[str, str]]:
    """Rename the nodes and subgraphs that an operation creates under names that are taken.

    Args:
        document: The document the operation is about to be applied to.
        operation: The operation as the client sent it.
        known: Renames of earlier operations in the same batch, old to new.
        used: Nodes and subgraphs that are gone and that the client may still know; their names
            are not given out.

    Returns:
        The operation to apply, and all renames so far.
    """
    names = dict(known)
    taken: dict[Path, set[str]] = {}
    for change in operation.changes:
        is_definition = place_of(change.path).is_definition
        old = change.path if is_definition else _renamed_subgraph(change.path, names)
        path = rename(change, names).path
        if _is_new(path, change.before) and _is_taken(document, path, old, names):
            *above, wanted = path
            siblings = tuple(above)
            if siblings not in taken:
                taken[siblings] = _names_below(
                    document, siblings, operation, [*used, *_given(names)]
                )
            names[_key(old)] = fresh = free_id(wanted, taken[siblings])
            taken[siblings].add(fresh)
    if not names:
        return operation, names
    changes = tuple(rename(change, names) for change in operation.changes)
    return msgspec.structs.replace(operation, changes=changes), names


def free_id(wanted: str, taken: Collection[str]) -> str:
    """The id itself, or the first of `id_2`, `id_3`, … that is free.

    >>> free_id("split", {"split", "split_2"})
    'split_3'
    """
    if wanted not in taken:
        return wanted
    stem, _, tail = wanted.rpartition("_")
    base = stem if stem and tail.isdigit() else wanted
    number = 2
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"


def rename(change: Change, names: Mapping[str, str]) -> Change:
    """The change as it reads when nodes and subgraphs have other names."""
    if not names:
        return change
    path = _renamed_subgraph(change.path, names)
    renaming = _Renaming(names, place_of(path).scope)
    return Change(
        path=renaming.path(path),
        before=renaming.value(path, change.before),
        after=renaming.value(path, change.after),
    )


def _is_new(path: Path, before: Any) -> bool:
    place = place_of(path)
    return (place.is_node or place.is_definition) and before is ABSENT


def _is_taken(document: Document, path: Path, old: Path, names: Mapping[str, str]) -> bool:
    """Whether there is something at the path, or was given its name earlier in the batch."""
    is_given = any(key != _key(old) and path == given for key, given in _gifts(names))
    return is_given or value_at(document, path) is not ABSENT


def _names_below(
    document: Document, siblings: Path, operation: Operation, others: Collection[Path]
) -> set[str]:
    """Names below a path that are not free: there, about to be there, or in somebody's mind."""
    made = (change.path for change in operation.changes if change.before is ABSENT)
    below = {path[-1] for path in (*made, *others) if path[:-1] == siblings}
    found = value_at(document, siblings)
    return below | set(found if isinstance(found, dict) else ())


def _given(names: Mapping[str, str]) -> list[Path]:
    return [path for _, path in _gifts(names)]


def _gifts(names: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Every rename with the path of what has the new name."""
    for key, fresh in names.items():
        *above, _ = key.split("/") if "/" in key else ("nodes", key)
        yield key, (*above, fresh)


def _key(path: Path) -> str:
    return path[1] if path[0] == "nodes" else "/".join(path)


def _renamed_subgraph(path: Path, names: Mapping[str, str]) -> Path:
    fresh = names.get("/".join(path[:2])) if path[:1] == ("subgraphs",) else None
    return (path[0], fresh, *path[2:]) if fresh else path


class _Renaming:
    """The renames as one scope sees them."""

    def __init__(self, names: Mapping[str, str], scope: Path) -> None:
        self._names = names
        self._prefix = "/".join((*scope, "nodes/")) if scope else ""

    def path(self, path: Path) -> Path:
        place = place_of(path)
        match place.inside:
            case ("nodes", node, *rest):
                inside: Path = ("nodes", self._node(node), *rest)
            case ("layout", "nodes", node, *rest):
                inside = ("layout", "nodes", self._node(node), *rest)
            case _:
                return path
        return (*place.scope, *inside)

    def value(self, path: Path, value: Any) -> Any:
        """A value at a path with every id in it renamed."""
        place = place_of(path)
        if place.is_definition and isinstance(value, dict):
            inner = _Renaming(self._names, path)
            return {key: inner.value((*path, key), item) for key, item in value.items()}
        return self._value(place, value)

    def _value(self, place: Place, value: Any) -> Any:
        match place.inside:
            case ("nodes",) | ("nodes", _) if isinstance(value, dict):
                return self._entries(place, value)
            case ("nodes", _, "inputs") if isinstance(value, dict):
                return {port: self._wires(wires) for port, wires in value.items()}
            case ("nodes", _, "inputs", _):
                return self._wires(value)
            case ("nodes", _, "after") if isinstance(value, list):
                return [self._node(item) if isinstance(item, str) else item for item in value]
            case ("nodes", _, "subgraph") if isinstance(value, str):
                return self._names.get(f"subgraphs/{value}", value)
            case ("outputs",) | ("inputs",) | ("parameters",) if isinstance(value, dict):
                return self._entries(place, value)
            case ("outputs", _):
                return self._wires(value)
            case ("inputs", _) | ("parameters", _) if place.scope:
                return self._wires(value)
            case _:
                return value

    def _entries(self, place: Place, value: dict[str, Any]) -> dict[str, Any]:
        return {
            self._node(key) if place.inside == ("nodes",) else key: self._value(
                Place(place.scope, (*place.inside, key)), item
            )
            for key, item in value.items()
        }

    def _node(self, node_id: str) -> str:
        return self._names.get(self._prefix + node_id, node_id)

    def _wires(self, value: Any) -> Any:
        if isinstance(value, str):
            node, dot, port = value.partition(".")
            return self._node(node) + dot + port if dot else value
        if isinstance(value, list):
            return [self._wires(item) for item in value]
        if isinstance(value, dict) and "from" in value:
            return {**value, "from": self._wires(value["from"])}
        return value
