import asyncio
import os
import signal
import time

import pytest

from runtime.errors import InfrastructureError, RequestError
from runtime.execution.client import RunnerClient, SyncRunnerClient, ensure_runner, runner_of
from runtime.execution.embedded import hosted_engine, resume_runs, run_plan
from runtime.execution.lock import WorkspaceLock, holder
from runtime.execution.runner import run_runner
from runtime.stores import SqliteRunStore
from tests.runtime.execution.conftest import end_runner
from tests.runtime.execution.plans import chain, plan, step


async def test_a_submitted_run_can_be_followed_to_its_end(runner):
    follower = await RunnerClient.connect(runner.path)
    events = []

    async def follow():
        async for event in follower.follow(after=0):
            events.append(event)
            if event.kind == "run" and event.status == "completed":
                return

    following = asyncio.create_task(follow())
    client = await RunnerClient.connect(runner.path)
    run = await client.submit(chain(3))
    await asyncio.wait_for(following, 10)
    assert run.number == 1
    kept = [event for event in events if event.kind in ("run", "step")]
    assert [event.sequence for event in kept] == list(range(1, len(kept) + 1))
    ended = await client.run(run.id)
    assert [step.status for step in ended.steps.values()] == ["completed"] * 3
    await client.close()
    await follower.close()


def test_an_embedded_run_goes_to_the_runner_that_holds_the_workspace(runner):
    events = []
    run = run_plan(chain(3), runner, on_event=events.append)
    assert run.status == "completed"
    assert events[-1].kind == "run" and events[-1].status == "completed"


def test_a_second_runner_refuses_at_once_and_names_the_first(runner):
    with pytest.raises(InfrastructureError) as raised:
        run_runner(runner.path)
    assert raised.value.code == "R007"
    assert raised.value.record.details["pid"] == holder(runner.lock_file).pid


def test_the_lock_of_a_killed_runner_is_taken_over(runner):
    end_runner(runner, signal.SIGKILL)
    WorkspaceLock(runner.lock_file, kind="embedded").release()


def test_ensuring_a_runner_replaces_a_dead_one_and_keeps_a_living_one(runner):
    first = runner_of(runner.path).pid
    ensure_runner(runner.path)
    assert runner_of(runner.path).pid == first
    end_runner(runner, signal.SIGKILL)
    ensure_runner(runner.path)
    assert runner_of(runner.path).pid != first


def test_a_run_goes_on_where_a_killed_runner_left_it(runner, tmp_path):
    ledger = str(tmp_path / "ledger")
    steps = [
        step(
            f"s{n}",
            [f"s{n - 1}"] if n else [],
            call="remember",
            parameters={"value": 1, "ledger": ledger, "seconds": 0.05, "n": n},
        )
        for n in range(6)
    ]
    with SyncRunnerClient(runner_of(runner.path).socket) as client:
        run = client.submit(plan(*steps))
        time.sleep(0.15)
        os.kill(runner_of(runner.path).pid, signal.SIGKILL)
    ensure_runner(runner.path)
    with SyncRunnerClient(runner_of(runner.path).socket) as client:
        deadline = time.monotonic() + 30
        while client.run(run.id).status == "running" and time.monotonic() < deadline:
            time.sleep(0.02)
        ended = client.run(run.id)
    assert ended.status == "completed"


def test_a_request_that_is_not_one_is_answered_with_a_code(runner):
    with SyncRunnerClient(runner_of(runner.path).socket) as client:
        client._socket.sendall(b'{"id": 1, "verb": "dance"}\n')
        assert client._read().error.code == "G005"
        assert client.ping() == runner_of(runner.path).pid


def test_a_damaged_run_is_set_aside_and_the_others_go_on(runner):
    end_runner(runner)
    slow = plan(step("a", call="hang", isolated=True, parameters={"seconds": 0.5}))
    other = plan(step("b", call="hang", isolated=True, parameters={"seconds": 0.6}), name="other")
    with hosted_engine(runner, None) as engine:
        bad, good = engine.submit(slow), engine.submit(other)
        engine.store._db.execute(
            "UPDATE plan SET content='{' WHERE digest=(SELECT plan FROM run WHERE id=?)", (bad.id,)
        )
    resume_runs(runner)
    store = SqliteRunStore(runner.runs_db)
    assert (store.run(bad.id).status, store.run(bad.id).error.code) == ("failed", "S003")
    assert store.run(good.id).status == "completed"


def test_cancelling_a_run_in_the_runner_ends_it(runner):
    with SyncRunnerClient(runner_of(runner.path).socket) as client:
        run = client.submit(plan(step("a", call="hang"), step("b", ["a"])))
        assert client.cancel(run.id).detail == "cancelling"
        deadline = time.monotonic() + 30
        while client.run(run.id).status == "running" and time.monotonic() < deadline:
            time.sleep(0.02)
        assert client.run(run.id).status == "cancelled"
        with pytest.raises(RequestError) as raised:
            client.run("nonsense")
        assert raised.value.code == "R006"


def test_runs_submitted_together_share_the_processors(runner):
    with SyncRunnerClient(runner_of(runner.path).socket) as client:
        long = client.submit(
            plan(*[step(f"a{n}", call="hang", parameters={"seconds": 0.2, "n": n})
                   for n in range(12)])
        )  # fmt: skip
        short = client.submit(plan(step("b", call="hang", parameters={"seconds": 0.05})))
        deadline = time.monotonic() + 30
        while client.run(short.id).status == "running" and time.monotonic() < deadline:
            time.sleep(0.02)
        assert client.run(short.id).status == "completed"
        assert client.run(long.id).status == "running"
        client.cancel(long.id)
