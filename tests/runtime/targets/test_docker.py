"""Steps in containers of a real engine: what they may do, how they die, and who finds them again."""

import asyncio
import getpass
import json
import os
import shutil
import signal
from pathlib import Path

import msgspec
import pytest

from runtime.errors import InfrastructureError
from runtime.model import Environment, PackageSource
from runtime.targets.attempt import Death
from runtime.targets.declaring import examine
from runtime.targets.remote.environment import pinned
from runtime.targets.remote.probe import MINOR
from tests.docker_engine import make_keys, site_packages
from tests.runtime.targets.target_bench import docker_bench
from tests.wheels import make_wheel, stand_in

pytestmark = [pytest.mark.slow, pytest.mark.docker]


@pytest.fixture(params=["mounted", "copied"])
def bench(request, tmp_path, docker_engine):
    made = docker_bench(tmp_path, docker_engine, copies=request.param == "copied")
    yield made
    made.close()


@pytest.fixture
def mounted(tmp_path, docker_engine):
    made = docker_bench(tmp_path, docker_engine)
    yield made
    made.close()


def words(ledger):
    return [line.split()[0] for line in ledger.read_text().splitlines()] if ledger.exists() else []


def test_a_step_may_do_nothing_but_its_work(bench):
    found = json.loads(bench.value(bench.run(bench.request("confinement"))))
    assert found["user"] not in (0, os.getuid() or -1)
    assert found["capabilities"] == 0 and found["no_new_privileges"]
    assert found["interfaces"] == ["lo"]
    assert found["writable"] == [] and found["scratch"]


def test_a_step_starts_no_more_processes_than_it_may(mounted):
    assert 0 < int(mounted.value(mounted.run(mounted.request("spread")))) < 512


def test_a_step_cannot_change_its_inputs(bench):
    ref = bench.store(b"30")
    outcome = bench.run(bench.request("change_input", inputs=[ref]))
    assert int(bench.value(outcome)) > 0
    assert bench.artifacts.path(ref.digest).read_bytes() == b"30"


def test_an_output_that_is_a_way_out_of_the_container_is_refused(bench):
    outcome = bench.run(bench.request("lie"))
    assert outcome.kind == "failed" and outcome.error.code in ("S003", "T010")


def test_a_step_cannot_lead_what_we_write_to_another_place(mounted):
    victim = mounted.folder / "others/victim"
    victim.parent.mkdir()
    victim.write_text("theirs")
    attempt = mounted.start(mounted.request("mislead", victim=str(victim)))
    assert mounted.wait_for(attempt).kind == "failed"
    assert victim.read_text() == "theirs" and os.listdir(victim.parent) == ["victim"]
    assert not os.path.islink(attempt.log) and "hello" in Path(attempt.log).read_text()


@pytest.mark.parametrize("call", ["allocate_in_a_child", "fill_scratch"])
def test_memory_that_the_kernel_refused_is_told_apart_from_a_kill(mounted, call):
    request = mounted.request(call, megabytes=300)
    outcome = mounted.run(msgspec.structs.replace(request, memory_bytes=128 << 20))
    assert isinstance(outcome, Death) and outcome.out_of_memory


def test_a_container_that_is_killed_is_reported_with_its_signal(mounted, docker_engine):
    ledger = mounted.folder / "ledger"
    attempt = mounted.start(mounted.request("family", ledger=str(ledger)))
    mounted.wait_until(ledger.exists)
    docker_engine.docker("kill", *docker_engine.containers())
    outcome = mounted.wait_for(attempt)
    assert isinstance(outcome, Death) and outcome.was_started and not outcome.out_of_memory
    assert outcome.signal == signal.SIGKILL


def test_an_agent_that_dies_is_replaced_and_the_container_is_found_again(bench, docker_engine):
    ledger = bench.folder / "ledger"
    attempt = bench.start(bench.request("remember", ledger=str(ledger), seconds=3, value=5))
    bench.wait_until(ledger.exists)
    before = docker_engine.containers()
    os.kill(bench.target._agent.pid, signal.SIGKILL)
    outcome = bench.wait_for(attempt)
    assert outcome.kind == "done" and bench.value(outcome) == b"5"
    assert len(before) == 1 and words(ledger) == ["start", "end"]


def test_what_was_printed_before_and_after_an_agents_death_comes_once(mounted):
    attempt = mounted.start(mounted.request("count", numbers=40))
    mounted.wait_until(lambda: os.path.exists(attempt.log) and os.path.getsize(attempt.log) > 20)
    os.kill(mounted.target._agent.pid, signal.SIGKILL)
    mounted.wait_for(attempt)
    with open(attempt.log) as file:
        assert file.read().split() == [str(n) for n in range(40)]


def test_what_is_recorded_is_forgotten_there(mounted, docker_engine):
    label = f"label=designer.workspace={mounted.target._hello.workspace}"
    mounted.run(mounted.request("add"))
    assert docker_engine.docker("ps", "-aqf", label).stdout
    mounted.target.rest(0)
    mounted.wait_until(lambda: not docker_engine.docker("ps", "-aqf", label).stdout)


def test_an_artifact_is_copied_once_and_a_folder_with_everything_in_it(tmp_path, docker_engine):
    bench = docker_bench(tmp_path, docker_engine, copies=True)
    big = bench.store(b"7" + b" " * (8 << 20))
    first = bench.run(bench.request("add", inputs=[big], value=0))
    second = bench.run(bench.request("add", attempt=2, inputs=[big], value=1))
    bench.close()
    assert (first.data["sent_bytes"], second.data["sent_bytes"]) == (big.bytes, 0)
    assert bench.value(second) == b"8"


def test_an_engine_that_goes_away_is_waited_for_and_its_step_has_died(mounted, docker_engine):
    ledger = mounted.folder / "ledger"
    attempt = mounted.start(mounted.request("family", ledger=str(ledger)))
    mounted.wait_until(ledger.exists)
    docker_engine.kill_daemon()
    try:
        mounted.wait_until(lambda: mounted.notices(attempt)[-1:] == ["unreachable"])
        assert not mounted.endings(attempt)
    finally:
        docker_engine.start()
    assert isinstance(mounted.wait_for(attempt), Death)


def test_an_engine_that_is_not_there_says_so(docker_engine):
    with pytest.raises(InfrastructureError) as caught:
        asyncio.run(examine(docker_engine.target(url="unix:///nowhere/docker.sock")))
    assert caught.value.code == "T003" and "engine" in str(caught.value)


def test_a_test_of_an_engine_says_what_it_offers(docker_engine):
    report = asyncio.run(examine(docker_engine.target()))
    assert report.can_run, report.problems
    assert report.engine.startswith("Docker ") and report.cpus == os.cpu_count()
    assert report.packages["polars"] and report.python == docker_engine.target().settings["python"]


def test_an_image_without_a_usable_python_is_said_to_be_that(docker_engine):
    report = asyncio.run(examine(docker_engine.target(python="/nowhere/python")))
    assert not report.can_run and report.problems[0].code in ("T007", "T011")


def test_an_image_that_is_nowhere_fails_the_step_and_says_so(tmp_path, docker_engine):
    bench = docker_bench(tmp_path, docker_engine, image="127.0.0.1:1/nothing")
    outcome = bench.run(bench.request("add"))
    bench.close()
    assert outcome.kind == "failed" and outcome.error.code == "T009"


def test_an_engine_elsewhere_is_reached_with_tls_and_gets_copies(tmp_path, docker_engine):
    keys = {"url": docker_engine.tls_url, "tls_folder": str(docker_engine.keys)}
    bench = docker_bench(tmp_path, docker_engine, **keys)
    outcome = bench.run(bench.request("add", inputs=[bench.store(b"30")], value=12))
    bench.close()
    assert bench.value(outcome) == b"42" and outcome.data["sent_bytes"] == 2


def test_an_engine_that_trusts_others_does_not_let_us_in(tmp_path, docker_engine):
    make_keys(tmp_path / "keys")
    target = docker_engine.target(url=docker_engine.tls_url, tls_folder=str(tmp_path / "keys"))
    with pytest.raises(InfrastructureError) as caught:
        asyncio.run(examine(target))
    assert caught.value.code == "T006"


def test_an_image_with_what_steps_need_is_built_once_and_listed(tmp_path, docker_engine):
    (tmp_path / "wheels").mkdir()
    for pin in pinned():
        stand_in(tmp_path / "wheels", *pin.split("=="), site=site_packages())
    settings = {"python": "", "wheels": str(tmp_path / "wheels")}
    before = asyncio.run(examine(docker_engine.target(**settings)))
    assert before.can_run and before.images == ()
    bench = docker_bench(tmp_path, docker_engine, **settings)
    attempt = bench.start(bench.request("python"))
    outcome = bench.wait_for(attempt)
    assert any(detail.startswith("building environment, ") for detail in bench.notices(attempt))
    python = json.loads(bench.value(outcome))
    bench.close()
    after = asyncio.run(examine(docker_engine.target(**settings)))
    (built,) = after.images
    assert built.name.startswith("designer-environment:") and built.bytes > 1 << 20
    assert after.python == python and python.startswith("/opt/designer/environments/")


def test_a_step_has_an_image_with_its_own_environment(tmp_path, docker_engine):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for pin in pinned():
        stand_in(wheels, *pin.split("=="), site=site_packages())
    make_wheel(wheels, "tint", "1.0", tint="VALUE = 'one'\n")
    source = PackageSource(wheels=str(wheels))
    shades = Environment(
        name="shades", python=MINOR, locked=(*pinned(), "tint==1.0"), source=source
    )
    bench = docker_bench(tmp_path, docker_engine)
    attempt = bench.start(bench.request("imported", environment=shades, name="tint"))
    value, python = json.loads(bench.value(bench.wait_for(attempt)))
    assert (value, python) == ("one", shades.interpreter("/opt/designer/environments"))
    without = bench.run(bench.request("imported", name="tint", attempt=2))
    bench.close()
    assert without.kind == "failed" and "tint" in without.error.message


def test_an_image_that_cannot_be_built_says_what_is_missing(tmp_path, docker_engine):
    (tmp_path / "wheels").mkdir()
    settings = {"python": "", "wheels": str(tmp_path / "wheels")}
    bench = docker_bench(tmp_path, docker_engine, image=docker_engine.another_image(), **settings)
    outcome = bench.run(bench.request("add"))
    bench.close()
    assert outcome.error.code == "T009" and "==" in outcome.error.message


@pytest.fixture
def over_ssh(tmp_path, docker_engine, ssh_host, monkeypatch):
    """The engine's address over SSH, as somebody has it whose own configuration knows the host."""
    line = " ".join((ssh_host.folder / "host_key.pub").read_text().split()[:2])
    (tmp_path / "known").write_text(f"[127.0.0.1]:{ssh_host.port} {line}\n")
    facts = f"IdentityFile {ssh_host.key_file}\nUserKnownHostsFile {tmp_path}/known\n"
    (tmp_path / "config").write_text(f"Host *\n{facts}")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/ssh"
    program.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {tmp_path}/config "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin", prepend=":")
    return f"ssh://{getpass.getuser()}@127.0.0.1:{ssh_host.port}{docker_engine.folder}/docker.sock"


@pytest.mark.ssh
def test_an_engine_is_reached_over_ssh_and_found_again_after_a_cut(
    tmp_path, docker_engine, ssh_host, over_ssh
):
    bench = docker_bench(tmp_path, docker_engine, url=over_ssh)
    ledger = tmp_path / "ledger"
    attempt = bench.start(bench.request("remember", ledger=str(ledger), seconds=3, value=5))
    bench.wait_until(ledger.exists)
    ssh_host.cut()
    outcome = bench.wait_for(attempt)
    bench.close()
    assert outcome.kind == "done" and bench.value(outcome) == b"5"
    assert words(ledger) == ["start", "end"]


@pytest.mark.ssh
def test_a_host_that_is_not_known_is_not_spoken_to(tmp_path, docker_engine, over_ssh):
    (tmp_path / "known").write_text("")
    with pytest.raises(InfrastructureError) as caught:
        asyncio.run(examine(docker_engine.target(url=over_ssh)))
    assert caught.value.code == "T004"
