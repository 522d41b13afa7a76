"""Environments as a workspace keeps them: locked, readable, resolved before anything is built."""

import tomllib
from pathlib import Path

import pytest

from runtime.environments.choice import EnvironmentChoice
from runtime.environments.environment_files import EnvironmentFiles
from runtime.environments.floor import FLOOR_REQUIREMENTS, TABLES, installed, unmet
from runtime.environments.ready import READY
from runtime.errors import InfrastructureError, RequestError
from runtime.model import PackageSource

PROJECT = Path(__file__).parents[3] / "pyproject.toml"


def test_requirements_are_locked_with_what_every_worker_needs(files):
    environment = files.add("shades", ["tint>=1"])
    assert "tint==2.0" in environment.locked
    names = {line.partition("==")[0] for line in environment.locked}
    assert {one.partition(">=")[0] for one in FLOOR_REQUIREMENTS} <= names
    assert files.get("shades") == environment == files.declared()["shades"]


def test_equal_packages_are_equal_environments_whatever_they_are_called(files):
    first, second = files.add("a", ["tint>=1"]), files.add("b", ["tint"])
    other = files.add("c", ["tint<2"])
    assert first.digest == second.digest != other.digest


def test_a_conflict_is_told_in_the_resolvers_words(files):
    with pytest.raises(RequestError, match=r"E003 .*old-friend.*new-friend") as caught:
        files.add("both", ["old-friend", "new-friend"])
    assert "tint" in str(caught.value) and files.declared() == {}


def test_what_no_wheel_offers_is_told(files):
    with pytest.raises(RequestError, match=r"E003 .*no-such-package"):
        files.add("x", ["no-such-package"])


@pytest.mark.parametrize("name", ["", "Upper", "../x", "-a", "designer", "x" * 64])
def test_a_name_that_is_not_usable_is_refused(files, name):
    with pytest.raises(RequestError, match=r"E002"):
        files.add(name, [])


def test_a_python_that_is_none_and_a_name_that_is_taken_are_refused(files):
    with pytest.raises(RequestError, match=r"E002"):
        files.add("x", [], python="2.7")
    files.add("x", [])
    with pytest.raises(RequestError, match=r"E005"):
        files.add("x", [])


def test_a_name_that_does_not_exist_is_told_with_close_ones(files):
    files.add("shades", [])
    with pytest.raises(RequestError, match=r"E001 .*Did you mean 'shades'"):
        files.get("shade")


def test_a_file_that_cannot_be_read_is_told(files):
    files.add("x", [])
    (files.built.parent / "x.toml").write_text("python = ")
    with pytest.raises(InfrastructureError, match=r"E002"):
        files.get("x")


def test_a_folder_of_wheels_that_is_not_there_is_refused(files):
    with pytest.raises(RequestError, match=r"E002"):
        files.set_source(PackageSource(wheels="/nowhere"))


def test_an_index_with_a_password_is_refused_and_the_password_not_told(files):
    source = PackageSource(index="https://ada:secret@example.org/simple")
    for keep in (files.set_source, lambda one: files.add("x", [], source=one)):
        with pytest.raises(RequestError, match=r"E002 .*example\.org") as caught:
            keep(source)
        assert "secret" not in str(caught.value)


def test_an_environments_own_source_comes_before_the_workspaces(tmp_path, wheels):
    files = EnvironmentFiles(tmp_path)
    own = PackageSource(wheels=str(wheels))
    files.add("shades", ["tint"], source=own)
    chosen = EnvironmentChoice(tmp_path).find("shades", (), module="m", target="local")
    assert files.get("shades").source == own == chosen.source
    files.set_source(PackageSource(index="https://i"))
    chosen = EnvironmentChoice(tmp_path).find("shades", (), module="m", target="local")
    assert chosen.source == PackageSource(index="https://i", wheels=str(wheels))


def test_requirements_that_the_designer_meets_need_no_environment(files, tmp_path):
    choice = EnvironmentChoice(tmp_path / "workspace")
    assert choice.find("", ("msgspec>=0.19",), module="m", target="local") is None
    assert choice.find("designer", ("polars",), module="m", target="local") is None


def test_requirements_that_the_designer_does_not_meet_imply_an_environment(files, tmp_path):
    choice = EnvironmentChoice(tmp_path / "workspace")
    environment = choice.find("", ("tint==1.0",), module="m", target="local")
    assert "tint==1.0" in environment.locked and environment.title == "tint==1.0"
    assert [one.digest for one in files.implied()] == [environment.digest]


def test_what_is_not_remade_on_a_host_implies_an_environment_there(files, tmp_path, wheels):
    from tests.wheels import stand_in

    stand_in(wheels, "pytest", installed("pytest"))
    choice = EnvironmentChoice(tmp_path / "workspace")
    assert choice.find("", ("pytest",), module="m", target="local") is None
    assert choice.find("", ("pytest",), module="m", target="box") is not None


def test_an_environment_that_lacks_what_a_module_requires_is_refused(files, tmp_path):
    files.add("shades", ["tint<2"])
    choice = EnvironmentChoice(tmp_path / "workspace")
    with pytest.raises(
        RequestError, match=r"E004 .*'shades' lacks tint>=2, which 'Mix 1.0.0'"
    ) as caught:
        choice.find("shades", ("tint>=2",), module="Mix 1.0.0", target="local")
    assert caught.value.code == "E004"
    with pytest.raises(RequestError, match=r"E004 .*'designer' lacks tint"):
        choice.find("designer", ("tint",), module="Mix 1.0.0", target="local")
    with pytest.raises(RequestError, match=r"E003"):
        choice.find("", ("=nonsense",), module="Mix 1.0.0", target="local")


def test_extras_and_markers_of_requirements_count():
    assert (
        unmet(["msgspec; python_version < '3'", "no-such; python_version < '3'"], installed) == ()
    )
    assert unmet(["pytest-xdist[no-such-extra]"], installed) == ()
    assert unmet(["pytest-xdist[setproctitle]"], lambda _: "99") == ()
    there = {"pytest-xdist": "99"}
    assert unmet(["pytest-xdist[setproctitle]"], there.get) == ("pytest-xdist[setproctitle]",)


def test_the_floor_for_tables_is_the_projects_own():
    dependencies = tomllib.loads(PROJECT.read_text())["project"]["dependencies"]
    assert {f"{name}>={least}" for name, least in TABLES.items()} <= set(dependencies)


def test_ready_environments_are_requirements():
    assert set(READY) == {"data", "boosting", "torch"}
    assert "torch==2.13.0" in READY["torch"].requirements
    for one in READY.values():
        unmet(one.requirements, installed)
