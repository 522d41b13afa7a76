"""Operations: one gesture as changes by path on the graph document, applied, inverted, compared.

Everything here is pure: documents are plain JSON values that are never changed in place, and
`designer/canvas/web/document/operations.js` does the same with the same test vectors
(`tests/golden/operations.json`).
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from designer.document.place import Path, Place, place_of
from runtime.errors import RequestError
from runtime.model import pointer

ABSENT = msgspec.UNSET
"""Nothing is there: what a missing `before` or `after` means."""

Document = dict[str, Any]


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of the document replaced: what was there before, what is there after."""

    path: Path
    before: Any = ABSENT
    after: Any = ABSENT


class Operation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One gesture of one person.

    Attributes:
        id: Made by the client; the same id again is the same operation.
        client: The browser tab, or what else made it; what precedes a dot names the browser.
        label: What undo says it will undo, `Move 3 nodes`.
        base: The revision that its client knew when it made it, where it says so.
    """

    id: str
    client: str = ""
    base: int | None = None
    label: str = ""
    changes: tuple[Change, ...] = ()


class Conflict(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Two people changed the same path: `yours` was applied over `theirs`.

    Attributes:
        path: Where.
        theirs: What was found there.
        yours: What is there now.
        author: Who made theirs.
        client: From where: the browser tab.
        at: When, in seconds since the epoch.
        revision: The revision that theirs was accepted as.
    """

    path: Path
    theirs: Any = ABSENT
    yours: Any = ABSENT
    author: str = ""
    client: str = ""
    at: float = 0.0
    revision: int = 0


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """A document after an operation, the changes as they took effect, and the conflicts."""

    document: Document
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]


def apply(document: Document, operation: Operation) -> Applied:
    """Apply an operation.

    The changes given back hold as `before` what really was there, so that their inverse is exact
    even where somebody else's edit was overwritten.

    Raises:
        RequestError: G009 when a change lies in a node or subgraph that is gone, G005 when a path
            is unusable.
    """
    effective: list[Change] = []
    conflicts: list[Conflict] = []
    for change in operation.changes:
        found = value_at(document, change.path)
        if not same(found, change.before) and not same(found, change.after):
            conflicts.append(Conflict(path=change.path, theirs=found, yours=change.after))
        document = set_value(document, change.path, change.after)
        if not same(found, change.after):
            effective.append(Change(path=change.path, before=found, after=change.after))
    return Applied(document=document, changes=tuple(effective), conflicts=tuple(conflicts))


def invert(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that undo these: `before` and `after` swapped, the order reversed."""
    return tuple(
        Change(path=change.path, before=change.after, after=change.before)
        for change in reversed(tuple(changes))
    )


def value_at(document: Document, path: Path) -> Any:
    """The value at a path, `ABSENT` if there is none."""
    value: Any = document
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return ABSENT
        value = value[key]
    return value


def set_value(document: Document, path: Path, value: Any) -> Document:
    """A copy of the document with the value at the path, or without it for `ABSENT`.

    Missing parent objects are created, except in a node or subgraph that is gone; an object that
    loses its last key goes too, except node maps, nodes and subgraphs themselves. Removing
    something from what is gone changes nothing.

    Raises:
        RequestError: G009 or G005, as for `apply`.
    """
    if not path or not all(path) or path == ("format",):
        raise _refusal("G005", "The path '{}' cannot be changed.", path)
    if missing := _missing(document, place_of(path)):
        if value is ABSENT:
            return document
        raise _refusal("G009", f"The {missing} of '{{}}' is gone.", path)
    return _with(document, path, value, 0)


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal as JavaScript sees it: 1 is 1.0, but not true."""
    if left is ABSENT or right is ABSENT:
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def _with(container: Any, path: Path, value: Any, depth: int) -> Document:
    if not isinstance(container, dict):
        raise _refusal("G005", "'{}' leads through a value that has no keys.", path)
    copy = dict(container)
    key = path[depth]
    if depth == len(path) - 1:
        replaced = value
    elif value is ABSENT and key not in container:
        return container
    else:
        replaced = _with(container.get(key, {}), path, value, depth + 1)
        if value is ABSENT and replaced == {} and _vanishes(path[: depth + 1]):
            replaced = ABSENT
    if replaced is ABSENT:
        copy.pop(key, None)
    else:
        copy[key] = replaced
    return copy


def _missing(document: Document, place: Place) -> str:
    """What a path leads into that is not there, in words."""
    if place.scope and value_at(document, place.scope) is ABSENT:
        return f"subgraph '{place.scope[1]}'"
    node = (*place.scope, *place.inside[:2])
    if place.node is not None and not place.is_node and value_at(document, node) is ABSENT:
        return f"node '{place.node}'"
    return ""


def _vanishes(path: Path) -> bool:
    """Whether the object at the path goes when its last key does."""
    place = place_of(path)
    return not (place.is_node or place.is_definition or place.inside == ("nodes",))


def _refusal(code: str, message: str, path: Path) -> RequestError:
    where = pointer(*path)
    return RequestError(
        code,
        message.format(where),
        remedy="Undo the edit, or bring back what it refers to.",
        where=where,
    )
