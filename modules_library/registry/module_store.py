"""The registry's rows in `<workspace>/designer.db`: modules, versions and the audit trail."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlmodel import Field, Session, SQLModel, col, select

from modules_library.registry.life_cycle import ModuleRecord, VersionRecord
from runtime.errors import InfrastructureError
from runtime.model.module_spec import ModuleState

DATABASE = "designer.db"
_BUSY_MS = 10_000


class ModuleRow(SQLModel, table=True):
    """The state of a module as a whole, and its default pointer.

    `default_version` is None while a built-in's own default counts, empty when there is none.
    """

    __tablename__ = "module"

    id: str = Field(primary_key=True)
    default_version: str | None = None
    state: str = "active"
    message: str = ""
    replacement: str = ""


class ModuleVersionRow(SQLModel, table=True):
    """One version: published here with its spec, or a built-in whose state was changed here."""

    __tablename__ = "module_version"

    module_id: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    digest: str = ""
    builtin: bool = False
    spec: str = ""
    state: str = "active"
    message: str = ""
    replacement: str = ""
    deleted: bool = False


class ModuleAuditRow(SQLModel, table=True):
    """One change of the registry: who did what to which version, and when."""

    __tablename__ = "module_audit"

    id: int | None = Field(default=None, primary_key=True)
    at: float
    author: str = ""
    action: str
    module_id: str = Field(index=True)
    version: str = ""
    details: str = "{}"


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the registry.

    Attributes:
        at: Seconds since the epoch, UTC.
        action: `publish`, `deprecate`, `disable`, `enable`, `set_default` or `delete`.
        version: Empty for the module as a whole.
    """

    number: int = 0
    at: float
    author: str = ""
    action: str
    module: str
    version: str = ""
    details: dict[str, Any] = {}


_TABLES = (ModuleRow, ModuleVersionRow, ModuleAuditRow)


def create_registry_tables(engine: Engine) -> None:
    """Create the registry's tables where they are absent."""
    SQLModel.metadata.create_all(engine, tables=[_table(row) for row in _TABLES])


class ModuleStore:
    """The rows of one workspace; every change is one transaction."""

    def __init__(self, workspace: Path) -> None:
        self.path = workspace / DATABASE
        workspace.mkdir(parents=True, exist_ok=True)
        self._engine = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": 10})
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin_immediate)
        with self._told():
            create_registry_tables(self._engine)

    def record(self, builtin: ModuleRecord) -> ModuleRecord:
        """A module as it stands: what the designer brings, changed by what was done here."""
        with self._session() as session:
            return _record(session, builtin)

    def change(
        self,
        builtin: ModuleRecord,
        action: Callable[[ModuleRecord], ModuleRecord],
        entry: AuditEntry,
        *,
        specs: dict[str, str] | None = None,
    ) -> ModuleRecord:
        """Apply an action to a module in one transaction and write the audit row.

        Args:
            builtin: What the designer itself brings of this module.
            action: A rule of `life_cycle`.
            entry: Who did what; written only when the action changed something.
            specs: JSON of newly published specs by version.
        """
        with self._session() as session:
            before = _record(session, builtin)
            after = action(before)
            if after != before:
                _save(session, before, after, builtin, specs or {})
                session.add(_audit_row(entry))
                session.commit()
            return after

    def published(self) -> list[str]:
        """JSON of every published spec that was not deleted."""
        with self._session() as session:
            found = select(ModuleVersionRow.spec).where(
                col(ModuleVersionRow.builtin).is_(False), col(ModuleVersionRow.deleted).is_(False)
            )
            ordered = found.order_by(col(ModuleVersionRow.module_id), col(ModuleVersionRow.version))
            return list(session.exec(ordered))

    def spec(self, module_id: str, version: str) -> str | None:
        """JSON of one published spec."""
        with self._session() as session:
            row = session.get(ModuleVersionRow, (module_id, version))
            return row.spec if row is not None and not row.deleted else None

    def overrides(self) -> tuple[list[ModuleRow], list[ModuleVersionRow]]:
        """Everything that an index needs beside the specs."""
        with self._session() as session:
            versions = select(ModuleVersionRow).where(
                col(ModuleVersionRow.state) != "active", col(ModuleVersionRow.deleted).is_(False)
            )
            return list(session.exec(select(ModuleRow))), list(session.exec(versions))

    def audit(self, module_id: str | None = None, *, limit: int = 100) -> list[AuditEntry]:
        """The latest changes, newest first."""
        query = select(ModuleAuditRow).order_by(col(ModuleAuditRow.id).desc()).limit(limit)
        if module_id is not None:
            query = query.where(ModuleAuditRow.module_id == module_id)
        with self._session() as session:
            return [_audit_entry(row) for row in session.exec(query)]

    def last_change(self) -> int:
        """Number of the latest change; 0 when there was none."""
        latest = self.audit(limit=1)
        return latest[0].number if latest else 0

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _session(self) -> Iterator[Session]:
        with self._told(), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as exc:
            raise InfrastructureError(
                "S002",
                f"The database '{self.path}' cannot be used: {exc.orig}.",
                remedy="Close other programs that use the workspace, or restore a backup.",
            ) from exc


def _record(session: Session, builtin: ModuleRecord) -> ModuleRecord:
    versions = dict(builtin.versions)
    query = select(ModuleVersionRow).where(ModuleVersionRow.module_id == builtin.id)
    for row in session.exec(query):
        known = versions.get(row.version)
        if row.builtin and known is None:
            continue
        versions[row.version] = VersionRecord(
            digest=known.digest if row.builtin and known else row.digest,
            builtin=row.builtin,
            state=_state(row.state),
            message=row.message,
            replacement=row.replacement,
            deleted=row.deleted,
        )
    module = session.get(ModuleRow, builtin.id)
    if module is None:
        return msgspec.structs.replace(builtin, versions=versions)
    default = module.default_version
    if default is None or (default and default not in versions):
        default = builtin.default
    return ModuleRecord(
        id=builtin.id,
        versions=versions,
        default=default or None,
        state=_state(module.state),
        message=module.message,
        replacement=module.replacement,
    )


def _save(
    session: Session,
    before: ModuleRecord,
    after: ModuleRecord,
    builtin: ModuleRecord,
    specs: dict[str, str],
) -> None:
    for number, version in after.versions.items():
        if before.versions.get(number) == version:
            continue
        row = session.get(ModuleVersionRow, (after.id, number))
        row = row or ModuleVersionRow(module_id=after.id, version=number)
        row.digest, row.builtin, row.deleted = version.digest, version.builtin, version.deleted
        row.state, row.message, row.replacement = (
            version.state,
            version.message,
            version.replacement,
        )
        row.spec = specs.get(number, row.spec)
        session.add(row)
    module = session.get(ModuleRow, after.id) or ModuleRow(id=after.id)
    same = bool(builtin.versions) and after.default == builtin.default
    module.default_version = None if same else (after.default or "")
    module.state, module.message, module.replacement = (
        after.state,
        after.message,
        after.replacement,
    )
    session.add(module)


def _state(text: str) -> ModuleState:
    match text:
        case "deprecated" | "disabled":
            return text
    return "active"


def _audit_row(entry: AuditEntry) -> ModuleAuditRow:
    return ModuleAuditRow(
        at=entry.at,
        author=entry.author,
        action=entry.action,
        module_id=entry.module,
        version=entry.version,
        details=msgspec.json.encode(entry.details).decode(),
    )


def _audit_entry(row: ModuleAuditRow) -> AuditEntry:
    return AuditEntry(
        number=row.id or 0,
        at=row.at,
        author=row.author,
        action=row.action,
        module=row.module_id,
        version=row.version,
        details=msgspec.json.decode(row.details, type=dict[str, Any]),
    )


def _table(row: type[SQLModel]) -> Any:
    return vars(row)["__table__"]


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    """Take the right to write at once, so that what was read cannot change before the write."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
