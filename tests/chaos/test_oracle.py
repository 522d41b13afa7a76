"""The oracle sees what is broken: each invariant is violated once, by hand."""

import contextlib
import sqlite3
import time

import pytest

from runtime.execution.embedded import run_plan
from runtime.stores import FolderArtifactStore, Workspace
from tests.chaos.oracle import Ledger, violations
from tests.runtime.execution.plans import plan, step


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oracle")
    ledger = Ledger(folder / "ledger")
    work = plan(step("one", call="remember", parameters={"ledger": str(ledger.path)}))
    workspace = Workspace(folder / "workspace")
    return workspace, run_plan(work, workspace), ledger


def test_a_whole_run_violates_nothing(finished):
    workspace, run, ledger = finished
    assert violations(workspace, run.id, ledger) == []


def test_a_start_after_the_end_is_seen(finished):
    workspace, run, ledger = finished
    whole = ledger.path.read_text()
    ledger.path.write_text(f"{whole}start one 2 {time.time()}\n")
    assert [one[:2] for one in violations(workspace, run.id, ledger)] == ["I3"]
    ledger.path.write_text(whole)


def test_a_damaged_output_and_half_a_file_are_seen(finished):
    workspace, run, _ = finished
    (ref,) = run.steps["one"].outputs.values()
    path = FolderArtifactStore(workspace.artifacts).path(ref.digest)
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(b"9")
    half = workspace.path / "file.part"
    half.touch()
    assert [one[:2] for one in violations(workspace, run.id)] == ["I2", "I4"]
    path.write_bytes(content)
    half.unlink()


@pytest.mark.parametrize(
    ("change", "invariant"),
    [
        ("DELETE FROM event WHERE last_sequence=(SELECT min(last_sequence) FROM event)", "I7"),
        ("UPDATE run SET record=replace(record, '\"completed\"', '\"failed\"')", "I5"),
        ("UPDATE event SET events=replace(events, '\"completed\"', '\"failed\"')", "I3"),
    ],
)
def test_a_changed_record_is_seen(finished, change, invariant):
    workspace, run, ledger = finished
    with contextlib.closing(sqlite3.connect(workspace.runs_db)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        whole = workspace.runs_db.read_bytes()
        connection.execute(change)
        connection.commit()
    assert invariant in [one[:2] for one in violations(workspace, run.id, ledger)]
    workspace.runs_db.write_bytes(whole)
