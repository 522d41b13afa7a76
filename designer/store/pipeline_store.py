"""Pipelines in the database: the operations log is the truth, snapshots only shorten reading."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from sqlmodel import Session, col, select

from designer.document.operations import Conflict, Document, Operation, apply
from designer.store.rows import NamedVersionRow, OperationRow, PipelineRow, SnapshotRow
from runtime.errors import InfrastructureError, RequestError

SNAPSHOT_EVERY = 50
_NO_CONFLICT = '{"conflicts":[],%'


class PipelineRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What lists show of a pipeline.

    Attributes:
        deleted_at: When it went to the bin, None for a live one.
        file_digest: Digest of the file as it was last written or read.
        file_revision: The revision that file holds.
        pending_digest: Digest of the file that was about to be written, for a crash in between.
        pending_revision: The revision of that one.
    """

    id: str
    name: str
    revision: int
    created_at: float
    modified_at: float
    deleted_at: float | None = None
    file_digest: str = ""
    file_revision: int = 0
    pending_digest: str = ""
    pending_revision: int = 0


class LoggedOperation(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted operation as it took effect: real `before` values, clashing ids renamed."""

    revision: int
    operation: Operation
    author: str
    at: float
    conflicts: tuple[Conflict, ...] = ()
    renamed: dict[str, str] = {}


class _Outcome(msgspec.Struct, frozen=True, kw_only=True):
    conflicts: tuple[Conflict, ...] = ()
    renamed: dict[str, str] = {}


class PipelineStore:
    """Everything that is asked of the tables, inside one transaction of `Database.do`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def document(self, pipeline_id: str, revision: int | None = None) -> tuple[Document, int]:
        """The document at a revision (the newest by default) and that revision.

        Raises:
            RequestError: S005 for an unknown pipeline, S006 for a revision it never had.
            InfrastructureError: S002 when its rows are damaged.
        """
        newest = self._row(pipeline_id).revision
        wanted = newest if revision is None else revision
        snapshot = self._snapshot(pipeline_id, wanted) if 0 <= wanted <= newest else None
        if snapshot is None:
            raise RequestError(
                "S006",
                f"'{pipeline_id}' has no revision {wanted}; the newest is {newest}.",
                remedy="Choose a revision from its history.",
            )
        try:
            document: Document = msgspec.json.decode(snapshot.document, type=dict)
            for logged in self.operations(pipeline_id, after=snapshot.revision, until=wanted):
                document = apply(document, logged.operation).document
        except (msgspec.DecodeError, RequestError) as exc:
            raise _damaged(pipeline_id, exc) from exc
        return document, wanted

    def documents(self) -> Iterator[Document]:
        """The newest document and every named version of all pipelines, the bin included."""
        named = select(NamedVersionRow.pipeline_id, NamedVersionRow.revision).distinct()
        for pipeline_id in sorted(self.ids()):
            yield self.document(pipeline_id)[0]
        for pipeline_id, revision in self._session.exec(named):
            yield self.document(pipeline_id, revision)[0]

    def append(
        self, pipeline_id: str, operations: Sequence[LoggedOperation], document: Document
    ) -> None:
        """Append accepted operations that lead to `document`."""
        row = self._row(pipeline_id)
        self._session.add_all(_operation_row(pipeline_id, logged) for logged in operations)
        newest = operations[-1]
        if newest.revision // SNAPSHOT_EVERY > row.revision // SNAPSHOT_EVERY:
            self._add_snapshot(pipeline_id, newest.revision, document)
        row.revision, row.modified_at = newest.revision, newest.at
        row.name = str(document.get("name", ""))
        self._session.add(row)

    def operations(
        self, pipeline_id: str, *, after: int, until: int | None = None, limit: int | None = None
    ) -> list[LoggedOperation]:
        """The log after a revision, oldest first."""
        query = (
            select(OperationRow)
            .where(OperationRow.pipeline_id == pipeline_id, OperationRow.revision > after)
            .order_by(col(OperationRow.revision))
            .limit(limit)
        )
        if until is not None:
            query = query.where(OperationRow.revision <= until)
        return [_logged(row) for row in self._session.exec(query)]

    def latest_operations(
        self, pipeline_id: str, limit: int, *, before: int | None = None
    ) -> list[LoggedOperation]:
        """The newest entries of the log, of those before a revision; newest first."""
        query = (
            select(OperationRow)
            .where(OperationRow.pipeline_id == pipeline_id)
            .order_by(col(OperationRow.revision).desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(OperationRow.revision < before)
        return [_logged(row) for row in self._session.exec(query)]

    def conflicts(self, pipeline_id: str, limit: int) -> list[LoggedOperation]:
        """The newest entries of the log that went over somebody else's edit, newest first."""
        outcome = col(OperationRow.outcome)
        query = (
            select(OperationRow)
            .where(OperationRow.pipeline_id == pipeline_id, outcome.not_like(_NO_CONFLICT))
            .order_by(col(OperationRow.revision).desc())
            .limit(limit)
        )
        return [_logged(row) for row in self._session.exec(query)]

    def find_operations(self, pipeline_id: str, ids: Iterable[str]) -> dict[str, LoggedOperation]:
        """Those of the operations that were accepted before, by id."""
        query = select(OperationRow).where(
            OperationRow.pipeline_id == pipeline_id, col(OperationRow.operation_id).in_(list(ids))
        )
        return {row.operation_id: _logged(row) for row in self._session.exec(query)}

    def create(self, pipeline_id: str, document: Document, *, at: float) -> PipelineRecord:
        """A new pipeline at revision 0."""
        row = PipelineRow(
            id=pipeline_id, name=str(document.get("name", "")), created_at=at, modified_at=at
        )
        self._session.add(row)
        self._add_snapshot(pipeline_id, 0, document)
        return _record(row)

    def records(self, *, is_deleted: bool = False) -> list[PipelineRecord]:
        """Live pipelines, or those in the bin, last modified first."""
        deleted = col(PipelineRow.deleted_at)
        query = (
            select(PipelineRow)
            .where(deleted.is_not(None) if is_deleted else deleted.is_(None))
            .order_by(col(PipelineRow.modified_at).desc())
        )
        return [_record(row) for row in self._session.exec(query)]

    def ids(self) -> set[str]:
        """Every id ever used, the bin included."""
        return set(self._session.exec(select(PipelineRow.id)))

    def record(self, pipeline_id: str) -> PipelineRecord:
        """One pipeline, also from the bin. Raises RequestError S005 if there is none."""
        return _record(self._row(pipeline_id))

    def set_deleted(self, pipeline_id: str, at: float | None) -> None:
        """Move to the bin, or back with None."""
        row = self._row(pipeline_id)
        row.deleted_at = at
        self._session.add(row)

    def set_file(self, pipeline_id: str, *, digest: str, revision: int) -> None:
        """Remember which file stands for which revision; none is about to be written any more."""
        row = self._row(pipeline_id)
        row.file_digest, row.file_revision = digest, revision
        row.pending_digest, row.pending_revision = "", 0
        self._session.add(row)

    def set_pending_file(self, pipeline_id: str, *, digest: str, revision: int) -> None:
        """Remember which file is about to be written."""
        row = self._row(pipeline_id)
        row.pending_digest, row.pending_revision = digest, revision
        self._session.add(row)

    def users_of(self, module_id: str, version: str) -> list[str]:
        """Pipelines whose history mentions a module version, in words."""
        wanted = [f'"{key}":"{value}"' for key, value in _pins(module_id, version)]
        found: set[str] = set()
        for ids, text in (
            (SnapshotRow.pipeline_id, col(SnapshotRow.document)),
            (OperationRow.pipeline_id, col(OperationRow.operation)),
        ):
            matches = [text.contains(pin, autoescape=True) for pin in wanted]
            found |= set(self._session.exec(select(ids).where(*matches)))
        return [f"pipeline '{pipeline_id}'" for pipeline_id in sorted(found)]

    def _row(self, pipeline_id: str) -> PipelineRow:
        row = self._session.get(PipelineRow, pipeline_id)
        if row is None:
            raise RequestError(
                "S005",
                f"There is no pipeline '{pipeline_id}'.",
                remedy="Choose one from the list of pipelines.",
            )
        return row

    def _snapshot(self, pipeline_id: str, revision: int) -> SnapshotRow | None:
        query = (
            select(SnapshotRow)
            .where(SnapshotRow.pipeline_id == pipeline_id, SnapshotRow.revision <= revision)
            .order_by(col(SnapshotRow.revision).desc())
            .limit(1)
        )
        return self._session.exec(query).first()

    def _add_snapshot(self, pipeline_id: str, revision: int, document: Document) -> None:
        text = msgspec.json.encode(document).decode()
        self._session.add(SnapshotRow(pipeline_id=pipeline_id, revision=revision, document=text))


def _damaged(pipeline_id: str, exc: Exception) -> InfrastructureError:
    return InfrastructureError(
        "S002",
        f"The history of the pipeline '{pipeline_id}' is damaged: {exc}.",
        remedy="Import its file from the workspace's 'pipelines' folder, or restore a backup.",
    )


def _pins(module_id: str, version: str) -> tuple[tuple[str, str], ...]:
    return ("module", module_id), ("version", version)


def _operation_row(pipeline_id: str, logged: LoggedOperation) -> OperationRow:
    outcome = _Outcome(conflicts=logged.conflicts, renamed=logged.renamed)
    return OperationRow(
        pipeline_id=pipeline_id,
        revision=logged.revision,
        operation_id=logged.operation.id,
        author=logged.author,
        at=logged.at,
        operation=msgspec.json.encode(logged.operation).decode(),
        outcome=msgspec.json.encode(outcome).decode(),
    )


def _logged(row: OperationRow) -> LoggedOperation:
    outcome = msgspec.json.decode(row.outcome, type=_Outcome)
    return LoggedOperation(
        revision=row.revision,
        operation=msgspec.json.decode(row.operation, type=Operation),
        author=row.author,
        at=row.at,
        conflicts=outcome.conflicts,
        renamed=outcome.renamed,
    )


def _record(row: PipelineRow) -> PipelineRecord:
    return PipelineRecord(
        id=row.id,
        name=row.name,
        revision=row.revision,
        created_at=row.created_at,
        modified_at=row.modified_at,
        deleted_at=row.deleted_at,
        file_digest=row.file_digest,
        file_revision=row.file_revision,
        pending_digest=row.pending_digest,
        pending_revision=row.pending_revision,
    )
