"""R-08 and R-09: somebody else holds the database's write lock, and many write at once."""

import subprocess
import sys
import threading
import time

from runtime.errors import InfrastructureError
from runtime.execution.embedded import run_plan
from tests.chaos.edits import check_edits, editing
from tests.chaos.oracle import Ledger, check
from tests.chaos.row import Row
from tests.chaos.shapes import twelve_steps


def lock_during_runs(trial):
    """A foreign process takes the write lock of `runs.db` in the middle of a run."""
    dice, waited = trial.dice(), []
    for number in range(trial.count):
        workspace, ledger = trial.workspace(f"{number}"), Ledger(trial.folder / f"{number}.ledger")
        seconds = 12 if number == trial.count - 1 else dice.uniform(0.1, 2)
        work = twelve_steps(ledger.path, f"run {number}", dice)
        first = threading.Event()

        def watch(event, first=first):
            if event.kind == "step" and event.status == "completed":
                first.set()

        holder = threading.Thread(target=_hold_when, args=(first, workspace.runs_db, seconds))
        holder.start()
        began = time.monotonic()
        run = run_plan(work, workspace, on_event=watch)
        holder.join()
        waited.append(time.monotonic() - began - seconds)
        assert run.status == "completed", run.error
        check(workspace, run.id, ledger)
    return f"{trial.count} locks of up to 12 s: every run waited and completed, {max(waited):.1f} s more than the lock at most"


def _hold_when(event, path, seconds):
    event.wait(20)
    hold(path, seconds).wait()


def hold(path, seconds):
    """A process that holds the write lock for so long; it has it when this returns."""
    command = [sys.executable, "-c", _HOLD, str(path), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout.read(1) == b"+"
    return process


_HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("+", end="", flush=True)
sys.stdout.close()
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


def lock_during_edits(trial):
    """The same with `designer.db` while somebody edits."""
    kept = 0
    for number in range(trial.count):
        workspace = trial.workspace(f"{number}").path
        editing(workspace, 1)
        ended = threading.Event()
        holder = threading.Thread(
            target=_hold_now_and_then, args=(ended, workspace, trial.dice(number))
        )
        holder.start()
        acknowledged, done = editing(workspace, 40)
        ended.set()
        holder.join()
        assert done.returncode == 0, done.stderr
        assert "database is locked" not in done.stderr
        check_edits(workspace, acknowledged)
        kept += len(acknowledged)
    return f"{kept} acknowledgements under locks of up to 1 s: none lost, none refused"


def _hold_now_and_then(ended, workspace, dice):
    while not ended.wait(dice.uniform(0.02, 0.1)):
        hold(workspace / "designer.db", dice.uniform(0.1, 1)).wait()


def refuse_when_it_lasts(trial):
    """A run that is submitted while the lock is held for too long is refused with its code."""
    workspace = trial.workspace()
    run_plan(twelve_steps(trial.folder / "ledger", "first", trial.dice()), workspace)
    holder = hold(workspace.runs_db, 13)
    try:
        run_plan(twelve_steps(trial.folder / "ledger", "second", trial.dice()), workspace)
        raise AssertionError("it was accepted although the database was locked")
    except InfrastructureError as exc:
        assert exc.code == "S002" and exc.record.remedy, exc
    finally:
        holder.wait()
    return "refused with S002 and what to do after 10 s, nothing half accepted"


ROWS = (
    Row(
        id="R-08",
        done="another process holds the write lock of `runs.db` during runs, once for 12 s",
        part="SQLite in two processes",
        goal="no lost write, runs wait and go on",
        measure=lock_during_runs,
        quick=1,
        long=20,
    ),
    Row(
        id="R-08",
        done="another process holds the write lock of `designer.db` while somebody edits",
        part="SQLite in two processes",
        goal="no lost edit, no `database is locked`",
        measure=lock_during_edits,
        long=10,
    ),
    Row(
        id="R-08",
        done="a run submitted while the lock is held for longer than 10 s",
        part="SQLite in two processes",
        goal="a code and what to do",
        measure=refuse_when_it_lasts,
        long=1,
    ),
)
