"""Environments on a host that names no Python: built once, from a folder of wheels here."""

import json
import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from runtime.model import SshSettings
from runtime.targets.remote.connector import Ran
from runtime.targets.remote.environment import WORKER, pinned
from runtime.targets.remote.found import FLOOR, found
from runtime.targets.remote.probe import probe
from tests.runtime.targets.fake_host import SITE, fake_target
from tests.runtime.targets.target_bench import remote_bench
from tests.wheels import stand_in

PROJECT = Path(__file__).parents[3] / "pyproject.toml"


def test_the_pins_are_what_runs_here_with_everything_it_needs():
    pins = dict(pin.split("==") for pin in pinned())
    assert set(WORKER) <= set(pins)
    assert {"numpy", "scipy"} <= set(pins)
    assert "pytest" not in pins


def test_the_floor_is_the_projects_own():
    dependencies = tomllib.loads(PROJECT.read_text())["project"]["dependencies"]
    least = dict(one.split(">=") for one in dependencies if ">=" in one and "," not in one)
    assert {name: least[name] for name in FLOOR} == FLOOR
    assert set(WORKER) <= {one.partition(">=")[0] for one in dependencies}


class SayingHost:
    """A connector whose host says of itself what a test wants."""

    def __init__(self, **changed):
        self._facts = {**found("/"), **changed}

    async def connect(self):
        pass

    async def run(self, command, data=b""):
        return Ran(0, json.dumps(self._facts).encode(), b"")

    async def close(self):
        pass


NAMED = SshSettings(host="h", python="/usr/bin/python")


async def problems_of(settings=NAMED, **changed):
    report = await probe(SayingHost(**changed), "box", settings)
    return report.can_run, [(one.code, one.severity) for one in report.problems]


async def test_a_host_like_this_machine_can_run_steps():
    assert await problems_of() == (True, [])


async def test_another_minor_version_of_python_cannot_run_steps():
    assert await problems_of(python_version="3.9.2") == (False, [("T007", "error")])


async def test_a_host_that_lacks_what_every_worker_needs_cannot_run_steps():
    packages = {**found("/")["packages"], "pyarrow": "9.0"}
    assert await problems_of(packages=packages) == (False, [("T007", "error")])


async def test_packages_of_other_versions_are_said_to_be_that():
    packages = {**found("/")["packages"], "polars": "1.0"}
    assert await problems_of(packages=packages) == (True, [("T007", "warning")])


async def test_a_host_that_can_make_no_environment_needs_a_python_that_is_named():
    unnamed = SshSettings(host="h")
    assert await problems_of(unnamed) == (True, [("T007", "info")])
    assert await problems_of(unnamed, can_build=False) == (False, [("T007", "error")])


def built_in(home):
    """What lies in a host's folder of environments, but for locks and logs."""
    return [one for one in (home / "environments").iterdir() if one.is_dir()]


@pytest.mark.slow
def test_an_environment_is_built_once_from_a_folder_of_wheels(tmp_path):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for pin in pinned():
        stand_in(wheels, *pin.split("=="))
    home = tmp_path / "home"
    target = fake_target(home, python="", wheels=str(wheels))
    bench = remote_bench(tmp_path, target, SITE)
    attempt = bench.start(bench.request("python"))
    outcome = bench.wait_for(attempt)
    bench.close()
    (built,) = built_in(home)
    assert outcome.kind == "done", outcome.error
    assert bench.value(outcome).decode().strip('"') == f"{built}/bin/python"
    pip = f"{built}/bin/pip"
    assert not os.path.exists(pip) or subprocess.run([pip, "--version"]).returncode == 0
    assert any(detail.startswith("building environment, ") for detail in bench.notices(attempt))
    made_at = built.stat().st_mtime_ns
    again = remote_bench(tmp_path, target, SITE)
    assert again.run(again.request("python", attempt=2)).kind == "done"
    again.close()
    assert [(built, made_at)] == [(one, one.stat().st_mtime_ns) for one in built_in(home)]


@pytest.mark.slow
def test_an_environment_that_cannot_be_built_says_what_is_missing(tmp_path):
    (tmp_path / "wheels").mkdir()
    target = fake_target(tmp_path / "home", python="", wheels=str(tmp_path / "wheels"))
    bench = remote_bench(tmp_path, target, SITE)
    outcome = bench.run(bench.request("add"))
    bench.close()
    assert outcome.error.code == "T009" and "==" in outcome.error.message
    assert built_in(tmp_path / "home") == []


def test_gpus_are_listed_as_the_driver_names_them(tmp_path, monkeypatch):
    said = "NVIDIA H200, 143771\nNVIDIA L4, [N/A]\n"
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\nprintf '{said}'\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert found("/")["gpus"] == [
        {"name": "NVIDIA H200", "memory_bytes": 143771 << 20},
        {"name": "NVIDIA L4", "memory_bytes": 0},
    ]


def test_a_host_says_which_environments_it_has(tmp_path):
    for name in ("whole", "half.part"):
        (tmp_path / "environments" / name).mkdir(parents=True)
    (tmp_path / "environments/whole/environment.json").write_text("{}")
    assert found(str(tmp_path))["environments"] == ["whole"]
    assert found(str(tmp_path / "nothing"))["environments"] == []
