"""Steps that want more memory than they may have: told apart, and nobody else's trouble."""

import os
import signal
import time

import pytest

from runtime.execution.embedded import run_plan
from runtime.model import StepRequest
from runtime.targets.attempt import Attempt
from runtime.targets.endings import KernelKills, death_of
from runtime.targets.machine import memory_for_steps
from tests.runtime.execution.plans import plan, step

MIB = 1 << 20
BOTH = pytest.mark.parametrize("isolated", [False, True], ids=["built-in", "own code"])


def fill(name, *needs, limit_gib=0.2, to_mib=4000, **fields):
    in_child = fields.pop("in_child", False)
    parameters = {"to_mib": to_mib, "in_child": in_child, "name": name}
    return step(name, needs, call="fill", memory_gib=limit_gib, parameters=parameters, **fields)


@BOTH
def test_a_step_that_holds_more_than_its_limit_is_ended_with_both_numbers(workspace, isolated):
    began = time.monotonic()
    run = run_plan(plan(fill("a", isolated=isolated)), workspace)
    record = run.steps["a"]
    assert (record.error.code, record.attempts) == ("R002", 1)
    assert record.error.message.startswith("'a' held 0.2")
    assert "more than its limit of 0.2 GiB" in record.error.message
    limit = int(0.2 * 2**30)
    assert record.error.details["limit_bytes"] == limit
    assert limit < record.error.details["peak_memory_bytes"] < limit + 300 * MIB
    assert record.peak_memory_bytes >= record.error.details["peak_memory_bytes"] - MIB
    assert time.monotonic() - began < 20


def test_what_children_hold_counts_too(workspace):
    run = run_plan(plan(fill("a", in_child=True)), workspace)
    assert run.steps["a"].error.code == "R002"


def test_memory_that_is_reserved_but_never_touched_is_not_held(workspace):
    """Thread stacks and allocators' arenas: a limit on addresses would end such a step."""
    reserving = step("a", call="reserve", memory_gib=0.25, parameters={"mib": 900}, isolated=True)
    assert run_plan(plan(reserving), workspace).status == "completed"


def test_one_piece_that_is_far_too_large_is_refused_at_once_with_the_authors_line(workspace):
    run = run_plan(plan(step("a", call="want_too_much_at_once", memory_gib=0.2)), workspace)
    error = run.steps["a"].error
    assert error.code == "R002" and "limit 0.2 GiB" in error.message
    assert error.frames[-1]["function"] == "want_too_much_at_once"


@BOTH
def test_a_native_library_that_aborts_for_want_of_memory_is_told_apart(workspace, isolated):
    run = run_plan(plan(step("a", call="abort_for_memory", isolated=isolated)), workspace)
    assert (run.steps["a"].error.code, run.steps["a"].attempts) == ("R002", 1)


def test_retries_are_honoured_and_each_attempt_is_limited(workspace):
    run = run_plan(plan(fill("a", retries=1)), workspace)
    assert (run.steps["a"].error.code, run.steps["a"].attempts) == ("R002", 2)


@pytest.mark.slow
def test_ten_out_of_memory_among_other_steps_disturb_none_of_them(workspace):
    greedy = [fill(f"greedy{n}", isolated=bool(n % 2), reuse=False) for n in range(10)]
    honest = [
        step(f"honest{n}", call="hang", parameters={"seconds": 0.2, "n": n}, isolated=bool(n % 2))
        for n in range(10)
    ]
    after = [step(f"after{n}", [f"honest{n}"], parameters={"value": n}) for n in range(10)]
    mixed = [one for pair in zip(greedy, honest, strict=True) for one in pair]
    before = resident()
    run = run_plan(plan(*mixed, *after, failure_policy="continue"), workspace)
    assert {run.steps[one.id].error.code for one in greedy} == {"R002"}
    for one in (*honest, *after):
        assert (run.steps[one.id].status, run.steps[one.id].attempts) == ("completed", 1)
    assert resident() - before < 10 * MIB


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


# -- the kernel's own killings ---------------------------------------------------------------------


def attempt(tmp_path):
    request = StepRequest(
        run_id="r", step_id="a", attempt=1, fence=1, module="m", version="1", digest="",
        entry={"executor": "a:b", "source": ""}, folder=str(tmp_path),
    )  # fmt: skip
    return Attempt(("r", 0), request)


@pytest.fixture
def kernel(monkeypatch):
    """The kernel's counter of killings, in the test's hands."""
    counter = [7]
    monkeypatch.setattr("runtime.targets.endings.oom_kills", lambda: counter[0])
    return counter


def died(one, kills, *, status=signal.SIGKILL):
    return death_of(one, status, peak_memory_bytes=5, was_started=True, kernel=kills).out_of_memory


def test_each_killing_by_the_kernel_explains_one_death(tmp_path, kernel):
    kills, one = KernelKills(), attempt(tmp_path)
    assert not died(one, kills)
    kernel[0] += 2
    assert [died(one, kills) for _ in range(3)] == [True, True, False]


def test_a_kill_of_ours_is_never_taken_for_the_kernels(tmp_path, kernel):
    kills, one = KernelKills(), attempt(tmp_path)
    kernel[0] += 1
    one.is_killed = True
    assert not died(one, kills)
    assert not died(attempt(tmp_path), kills, status=signal.SIGSEGV)


def test_a_killing_of_some_seconds_ago_was_somebody_elses(tmp_path, kernel):
    kills = KernelKills()
    kernel[0] += 1
    kills.look(100.0)
    kills.look(104.0)
    assert not died(attempt(tmp_path), kills)


def test_some_memory_of_the_machine_is_left_to_everything_else(monkeypatch):
    monkeypatch.setattr("runtime.targets.machine._limits", lambda: iter(()))
    sizes = {64: 57.6, 4: 3.0, 1: 0.5}
    for installed, expected in sizes.items():
        monkeypatch.setattr("runtime.targets.machine._installed", lambda n=installed: n << 30)
        assert memory_for_steps() == expected
    monkeypatch.setattr("runtime.targets.machine._limits", lambda: iter([4 << 30]))
    monkeypatch.setattr("runtime.targets.machine._installed", lambda: 64 << 30)
    assert memory_for_steps() == 3.0, "a container's limit is its machine"
