"""Two people made a node with the same id: the later one gets another, everywhere it is meant."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from designer.document.operations import ABSENT, Change, Document, Operation, value_at


def resolve_clashes(
    document: Document, operation: Operation, known: Mapping[str, str]
) -> tuple[Operation, dict[str, str]]:
    """Rename the nodes that an operation creates under ids that are taken.

    Args:
        document: The document the operation is about to be applied to.
        operation: The operation as the client sent it.
        known: Renames of earlier operations in the same batch, old id to new.

    Returns:
        The operation to apply, and all renames so far.
    """
    names = dict(known)
    taken = set(document.get("nodes", {}))
    for change in operation.changes:
        if _is_clash(document, rename(change, names)):
            names[change.path[1]] = free_id(change.path[1], taken)
            taken.add(names[change.path[1]])
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
    """The change as it reads when nodes have other ids."""
    if not names:
        return change
    path = change.path
    depth = _node_key_depth(path)
    if depth is not None and path[depth] in names:
        path = (*path[:depth], names[path[depth]], *path[depth + 1 :])
    return Change(
        path=path,
        before=_renamed_value(change.path, change.before, names),
        after=_renamed_value(change.path, change.after, names),
    )


def _is_clash(document: Document, change: Change) -> bool:
    if len(change.path) != 2 or change.path[0] != "nodes" or change.before is not ABSENT:
        return False
    return value_at(document, change.path) is not ABSENT


def _node_key_depth(path: tuple[str, ...]) -> int | None:
    if len(path) >= 2 and path[0] == "nodes":
        return 1
    return 2 if len(path) >= 3 and path[:2] == ("layout", "nodes") else None


def _renamed_value(path: tuple[str, ...], value: Any, names: Mapping[str, str]) -> Any:
    if len(path) == 2 and path[0] == "nodes" and isinstance(value, dict):
        return {key: _renamed_value((*path, key), inner, names) for key, inner in value.items()}
    if len(path) == 3 and path[0] == "nodes" and path[2] == "inputs" and isinstance(value, dict):
        return {port: _renamed_wires(wires, names) for port, wires in value.items()}
    if len(path) == 4 and path[0] == "nodes" and path[2] == "inputs":
        return _renamed_wires(value, names)
    if len(path) == 3 and path[0] == "nodes" and path[2] == "after" and isinstance(value, list):
        return [names.get(item, item) if isinstance(item, str) else item for item in value]
    return _renamed_wires(value, names) if len(path) == 2 and path[0] == "outputs" else value


def _renamed_wires(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        node, dot, port = value.partition(".")
        return names.get(node, node) + dot + port
    if isinstance(value, list):
        return [_renamed_wires(item, names) for item in value]
    if isinstance(value, dict) and "from" in value:
        return {**value, "from": _renamed_wires(value["from"], names)}
    return value
