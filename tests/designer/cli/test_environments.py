"""`designer environment`, and modules that ask for packages which the designer does not have."""

import json
import os
import subprocess
import sys

import pytest

import designer
from runtime.errors import RequestError
from runtime.model import PackageSource
from tests.wheels import floor_wheels, make_wheel

pytestmark = pytest.mark.slow

MODULE = '''from typing import Any, NamedTuple

import polars as pl

from modules_library.sdk import module


class Result(NamedTuple):
    """What it gives.

    Attributes:
        result: One shade.
    """

    result: pl.DataFrame


@module(version="1.0.0", title="Tint", requires=["tint>=1"])
def shading() -> Result:
    """Give a table with one shade."""
    import tint

    return Result(pl.DataFrame({"shade": [tint.VALUE]}))


def example() -> dict[str, Any]:
    """A run of this module."""
    return {}
'''


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    folder = floor_wheels(tmp_path_factory.mktemp("wheels") / "wheels")
    make_wheel(folder, "tint", "1.0", tint="VALUE = 'one'\n")
    make_wheel(folder, "tint", "2.0", tint="VALUE = 'two'\n")
    return folder


@pytest.fixture
def workspace(tmp_path):
    return tmp_path / "workspace"


@pytest.fixture
def run(workspace, wheels):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "designer.cli", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=workspace.parent,
            env={**os.environ, "DESIGNER_WORKSPACE": str(workspace)},
        )

    chosen = run("environment", "source", "--wheels", wheels)
    assert "no network" in chosen.stdout, chosen.stderr
    return run


def listed(run):
    return json.loads(run("environment", "list", "--json").stdout)["environments"]


def test_an_environment_is_added_built_listed_and_removed(run, tmp_path):
    more = tmp_path / "more.txt"
    more.write_text("# shades\ntint<2  # the first\n")
    added = run("environment", "add", "shades", "-r", more)
    assert "'shades' is locked: 5 packages." in added.stdout, added.stderr
    assert listed(run)[0]["built"] is None
    built = run("environment", "build", "shades")
    assert built.returncode == 0 and "building environment 'shades'" in built.stderr
    (one,) = listed(run)
    assert one["built"]["bytes"] > 0 and "tint==1.0" in one["environment"]["locked"]
    assert "MB" in run("environment", "list").stdout
    removed = json.loads(run("environment", "remove", one["digest"][:12], "--json").stdout)
    assert removed == {"removed": "shades", "digest": one["digest"]}
    assert listed(run) == []


def test_what_cannot_be_is_told_with_a_code(run):
    def code(*arguments):
        done = run("environment", *arguments, "--json")
        return done.returncode, json.loads(done.stdout)["error"]["code"]

    assert code("add", "x", "no-such-package") == (2, "E003")
    assert code("add", "x") == (2, "A004")
    assert code("build", "x") == (2, "E001")
    assert code("source", "--wheels", "/nowhere") == (2, "E002")


def graph(tmp_path, **node):
    path = tmp_path / "graph.json"
    used = {"module": "custom.shading", "version": "draft", **node}
    path.write_text(json.dumps({"format": 1, "nodes": {"tint": used}}))
    return path


def step(run, path):
    done = run("run", path, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)["steps"]["tint"]


def test_a_module_runs_in_the_environment_it_asks_for_or_its_node_names(run, workspace, tmp_path):
    (workspace / "modules").mkdir(exist_ok=True)
    (workspace / "modules/shading.py").write_text(MODULE)
    first = step(run, graph(tmp_path))
    assert first["environment"] == "tint>=1" and first["attempts"] == 1
    assert step(run, graph(tmp_path))["reused"]

    refused = run("run", graph(tmp_path, run={"environment": "shades"}), "--json")
    assert refused.returncode == 2 and json.loads(refused.stdout)["error"]["code"] == "E001"
    run("environment", "add", "shades", "tint<2")
    named = step(run, graph(tmp_path, run={"environment": "shades"}))
    assert named["environment"] == "shades"
    assert named["reason"] == "environment 'tint>=1' was replaced by 'shades'"
    assert named["outputs"] != first["outputs"]


def test_an_example_runs_in_the_environment_and_the_version_is_locked_to_it(run, workspace):
    (workspace / "modules").mkdir(exist_ok=True)
    source = workspace / "modules/shading.py"
    source.write_text(MODULE)
    tested = run("module", "test", "custom.shading")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    published = run("module", "publish", "custom.shading")
    assert published.returncode == 0, published.stdout + published.stderr
    shown = json.loads(run("module", "show", "custom.shading", "--json").stdout)
    assert "tint==2.0" in json.dumps(shown)
    source.write_text(MODULE.replace("tint>=1", "tint>=3").replace("1.0.0", "2.0.0"))
    refused = run("module", "publish", "custom.shading", "--json")
    assert json.loads(refused.stdout)["error"]["code"] == "E003"


def test_the_same_from_python(workspace, wheels):
    source = PackageSource(wheels=str(wheels))
    environment = designer.add_environment(workspace, "shades", ["tint"], source=source)
    assert designer.environments(workspace)[0].environment == environment
    told = []
    python = designer.build_environment(workspace, "shades", on_progress=told.append)
    assert os.path.exists(python) and told
    designer.remove_environment(workspace, "shades")
    assert not os.path.exists(python)
    with pytest.raises(RequestError, match="E001"):
        designer.build_environment(workspace, "shades")
