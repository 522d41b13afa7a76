"""What running steps take: told while they run, and kept however they end."""

import os
import signal
import threading
import time

import pytest

from runtime.execution.client import SyncRunnerClient, runner_of
from runtime.execution.embedded import hosted_engine, run_plan
from tests.runtime.execution.conftest import end_runner
from tests.runtime.execution.plans import plan, step

MB = 1 << 20


def burning(isolated=False, **parameters):
    parameters = {"seconds": 1.6, "megabytes": 60, **parameters}
    return plan(step("hot", call="burn", parameters=parameters, isolated=isolated))


def meters(events):
    return [event.data for event in events if event.kind == "meter"]


@pytest.mark.slow
@pytest.mark.parametrize("isolated", [False, True])
def test_a_running_step_tells_what_it_and_its_children_take(workspace, isolated):
    events = []
    run = run_plan(burning(isolated), workspace, on_event=events.append)
    told = meters(events)
    assert len(told) >= 2
    last = told[-1]
    assert last["memory_bytes"] > 100 * MB, "60 MB here and 40 MB in the child"
    assert 0 < last["cpu_percent"] <= 100 * os.cpu_count() + 50
    assert last["peak_memory_bytes"] >= last["memory_bytes"] - 10 * MB
    assert "gpu_percent" not in last
    record = run.steps["hot"]
    assert record.peak_memory_bytes > 100 * MB
    assert 0.5 < record.cpu_seconds < 20


@pytest.mark.slow
@pytest.mark.parametrize("isolated", [False, True])
def test_a_killed_step_keeps_what_was_seen_of_it(workspace, isolated):
    run = run_plan(burning(isolated, dies=True), workspace)
    record = run.steps["hot"]
    assert (record.status, record.error.code) == ("failed", "R003")
    assert record.peak_memory_bytes > 90 * MB and record.cpu_seconds > 0.3


@pytest.mark.slow
def test_a_step_that_outlived_its_engine_is_measured_by_the_next_one(runner):
    with SyncRunnerClient(runner_of(runner.path).socket) as client:
        run = client.submit(burning(isolated=True, seconds=3))
    time.sleep(1.0)
    end_runner(runner, signal.SIGKILL)
    events = []
    with hosted_engine(runner, lambda event: events.append(event)) as engine:
        engine.resume()
        while engine.is_live(run.id):
            engine.turn()
        record = engine.store.run(run.id).steps["hot"]
    assert record.attempts == 1 and record.status == "completed"
    assert meters(events) and record.peak_memory_bytes > 90 * MB and record.cpu_seconds > 1


def test_a_short_step_keeps_what_it_took_though_nothing_is_told_of_it_at_once(workspace):
    events = []
    run = run_plan(plan(step("a")), workspace, on_event=events.append)
    began = run.steps["a"].started_at
    assert all(event.at > began + 0.25 for event in events if event.kind == "meter")
    assert run.steps["a"].cpu_seconds >= 0 and run.steps["a"].peak_memory_bytes > MB


def test_measuring_starts_no_thread_where_there_is_no_gpu(workspace):
    before = threading.active_count()
    run_plan(plan(step("a", call="hang", parameters={"seconds": 0.6})), workspace)
    time.sleep(0.05)
    assert threading.active_count() == before
