"""R-01 and R-03: programs killed at random moments, and again while they recover."""

import contextlib
import time

from runtime.execution.lock import holder
from runtime.model import TERMINAL
from runtime.stores import SqliteRunStore
from runtime.targets.spawning import processors
from tests.chaos.oracle import Ledger, check
from tests.chaos.row import Row
from tests.chaos.shapes import forty_steps, two_hundred_steps
from tests.chaos.victims import Embedded, Runner, Worker, until, wait_for_end


def kill_at_random(trial, victim, shape):
    """Kill until all kills are used up, in as many runs as that takes."""
    dice, workspace = trial.dice(victim.__name__), trial.workspace(victim.__name__)
    target, kills, runs, repeats, resumed = victim(workspace, dice), 0, 0, 0, []
    while kills < trial.count:
        ledger = Ledger(trial.folder / f"{victim.__name__}.ledger.{runs}")
        run_id = target.begin(shape(ledger.path, f"run {runs}", dice))
        before = kills
        while not _is_over(workspace, run_id) and kills < trial.count:
            time.sleep(dice.uniform(0.02, 0.35))
            target.kill()
            kills += 1
            began = time.monotonic()
            target.go_on()
            _wait_for_recovery(workspace, run_id)
            resumed.append(time.monotonic() - began)
        run = wait_for_end(workspace, run_id)
        assert run.status == "completed", run.error
        check(workspace, run_id, ledger)
        again = len(ledger.starts()) - len(run.steps)
        repeats += again
        assert again <= (kills - before) * _slots(), f"{again} steps in flight ran again"
        runs += 1
    target.end()
    return (
        f"{kills} kills in {runs} runs: no step lost, no finished step repeated, {repeats} steps in "
        f"flight run again, resumed within {max(resumed):.2f} s"
    )


def kill_while_recovering(trial):
    """Kill, then kill whoever recovers, up to ten times, as soon as it holds the workspace."""
    dice, workspace = trial.dice(), trial.workspace()
    target, kills = Runner(workspace, dice), 0
    for number in range(trial.count):
        ledger = Ledger(trial.folder / f"ledger.{number}")
        run_id = target.begin(forty_steps(ledger.path, f"run {number}", dice))
        time.sleep(dice.uniform(0.05, 0.3))
        for _ in range(dice.randint(2, 10)):
            target.kill()
            target.go_on()
            time.sleep(dice.uniform(0, 0.02))
            kills += 1
        assert wait_for_end(workspace, run_id, go_on=target.go_on).status == "completed"
        check(workspace, run_id, ledger)
    target.end()
    return f"{kills} kills in {trial.count} recoveries: all converged, no finished step repeated"


def _wait_for_recovery(workspace, run_id):
    until(lambda: holder(workspace.lock_file) or _is_over(workspace, run_id))


def _slots():
    """Steps that may be in flight at once, those that have just been let go included."""
    return 2 * processors()


def _is_over(workspace, run_id):
    with contextlib.closing(SqliteRunStore(workspace.runs_db)) as store:
        return store.run(run_id).status in TERMINAL


GOAL_1 = "no step lost, no finished step repeated, in flight ≤ slots per kill, resumed ≤ 3 s"

ROWS = (
    Row(
        id="R-01",
        done="the runner killed at random moments of a run of 40 (long: 200) steps",
        part="runner process, its zygotes and workers, `runs.db`, artifacts",
        goal=GOAL_1,
        measure=lambda trial: kill_at_random(
            trial, Runner, forty_steps if trial.count < 100 else two_hundred_steps
        ),
        quick=25,
        long=500,
        tests=("tests/runtime/execution/test_runner.py::test_a_run_goes_on_where_a_killed_runner_left_it",),
    ),
    Row(
        id="R-01",
        done="workers and zygotes killed at random moments",
        part="worker and zygote processes",
        goal=GOAL_1,
        measure=lambda trial: kill_at_random(trial, Worker, forty_steps),
        quick=25,
        long=200,
        tests=("tests/runtime/execution/test_a_thousand_steps.py",),
    ),
    Row(
        id="R-01",
        done="a program that embeds the engine killed at random moments",
        part="program, its zygotes and workers",
        goal=GOAL_1,
        measure=lambda trial: kill_at_random(trial, Embedded, forty_steps),
        quick=25,
        long=200,
    ),
    Row(
        id="R-03",
        done="the recovery itself killed, 2 to 10 times in a row",
        part="runner process",
        goal="converges, recovery is idempotent",
        measure=kill_while_recovering,
        quick=2,
        long=40,
    ),
)  # fmt: skip
