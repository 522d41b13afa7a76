"""The local target by itself: prepare, go, report; adoption and death."""

import os
import signal
import time

import msgspec
import pytest

from runtime.model import Entry, OutputPort, StepRequest, WorkerEvent
from runtime.targets.attempt import Death
from runtime.targets.local import LocalTarget
from runtime.targets.poller import Poller
from runtime.targets.process import is_same, start_time

EXECUTORS = "tests.runtime.execution.executors"
BOTH = pytest.mark.parametrize("isolated", [False, True], ids=["warm", "alone"])


class Bench:
    """A poller, a target, and everything it reported."""

    def __init__(self, folder):
        self.folder = folder
        self.poller = Poller()
        self.reported = []
        self.target = LocalTarget(
            self.poller,
            self._take,
            threads=1,
            desks=str(folder / "desks"),
            environments=str(folder / "environments"),
        )

    def _take(self, attempt, outcome):
        self.reported.append((attempt, outcome))

    def request(self, call, *, isolated=False, attempt=1, **parameters):
        entry = Entry(executor=f"{EXECUTORS}:{call}", source="executors.py", isolated=isolated)
        folder = self.folder / call / str(attempt)
        return StepRequest(
            run_id="r",
            step_id=call,
            attempt=attempt,
            fence=attempt,
            entry=entry,
            module=f"test.{call}",
            version="1",
            digest="b3:0",
            parameters=parameters,
            outputs=(OutputPort(name="value", type="Value"),),
            folder=str(folder),
            log=str(folder / "out.log"),
        )

    def start(self, request):
        attempt = self.target.prepare(("r", 0), request)
        self.target.go(attempt)
        return attempt

    def wait_for(self, attempt, seconds=10):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for one, outcome in self.reported:
                is_end = isinstance(outcome, Death) or outcome.kind in ("done", "failed")
                if one is attempt and is_end:
                    return outcome
            self.poller.turn(0.05)
        raise AssertionError("the attempt did not end")


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.target.close()


@BOTH
def test_a_step_that_was_prepared_does_nothing_before_it_may(bench, isolated):
    ledger = bench.folder / "ledger"
    attempt = bench.target.prepare(
        ("r", 0), bench.request("remember", isolated=isolated, ledger=str(ledger))
    )
    until = time.monotonic() + 0.3
    while time.monotonic() < until:
        bench.poller.turn(0.05)
    assert not ledger.exists()
    bench.target.go(attempt)
    assert bench.wait_for(attempt).kind == "done"
    assert ledger.exists()


@BOTH
def test_the_result_carries_the_fence_and_the_peak_of_memory(bench, isolated):
    outcome = bench.wait_for(bench.start(bench.request("add", isolated=isolated, attempt=3)))
    assert outcome.data["fence"] == 3
    assert outcome.peak_memory_bytes > 1 << 20


@BOTH
def test_a_death_is_reported_with_its_signal(bench, isolated):
    outcome = bench.wait_for(bench.start(bench.request("kill_itself", isolated=isolated)))
    assert isinstance(outcome, Death)
    assert (outcome.signal, outcome.exit_status) == (signal.SIGKILL, None)


@BOTH
def test_ending_the_process_is_reported_with_its_status(bench, isolated):
    outcome = bench.wait_for(bench.start(bench.request("exit_now", isolated=isolated)))
    assert (outcome.signal, outcome.exit_status) == (None, 3)


@BOTH
def test_a_step_can_be_stopped_before_its_process_is_known(bench, isolated):
    attempt = bench.start(bench.request("hang", isolated=isolated))
    bench.target.stop(attempt)
    assert isinstance(bench.wait_for(attempt), Death)


def test_warm_workers_serve_one_step_after_another_and_failures_end_them(bench):
    def pid_of(outcome):
        path = outcome.outputs["value"].path
        with open(path) as file:
            return int(file.read())

    first = pid_of(bench.wait_for(bench.start(bench.request("pid"))))
    second = pid_of(bench.wait_for(bench.start(bench.request("pid"))))
    assert first == second
    bench.wait_for(bench.start(bench.request("fail")))
    assert pid_of(bench.wait_for(bench.start(bench.request("pid")))) != first


@pytest.mark.slow
def test_a_step_that_runs_alone_outlives_its_engine_and_is_adopted(bench):
    request = bench.request("hang", isolated=True, seconds=1.0)
    attempt = bench.start(request)
    wait_until(lambda: (attempt.folder / "process.json").exists(), bench)
    process = msgspec.json.decode((attempt.folder / "process.json").read_bytes())
    bench.target.close()
    assert is_same(process["pid"], process["start_time"])
    after = Bench(bench.folder)
    adopted = after.target.adopt(("r", 0), request)
    assert after.wait_for(adopted).kind == "done"
    after.target.close()


def test_a_result_that_is_there_already_is_adopted_too(bench):
    request = bench.request("add", isolated=True)
    bench.wait_for(bench.start(request))
    after = Bench(bench.folder)
    assert after.wait_for(after.target.adopt(("r", 0), request)).kind == "done"
    after.target.close()


def test_a_result_with_another_fence_is_refused(bench):
    request = bench.request("add", isolated=True)
    bench.wait_for(bench.start(request))
    after = Bench(bench.folder)
    newer = msgspec.structs.replace(request, fence=2)
    assert isinstance(after.wait_for(after.target.adopt(("r", 0), newer)), Death)
    after.target.close()


def test_an_attempt_that_was_given_up_can_not_start_any_more(bench):
    ledger = bench.folder / "ledger"
    request = bench.request("remember", isolated=True, ledger=str(ledger))
    bench.target.prepare(("r", 0), request)
    after = Bench(bench.folder)
    assert after.target.adopt(("r", 0), request) is None
    outcome = bench.wait_for(bench.start(request))
    assert isinstance(outcome, Death) and not ledger.exists()
    after.target.close()


def test_nothing_a_warm_worker_started_survives_the_target(bench):
    attempt = bench.start(bench.request("hang"))
    wait_until(lambda: bench.target._warm[attempt].pid, bench)
    pid = bench.target._warm[attempt].pid
    bench.target.close()
    wait_until(lambda: start_time(pid) == 0)


def test_a_step_sees_none_of_the_engines_environment(bench, monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", "secret")
    outcome = bench.wait_for(bench.start(bench.request("environment")))
    with open(outcome.outputs["value"].path) as file:
        names = msgspec.json.decode(file.read())
    assert "DATABASE_PASSWORD" not in names
    assert {"PATH", "OMP_NUM_THREADS"} <= set(names)


def test_a_request_of_many_megabytes_arrives(bench):
    request = bench.request("add", value=1, text="x" * (8 << 20))
    assert bench.wait_for(bench.start(request)).kind == "done"


def test_a_worker_whose_zygote_was_killed_is_reported_dead(bench):
    attempt = bench.start(bench.request("hang"))
    wait_until(lambda: bench.target._warm[attempt].pid, bench)
    (family,) = bench.target._families.values()
    os.kill(family.pid, signal.SIGKILL)
    assert isinstance(bench.wait_for(attempt), Death)
    assert bench.wait_for(bench.start(bench.request("add"))).kind == "done"


def test_events_are_reported_before_the_end(bench):
    attempt = bench.start(bench.request("talk"))
    bench.wait_for(attempt)
    kinds = [outcome.kind for _, outcome in bench.reported if isinstance(outcome, WorkerEvent)]
    assert kinds[-1] == "done"
    assert kinds.count("metric") == 4 and kinds.count("progress") == 1


def wait_until(is_true, bench=None, seconds=5):
    until = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < until, "it did not become true"
        if bench is None:
            time.sleep(0.01)
        else:
            bench.poller.turn(0.02)
