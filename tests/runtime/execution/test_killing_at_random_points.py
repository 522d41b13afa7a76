"""One graph, three victims, 25 kills each: nothing finished runs again, nothing is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from runtime.execution.client import SyncRunnerClient, ensure_runner, runner_of
from runtime.execution.lock import holder
from runtime.model import TERMINAL
from runtime.stores import FolderArtifactStore, SqliteRunStore
from tests.runtime.execution.conftest import end_runner
from tests.runtime.execution.plans import plan, step

KILLS = 25
SEED = 20_240_229


def forty_steps(ledger, nonce, dice):
    """A fan of 10, five diamonds and a chain; a third of the steps run alone."""

    def one(name, needs=()):
        return step(
            name,
            needs,
            call="remember",
            isolated=dice.random() < 0.3,
            retries=9,
            parameters={
                "value": 1,
                "ledger": str(ledger),
                "nonce": nonce,
                "name": name,
                "seconds": dice.uniform(0.005, 0.05),
            },
        )

    steps = [one("root")]
    steps += [one(f"fan{n}", ["root"]) for n in range(10)]
    for n in range(5):
        steps += [one(f"left{n}", [f"fan{n}"]), one(f"right{n}", [f"fan{n}"])]
        steps += [one(f"join{n}", [f"left{n}", f"right{n}"])]
    steps += [one("gather", [f"join{n}" for n in range(5)] + [f"fan{n}" for n in range(5, 10)])]
    steps += [one("chain0", ["gather"])]
    steps += [one(f"chain{n}", [f"chain{n - 1}"]) for n in range(1, 12)]
    return plan(*steps, name=f"forty {nonce}")


class Witness:
    """Remembers at each kill which steps were finished, and later finds those that ran again."""

    def __init__(self, workspace, ledger):
        self._workspace = workspace
        self._ledger = ledger
        self._seen = []

    def look(self, run_id):
        store = SqliteRunStore(self._workspace.runs_db)
        finished = {
            name for name, record in store.step_runs(run_id).items() if record.status == "completed"
        }
        store.close()
        self._seen.append((finished, len(self._lines())))

    def repeated(self):
        lines = self._lines()
        return [
            line
            for finished, length in self._seen
            for line in lines[length:]
            if line.startswith("start ") and line.split()[1] in finished
        ]

    def forget(self):
        self._seen = []

    def _lines(self):
        return self._ledger.read_text().splitlines() if self._ledger.exists() else []


def check_whole(workspace, run_id):
    store = SqliteRunStore(workspace.runs_db)
    run = store.run(run_id)
    events = list(store.events(after=0, run_id=run_id))
    store.close()
    errors = {name: (one.attempts, one.error) for name, one in run.steps.items() if one.error}
    log = workspace.path / "runner.log"
    assert run.status == "completed", (errors, log.read_text()[-3000:] if log.exists() else "")
    artifacts = FolderArtifactStore(workspace.artifacts)
    for record in run.steps.values():
        assert record.status == "completed"
        assert all(artifacts.verify(ref.digest) for ref in record.outputs.values())
    completed = [e.step for e in events if e.kind == "step" and e.status == "completed"]
    assert sorted(completed) == sorted(run.steps)


class Runner:
    """The runner process as victim."""

    def __init__(self, workspace, dice):
        self.workspace = workspace
        self.dice = dice

    def begin(self, work):
        ensure_runner(self.workspace.path)
        with SyncRunnerClient(runner_of(self.workspace.path).socket) as client:
            return client.submit(work).id

    def kill(self):
        who = holder(self.workspace.lock_file)
        os.kill(who.pid, signal.SIGKILL)
        while holder(self.workspace.lock_file) is not None:
            time.sleep(0.001)

    def go_on(self):
        ensure_runner(self.workspace.path)

    def end(self):
        end_runner(self.workspace)


class Worker(Runner):
    """A random worker or zygote of a runner as victim."""

    def kill(self):
        runner = holder(self.workspace.lock_file).pid
        zygotes = children(runner)
        victims = [*zygotes, *(pid for zygote in zygotes for pid in children(zygote))]
        if victims:
            with suppress(ProcessLookupError):
                os.kill(self.dice.choice(victims), signal.SIGKILL)


class Embedded:
    """A program that hosts the engine itself, as victim; started again it finishes the run."""

    def __init__(self, workspace, dice):
        self.workspace = workspace
        self._process = None

    def begin(self, work):
        path = self.workspace.path / "plan.json"
        path.write_bytes(msgspec.json.encode(work))
        self._start(str(path))
        while True:
            store = SqliteRunStore(self.workspace.runs_db)
            found = [run.id for run in store.runs(limit=1) if run.name == work.name]
            store.close()
            if found:
                return found[0]
            time.sleep(0.005)

    def kill(self):
        self._process.kill()
        self._process.wait()

    def go_on(self):
        self._start()

    def end(self):
        self._process.wait(timeout=60)

    def _start(self, *arguments):
        script = Path(__file__).with_name("embedding_program.py")
        self._process = subprocess.Popen(
            [sys.executable, script, str(self.workspace.path), *arguments]
        )


def children(pid):
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []


@pytest.mark.slow
@pytest.mark.parametrize("victim", [Runner, Worker, Embedded])
def test_no_finished_step_runs_again_whatever_is_killed(workspace, tmp_path, victim):
    dice = random.Random(f"{SEED} {victim.__name__}")
    ledger = tmp_path / "ledger"
    witness, target = Witness(workspace, ledger), victim(workspace, dice)
    kills = rounds = 0
    while kills < KILLS:
        run_id = target.begin(forty_steps(ledger, rounds, dice))
        while not is_over(workspace, run_id):
            if kills < KILLS:
                time.sleep(dice.uniform(0.02, 0.35))
                target.kill()
                witness.look(run_id)
                target.go_on()
                kills += 1
            else:
                time.sleep(0.02)
        assert witness.repeated() == []
        check_whole(workspace, run_id)
        witness.forget()
        rounds += 1
    target.end()


def is_over(workspace, run_id):
    store = SqliteRunStore(workspace.runs_db)
    run = store.run(run_id)
    store.close()
    return run.status in TERMINAL
