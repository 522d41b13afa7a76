"""R-13 and R-14: steps that die without a word, freeze, hang, and leave processes behind."""

import os
import signal
import statistics
import time

import msgspec

from runtime.execution.embedded import hosted_engine
from tests.chaos.oracle import using
from tests.chaos.row import Row
from tests.chaos.victims import until
from tests.runtime.execution.plans import plan, step

EXECUTORS = "tests.chaos.stubborn_executors"
LIMIT_S = 0.7

SILENT = ("segfault", "exit_at_once", "kill_itself")
STUBBORN = ("loop", "block", "ignore_term", "with_grandchildren", "with_daemon")


def die_silently(trial):
    """How long after a death the run knows of it, at the latest."""
    seen = []
    for number in range(trial.count):
        call, isolated = SILENT[number % len(SILENT)], number % 2 == 0
        with hosted_engine(trial.workspace(f"{number}"), None) as engine:
            run, seconds = _executed(engine, _one(call, isolated=isolated))
        assert run.status == "failed" and run.error.code in ("M010", "R003", "R002"), run.error
        seen.append(seconds / run.steps["it"].attempts)
    trial.expect_within(max(seen), 1, "seeing a death")
    return f"{len(seen)} deaths, all seen; from start to seen {max(seen):.2f} s at most"


def freeze(trial):
    """A step whose process is stopped is said to be that; continued, it goes on."""
    seen = []
    for number in range(trial.count):
        said, workspace = [], trial.workspace(f"{number}")
        with hosted_engine(workspace, said.append) as engine:
            run = engine.submit(_one("stop_itself", isolated=number % 2 == 0))
            began = time.monotonic()
            while not any("frozen" in str(event.data.get("detail")) for event in said):
                engine.turn(0.1)
                assert time.monotonic() - began < 15, "nobody noticed"
            seen.append(time.monotonic() - began)
            for pid in using(workspace.path):
                os.kill(pid, signal.SIGCONT)
            while engine.is_live(run.id):
                engine.turn()
        assert engine.ended(run).status == "completed"
    return f"{len(seen)} frozen steps told within {max(seen):.1f} s, all went on when continued"


def end_at_limit(trial):
    """Steps that do not want to end: gone with all they started soon after their limit."""
    over = []
    for number in range(trial.count):
        call, isolated = STUBBORN[number % len(STUBBORN)], number // len(STUBBORN) % 2 == 0
        workspace = trial.workspace(f"{number}")
        with hosted_engine(workspace, None) as engine:
            run, seconds = _executed(engine, _one(call, isolated=isolated, timeout_s=LIMIT_S))
            assert run.error.code == "R001", run.error
            until(lambda folder=workspace.path: not steps_in(folder), most_s=2)
        over.append(seconds - LIMIT_S)
    trial.expect_within(max(over), 2, "an end after the limit")
    return f"{len(over)} steps ended {statistics.median(over):.2f} s (at most {max(over):.2f} s) after their limit, 0 survivors"


def leave_nothing(trial):
    """A step that runs alone and is done: what it left running ends too."""
    for number in range(trial.count):
        workspace = trial.workspace(f"{number}")
        with hosted_engine(workspace, None) as engine:
            run, _ = _executed(engine, _one("leave_daemon", isolated=True))
            assert run.status == "completed", run.error
            until(lambda folder=workspace.path: not steps_in(folder), most_s=2)
    return f"{trial.count} daemons left behind, 0 survivors"


def _one(call, **fields):
    made = step("it", call=call, **fields)
    entry = msgspec.structs.replace(made.entry, executor=f"{EXECUTORS}:{call}")
    return plan(msgspec.structs.replace(made, entry=entry), name=call)


def _executed(engine, work):
    began = time.monotonic()
    run = engine.submit(work)
    while engine.is_live(run.id):
        engine.turn()
    return engine.ended(run), time.monotonic() - began


def steps_in(folder):
    """Processes that a step has left: those whose own folder is below the workspace."""
    return [pid for pid in using(folder) if _folder_of(pid).startswith(f"{folder}/runs")]


def _folder_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


ROWS = (
    Row(
        id="R-13",
        done="steps that segfault, `os._exit` and SIGKILL themselves, warm and alone",
        part="worker processes",
        goal="a dead step seen ≤ 1 s",
        measure=die_silently,
        quick=6,
        long=60,
    ),
    Row(
        id="R-13",
        done="steps whose process is stopped (SIGSTOP)",
        part="worker processes",
        goal="a frozen step told ≤ 15 s",
        measure=freeze,
        quick=2,
        long=20,
    ),
    Row(
        id="R-14",
        done="infinite loop, blocked read, SIGTERM ignored, grandchildren, a daemon of its own session",
        part="worker processes and what they start",
        goal="limit enforced within +2 s, 0 survivors",
        measure=end_at_limit,
        quick=10,
        long=200,
    ),
    Row(
        id="R-14",
        done="a step that ends well and leaves a daemon behind",
        part="worker processes and what they start",
        goal="0 survivors",
        measure=leave_nothing,
        quick=1,
        long=20,
    ),
)
