"""Steps in environments of their own: here, and on a host that builds the same one."""

import json
import sys
from pathlib import Path

import msgspec
import pytest

from runtime.environments.building import build
from runtime.environments.built import remove_built
from runtime.environments.environment_files import EnvironmentFiles
from runtime.errors import RequestError
from runtime.model import PackageSource
from runtime.targets.attempt import Death
from tests.runtime.targets.fake_host import SITE, fake_target
from tests.runtime.targets.target_bench import local_bench, remote_bench
from tests.wheels import floor_wheels, make_wheel

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    folder = floor_wheels(tmp_path_factory.mktemp("wheels") / "wheels")
    make_wheel(folder, "tint", "1.0", tint="VALUE = 'one'\n")
    return folder


@pytest.fixture(scope="module")
def shades(tmp_path_factory, wheels):
    files = EnvironmentFiles(tmp_path_factory.mktemp("declared"))
    source = PackageSource(wheels=str(wheels))
    return files.add("shades", ["tint"], source=source)


@pytest.fixture(
    params=["local", "fake", pytest.param("ssh", marks=pytest.mark.ssh)],
)
def place(request, tmp_path, wheels):
    """A target, and the folder of its environments."""
    home = tmp_path / "home"
    if request.param == "local":
        bench, home = local_bench(tmp_path), tmp_path
    elif request.param == "fake":
        bench = remote_bench(tmp_path, fake_target(home, wheels=str(wheels)), SITE)
    else:
        target = request.getfixturevalue("ssh_host").target()
        settings = {**target.settings, "wheels": str(wheels), "folder": str(home)}
        bench = remote_bench(tmp_path, msgspec.structs.replace(target, settings=settings))
    yield bench, home / "environments"
    bench.close()


def test_a_step_imports_what_only_its_environment_has(place, shades):
    bench, environments = place
    attempt = bench.start(bench.request("imported", environment=shades, name="tint"))
    outcome = bench.wait_for(attempt)
    assert outcome.kind == "done", outcome.error
    value, python = json.loads(bench.value(outcome))
    assert (value, python) == ("one", shades.interpreter(str(environments)))
    assert any(detail.startswith("building environment, ") for detail in bench.notices(attempt))
    assert bench.notices(attempt)[-1] == ""
    again = bench.start(bench.request("imported", environment=shades, name="tint", attempt=2))
    assert bench.wait_for(again).kind == "done"
    assert not any("building" in detail for detail in bench.notices(again))


@pytest.fixture
def bench(tmp_path):
    bench = local_bench(tmp_path)
    yield bench
    bench.close()


def test_the_designers_own_environment_lacks_it_and_its_packages_are_not_lent(bench, shades):
    outcome = bench.run(bench.request("imported", name="tint"))
    assert outcome.kind == "failed" and "tint" in outcome.error.message
    build(shades, bench.folder / "environments")
    outcome = bench.run(bench.request("paths", environment=shades))
    assert str(ROOT) not in json.loads(bench.value(outcome)) and str(ROOT) in sys.path
    packages = list((bench.folder / "environments/packages").glob("*/*"))
    assert {path.name for path in packages} == {"runtime", "tests"}


def test_steps_in_warm_workers_keep_to_the_environment_they_ask_for(bench, shades):
    def python(**more):
        outcome = bench.run(bench.request("python", isolated=False, **more))
        return json.loads(bench.value(outcome))

    own = shades.interpreter(str(bench.folder / "environments"))
    pythons = [python(), python(environment=shades, attempt=2), python(attempt=3)]
    assert pythons == [sys.executable, own, sys.executable]


def test_steps_that_wait_for_one_environment_share_its_build(bench, shades):
    attempts = [
        bench.start(bench.request("imported", environment=shades, name="tint", attempt=number))
        for number in (1, 2)
    ]
    assert [bench.wait_for(one).kind for one in attempts] == ["done", "done"]
    log = bench.folder / f"environments/{shades.folder}.log"
    assert log.read_text().count("pip install") == 1


def test_a_step_that_may_not_go_yet_does_not_when_its_environment_is_there(bench, shades):
    request = bench.request("imported", environment=shades, name="tint")
    attempt = bench.target.prepare(("r", 0), request)
    python = Path(shades.interpreter(str(bench.folder / "environments")))
    bench.wait_until(python.exists)
    bench.turn_for(0.3)
    assert bench.endings(attempt) == []
    bench.target.go(attempt)
    assert bench.wait_for(attempt).kind == "done"


def test_what_cannot_be_built_fails_the_step_and_is_in_its_log(bench, shades):
    gone = msgspec.structs.replace(shades, locked=(*shades.locked, "left-the-folder==1.0"))
    attempt = bench.start(bench.request("imported", environment=gone, name="tint"))
    outcome = bench.wait_for(attempt)
    assert outcome.error.code == "T009" and "left-the-folder" in outcome.error.message
    assert "left-the-folder" in Path(attempt.log).read_text()


@pytest.mark.parametrize("how", ["stop", "ask_to_stop"])
def test_a_step_that_is_cancelled_while_it_waits_ends_the_build(bench, shades, how):
    attempt = bench.start(bench.request("imported", environment=shades, name="tint"))
    getattr(bench.target, how)(attempt)
    assert isinstance(bench.wait_for(attempt), Death)
    bench.wait_until(lambda: not bench.target.has_processes)
    assert list((bench.folder / "environments").glob("*.part")) == []


def test_a_step_that_comes_while_a_build_is_being_stopped_has_one_of_its_own(bench, shades):
    first = bench.start(bench.request("imported", environment=shades, name="tint"))
    bench.target.stop(first)
    again = bench.start(bench.request("imported", environment=shades, name="tint", attempt=2))
    assert bench.wait_for(again).kind == "done"


def test_an_environment_is_not_removed_under_a_running_step(bench, shades):
    gate = bench.folder / "gate"
    request = bench.request("imported", environment=shades, name="tint", wait_for=str(gate))
    attempt = bench.start(request)
    bench.wait_until(lambda: attempt.pid)
    bench.turn_for(0.5)
    with pytest.raises(RequestError, match="E006"):
        remove_built(bench.folder / "environments", shades.folder)
    gate.touch()
    assert bench.wait_for(attempt).kind == "done"
    assert remove_built(bench.folder / "environments", shades.folder)
