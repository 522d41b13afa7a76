"""What is particular to the SQLite run store: durability, migration, damage, a full disk."""

import sqlite3

import msgspec
import pytest

from runtime.errors import InfrastructureError
from runtime.model import ArtifactRef, RunEvent, Scope, StepRun
from runtime.stores import SqliteRunStore, StoreFullError
from runtime.stores.changes import (
    EventsHappened,
    ResultLearned,
    RunChanged,
    StepChanged,
    StepExecuted,
    StoredResult,
)
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


REF = ArtifactRef(type="Value", digest="b3:" + "1" * 64, bytes=3, format="json")


def executed(number=1, *, position=0, step="a", input_bytes=1000, seconds=1.0, **fields):
    return StepExecuted(
        run_number=number,
        position=position,
        step=step,
        module="test.add 1.0.0",
        recipe="b3:recipe",
        target="local",
        at=7.0,
        input_bytes=input_bytes,
        outputs=(REF.digest,),
        seconds=seconds,
        **fields,
    )


def completed(number=1, *, position=0, before=("queued", 0)):
    record = StepRun(
        step="ab"[position], status="completed", finished_at=9.0, outputs={"value": REF}
    )
    return StepChanged(
        run_number=number, position=position, before=before, fence=before[1], record=record
    )


def test_what_steps_took_is_found_by_module_version(path):
    store = SqliteRunStore(path)
    store.create_run(new_run(), b"{}")
    store.apply([executed(cpu_seconds=2.0, peak_memory_bytes=5 << 20)])
    (found,) = store.measurements.of(["test.add 1.0.0"])["test.add 1.0.0"]
    assert (found.size, found.seconds, found.cpu_seconds) == (10, 1.0, 2.0)
    assert found.memory_bytes == 5 << 20
    assert store.measurements.of(["test.add 2.0.0"]) == {"test.add 2.0.0": []}


def test_of_each_size_only_the_newest_measurements_are_kept(path):
    store = SqliteRunStore(path)
    store.apply([executed(number, seconds=number) for number in range(1, 101)])
    store.apply([executed(number, input_bytes=1 << 20, seconds=1) for number in range(1, 4)])
    found = store.measurements.of(["test.add 1.0.0"])["test.add 1.0.0"]
    assert sorted(one.seconds for one in found if one.size == 10) == list(range(85, 101))
    assert len([one for one in found if one.size == 21]) == 3


def test_the_first_step_that_made_an_artifact_is_where_it_comes_from(path):
    store = SqliteRunStore(path)
    for number in (1, 2):
        store.create_run(new_run(f"r{number}"), b"{}")
        store.apply([completed(number), executed(number)])
    origin = store.origins([REF.digest, "b3:unknown"])
    assert set(origin) == {REF.digest}
    assert (origin[REF.digest].run_id, origin[REF.digest].run_number) == ("r1", 1)
    assert origin[REF.digest].artifact == REF


def test_artifacts_of_an_older_workspace_are_found_too(path, monkeypatch):
    monkeypatch.setattr("runtime.stores.schema.MIGRATIONS", MIGRATIONS[:1])
    store = SqliteRunStore(path)
    store.create_run(new_run(), b"{}")
    store.apply([completed()])
    damaged = b'{"outputs": {"value"'
    store._db.execute("UPDATE step SET status='completed', record=? WHERE step='b'", (damaged,))
    store.close()
    monkeypatch.undo()
    assert SqliteRunStore(path).origins([REF.digest])[REF.digest].step == "a"


def ended(store, run_id, *, scope=None, **statuses):
    """Accept a run and bring its steps into these states."""
    run = store.create_run(new_run(run_id, steps=tuple(statuses)), b"{}")
    changes = [
        StepChanged(
            run_number=run.number,
            position=position,
            before=("queued", 0),
            fence=0,
            record=StepRun(step=name, status=status, reason=f"in {run_id}"),
        )
        for position, (name, status) in enumerate(statuses.items())
    ]
    ending = msgspec.structs.replace(run, status="failed", scope=scope or Scope(), steps={})
    store.apply([*changes, RunChanged(record=ending)])


def test_how_each_step_ended_when_it_last_ran_goes_back_to_the_last_whole_run(path):
    store = SqliteRunStore(path)
    ended(store, "r1", a="failed", gone="failed")
    ended(store, "r2", a="completed", b="failed", c="completed")
    ended(store, "r3", scope=Scope(only=("c",)), c="cancelled")
    store.create_run(new_run("r4"), b"{}")
    found = store.history.latest_outlines("p", "Test")
    assert {name: one.status for name, one in found.items()} == {
        "a": "completed",
        "b": "failed",
        "c": "cancelled",
    }


def test_a_store_in_memory_is_empty_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = SqliteRunStore(None)
    assert store.runs() == [] and store.look_up(["b3:x"]) == {}
    store.close()
    assert list(tmp_path.iterdir()) == []
