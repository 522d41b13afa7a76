"""R-02: a program dies at each named point in each way, and the next one goes on."""

import contextlib
import itertools
import subprocess
import sys
import time

from runtime.errors import InfrastructureError, InternalError
from runtime.execution.embedded import run_plan
from runtime.stores import SqliteRunStore
from tests.chaos.edits import check_edits, editing
from tests.chaos.oracle import Ledger, check
from tests.chaos.row import Row
from tests.chaos.shapes import twelve_steps
from tests.chaos.victims import Runner, crashing, until, wait_for_end
from tests.runtime.execution.plans import chain

WAYS = ("kill", "term", "exit", "raise")
POINTS = (
    "run.before_accept", "run.after_accept",
    "database.before_commit", "commit.before", "commit.after",
    "step.before_prepare", "step.after_prepare",
    "spawn.before", "spawn.after", "spawn.before_alone", "spawn.after_alone",
    "successor.before_start", "successor.after_start",
    "completion.before_adopt", "completion.after_adopt",
    "artifact.before_move", "artifact.after_move",
    "reuse.before_insert",
)  # fmt: skip
COMMON = POINTS[2:7] + POINTS[11:]
"""Those that one process comes to often."""
IN_WORKERS = (
    "worker.before_claim", "worker.after_claim", "output.before_rename",
    "worker.before_result", "worker.after_result", "worker.before_answer", "worker.after_answer",
)  # fmt: skip
IN_RECOVERY = ("resume.before_adopt", "resume.after_adopt")
CANCELLING = ("cancel.before_mark", "cancel.after_mark")


def die_everywhere(trial):
    """Each point with each way, or as many of the pairs as are asked for, in an order by seed."""
    pairs = list(itertools.product((*POINTS, *IN_WORKERS, *IN_RECOVERY, *CANCELLING), WAYS))
    trial.dice().shuffle(pairs)
    chosen = _spread(pairs, trial.count)
    for number, (point, way) in enumerate(chosen):
        _die_at(trial, number, point, way)
    points = len({point for point, _ in chosen})
    return f"{len(chosen)} deaths at {points} points: all invariants hold"


def _spread(pairs, count):
    """So many pairs that every point comes once before any comes twice."""
    rounds = {}
    for pair in pairs:
        rounds.setdefault(pair[0], []).append(pair)
    spread = [pair for turn in itertools.zip_longest(*rounds.values()) for pair in turn if pair]
    return spread[:count]


def _die_at(trial, number, point, way):
    dice, workspace = trial.dice(point, way), trial.workspace(f"{number}")
    ledger, mark = Ledger(trial.folder / f"{number}.ledger"), trial.folder / f"{number}.mark"
    victim = Runner(workspace, dice)
    plan = twelve_steps(ledger.path, f"run {number}", dice)
    passes = dice.randint(0, 2) if point in COMMON else 0
    try:
        with crashing(point, way, mark, passes=passes):
            run_id = _begin(victim, plan, point)
            until(mark.with_name(f"{mark.name}.0").exists, most_s=20)
            _wait_for_the_end_of_the_victim(victim, way, point)
        victim.go_on()
        if run_id is None:
            run_id = _accepted(workspace) or victim.begin(plan)
        run = wait_for_end(workspace, run_id, go_on=victim.go_on)
        wanted = ("completed", "cancelled") if point in CANCELLING else ("completed",)
        assert run.status in wanted, run.error
        check(workspace, run_id, ledger)
    except AssertionError as exc:
        raise AssertionError(f"{point} by {way} after {passes} passes: {exc}") from exc
    finally:
        victim.end()


def _begin(victim, plan, point):
    """Submit, and where that is the point, cancel or kill; None where nothing was acknowledged."""
    run_id = None
    with contextlib.suppress(InfrastructureError, InternalError):
        run_id = victim.begin(plan)
        if point in IN_RECOVERY:
            time.sleep(0.1)
            victim.kill()
            victim.go_on()
        elif point in CANCELLING:
            with victim.client() as client:
                client.cancel(run_id)
    return run_id


def _wait_for_the_end_of_the_victim(victim, way, point):
    """Those who were killed are gone at once; who was asked to end is given a moment."""
    if way == "term" and point not in IN_WORKERS:
        victim.end()


def _accepted(workspace):
    with contextlib.closing(SqliteRunStore(workspace.runs_db)) as store:
        return next((run.id for run in store.runs(limit=1)), None)


EDITING = (
    "revision.before_commit", "revision.after_commit",
    "file.before_write", "file.before_rename", "file.after_rename",
    "publish.before_settle", "publish.after_settle",
)  # fmt: skip


def die_while_editing(trial):
    """The program that edits dies, is started again and finds all that it had acknowledged."""
    pairs = list(itertools.product(EDITING, WAYS))
    trial.dice().shuffle(pairs)
    kept = 0
    for number, (point, way) in enumerate(chosen := _spread(pairs, trial.count)):
        workspace, mark = trial.workspace(f"{number}").path, trial.folder / f"{number}.mark"
        passes = 0 if point.startswith("publish") else trial.dice(point, way).randint(0, 1)
        with crashing(point, way, mark, passes=passes):
            acknowledged, done = editing(workspace)
        assert mark.with_name(f"{mark.name}.0").exists(), f"{point} was not reached: {done.stderr}"
        check_edits(workspace, acknowledged)
        kept += len(acknowledged)
    return f"{len(chosen)} deaths, {kept} acknowledgements kept, no half file"


COLLECTING = ("collection.before_delete", "collection.after_delete", "collection.before_forget")


def die_while_collecting(trial):
    """A collection dies; the next one ends it, and what was deleted is computed again."""
    pairs = list(itertools.product(COLLECTING, WAYS))
    trial.dice().shuffle(pairs)
    for number, (point, way) in enumerate(chosen := _spread(pairs, trial.count)):
        workspace, mark = trial.workspace(f"{number}"), trial.folder / f"{number}.mark"
        work = chain(6)
        run_plan(work, workspace)
        collecting = [sys.executable, "-m", "tests.chaos.collecting_program", workspace.path]
        with crashing(point, way, mark):
            assert subprocess.run(collecting, capture_output=True).returncode != 0
        subprocess.run(collecting, check=True)
        run = run_plan(work, workspace)
        assert run.status == "completed", run.error
        check(workspace, run.id)
    return f"{len(chosen)} deaths: the next collection ends it, a run after it is whole"


ROWS = (
    Row(
        id="R-02",
        done="a run's programs die at named crash points, by SIGKILL, SIGTERM, exit and exception",
        part="runner, zygote and worker processes, `runs.db`, artifacts",
        goal="every point passes every invariant",
        measure=die_everywhere,
        quick=len(POINTS),
        long=len((*POINTS, *IN_WORKERS, *IN_RECOVERY, *CANCELLING)) * len(WAYS),
    ),
    Row(
        id="R-02",
        done="a program that edits, saves, publishes and declares dies at named crash points",
        part="`designer.db`, pipeline file, module library, `targets.toml`",
        goal="every acknowledged edit is there, no half file",
        measure=die_while_editing,
        quick=3,
        long=len(EDITING) * len(WAYS),
    ),
    Row(
        id="R-02",
        done="a collection dies at named crash points",
        part="artifacts, `runs.db`",
        goal="the next collection ends it",
        measure=die_while_collecting,
        quick=2,
        long=len(COLLECTING) * len(WAYS),
    ),
)
