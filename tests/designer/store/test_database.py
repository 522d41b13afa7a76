"""`designer.db`: migrations, refusal of newer files, durability settings, faults in words."""

import ast
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config
from sqlmodel import SQLModel, text

from designer.document.operations import Change, Operation, apply
from designer.store import (
    Database,
    LoggedOperation,
    NamedVersion,
    PipelineStore,
    VersionStore,
)
from designer.store.database import as_infrastructure_error
from designer.store.pipeline_store import SNAPSHOT_EVERY
from designer.store.schema import HEAD, MIGRATIONS, known_revisions
from runtime.errors import InfrastructureError, RequestError

EMPTY = {"format": 1, "name": "p", "nodes": {}}


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "designer.db")
    yield database
    database.close()


def logged(revision, *path, after):
    operation = Operation(id=f"op{revision}", changes=(Change(path=path, after=after),))
    return LoggedOperation(revision=revision, operation=operation, author="me", at=float(revision))


def upgrade_to(revision, path):
    """A database as an earlier designer left it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{path}")
    command.upgrade(config, revision)


def fill(database, count):
    """A pipeline `p` with so many operations, and its documents by revision."""
    database.do_now(lambda session: PipelineStore(session).create("p", EMPTY, at=0.0))
    documents = [EMPTY]
    for revision in range(1, count + 1):
        one = logged(revision, "description", after=str(revision))
        documents.append(apply(documents[-1], one.operation).document)
        database.do_now(
            lambda session, one=one: PipelineStore(session).append("p", [one], documents[-1])
        )
    return documents


def test_every_revision_can_be_read_again_from_snapshot_and_log(database):
    documents = fill(database, 2 * SNAPSHOT_EVERY + 3)
    for revision in (
        0,
        1,
        SNAPSHOT_EVERY - 1,
        SNAPSHOT_EVERY,
        SNAPSHOT_EVERY + 1,
        len(documents) - 1,
    ):
        read, number = database.do_now(
            lambda session, r=revision: PipelineStore(session).document("p", r)
        )
        assert (read, number) == (documents[revision], revision)


def test_an_unknown_pipeline_and_an_unknown_revision_have_their_codes(database):
    fill(database, 1)
    with pytest.raises(RequestError, match="S005"):
        database.do_now(lambda session: PipelineStore(session).document("nothing"))
    with pytest.raises(RequestError, match="S006"):
        database.do_now(lambda session: PipelineStore(session).document("p", 7))


def test_an_operation_id_is_accepted_once_per_pipeline(database):
    fill(database, 1)
    twice = logged(2, "name", after="x")
    twice = LoggedOperation(
        revision=2, operation=logged(1, "name", after="x").operation, author="", at=0
    )
    with pytest.raises(InfrastructureError):
        database.do_now(lambda session: PipelineStore(session).append("p", [twice], EMPTY))
    assert database.do_now(lambda session: PipelineStore(session).record("p")).revision == 1


def test_half_a_transaction_leaves_nothing(database):
    fill(database, 1)

    def half(session):
        PipelineStore(session).append("p", [logged(2, "name", after="x")], EMPTY)
        raise RequestError("A004", "Stop.", remedy="Go.")

    with pytest.raises(RequestError):
        database.do_now(half)
    assert database.do_now(lambda s: PipelineStore(s).operations("p", after=1)) == []


def test_named_versions_and_the_bin(database):
    fill(database, 2)
    version = NamedVersion(revision=2, name="Good", author="me", at=1.0, description="As sent.")
    added = database.do_now(lambda session: VersionStore(session).add("p", version))
    assert added == msgspec.structs.replace(version, id=1)
    assert database.do_now(lambda s: VersionStore(s).all("p")) == [added]
    assert database.do_now(lambda s: VersionStore(s).find("p", "Good")) == added
    database.do_now(lambda session: PipelineStore(session).set_deleted("p", 5.0))
    assert database.do_now(lambda s: PipelineStore(s).records()) == []
    assert database.do_now(lambda s: PipelineStore(s).records(is_deleted=True))[0].deleted_at == 5.0


def test_what_named_versions_hold_counts_as_used(database):
    documents = fill(database, 3)
    version = NamedVersion(revision=1, name="Good", author="me", at=1.0)
    database.do_now(lambda session: VersionStore(session).add("p", version))
    used = database.do_now(lambda session: list(PipelineStore(session).documents()))
    assert used == [documents[3], documents[1]]


def test_users_of_a_module_version_are_found_in_the_whole_history(database):
    database.do_now(lambda session: PipelineStore(session).create("p", EMPTY, at=0.0))
    one = logged(1, "nodes", "a", after={"module": "custom.x", "version": "1.0.0"})
    database.do_now(lambda session: PipelineStore(session).append("p", [one], EMPTY))
    found = database.do_now(lambda s: PipelineStore(s).users_of("custom.x", "1.0.0"))
    assert found == ["pipeline 'p'"]
    assert database.do_now(lambda s: PipelineStore(s).users_of("custom.x", "2.0.0")) == []


def test_what_is_written_survives_a_power_cut(database):
    pragmas = {
        name: database.do_now(lambda s, n=name: s.exec(text(f"PRAGMA {n}")).scalar())
        for name in ("journal_mode", "synchronous")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_the_migrations_lead_to_the_tables_that_the_rows_describe(database):
    own = {name: t for name, t in SQLModel.metadata.tables.items() if not name.startswith("module")}
    inspector = sqlalchemy.inspect(sqlalchemy.create_engine(f"sqlite:///{database.path}"))
    for name, table in own.items():
        assert {c["name"] for c in inspector.get_columns(name)} == {c.name for c in table.columns}


def test_the_newest_migration_is_the_one_that_opening_expects():
    revisions = {}
    for path in (MIGRATIONS / "versions").glob("[0-9]*.py"):
        names = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.Assign)
        }
        revisions[names["revision"]] = names["down_revision"]
    assert set(revisions) == known_revisions()
    assert set(revisions) - set(revisions.values()) == {HEAD}


def test_a_database_of_the_first_designer_is_brought_up_to_date_with_all_it_holds(tmp_path):
    path = tmp_path / "designer.db"
    upgrade_to("0001", path)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO named_version (pipeline_id, revision, name, author, at) "
            "VALUES ('p', 3, 'Good', 'me', 1.0)"
        )
    database = Database(path)
    (version,) = database.do_now(lambda session: VersionStore(session).all("p"))
    assert (version.revision, version.name, version.description) == (3, "Good", "")
    database.close()


def test_opening_an_up_to_date_database_loads_no_migration_tool(database):
    code = (
        "import sys\nfrom pathlib import Path\nfrom designer.store import Database\n"
        f"Database(Path({str(database.path)!r})).close()\nsys.exit('alembic' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3]).returncode == 0
    )


def test_a_database_of_a_newer_designer_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "designer.db"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(InfrastructureError, match="S004"):
        Database(path)


def test_a_file_that_is_no_database_is_told_in_words(tmp_path):
    path = tmp_path / "designer.db"
    path.write_bytes(b"not a database, " * 100)
    with pytest.raises(InfrastructureError, match="S002"):
        Database(path)


def test_a_full_disk_and_a_locked_file_are_told_apart(tmp_path):
    full = as_infrastructure_error(sqlite3.OperationalError("database or disk is full"), tmp_path)
    locked = as_infrastructure_error(sqlite3.OperationalError("database is locked"), tmp_path)
    assert (full.code, locked.code) == ("S001", "S002")


def test_a_full_disk_refuses_the_edit_and_loses_nothing(database):
    fill(database, 1)
    limit = "PRAGMA max_page_count = 1"

    def fill_up(session):
        session.exec(text(limit))
        big = logged(2, "description", after="x" * 2_000_000)
        PipelineStore(session).append("p", [big], EMPTY)

    with pytest.raises(InfrastructureError, match="S001"):
        database.do_now(fill_up)
    assert database.do_now(lambda session: PipelineStore(session).record("p")).revision == 1


def test_only_the_owner_may_read_the_database(database):
    assert database.path.stat().st_mode & 0o777 == 0o600
