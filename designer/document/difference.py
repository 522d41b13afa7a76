"""The changes that turn one document into another, as fine as people's edits are."""

from collections.abc import Iterator
from typing import Any

from designer.document.operations import ABSENT, Change, Document, same
from designer.document.place import Path, place_of


def difference(before: Document, after: Document) -> tuple[Change, ...]:
    """Changes that lead from one document to the other; `format` is left alone.

    Wires and ports come after the nodes they name when those are new, before when they go.
    """
    changes = [change for change in _walk((), before, after) if change.path != ("format",)]
    return tuple(sorted(changes, key=_order))


def _walk(path: Path, before: Any, after: Any) -> Iterator[Change]:
    if same(before, after):
        return
    if not (_is_fine(path) and isinstance(before, dict) and isinstance(after, dict)):
        yield Change(path=path, before=before, after=after)
        return
    for key in sorted(before.keys() | after.keys()):
        yield from _walk((*path, key), _get(before, path, key), _get(after, path, key))


def _get(container: Document, path: Path, key: str) -> Any:
    if key in container:
        return container[key]
    child = place_of((*path, key))
    is_whole = child.is_node or child.is_definition
    return {} if _is_fine((*path, key)) and not is_whole else ABSENT


def _is_fine(path: Path) -> bool:
    """Whether the keys of the object at the path change one by one; else it is replaced whole."""
    place = place_of(path)
    match place.inside:
        case ():
            return True
        case ("nodes" | "parameters" | "outputs" | "layout",):
            return True
        case ("subgraphs",) | ("subgraphs", _):
            return True
        case ("inputs",):
            return place.scope != ()
        case ("nodes", _):
            return True
        case ("nodes", _, "inputs" | "parameters" | "run"):
            return True
        case ("layout", _):
            return True
        case _:
            return False


def _order(change: Change) -> int:
    place = place_of(change.path)
    is_whole = place.is_node or place.is_definition
    if is_whole and change.before is ABSENT:
        return 0
    return 2 if is_whole and change.after is ABSENT else 1
