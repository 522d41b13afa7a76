"""Parallel maps: what they add to a module, how inputs are cut, and what comes of batches that fail."""

from pathlib import Path
from textwrap import dedent

import pytest

from modules_library.programs import program_spec
from modules_library.sdk import ColumnRole, Folder, Roles, Table
from modules_library.sdk.codecs.arrow_file import read_roles
from modules_library.sdk.conformance import check_module
from modules_library.sdk.parallel.execution import execute, source_files
from modules_library.sdk.parallel.joining import join
from modules_library.sdk.parallel.settings import ADDED
from modules_library.sdk.parallel.splitting import split
from runtime.errors import ModuleError
from runtime.model import OutputPort
from tests.modules_library.sdk.parallel.bench import DOUBLE, FRAME, Bench


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_a_parallel_module_gets_its_settings_and_the_list_of_failures(bench):
    spec = bench.read(DOUBLE).spec
    assert [one.name for one in spec.parameters] == ["bad", "dies", *ADDED]
    assert spec.parameter("batch_size").default == 2 and spec.entry.isolated
    assert [port.name for port in spec.outputs] == ["rows", "count", "failed_batches"]


@pytest.mark.parametrize(
    ("parallel", "words"),
    [
        ("{'input': 'dataset'}", "either 'rows' or 'files'"),
        ("{'input': 'dataset', 'rows': 0}", "at least 1"),
        ("{'input': 'datset', 'rows': 1}", "Did you mean 'dataset'"),
        ("{'input': 'dataset', 'files': 1}", "must be a Folder"),
        ("{'rows': 1}", "missing required field"),
        ("{'input': 'dataset', 'row': 1}", "unknown field"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused_with_its_line(bench, parallel, words):
    reading = bench.read(DOUBLE.replace('{"input": "dataset", "rows": 2}', parallel))
    assert reading.spec is None and reading.diagnostics[0].code == "M007"
    assert words in reading.diagnostics[0].message and ":10" in reading.diagnostics[0].where


def test_outputs_that_cannot_be_joined_and_names_that_are_taken_are_refused(bench):
    model = bench.read(DOUBLE.replace("count: Value", "count: Model"))
    assert "cannot join 'count'" in model.diagnostics[0].message
    taken = bench.read(DOUBLE.replace("dies: int", "processes: int"))
    assert "adds 'processes', a name that is taken" in taken.diagnostics[0].message


def test_rows_are_cut_in_order_and_an_empty_table_is_one_batch(bench):
    roles = Roles({"a": ColumnRole.LABEL}) if hasattr(ColumnRole, "LABEL") else Roles()
    batches = list(split(bench.artifact(Table(FRAME, roles)), 3, bench.folder / "cut"))
    assert [(one.number, one.first, one.size) for one in batches] == [
        *((1, "0", 3), (2, "3", 3), (3, "6", 1))
    ]
    assert read_roles(Path(batches[2].artifact.path)) == roles
    (only,) = split(bench.artifact(FRAME.clear()), 3, bench.folder / "none")
    assert only.size == 0


def test_files_are_cut_by_their_paths_and_joined_under_them(bench):
    for name in ("b/2", "a", "b/1"):
        path = bench.folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    batches = list(
        split(bench.artifact(Folder(bench.folder / "files"), "Folder"), 2, bench.folder / "x")
    )
    assert [(one.first, one.size) for one in batches] == [("a", 2), ("b/2", 1)]
    port, paths = OutputPort(name="o", type="Folder"), [Path(one.artifact.path) for one in batches]
    joined = join(paths, port, folder=bench.folder / "joined")
    place = bench.folder / "joined" / joined.path
    assert (place / "b/1").read_text() == "b/1" and joined.ref.summary == {"files": 3}
    for path in paths:
        (path / "same").write_text("x")
    with pytest.raises(ModuleError) as caught:
        join(paths, port, folder=bench.folder / "again")
    assert caught.value.code == "M009" and "'same'" in str(caught.value)


@pytest.mark.slow
def test_order_is_kept_and_metrics_are_series(bench):
    made = bench.run(bench.read(DOUBLE).spec, bench.artifact(FRAME), processes=2)
    assert bench.frame(made["rows"])["a"].to_list() == [0, 2, 4, 6, 8, 10, 12]
    assert (Path(bench.asked.folder) / made["count"].path).read_text() == "[2,2,2,1]"
    assert bench.frame(made["failed_batches"]).height == 0
    logged = {e.data["index"]: e.data["value"] for e in bench.events if e.kind == "metric"}
    assert logged == {1: 0, 2: 2, 3: 4, 4: 6}
    last = [e.data for e in bench.events if e.kind == "progress"][-1]
    assert last == {"share": 1.0, "text": "4 of 4 mini-batches"}
    assert not (Path(bench.asked.folder) / "batches").exists()


@pytest.mark.slow
def test_batches_that_may_fail_are_listed_and_left_out(bench):
    made = bench.run(
        *(bench.read(DOUBLE).spec, bench.artifact(FRAME)),
        **{"bad": 2, "dies": 4, "error_threshold": 2, "batch_retries": 1},
    )
    assert bench.frame(made["rows"])["a"].to_list() == [0, 2, 12]
    failed = bench.frame(made["failed_batches"]).rows()
    assert [row[:4] for row in failed] == [(2, "2", 2, "M008"), (3, "4", 2, "R003")]
    assert failed[0][4] == "ValueError: bad 2"
    tries = [one.name for one in (Path(bench.asked.folder)).iterdir()]
    assert "batches" not in tries


@pytest.mark.slow
def test_more_failures_than_allowed_fail_the_step_and_bring_the_list_along(bench):
    with pytest.raises(ModuleError) as caught:
        bench.run(bench.read(DOUBLE).spec, bench.artifact(FRAME), bad=2, batch_retries=2)
    assert caught.value.code == "M020" and "M008 ValueError: bad 2" in str(caught.value)
    assert bench.frame(caught.value.outputs["failed_batches"])["batch"].to_list() == [2]
    tries = Path(bench.asked.folder) / "batches" / "2"
    assert sorted(one.name for one in tries.iterdir()) == ["1", "2", "3"]


@pytest.mark.slow
def test_who_asks_the_step_to_stop_stops_its_batches(bench):
    spec = bench.read(DOUBLE.replace("first = ", "import time; time.sleep(60); first = ")).spec
    request = bench.request(spec, bench.artifact(FRAME))
    (Path(request.folder) / "cancel").touch()
    with pytest.raises(ModuleError, match="was stopped"):
        execute(request, bench.events.append)


@pytest.mark.slow
def test_a_script_is_called_for_mini_batches_of_files(bench):
    program = bench.modules / "shout"
    program.mkdir()
    (program / "module.toml").write_text(
        dedent("""
        kind = "script"
        version = "1.0.0"
        entry = "main.py"
        summary = "Shout."
        [parallel]
        input = "dataset"
        files = 1
        [inputs.dataset]
        type = "Folder"
        [outputs.loud]
        type = "Folder"
        """)
    )
    (program / "main.py").write_text(
        dedent("""
        import pathlib, sys
        source, target = map(pathlib.Path, sys.argv[2::2])
        for path in source.glob("*.txt"):
            (target / path.name).write_text(path.read_text().upper())
        """)
    )
    (bench.folder / "words").mkdir()
    for name in "ab":
        (bench.folder / "words" / f"{name}.txt").write_text(name)
    spec = program_spec(program, module_id="custom.shout").spec
    made = bench.run(spec, bench.artifact(Folder(bench.folder / "words"), "Folder"))
    place = Path(bench.asked.folder) / made["loud"].path
    assert [(place / f"{name}.txt").read_text() for name in "ab"] == ["A", "B"]
    assert list(source_files(bench.asked)) == ["program/module.toml", "program/main.py"]


@pytest.mark.slow
def test_a_parallel_function_keeps_to_the_rules_of_modules(bench):
    text = DOUBLE + dedent("""
    def example():
        return {"inputs": {"dataset": pl.DataFrame({"a": [1, 2, 3]})}}
    """)
    spec = bench.read(text).spec
    found = check_module(spec, Path(spec.entry.source))
    assert {one.rule for one in found} <= {"words"}


def test_a_source_that_lost_its_declaration_is_not_run(bench):
    spec = bench.read(DOUBLE).spec
    bench.read(DOUBLE.replace(', parallel={"input": "dataset", "rows": 2}', ""))
    with pytest.raises(ModuleError) as caught:
        bench.run(spec, bench.artifact(FRAME))
    assert caught.value.code == "M005"
