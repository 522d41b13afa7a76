"""Declared compute targets: kept in a readable file, refused when they make no sense."""

import tomllib

import pytest

from runtime.errors import InfrastructureError, RequestError
from runtime.model import Target, TargetResources
from runtime.targets.kinds import where
from runtime.targets.target_file import TargetFile, target_names

BOX = Target(
    name="box",
    kind="ssh",
    settings={"host": "box.example", "port": 2222, "host_key": 'ssh-ed25519 A"\\\x7f'},
    resources=TargetResources(cpus=8, memory_gib=31.5, gpus=1),
)


@pytest.fixture
def file(tmp_path):
    return TargetFile(tmp_path)


def refused(call, *arguments):
    with pytest.raises((RequestError, InfrastructureError)) as caught:
        call(*arguments)
    return caught.value


def test_this_machine_is_always_there_and_comes_first(file):
    file.add(BOX)
    assert list(file.targets()) == ["local", "box"]
    assert file.get("local").resources.cpus >= 1
    assert target_names(file.path.parent) == ("local", "box")
    assert target_names(None) == ("local",)


def test_what_was_added_is_read_again_as_it_was(file):
    file.add(BOX)
    assert TargetFile(file.path.parent).get("box") == BOX


def test_the_file_is_toml_that_people_can_read(file):
    file.add(BOX)
    document = tomllib.loads(file.path.read_text())
    assert document["box"]["settings"]["host"] == "box.example"
    assert document["box"]["resources"]["gpus"] == 1
    assert file.path.stat().st_mode & 0o077 == 0


def test_an_unknown_target_is_named_with_close_matches(file):
    file.add(BOX)
    error = refused(file.get, "bax")
    assert error.code == "T001" and "'box'" in str(error)


@pytest.mark.parametrize("name", ["", "Box", "-box", "a b", "x" * 64, "a/b"])
def test_a_name_that_nodes_could_not_use_is_refused(file, name):
    assert refused(file.add, Target(name=name, kind="ssh", settings={"host": "h"})).code == "T002"


@pytest.mark.parametrize(
    "settings",
    [{}, {"host": ""}, {"host": "-o"}, {"host": "h", "port": 0}, {"host": "h", "hots": "x"}],
)
def test_settings_that_reach_nothing_are_refused(file, settings):
    assert refused(file.add, Target(name="box", kind="ssh", settings=settings)).code == "T002"


def test_a_name_is_given_once(file):
    file.add(BOX)
    assert refused(file.add, BOX).code == "T008"
    assert (
        refused(file.add, Target(name="local", kind="ssh", settings={"host": "h"})).code == "T008"
    )


def test_a_removed_target_is_gone_and_this_machine_stays(file):
    file.add(BOX)
    assert file.remove("box") == BOX
    assert list(file.targets()) == ["local"]
    assert refused(file.remove, "box").code == "T001"
    assert refused(file.remove, "local").code == "T002"


@pytest.mark.parametrize("text", ["[box", "[box]\nkind = 'ssh'\n", "box = 3\n", "[box]\nkind='x'"])
def test_a_damaged_file_is_said_to_be_one(file, text):
    file.path.write_text(text)
    error = refused(file.targets)
    assert error.code == "T002" and str(file.path) in str(error)


@pytest.mark.parametrize(
    "settings",
    [
        {"url": "http://engine:2375"},
        {"url": "tcp://engine:2375"},
        {"url": "tcp://engine:2376", "tls_folder": "/nowhere"},
        {"wheels": "/nowhere"},
        {"host": "h"},
    ],
)
def test_an_engine_in_the_open_or_nowhere_is_refused(file, settings):
    target = Target(name="engine", kind="docker", settings=settings)
    assert refused(file.add, target).code == "T002"


def test_an_engine_needs_no_settings_at_all(file):
    file.add(Target(name="engine", kind="docker"))
    assert file.get("engine").settings == {"network": "none"} or not file.get("engine").settings
    assert where(file.get("engine")) == "Docker on this machine"
    assert where(file.get("local")) == "this machine"


def test_a_cluster_needs_no_settings_either(file):
    file.add(Target(name="own", kind="ray"))
    file.add(Target(name="lab", kind="ray", settings={"address": "ray://head:10001"}))
    assert where(file.get("own")) == "a cluster of its own, on this machine"
    assert where(file.get("lab")) == "ray://head:10001"
