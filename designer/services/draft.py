"""An open pipeline in memory, and how operations get into it. Pure but for the lock."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from designer.document.operations import Conflict, Document, Operation, apply
from designer.document.renaming import resolve_clashes
from designer.services.past import Past
from designer.store import LoggedOperation
from runtime.errors import RequestError
from runtime.model import Diagnostic, Graph
from runtime.model.graph_json import graph_from_document

Verdict = Literal["accepted", "duplicate", "refused"]


class OperationResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one operation.

    Attributes:
        renamed: Node ids of this client that were taken: old to new.
    """

    id: str
    status: Verdict
    revision: int
    diagnostics: tuple[Diagnostic, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    renamed: dict[str, str] = {}


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """A batch merged into a document: what to append to the log and what to answer."""

    document: Document
    revision: int
    graph: Graph
    accepted: tuple[LoggedOperation, ...]
    results: tuple[OperationResult, ...]


class Draft:
    """The newest document of a pipeline and its revision; edits take turns by the lock."""

    def __init__(self, pipeline_id: str, document: Document, revision: int) -> None:
        self.id = pipeline_id
        self.document = document
        self.revision = revision
        self.lock = asyncio.Lock()
        self._graph: Graph | None = None

    @property
    def graph(self) -> Graph:
        """The document as a graph."""
        if self._graph is None:
            self._graph = readable_graph(self.document)
        return self._graph

    def advance(self, merged: Merged) -> None:
        """Take over what was merged and is durable."""
        self.document, self.revision = merged.document, merged.revision
        self._graph = merged.graph


def merge(
    document: Document,
    revision: int,
    operations: Sequence[Operation],
    *,
    known: Mapping[str, LoggedOperation],
    unseen: Sequence[LoggedOperation] = (),
    heir_of: Sequence[str] = (),
    author: str,
    at: float,
) -> Merged:
    """Merge a batch into a document: edits of different paths both stay, of the same the last wins.

    An operation is refused when what it speaks of is gone, or when the document could no longer
    be read after it.

    Args:
        document: The newest document.
        revision: Its revision.
        operations: In their client's order.
        known: Those that were accepted before, which are answered as duplicates.
        unseen: The log after the earliest base of the operations.
        heir_of: Clients that are gone and whose operations are among these.
        author: Who made them.
        at: When they came.
    """

    def merged(*, checks_each: bool) -> Merged:
        past = Past(unseen, heir_of)
        merger = _Merger(document, revision, known=known, past=past, author=author, at=at)
        merger.checks_each = checks_each
        for operation in operations:
            merger.take(operation)
        return merger.merged()

    try:
        return merged(checks_each=False)
    except RequestError:
        return merged(checks_each=True)


def readable_graph(document: Document) -> Graph:
    """The graph of a document.

    Raises:
        RequestError: With the first diagnostic, when it cannot be read.
    """
    read = graph_from_document(document)
    if read.graph is None:
        first = next(item for item in read.diagnostics if item.severity == "error")
        raise RequestError(first.code, first.message, remedy=first.remedy, where=first.where)
    return read.graph


class _Merger:
    checks_each = False
    """Whether to read the graph after every operation, to find the one that breaks it."""

    def __init__(
        self,
        document: Document,
        revision: int,
        *,
        known: Mapping[str, LoggedOperation],
        past: Past,
        author: str,
        at: float,
    ) -> None:
        self._document = document
        self._revision = revision
        self._known = dict(known)
        self._past = past
        self._author = author
        self._at = at
        self._names: dict[str, str] = {}
        self._accepted: list[LoggedOperation] = []
        self._results: list[OperationResult] = []

    def take(self, operation: Operation) -> None:
        logged = self._known.get(operation.id)
        if logged is not None:
            self._names.update(logged.renamed)
            self._results.append(_result(logged, "duplicate"))
            return
        try:
            self._accept(operation)
        except RequestError as exc:
            refusal = OperationResult(
                id=operation.id,
                status="refused",
                revision=self._revision,
                diagnostics=(_as_diagnostic(exc),),
            )
            self._results.append(refusal)

    def merged(self) -> Merged:
        return Merged(
            document=self._document,
            revision=self._revision,
            graph=readable_graph(self._document),
            accepted=tuple(self._accepted),
            results=tuple(self._results),
        )

    def _accept(self, operation: Operation) -> None:
        renamed, names = resolve_clashes(
            self._document, operation, self._names, used=self._past.deleted_since(operation.base)
        )
        self._past.check_nodes(renamed)
        applied = apply(self._document, renamed)
        if self.checks_each:
            readable_graph(applied.document)
        self._document = applied.document
        self._revision += 1
        own = {old: new for old, new in names.items() if self._names.get(old) != new}
        self._names = names
        logged = LoggedOperation(
            revision=self._revision,
            operation=msgspec.structs.replace(renamed, changes=applied.changes),
            author=self._author,
            at=self._at,
            conflicts=self._past.sides(renamed, applied.conflicts),
            renamed=own,
        )
        self._past.add(logged)
        self._known[operation.id] = logged
        self._accepted.append(logged)
        self._results.append(_result(logged, "accepted"))


def _result(logged: LoggedOperation, status: Verdict) -> OperationResult:
    return OperationResult(
        id=logged.operation.id,
        status=status,
        revision=logged.revision,
        conflicts=logged.conflicts,
        renamed=logged.renamed,
    )


def _as_diagnostic(exc: RequestError) -> Diagnostic:
    record = exc.record
    return Diagnostic(
        code=record.code, message=record.message, remedy=record.remedy, where=record.where
    )
