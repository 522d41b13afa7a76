"""Networks break, hosts lie, agents die: the step goes on, and is carried out once."""

import os
import signal
from pathlib import Path

import pytest

from runtime.model import WorkerEvent
from runtime.model.digest import digest_file
from runtime.targets.attempt import Death
from runtime.targets.process import start_time
from tests.runtime.targets.fake_host import SITE, fake_target
from tests.runtime.targets.target_bench import remote_bench

pytestmark = pytest.mark.slow


class FakeHost:
    def __init__(self, folder):
        self.home = folder / "home"
        self.home.mkdir()
        self.target = fake_target(self.home)

    def bench(self, folder):
        return remote_bench(folder, self.target, SITE)

    def cut(self):
        (self.home / "cut").touch()

    def go_away(self):
        (self.home / "unreachable").touch()
        self.cut()

    def come_back(self):
        (self.home / "unreachable").unlink()


class RealHost:
    def __init__(self, ssh_host):
        self._host = ssh_host
        self.home = ssh_host.home

    def bench(self, folder):
        return remote_bench(folder, self._host.target())

    def cut(self):
        self._host.cut()

    def go_away(self):
        self._host.stop()

    def come_back(self):
        self._host.start()


@pytest.fixture(params=["fake", pytest.param("ssh", marks=pytest.mark.ssh)])
def host(request, tmp_path):
    if request.param == "fake":
        return FakeHost(tmp_path)
    return RealHost(request.getfixturevalue("ssh_host"))


@pytest.fixture
def bench(host, tmp_path):
    made = host.bench(tmp_path)
    yield made
    made.close()


def words(ledger):
    return [line.split()[0] for line in ledger.read_text().splitlines()] if ledger.exists() else []


def test_a_step_goes_on_without_its_connection_and_is_found_again(bench, host):
    ledger = bench.folder / "ledger"
    attempt = bench.start(bench.request("remember", ledger=str(ledger), seconds=3, value=5))
    bench.wait_until(ledger.exists)
    host.cut()
    outcome = bench.wait_for(attempt)
    assert outcome.kind == "done" and bench.value(outcome) == b"5"
    assert words(ledger) == ["start", "end"]


def test_a_step_that_ended_while_its_host_was_away_is_collected_afterwards(bench, host):
    ledger = bench.folder / "ledger"
    attempt = bench.start(bench.request("remember", ledger=str(ledger), seconds=1, value=5))
    bench.wait_until(ledger.exists)
    host.go_away()
    bench.wait_until(lambda: words(ledger) == ["start", "end"])
    bench.wait_until(lambda: bench.notices(attempt)[-1:] == ["unreachable"])
    assert not bench.endings(attempt)
    host.come_back()
    assert bench.wait_for(attempt).kind == "done"
    assert bench.notices(attempt)[-1] == "" and words(ledger) == ["start", "end"]


def test_what_was_printed_before_during_and_after_a_cut_comes_once(bench, host):
    attempt = bench.start(bench.request("count", numbers=60))
    bench.wait_until(lambda: os.path.exists(attempt.log) and os.path.getsize(attempt.log) > 20)
    host.cut()
    bench.wait_for(attempt)
    with open(attempt.log) as file:
        assert file.read().split() == [str(n) for n in range(60)]


def test_a_step_whose_process_was_killed_while_nobody_listened_is_dead(bench, host):
    ledger = bench.folder / "ledger"
    attempt = bench.start(bench.request("family", ledger=str(ledger)))
    bench.wait_until(ledger.exists)
    host.go_away()
    bench.wait_until(lambda: bench.notices(attempt)[-1:] == ["unreachable"])
    os.killpg(int(ledger.read_text().split()[0]), signal.SIGKILL)
    host.come_back()
    outcome = bench.wait_for(attempt)
    assert isinstance(outcome, Death) and outcome.was_started


def test_a_step_that_was_killed_out_of_reach_ends_here_at_once_and_there_later(bench, host):
    ledger = bench.folder / "ledger"
    attempt = bench.start(bench.request("family", ledger=str(ledger)))
    bench.wait_until(ledger.exists)
    host.go_away()
    bench.wait_until(lambda: bench.notices(attempt)[-1:] == ["unreachable"])
    bench.target.stop(attempt)
    assert isinstance(bench.wait_for(attempt), Death)
    family = list(map(int, ledger.read_text().split()))
    assert all(map(start_time, family))
    host.come_back()
    bench.wait_until(lambda: not any(map(start_time, family)))
    assert len(bench.endings(attempt)) == 1


def test_an_agent_that_dies_is_replaced_and_the_step_is_found_again(bench):
    ledger = bench.folder / "ledger"
    attempt = bench.start(bench.request("remember", ledger=str(ledger), seconds=3, value=5))
    bench.wait_until(ledger.exists)
    os.kill(bench.target._agent.pid, signal.SIGKILL)
    assert bench.wait_for(attempt).kind == "done"
    assert words(ledger) == ["start", "end"]


def test_a_host_that_was_never_there_fails_the_step_and_says_so(bench, host, monkeypatch):
    host.go_away()
    attempt = bench.start(bench.request("add"))
    bench.wait_until(lambda: bench.notices(attempt)[-1:] == ["unreachable"])
    bench.target.stop(attempt)
    assert isinstance(bench.wait_for(attempt), Death)


def test_an_artifact_is_sent_once(bench):
    big = bench.store(b"7" + b" " * (64 << 20))
    first = bench.run(bench.request("add", inputs=[big], value=0))
    assert first.data["sent_bytes"] == big.bytes
    second = bench.run(bench.request("add", attempt=2, inputs=[big], value=1))
    assert second.data["sent_bytes"] == 0 and bench.value(second) == b"8"


def test_what_a_step_made_there_is_not_sent_back_to_the_next(bench):
    made = bench.run(bench.request("big", bytes=1 << 20)).outputs["value"]
    assert os.path.getsize(made.path) == made.ref.bytes
    os.rename(made.path, bench.folder / "made")
    bench.artifacts.adopt(bench.folder / "made", made.ref, durable=False)
    request = bench.request("read_input", inputs=[made.ref])
    assert bench.run(request).data["sent_bytes"] == 0


def test_what_is_here_already_is_not_fetched(bench):
    bench.store(b"20")
    outcome = bench.run(bench.request("add", value=20))
    assert outcome.data["fetched_bytes"] == 0 and bench.value(outcome) == b"20"


def test_a_transfer_goes_on_where_the_connection_cut_it(bench, host):
    big = bench.store(os.urandom(256 << 20))
    attempt = bench.start(bench.request("read_input", inputs=[big]))
    parts = host.home / "workspaces/w/parts"
    bench.wait_until(lambda: sum(f.stat().st_size for f in parts.glob("*")) > 8 << 20)
    host.cut()
    outcome = bench.wait_for(attempt)
    assert outcome.kind == "done" and outcome.data["sent_bytes"] < 2 * big.bytes
    assert int(bench.value(outcome)) == big.bytes


def test_a_large_output_comes_home_whole(bench):
    outcome = bench.run(bench.request("big", bytes=48 << 20))
    made = outcome.outputs["value"]
    assert outcome.data["fetched_bytes"] == made.ref.bytes > 48 << 20
    assert digest_file(Path(made.path)) == made.ref.digest


def test_damage_on_the_way_is_seen_and_sent_again(tmp_path):
    host = FakeHost(tmp_path)
    bench = host.bench(tmp_path)
    assert bench.run(bench.request("add")).kind == "done"
    (host.home / "flip").touch()
    content = bench.store(b"7" + b" " * 100_000)
    outcome = bench.run(bench.request("add", attempt=2, inputs=[content], value=0))
    bench.close()
    assert not (host.home / "flip").exists()
    assert bench.value(outcome) == b"7" and outcome.data["sent_bytes"] == 2 * content.bytes


def test_what_arrives_damaged_every_time_fails_the_step(tmp_path):
    host = FakeHost(tmp_path)
    bench = host.bench(tmp_path)
    assert bench.run(bench.request("add")).kind == "done"
    (host.home / "flips").touch()
    content = bench.store(b"7" + b" " * 100_000)
    outcome = bench.run(bench.request("add", attempt=2, inputs=[content], value=0))
    bench.close()
    assert outcome.error.code == "T010" and outcome.error.remedy


def test_files_that_are_piped_beside_the_messages_go_on_where_they_were_cut(tmp_path):
    host = FakeHost(tmp_path)
    (host.home / "pours").touch()
    bench = host.bench(tmp_path)
    big = bench.store(os.urandom(256 << 20))
    attempt = bench.start(bench.request("file_size", inputs=[big]))
    parts = host.home / "workspaces/w/parts"
    bench.wait_until(lambda: sum(f.stat().st_size for f in parts.glob("*")) > 8 << 20)
    host.cut()
    outcome = bench.wait_for(attempt)
    made = bench.run(bench.request("big", bytes=48 << 20)).outputs["value"]
    bench.close()
    assert outcome.kind == "done" and int(bench.value(outcome)) == big.bytes
    assert digest_file(Path(made.path)) == made.ref.digest


def test_a_host_without_our_packages_says_what_is_missing(tmp_path):
    bench = remote_bench(tmp_path, fake_target(tmp_path / "home", python="/nowhere"), SITE)
    outcome = bench.run(bench.request("add"))
    bench.close()
    assert isinstance(outcome, WorkerEvent) and outcome.error.code == "T007"


@pytest.mark.ssh
def test_a_connection_that_hangs_is_noticed_and_made_anew(tmp_path, ssh_host):
    bench = remote_bench(tmp_path, ssh_host.target())
    ledger = bench.folder / "ledger"
    attempt = bench.start(bench.request("remember", ledger=str(ledger), seconds=2, value=5))
    bench.wait_until(ledger.exists)
    frozen = ssh_host.connections()
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    outcome = bench.wait_for(attempt)
    notices = bench.notices(attempt)
    bench.close()
    for pid in frozen:
        os.kill(pid, signal.SIGKILL)
    assert outcome.kind == "done" and words(ledger) == ["start", "end"]
    assert "unreachable" in notices


def test_a_second_engine_takes_over_from_one_that_hangs_on_a_dead_network(bench, host):
    ledger = bench.folder / "ledger"
    request = bench.request("remember", ledger=str(ledger), seconds=2, value=5)
    bench.start(request)
    bench.wait_until(ledger.exists)
    os.kill(bench.target._agent.pid, signal.SIGSTOP)
    after = host.bench(bench.folder)
    outcome = after.wait_for(after.target.adopt(("r", 0), request))
    after.close()
    os.kill(bench.target._agent.pid, signal.SIGKILL)
    assert outcome.kind == "done" and words(ledger) == ["start", "end"]
