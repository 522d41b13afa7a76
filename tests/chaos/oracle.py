"""What must hold after every fault, whatever it was: the invariants I1 to I7 and I9.

I8 (pages equal the database) is seen by the tests in a browser; I10 (an audit chain) the product
does not have. That a run ended at all without a person is I9.
"""

import contextlib
import os
import sqlite3
from pathlib import Path

import msgspec

from runtime.execution.lock import holder
from runtime.model import TERMINAL, Plan
from runtime.stores import FolderArtifactStore, SqliteRunStore
from runtime.targets.process import start_time


class Ledger:
    """What steps themselves wrote down, each line with O_APPEND and fsync: the engine has no hand in it."""

    def __init__(self, path):
        self.path = Path(path)

    def starts(self):
        """Pairs of a step and when one of its attempts began."""
        return [(word[1], float(word[3])) for word in self._words() if word[0] == "start"]

    def _words(self):
        text = self.path.read_text() if self.path.exists() else ""
        return [line.split() for line in text.splitlines()]


def check(workspace, run_id, ledger=None):
    """Fail with all that does not hold of an ended run."""
    found = violations(workspace, run_id, ledger)
    assert not found, "\n".join([*found, _log_of(workspace)])


def violations(workspace, run_id, ledger=None):
    """What does not hold, in words that begin with the invariant's number."""
    with contextlib.closing(SqliteRunStore(workspace.runs_db)) as store:
        run, plan = store.run(run_id), msgspec.json.decode(store.plan(run_id), type=Plan)
        events = list(store.events(after=0))
        sequence = store.sequence
    return [
        *_broken_databases(workspace),
        *_lost_outputs(workspace, run),
        *_repeated(run, events, ledger),
        *_leftovers(workspace),
        *_wrong_ends(run, plan),
        *_gaps(events, sequence),
    ]


def _broken_databases(workspace):
    for path in (workspace.runs_db, workspace.designer_db):
        if not path.exists():
            continue
        with contextlib.closing(sqlite3.connect(path)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                yield f"I1: {path.name} is corrupt"
            if connection.execute("PRAGMA foreign_key_check").fetchall():
                yield f"I1: {path.name} has rows that refer to nothing"


def _lost_outputs(workspace, run):
    artifacts = FolderArtifactStore(workspace.artifacts)
    for name, record in run.steps.items():
        for port, ref in record.outputs.items():
            if record.status == "completed" and not artifacts.verify(ref.digest):
                yield f"I2: output {name}.{port} is missing or has other bytes"


def _repeated(run, events, ledger):
    ended = {}
    for event in events:
        if event.run_id == run.id and event.kind == "step" and event.status == "completed":
            if event.step in ended:
                yield f"I3: {event.step} was accepted twice"
            ended[event.step] = event.at
    for name, record in run.steps.items():
        if record.status == "completed" and name not in ended:
            yield f"I3: {name} was never accepted"
    for name, began in ledger.starts() if ledger is not None else ():
        if name in ended and began > ended[name]:
            yield f"I3: {name} began again {began - ended[name]:.3f} s after it was accepted"


def _leftovers(workspace):
    who = holder(workspace.lock_file)
    if who is None and (pids := using(workspace.path)):
        yield f"I4: nobody holds the workspace, but these use it: {sorted(pids)}"
    for path in workspace.path.rglob("*.part"):
        if workspace.runs not in path.parents:  # attempts are given up with their folder
            yield f"I4: {path} is half of a file"


def _wrong_ends(run, plan):
    """Evaluate the graph anew from the ends of its steps, with no word of the engine's code."""
    if run.status not in TERMINAL:
        yield f"I5: the run is {run.status}"
    status = {name: record.status for name, record in run.steps.items()}
    for step in plan.steps:
        needs = {*step.after, *(wire.step for wire in step.inputs)}
        if status[step.id] not in TERMINAL:
            yield f"I5: {step.id} is {status[step.id]} in a run that has ended"
        if status[step.id] == "completed" and any(status[one] != "completed" for one in needs):
            yield f"I5: {step.id} completed before what it needs"
    wanted = next((one for one in ("cancelled", "failed") if one in status.values()), "completed")
    if run.status != wanted:
        yield f"I5: the run is {run.status}, its steps say {wanted}"


def _gaps(events, sequence):
    if [event.sequence for event in events] != list(range(1, sequence + 1)):
        yield "I7: the event log has gaps"


def using(folder):
    """Processes whose files, folder or environment lie below a folder; this one is not among them."""
    found = set()
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        if int(pid) != os.getpid() and start_time(int(pid)) and _uses(pid, f"{folder}/"):
            found.add(int(pid))
    return found


def _uses(pid, folder):
    with contextlib.suppress(OSError):
        if folder.encode() in Path(f"/proc/{pid}/environ").read_bytes():
            return True
        links = [f"/proc/{pid}/cwd", *(one.path for one in os.scandir(f"/proc/{pid}/fd"))]
        for link in links:
            with contextlib.suppress(OSError):
                if f"{os.readlink(link)}/".startswith(folder):
                    return True
    return False


def _log_of(workspace):
    path = workspace.path / "runner.log"
    return path.read_text()[-3000:] if path.exists() else ""
