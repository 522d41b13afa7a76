"""What every compute target promises: the local one, a fake host, a real one over SSH, and a real
Docker engine, with artifacts mounted and with artifacts copied."""

import json
import os
import signal
import time

import msgspec
import pytest

from runtime.model import WorkerEvent
from runtime.targets.attempt import Death
from tests.runtime.targets.fake_host import SITE, fake_target
from tests.runtime.targets.target_bench import docker_bench, local_bench, remote_bench

RAY = [pytest.mark.slow, pytest.mark.ray, pytest.mark.xdist_group("ray")]
KINDS = [
    pytest.param("local", id="local"),
    pytest.param("fake", id="fake", marks=pytest.mark.slow),
    pytest.param("ssh", id="ssh", marks=[pytest.mark.slow, pytest.mark.ssh]),
    pytest.param("docker", id="docker", marks=[pytest.mark.slow, pytest.mark.docker]),
    pytest.param("docker copies", id="docker_copies", marks=[pytest.mark.slow, pytest.mark.docker]),
    pytest.param("ray", id="ray", marks=[*RAY]),
]


@pytest.fixture(params=KINDS)
def bench(request, tmp_path):
    if request.param == "local":
        made = local_bench(tmp_path)
    elif request.param == "fake":
        made = remote_bench(tmp_path, fake_target(tmp_path / "home"), SITE)
    elif request.param == "ray":
        made = request.getfixturevalue("ray_bench").at(tmp_path)
    elif request.param == "ssh":
        made = remote_bench(tmp_path, request.getfixturevalue("ssh_host").target())
    else:
        engine = request.getfixturevalue("docker_engine")
        made = docker_bench(tmp_path, engine, copies=request.param == "docker copies")
        made.gpus_given = None
    yield made
    if request.param != "ray":  # one agent serves all tests: it takes a second to start
        made.close()


def test_a_step_is_carried_out_and_its_outputs_come_home(bench):
    outcome = bench.run(bench.request("add", value=20))
    assert outcome.kind == "done" and bench.value(outcome) == b"20"
    assert outcome.data["fence"] == 1 and outcome.peak_memory_bytes > 1 << 20


def test_inputs_are_there_wherever_the_step_runs(bench):
    first, second = bench.store(b"30"), bench.store(b"12")
    outcome = bench.run(bench.request("add", inputs=[first, second], value=0))
    assert bench.value(outcome) == b"42"


def test_a_step_that_was_prepared_does_nothing_before_it_may(bench):
    ledger = bench.folder / "ledger"
    attempt = bench.target.prepare(("r", 0), bench.request("remember", ledger=str(ledger)))
    bench.turn_for(0.5)
    assert not ledger.exists()
    bench.target.go(attempt)
    assert bench.wait_for(attempt).kind == "done" and ledger.exists()


def test_what_the_module_raises_is_reported_with_the_authors_lines(bench):
    outcome = bench.run(bench.request("fail"))
    assert outcome.kind == "failed" and outcome.error.code == "M008"
    assert outcome.error.frames[-1]["file"].endswith("executors.py")


def test_a_killed_process_is_reported_with_its_signal(bench):
    outcome = bench.run(bench.request("kill_itself"))
    assert isinstance(outcome, Death) and outcome.was_started
    assert (outcome.signal, outcome.exit_status) == (signal.SIGKILL, None)


def test_ending_the_process_is_reported_with_its_status(bench):
    outcome = bench.run(bench.request("exit_now"))
    assert (outcome.signal, outcome.exit_status) == (None, 3)


def test_events_and_log_are_here_before_the_end_is_reported(bench):
    attempt = bench.start(bench.request("talk"))
    bench.wait_for(attempt)
    with open(attempt.log) as file:
        assert file.read() == "hello from the step\n"
    kinds = [outcome.kind for _, outcome in bench.reported if isinstance(outcome, WorkerEvent)]
    assert kinds[-1] == "done"
    assert kinds.count("metric") == 4 and kinds.count("progress") == 1


def test_what_a_running_step_prints_is_followed(bench):
    attempt = bench.start(bench.request("talk", seconds=20))

    def has_printed():
        bench.target.follow(attempt)
        return os.path.exists(attempt.log) and os.path.getsize(attempt.log)

    bench.wait_until(has_printed)
    assert not bench.endings(attempt)
    bench.target.stop(attempt)
    bench.wait_for(attempt)


def test_what_a_running_step_takes_is_measured(bench):
    attempt = bench.start(bench.request("hang", seconds=20))
    bench.wait_until(lambda: bench.target.measure(attempt, time.monotonic()) is not None)
    assert bench.target.measure(attempt, time.monotonic()).memory_bytes > 1 << 20
    bench.target.stop(attempt)
    bench.wait_for(attempt)


def test_a_step_that_is_stopped_is_gone_with_everything_it_started(bench):
    ledger = bench.folder / "ledger"
    attempt = bench.start(bench.request("family", ledger=str(ledger)))
    bench.wait_until(lambda: ledger.exists() and len(ledger.read_text().split()) == 2)
    family = list(map(int, ledger.read_text().split()))
    bench.target.stop(attempt, signal.SIGTERM)
    outcome = bench.wait_for(attempt)
    assert isinstance(outcome, Death) and outcome.signal == signal.SIGTERM
    bench.wait_until(lambda: not any(map(bench.is_alive, family)))


def test_a_step_can_be_stopped_at_any_moment(bench):
    request = bench.request("hang")
    attempt = bench.target.prepare(("r", 0), request)
    bench.target.go(attempt)
    bench.target.stop(attempt)
    assert isinstance(bench.wait_for(attempt), Death)


def test_a_module_that_looks_sees_that_it_shall_end(bench):
    attempt = bench.start(bench.request("until_asked"))
    bench.turn_for(0.5)
    bench.target.ask_to_stop(attempt)
    outcome = bench.wait_for(attempt)
    assert outcome.kind == "done" and bench.value(outcome) == b'"asked"'


def test_a_step_outlives_its_engine_and_is_adopted(bench):
    ledger = bench.folder / "ledger"
    request = bench.request("remember", ledger=str(ledger), seconds=3, value=7)
    bench.start(request)
    bench.wait_until(ledger.exists)
    bench.close()
    after = bench.again()
    outcome = after.wait_for(after.target.adopt(("r", 0), request))
    after.close()
    assert outcome.kind == "done" and after.value(outcome) == b"7"
    assert [line.split()[0] for line in ledger.read_text().splitlines()] == ["start", "end"]


def test_a_result_that_was_there_before_its_engine_is_adopted_too(bench):
    ledger = bench.folder / "ledger"
    request = bench.request("remember", ledger=str(ledger), value=7)
    bench.start(request)
    bench.wait_until(lambda: ledger.exists() and "end" in ledger.read_text())
    time.sleep(0.3)
    bench.close()
    after = bench.again()
    outcome = after.wait_for(after.target.adopt(("r", 0), request))
    after.close()
    assert outcome.kind == "done" and after.value(outcome) == b"7"


def test_an_attempt_that_was_never_started_is_said_to_be_that(bench):
    adopted = bench.target.adopt(("r", 0), bench.request("add"))
    if adopted is not None:
        outcome = bench.wait_for(adopted)
        assert isinstance(outcome, Death) and not outcome.was_started


def test_a_result_with_another_fence_is_refused(bench):
    request = bench.request("remember", ledger=str(bench.folder / "ledger"), seconds=2)
    bench.start(request)
    bench.wait_until((bench.folder / "ledger").exists)
    bench.close()
    after = bench.again()
    newer = msgspec.structs.replace(request, fence=2)
    assert isinstance(after.wait_for(after.target.adopt(("r", 0), newer)), Death)
    after.close()


def test_a_step_sees_none_of_the_engines_environment(bench, monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", "secret")
    names = json.loads(bench.value(bench.run(bench.request("environment"))))
    assert "DATABASE_PASSWORD" not in names and "PATH" in names


def test_files_that_parameters_name_are_there_under_their_own_name(bench):
    path = bench.folder / "cities of the north.csv"
    path.write_text("name\nBergen\n")
    request = bench.request("read_file", files={"path": str(path)}, path=str(path))
    assert json.loads(bench.value(bench.run(request))) == [path.name, "name\nBergen\n"]


def test_many_steps_at_once_all_come_to_their_end(bench):
    attempts = [bench.start(bench.request("add", attempt=n, value=n)) for n in range(1, 9)]
    assert [bench.value(bench.wait_for(one)) for one in attempts] == [
        str(n).encode() for n in range(1, 9)
    ]


def test_a_step_that_holds_gpus_sees_these_and_no_others(bench):
    outcome = bench.run(with_fields(bench.request("share"), gpus=2, gpu_numbers=(1, 3)))
    if bench.gpus_given is None:
        assert outcome.error.code == "T011"
    else:
        assert json.loads(bench.value(outcome))["gpus"] == bench.gpus_given
    outcome = bench.run(bench.request("share", attempt=2))
    assert json.loads(bench.value(outcome))["gpus"] == ""


def test_a_step_that_holds_more_than_its_limit_is_ended_and_says_how_much(bench):
    request = with_fields(
        bench.request("fill", to_mib=4000, in_child=False), memory_bytes=150 << 20
    )
    attempt = bench.start(request)
    until = time.monotonic() + 60
    while not bench.endings(attempt):
        assert time.monotonic() < until
        bench.target.follow(attempt)
        bench.poller.turn(0.05)
    death = bench.wait_for(attempt)
    assert death.out_of_memory and 150 << 20 <= death.held_bytes < 450 << 20
    assert (death.peak_memory_bytes or death.held_bytes) >= death.held_bytes - (1 << 20)


def with_fields(request, **fields):
    return msgspec.structs.replace(request, **fields)
