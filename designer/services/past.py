"""What was accepted since an operation was made: whose edit it goes over, whose node it means. Pure."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from designer.document.operations import ABSENT, Conflict, Operation
from designer.document.place import Path, place_of
from designer.store import LoggedOperation
from runtime.errors import RequestError
from runtime.model import pointer


class Past:
    """The newest part of a log, oldest first, growing while operations are accepted.

    Args:
        log: What was accepted before.
        heir_of: Clients that are gone and whose operations the present one took over: what they
            made it knows as its own.
    """

    def __init__(self, log: Iterable[LoggedOperation], heir_of: Collection[str] = ()) -> None:
        self._heir_of = frozenset(heir_of)
        self._log: list[LoggedOperation] = []
        self._births: dict[Path, LoggedOperation] = {}
        self._deaths: dict[Path, int] = {}
        for logged in log:
            self.add(logged)

    def add(self, logged: LoggedOperation) -> None:
        """Note what was accepted."""
        self._log.append(logged)
        for change in logged.operation.changes:
            if _is_whole(change.path):
                if change.before is ABSENT:
                    self._births[change.path] = logged
                if change.after is ABSENT:
                    self._deaths[change.path] = logged.revision

    def deleted_since(self, base: int | None) -> list[Path]:
        """Nodes and subgraphs that were deleted after a revision, whatever has their names now."""
        if base is None:
            return []
        return [path for path, revision in self._deaths.items() if revision > base]

    def check_nodes(self, operation: Operation) -> None:
        """Refuse an edit of a node or subgraph that is gone and whose name another one has since.

        Raises:
            RequestError: G009.
        """
        if operation.base is None or not self._births:
            return
        own = {change.path for change in operation.changes if change.before is ABSENT}
        for path in _edited(operation):
            birth = self._births.get(path)
            if birth is None or path in own or birth.revision <= operation.base:
                continue
            if birth.operation.client not in (self._heir_of | {operation.client}):
                raise RequestError(
                    "G009",
                    f"'{path[-1]}' was deleted, and another one has its name now.",
                    remedy="Look at the new one, and edit it again if that is what you want.",
                    where=pointer(*path),
                )

    def sides(self, operation: Operation, conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
        """The conflicts with who made the other side, and when.

        What a client finds changed by itself, or by nobody since, is no conflict between people;
        nor is where a node stands.
        """
        if operation.base is None:
            return ()
        real = (one for one in conflicts if place_of(one.path).inside[0] != "layout")
        found = (self._side(conflict, operation, operation.base) for conflict in real)
        return tuple(conflict for conflict in found if conflict is not None)

    def _side(self, conflict: Conflict, operation: Operation, base: int) -> Conflict | None:
        for other in reversed(self._log):
            if other.revision <= base:
                return None
            if any(_touch(change.path, conflict.path) for change in other.operation.changes):
                return _attributed(conflict, other) if _is_other(other, operation) else None
        return None


def _attributed(conflict: Conflict, other: LoggedOperation) -> Conflict:
    return msgspec.structs.replace(
        conflict,
        author=other.author,
        client=other.operation.client,
        at=other.at,
        revision=other.revision,
    )


def _is_other(logged: LoggedOperation, operation: Operation) -> bool:
    return not operation.client or logged.operation.client != operation.client


def _touch(one: Path, other: Path) -> bool:
    """Whether a change of one path changes what is at the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _is_whole(path: Path) -> bool:
    place = place_of(path)
    return place.is_node or place.is_definition


def _edited(operation: Operation) -> Iterator[Path]:
    """The nodes and subgraphs that an operation changes, deletes, or lets wires come from."""
    for change in operation.changes:
        scope, inside = place = place_of(change.path)
        if place.is_definition:
            yield change.path
        if scope:
            yield scope
        if place.node is not None:
            yield (*scope, "nodes", place.node)
        if inside[0] == "nodes" and inside[2:3] == ("inputs",):
            yield from ((*scope, "nodes", source) for source in _sources(change.after))


def _sources(wires: object) -> Iterator[str]:
    if isinstance(wires, str):
        yield wires.partition(".")[0]
    elif isinstance(wires, list | tuple):
        for wire in wires:
            yield from _sources(wire)
    elif isinstance(wires, dict):
        yield from _sources(wires.get("from"))
