"""R-22: identical steps at the same time, and stored outputs that were damaged, removed, cut short."""

import os

import msgspec

from runtime.execution.engine import Engine
from runtime.execution.lock import WorkspaceLock
from runtime.model import Plan
from runtime.stores import FolderArtifactStore
from tests.chaos.oracle import Ledger, check
from tests.chaos.row import Row
from tests.runtime.execution.plans import plan, step

_DAMAGES = ("flip", "cut", "remove")


def share_and_mend(trial):
    """Runs of overlapping work compute each step once; what is damaged then is computed again."""
    shared = damaged = cancelled = 0
    for number in range(trial.count):
        dice = trial.dice(number)
        at = _Place(trial, number, dice)
        runs = at.finish([at.work() for _ in range(3)])
        shared += at.expect_computed_once(runs)
        damaged += at.expect_mended(runs[0])
        cancelled += at.expect_others_go_on()
        at.close()
    return (
        f"{shared} steps waited for the same step and took its result, each computed once; "
        f"{damaged} damaged outputs found and made again; {cancelled} runs cancelled beside runs that waited for them"
    )


class _Place:
    """One workspace with its engine; the seed decides what runs there and what becomes of it."""

    def __init__(self, trial, number, dice):
        self.dice = dice
        self.workspace = trial.workspace(f"{number}")
        self.ledger = Ledger(trial.folder / f"ledger{number}")
        self.lock = WorkspaceLock(self.workspace.lock_file, kind="embedded")
        self.engine = Engine(self.workspace, cpus=3)
        self.salt = 0

    def close(self):
        self.engine.close()
        self.lock.release()

    def work(self):
        """A few steps of few kinds, so that several runs have many in common."""
        steps = []
        for index in range(self.dice.randint(3, 8)):
            needs = self.dice.sample([one.id for one in steps], min(len(steps), 1))
            parameters = {
                "value": self.salt + self.dice.randint(1, 3),
                "ledger": str(self.ledger.path),
                "seconds": 0.02,
            }
            steps.append(step(f"s{index}", needs, call="remember", parameters=parameters,
                              cpus=self.dice.choice((1, 1, 2, 3))))  # fmt: skip
        return plan(*steps)

    def finish(self, plans, cancelled=()):
        began = [self.engine.submit(one) for one in plans]
        for index in cancelled:
            self.engine.turn(0.001)
            self.engine.cancel(began[index].id)
        while self.engine.is_busy:
            self.engine.turn(1)
        return [self.engine.store.run(run.id) for run in began]

    def expect_computed_once(self, runs):
        records = [record for run in runs for record in run.steps.values()]
        assert all(record.status == "completed" for record in records)
        computed = [record.fingerprint for record in records if not record.reused]
        assert len(set(computed)) == len(computed) == len(self.ledger.starts()), "computed twice"
        return sum("same step was running" in record.reason for record in records)

    def expect_mended(self, run):
        outputs = {record.outputs["value"].digest for record in run.steps.values()}
        digests = self.dice.sample(sorted(outputs), self.dice.randint(1, min(3, len(outputs))))
        artifacts = FolderArtifactStore(self.workspace.artifacts)
        for digest in digests:
            _damage(artifacts.path(digest), self.dice)
        (again,) = self.finish([self.same_plan(run)])
        made = {one.outputs["value"].digest for one in again.steps.values() if not one.reused}
        assert made == set(digests), "not just what was damaged was made again"
        check(self.workspace, again.id)
        return len(digests)

    def same_plan(self, run):
        return msgspec.json.decode(self.engine.store.plan(run.id), type=Plan)

    def expect_others_go_on(self):
        """Three runs want the same; those that are cancelled, in any order, hold up nobody."""
        self.salt = 1_000
        work = self.work()
        chosen = self.dice.sample(range(3), self.dice.randint(1, 2))
        runs = self.finish([work] * 3, chosen)
        for index, run in enumerate(runs):
            assert run.status == "completed" or index in chosen, run
        return sum(run.status == "cancelled" for run in runs)


def _damage(path, dice):
    """Flip a bit and set the file's time back, cut the file short, or remove it."""
    match dice.choice(_DAMAGES):
        case "flip":
            facts, data = path.stat(), bytearray(path.read_bytes())
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            path.chmod(0o600)
            path.write_bytes(data)
            os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        case "cut":
            os.truncate(path, path.stat().st_size - 1)
        case "remove":
            path.unlink()


ROWS = (
    Row(
        id="R-22",
        done="the same steps at the same time, runs cancelled meanwhile; stored outputs flipped in one bit, "
        "cut short, removed; parameters, inputs, versions changed or not",
        part="engine and workers, reuse index in `runs.db`, artifacts",
        goal="0 false hits, damage computed again, identical steps computed once",
        measure=share_and_mend,
        quick=2,
        long=60,
        tests=(
            "tests/runtime/execution/test_reuse.py",
            "tests/runtime/execution/test_same_work.py",
            "tests/runtime/execution/test_preview.py::test_what_a_preview_is_certain_of_is_what_the_run_does",
            "tests/end_to_end/test_poison.py::test_a_damaged_artifact_has_a_code_and_is_made_again",
        ),
        missing="a bit that rots on the disk below the file system moves no file's times and is not found by reuse",
    ),
)  # fmt: skip
