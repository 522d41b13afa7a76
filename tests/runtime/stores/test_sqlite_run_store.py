"""What is particular to the SQLite run store: durability, migration, damage, a full disk."""

import sqlite3

import pytest

from runtime.errors import InfrastructureError
from runtime.model import RunEvent
from runtime.stores import SqliteRunStore, StoreFullError
from runtime.stores.changes import EventsHappened, ResultLearned, StoredResult
from runtime.stores.database import Database
from runtime.stores.schema import MIGRATIONS
from tests.runtime.stores.test_run_store_contract import new_run, running


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.db"


def test_what_was_written_is_there_for_the_next_process(path):
    store = SqliteRunStore(path)
    store.create_run(new_run(), b"{}")
    store.apply([running()])
    other = SqliteRunStore(path)
    assert other.step_runs("r1")["a"].status == "running"
    assert other.sequence == store.sequence == 1
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_of_a_newer_designer_is_refused(path):
    SqliteRunStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    with pytest.raises(InfrastructureError) as raised:
        SqliteRunStore(path)
    assert raised.value.code == "S004"


def test_a_file_that_is_no_database_is_refused_with_a_code(path):
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(InfrastructureError) as raised:
        SqliteRunStore(path)
    assert raised.value.code == "S002"


def test_a_half_done_migration_leaves_the_file_as_it_was(path, monkeypatch):
    SqliteRunStore(path).close()
    broken = (*MIGRATIONS, "CREATE TABLE extra (a); SELECT nonsense FROM nowhere")
    monkeypatch.setattr("runtime.stores.schema.MIGRATIONS", broken)
    with pytest.raises(InfrastructureError):
        SqliteRunStore(path)
    monkeypatch.undo()
    store = SqliteRunStore(path)
    tables = store._db.all("SELECT name FROM sqlite_master WHERE name='extra'")
    assert tables == []


def test_a_full_disk_is_told_apart_and_nothing_was_written(path):
    store = SqliteRunStore(path)
    store.create_run(new_run(), b"{}")
    pages = store._db.one("PRAGMA page_count")[0]
    store._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreFullError) as raised:
        store.create_run(new_run("r2", steps=[f"s{n}" for n in range(500)]), b"x" * 100_000)
    assert raised.value.code == "S001"
    store._db.execute("PRAGMA max_page_count=1000000")
    assert store.run("r2") is None
    assert store.create_run(new_run("r2"), b"{}").number == 2


def test_a_damaged_row_is_set_aside_and_the_others_are_read(path):
    store = SqliteRunStore(path)
    store.create_run(new_run(), b"{}")
    store.create_run(new_run("r2"), b"{}")
    store._db.execute("UPDATE run SET record='{' WHERE id='r1'")
    store._db.execute("UPDATE step SET record=x'00ff' WHERE run=2 AND position=0")
    assert [run.status for run in store.runs()] == ["running", "failed"]
    assert store.runs()[1].error.code == "S003"
    assert store.run("r2").steps["a"].error.code == "S003"
    assert store.run("r2").steps["b"].status == "queued"
    assert len(store._db.all("SELECT * FROM quarantine")) == 2


def test_a_damaged_result_is_as_good_as_none_and_is_set_aside(path):
    store = SqliteRunStore(path)
    result = StoredResult(run_id="r1", run_number=1, step="a", inputs=(), outputs={})
    store.apply([ResultLearned(keys=("good", "bad"), result=result)])
    store._db.execute("UPDATE result SET stored='{' WHERE key='bad'")
    assert store.look_up(["good", "bad"]) == {"good": result}
    store.forget_results(lambda outputs: True)
    assert store._db.all("SELECT key FROM result") == [("good",)]
    assert store._db.all("SELECT source, key FROM quarantine") == [("result", "bad")]


def test_a_damaged_event_is_left_out_and_the_others_are_told(path):
    store = SqliteRunStore(path)
    run = store.create_run(new_run(), b"{}")
    first = store.sequence
    for number in (1, 2):
        event = RunEvent(sequence=first + number, run_id=run.id, kind="step", step="a")
        store.apply([EventsHappened(run_id=run.id, events=(event,))])
    store._db.execute("UPDATE event SET events='{' WHERE last_sequence=?", (first + 1,))
    assert [event.sequence for event in store.events(after=first)] == [first + 2]
    assert store._db.all("SELECT source, key FROM quarantine") == [("event", str(first + 1))]


def test_making_room_in_the_log_changes_nothing(path):
    store = SqliteRunStore(path)
    store.create_run(new_run(), b"{}")
    store.expect(100)
    assert path.with_name("runs.db-wal").stat().st_size >= 4 << 20
    other = Database(path)
    store.apply([running()])
    assert other.one("SELECT status FROM step WHERE position=0")[0] == "running"
    assert other.one("PRAGMA integrity_check")[0] == "ok"
