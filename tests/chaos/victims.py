"""Those who are killed: a runner, one of its workers, a program that embeds the engine."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from runtime.crash_points import VARIABLE
from runtime.errors import InfrastructureError
from runtime.execution.client import SyncRunnerClient, ensure_runner, runner_of
from runtime.execution.lock import holder
from runtime.model import TERMINAL
from runtime.stores import SqliteRunStore
from runtime.targets.process import start_time

_PROGRAM = Path(__file__).parents[1] / "runtime/execution/embedding_program.py"


class Runner:
    """The runner's process.

    Args:
        workspace: What it holds.
        dice: Chooses among victims.
    """

    def __init__(self, workspace, dice=None):
        self.workspace = workspace
        self.dice = dice

    def begin(self, plan):
        ensure_runner(self.workspace.path)
        with self.client() as client:
            return client.submit(plan).id

    def client(self):
        return SyncRunnerClient(runner_of(self.workspace.path).socket)

    def kill(self):
        self.end(signal.SIGKILL)

    def go_on(self):
        ensure_runner(self.workspace.path)

    def end(self, number=signal.SIGTERM):
        who = holder(self.workspace.lock_file)
        if who is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(who.pid, number)
            until(lambda: not start_time(who.pid))


class Worker(Runner):
    """A random worker or zygote of a runner."""

    def kill(self):
        runner = holder(self.workspace.lock_file).pid
        zygotes = children(runner)
        victims = [*zygotes, *(pid for zygote in zygotes for pid in children(zygote))]
        if victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.dice.choice(victims), signal.SIGKILL)


class Embedded:
    """A program that hosts the engine itself; started again it finishes the run."""

    def __init__(self, workspace, dice=None):
        self.workspace = workspace
        self._process = None

    def begin(self, plan):
        path = self.workspace.path / "plan.json"
        path.write_bytes(msgspec.json.encode(plan))
        self._start(str(path))
        return until(lambda: self._run_of(plan.name))

    def kill(self):
        self._process.kill()
        self._process.wait()

    def go_on(self):
        self._start()

    def end(self):
        self._process.wait(timeout=60)

    def _run_of(self, name):
        with contextlib.closing(SqliteRunStore(self.workspace.runs_db)) as store:
            return next((run.id for run in store.runs(limit=1) if run.name == name), None)

    def _start(self, *arguments):
        self._process = subprocess.Popen(
            [sys.executable, _PROGRAM, str(self.workspace.path), *arguments]
        )


VICTIMS = (Runner, Worker, Embedded)


@contextlib.contextmanager
def crashing(point, way, mark, *, passes=0, deaths=1):
    """Programs that are started inside the block die at a named point."""
    os.environ[VARIABLE] = f"{point} {way} {passes} {deaths} {mark}"
    try:
        yield
    finally:
        del os.environ[VARIABLE]


def wait_for_end(workspace, run_id, *, most_s=60, go_on=None):
    """Wait until a run has ended; `go_on` is called whenever nobody holds the workspace."""
    with contextlib.closing(SqliteRunStore(workspace.runs_db)) as store:

        def ended():
            if go_on is not None and holder(workspace.lock_file) is None:
                with contextlib.suppress(InfrastructureError):
                    go_on()
            run = store.run(run_id)
            return run if run.status in TERMINAL else None

        return until(ended, most_s=most_s, pause_s=0.02)


def until(condition, *, most_s=30, pause_s=0.003):
    """Wait for a value that is true; gives it."""
    end = time.monotonic() + most_s
    while not (value := condition()):
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(pause_s)
    return value


def children(pid):
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []
