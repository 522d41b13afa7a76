"""Building environments: once, aside, under a lock; and nothing half is left of what broke off."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from runtime.environments.build import install_words, venv_words
from runtime.environments.building import build, heard, start, words
from runtime.environments.built import built_environments, progress_of, remove_built
from runtime.errors import InfrastructureError, RequestError

pytestmark = pytest.mark.slow


@pytest.fixture
def shades(files):
    environment = files.add("shades", ["tint<2"])
    return msgspec.structs.replace(environment, source=files.source())


def said_by(python, text):
    done = subprocess.run([python, "-c", text], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_it_is_built_once_and_holds_what_was_asked_for(files, shades):
    told = []
    python = build(shades, files.built, told.append)
    assert said_by(python, "import tint; print(tint.VALUE)") == "one"
    assert told[-1].total == len(shades.locked) and told[-1].done > 0
    (one,) = built_environments(files.built).values()
    assert (one.name, one.locked, one.folder) == ("shades", shades.locked, shades.folder)
    assert one.bytes > 1000 and one.built_at > 0
    made_at = os.stat(python, follow_symlinks=False).st_mtime_ns
    assert build(shades, files.built, told.clear) == python
    assert os.stat(python, follow_symlinks=False).st_mtime_ns == made_at and told


def test_two_builders_at_once_build_it_once(files, shades):
    with ThreadPoolExecutor() as pool:
        pythons = set(pool.map(lambda _: build(shades, files.built), range(3)))
    assert pythons == {shades.interpreter(str(files.built))}
    log = files.built / f"{shades.folder}.log"
    assert log.read_text().count("$ ") == 2  # one that makes it, one that fills it


def test_what_cannot_be_installed_is_told_with_the_end_of_the_log(files, shades):
    gone = msgspec.structs.replace(shades, locked=(*shades.locked, "left-the-folder==1.0"))
    with pytest.raises(InfrastructureError, match=r"T009 .*'shades'.*left-the-folder") as caught:
        build(gone, files.built)
    assert "left-the-folder" in caught.value.record.details["log"]
    assert built_environments(files.built) == {} and list(files.built.glob("*.part")) == []
    assert "left-the-folder" in (files.built / f"{gone.folder}.log").read_text()


@pytest.fixture
def slow(files, wheels, tmp_path):
    """An environment whose build takes as long as a test wants: its package is built from source."""
    source = tmp_path / "sluggish"
    source.mkdir()
    (source / "pyproject.toml").write_text(SLUGGISH)
    (source / "backend.py").write_text(BACKEND.format(gate=str(tmp_path / "gate")))
    files.built.mkdir(parents=True)
    environment = files.add("slow", ["tint<2"])
    locked = (*environment.locked, f"sluggish @ {source.as_uri()}")
    return msgspec.structs.replace(environment, locked=locked, source=files.source())


SLUGGISH = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "sluggish"
version = "1.0"
"""
BACKEND = """
import os, time, zipfile
def build_wheel(directory, *_):
    while not os.path.exists({gate!r}):
        time.sleep(0.01)
    name = "sluggish-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
        wheel.writestr("sluggish.py", "VALUE = 3")
        wheel.writestr("sluggish-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: sluggish\\nVersion: 1.0\\n")
        wheel.writestr("sluggish-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("sluggish-1.0.dist-info/RECORD", "")
    return name
"""


def wait_until(is_true):
    until = time.monotonic() + 30
    while not is_true():
        assert time.monotonic() < until
        time.sleep(0.01)


def begun(environment, files):
    """A build that has come to what takes long."""
    process = start(environment, files.built)
    log = files.built / f"{environment.folder}.log"
    wait_until(lambda: log.exists() and "pip install" in log.read_text())
    time.sleep(0.5)
    return process


def test_a_build_that_is_told_to_stop_leaves_nothing(files, slow):
    process = begun(slow, files)
    assert progress_of(files.built, slow.folder).state == "working"
    os.killpg(process.pid, signal.SIGTERM)
    assert heard(process.stdout.read().splitlines()[-1]).said == "it was stopped"
    process.wait()
    assert list(files.built.glob("*.part")) == [] and built_environments(files.built) == {}
    assert progress_of(files.built, slow.folder) is None


def test_what_a_killed_build_left_is_never_taken_for_an_environment(files, slow, tmp_path):
    process = begun(slow, files)
    process.kill()
    process.wait()
    process.stdout.close()
    assert built_environments(files.built) == {}
    assert list(files.built.glob("*.part")), "what it had started still works there"
    (tmp_path / "gate").touch()
    wait_until(
        lambda: built_environments(files.built) == {} and not list(files.built.glob("*.part"))
    )
    assert said_by(build(slow, files.built), "import sluggish; print(sluggish.VALUE)") == "3"


def test_an_environment_is_removed_but_not_while_a_step_runs_in_it(files, shades):
    import fcntl

    build(shades, files.built)
    with open(files.built / f"{shades.folder}.use", "w") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        with pytest.raises(RequestError, match=r"E006"):
            remove_built(files.built, shades.folder)
    assert remove_built(files.built, shades.folder)
    assert not remove_built(files.built, shades.folder)
    assert [path.suffix for path in files.built.iterdir()] == [".lock"]


def test_words_say_how_long_and_how_far():
    assert words("", heard(b'{"state":"working","seconds":40.2}')) == "building environment, 40 s"
    assert words("a", heard(b'{"state":"waiting","seconds":2}')) == (
        "waiting for environment 'a', which is being built, 2 s"
    )
    assert heard(b"Traceback").said == "Traceback"


def test_where_packages_come_from_is_told_to_uv_and_to_pip():
    index = {"index": "https://i", "extra_index": "https://e", "wheels": ""}
    wheels = {**index, "wheels": "/w"}
    for uv, options in (
        ("uv", ["--index", "--default-index"]),
        (None, ["--extra-index-url", "--index-url"]),
    ):
        said = install_words(uv, "p", "r", index)
        assert said[-7:-3] == [options[0], "https://e", options[1], "https://i"]
    assert "https://i" not in install_words("uv", "p", "r", wheels)
    assert "--no-index" in install_words(None, "p", "r", wheels)
    assert "--offline" in install_words("uv", "p", "r", wheels)
    other = {"python": "3.99", "wheels": "/w"}
    assert venv_words("uv", other, "x") == ["uv", "venv", "--offline", "--python", "3.99", "x"]


def test_another_python_that_is_not_there_is_told(files, shades):
    elsewhere = msgspec.structs.replace(shades, python="3.99")
    with pytest.raises(InfrastructureError, match=r"T009"):
        build(elsewhere, files.built)
