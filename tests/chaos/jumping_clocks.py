"""R-19: the wall clock jumps while a run goes on."""

import time

from runtime.execution.engine import Engine
from runtime.execution.lock import WorkspaceLock
from tests.chaos.oracle import check
from tests.chaos.row import Row
from tests.runtime.execution.plans import plan, step

_JUMPS_S = (-86_400, -3_600, -1, 0, 1, 3_600, 86_400)


def jump(trial):
    """Whatever the wall clock says, durations are not negative and time limits are kept."""
    dice = trial.dice()
    for number in range(trial.count):
        workspace = trial.workspace(f"{number}")
        lock = WorkspaceLock(workspace.lock_file, kind="embedded")
        engine = Engine(workspace, clock=lambda: time.time() + dice.choice(_JUMPS_S))
        work = plan(
            step("long", call="hang", timeout_s=0.5),
            *[step(f"s{n}", [f"s{n - 1}"] if n else []) for n in range(5)],
            failure_policy="continue",
        )
        began = time.monotonic()
        run = engine.submit(work)
        while engine.is_live(run.id):
            engine.turn()
        run, seconds = engine.ended(run), time.monotonic() - began
        engine.close()
        lock.release()
        assert run.steps["long"].error.code == "R001" and seconds < 5, (run, seconds)
        assert all(run.steps[f"s{n}"].status == "completed" for n in range(5))
        assert all((one.seconds or 0) >= 0 for one in (run, *run.steps.values()))
        check(workspace, run.id)
    return f"{trial.count} runs under jumps of up to a day: limits kept, no negative duration"


ROWS = (
    Row(
        id="R-19",
        done="the wall clock jumps by up to a day back and forth at every look",
        part="the engine and its workers; the clock is injected",
        goal="durations ≥ 0, limits kept",
        measure=jump,
        quick=1,
        long=40,
        missing="time zones and schedules, which are not there yet",
    ),
)
