"""`designer target` and the same from Python."""

import json
import subprocess
import sys

import pytest

import designer
from runtime.errors import RequestError

pytestmark = pytest.mark.slow


@pytest.fixture
def run(tmp_path):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "designer.cli", "target", *map(str, arguments)]
            + ["--workspace", str(tmp_path / "workspace")],
            capture_output=True,
            text=True,
        )

    return run


def where(host):
    return [
        "--host",
        "127.0.0.1",
        "--port",
        host.port,
        "--key",
        host.key_file,
        "--folder",
        host.home,
    ]


def test_this_machine_is_listed_and_an_unknown_target_is_not_found(run):
    (here,) = json.loads(run("list", "--json").stdout)["targets"]
    assert here["target"]["name"] == "local" and here["taken"] == {"cpus": 0}
    assert "nothing" in run("list").stdout
    assert run("test", "local").returncode == 0
    unknown = run("test", "locl", "--json")
    assert unknown.returncode == 2 and json.loads(unknown.stdout)["error"]["code"] == "T001"


@pytest.mark.ssh
def test_a_host_is_added_tested_listed_and_removed(run, ssh_host):
    added = run("add", "box", *where(ssh_host), "--python", sys.executable)
    assert added.returncode == 0 and "SHA256:" in added.stdout, added.stderr
    assert "A step can run there." in run("test", "box").stdout
    assert "127.0.0.1" in run("list").stdout
    assert json.loads(run("remove", "box", "--json").stdout) == {"removed": "box"}
    assert run("test", "box").returncode == 2


@pytest.mark.ssh
def test_a_host_on_which_no_step_can_run_ends_the_test_with_3(run, ssh_host):
    assert run("add", "box", *where(ssh_host), "--python", "/nowhere").returncode == 0
    tested = run("test", "box")
    assert tested.returncode == 3 and "T007" in tested.stderr


@pytest.mark.ssh
def test_a_host_that_names_no_python_gets_an_environment(run, ssh_host):
    added = json.loads(run("add", "box", *where(ssh_host), "--json").stdout)
    (note,) = added["report"]["problems"]
    assert added["report"]["can_run"] and note["severity"] == "info"


@pytest.mark.ssh
def test_the_same_from_python(tmp_path, ssh_host):
    facts = {"port": ssh_host.port, "key_file": str(ssh_host.key_file), "python": sys.executable}
    target = designer.add_target(tmp_path / "w", "box", host="127.0.0.1", **facts)
    assert designer.targets(tmp_path / "w")["box"] == target
    assert designer.test_target(tmp_path / "w", "box").can_run
    designer.remove_target(tmp_path / "w", "box")
    with pytest.raises(RequestError):
        designer.test_target(tmp_path / "w", "box")


@pytest.mark.docker
def test_a_docker_engine_is_added_tested_and_listed(run, docker_engine, tmp_path):
    settings = docker_engine.target().settings
    where = ["--docker", "--url", settings["url"], "--image", settings["image"]]
    added = run("add", "engine", *where, "--python", settings["python"])
    assert added.returncode == 0 and "A step can run there." in added.stdout, added.stderr
    tested = run("test", "engine", "--json")
    assert tested.returncode == 0 and json.loads(tested.stdout)["engine"].startswith("Docker ")
    assert f"Docker at {settings['url']}" in run("list").stdout
    gone = run("add", "gone", "--docker", "--url", "unix:///nowhere/docker.sock")
    assert gone.returncode == 3 and "T003" in gone.stderr
    target = designer.add_target(tmp_path / "workspace", "second", kind="docker", **settings)
    assert designer.targets(tmp_path / "workspace")["second"] == target


@pytest.mark.ray
@pytest.mark.xdist_group("ray")
def test_a_ray_cluster_is_added_tested_and_listed(run, ray_cluster, tmp_path):
    added = run("add", "cluster", "--ray", ray_cluster.address)
    assert added.returncode == 0 and "A step can run there." in added.stdout, added.stderr
    assert "T013" in added.stderr and added.stdout.count("1 processor") >= 1
    assert ray_cluster.address in run("list").stdout
    report = designer.test_target(tmp_path / "workspace", "cluster")
    assert report.can_run and len(report.nodes) >= 2 and report.ray_version
    gone = run("add", "gone", "--ray", "127.0.0.1:1")
    assert gone.returncode == 3 and "T003" in gone.stderr


def test_a_target_is_a_host_or_an_engine(run):
    assert run("add", "box").returncode == 2
    assert run("add", "box", "--host", "h", "--docker").returncode == 2
    assert run("add", "box", "--docker", "--ray").returncode == 2
