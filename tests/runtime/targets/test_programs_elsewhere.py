"""Programs and parallel maps on other machines: their sources travel, what they made comes home."""

import json

import pytest

from modules_library.sdk import File
from tests.modules_library.programs.bench import Bench, notebook
from tests.modules_library.sdk.parallel.bench import DOUBLE, FRAME
from tests.modules_library.sdk.parallel.bench import Bench as ParallelBench
from tests.runtime.targets.fake_host import SITE, fake_target
from tests.runtime.targets.target_bench import remote_bench

KINDS = [
    pytest.param("fake", id="fake", marks=pytest.mark.slow),
    pytest.param("ssh", id="ssh", marks=[pytest.mark.slow, pytest.mark.ssh]),
]
SHELL = """
    kind = "command"
    version = "1"
    arguments = ["./join.sh", "{input.text}", "{output.joined}"]
    [inputs.text]
    type = "File"
    [outputs.joined]
    type = "File"
"""
FAILING = """
    kind = "notebook"
    version = "1"
    entry = "n.ipynb"
"""


@pytest.fixture(params=KINDS)
def target(request, tmp_path):
    folder = tmp_path / "bench"
    folder.mkdir()
    if request.param == "fake":
        made = remote_bench(folder, fake_target(tmp_path / "home"), SITE)
    else:
        made = remote_bench(folder, request.getfixturevalue("ssh_host").target())
    yield made
    made.close()


@pytest.fixture
def program(tmp_path):
    return Bench(tmp_path / "source")


def test_the_folder_travels_as_its_ignore_files_say(target, program):
    program.write(SHELL, word__txt="-there", join__sh="#!/bin/sh\ncat $1 word.txt > $2; ls >> $2\n")
    (program.program / ".gitignore").write_text("*.big\n")
    (program.program / "data.big").write_text("much")
    place = target.folder / "text"
    place.write_text("here")
    request = program.request({"text": program.artifact(File(place, "text.txt"), "File")})
    outcome = target.run(request)
    assert outcome.kind == "done", outcome
    assert target.bytes_of(outcome.outputs["joined"]).decode().split() == [
        *("here-therejoin.sh", "module.toml", "word.txt")
    ]


def test_a_notebook_that_failed_there_comes_home(target, program):
    program.write(FAILING, n__ipynb=notebook("1 / 0"))
    outcome = target.run(program.request())
    assert outcome.kind == "failed" and outcome.error.code == "M019"
    kept = outcome.outputs["executed_notebook"]
    assert (
        json.loads(target.bytes_of(kept))["cells"][2]["outputs"][0]["ename"] == "ZeroDivisionError"
    )


def test_a_parallel_map_is_carried_out_there(target, tmp_path):
    bench = ParallelBench(tmp_path / "source")
    asked = bench.request(bench.read(DOUBLE).spec, bench.artifact(FRAME), processes=2)
    outcome = target.run(asked)
    assert outcome.kind == "done", outcome
    assert target.bytes_of(outcome.outputs["count"]) == b"[2,2,2,1]"
