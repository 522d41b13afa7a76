"""Scripts and commands as steps: paths in, files out, metrics, and what goes wrong."""

import json
import os
from pathlib import Path
from textwrap import dedent

import polars as pl
import pytest

from modules_library.programs.execution import source_files
from modules_library.programs.placeholders import filled
from modules_library.sdk import File, Folder, StepContext
from modules_library.sdk.codecs.arrow_file import open_arrow
from runtime.errors import DataError, ModuleError
from tests.modules_library.programs.bench import COPY, SCRIPT

FRAME = pl.DataFrame({"a": [1, 2], "b": ["x", None]})
SHOW = 'kind = "command"\nversion = "1.0.0"\narguments = [{arguments}]\n'


@pytest.mark.parametrize("form", ["csv", "parquet", "arrow"])
def test_a_table_goes_in_and_comes_out_in_the_declared_form(bench, form):
    bench.write(SCRIPT.replace("csv", form), main__py=COPY)
    made = bench.run({"dataset": bench.artifact(FRAME)})["result"]
    assert made.ref.type == "Table" and made.ref.summary == {"rows": 2, "columns": 2}
    assert pl.from_arrow(open_arrow(Path(bench.asked.folder) / made.path)).equals(FRAME)


def test_the_same_folder_and_inputs_give_the_same_artifact(bench):
    bench.write(main__py=COPY)
    given = {"dataset": bench.artifact(FRAME)}
    assert bench.run(given)["result"].ref == bench.run(given)["result"].ref


def test_every_parameter_is_an_argument_and_one_that_is_off_or_absent_is_none(bench):
    bench.write(
        """
        kind = "script"
        version = "1"
        entry = "main.py"
        [inputs.extra]
        type = "Table"
        optional = true
        [outputs.said]
        type = "Value"
        [parameters]
        ratio = { kind = "float", default = 0.5 }
        names = { kind = "list", item_kind = "string", default = ["ü", "b c"] }
        loud = { kind = "bool", default = false }
        calm = { kind = "bool", default = true }
        limit = { kind = "int", nullable = true }
        key = { kind = "secret", default = "k" }
        """,
        main__py="""
        import json, os, sys
        place = sys.argv[sys.argv.index("--said") + 1]
        known = [w for w in sys.argv[1:] if w != place]
        json.dump([known, os.environ["DESIGNER_PARAMETER_KEY"]], open(place, "w"))
        """,
    )
    said = json.loads(bench.text(bench.run()["said"]))
    assert said == [["--said", "--ratio", "0.5", "--names", '["ü", "b c"]', "--calm"], "k"]


def test_a_command_is_a_list_of_arguments_that_no_shell_sees(bench):
    bench.write(
        """
        kind = "command"
        version = "1"
        arguments = [
            "./tell.sh",
            "--to={output.said}",
            "{parameter.word}",
            "{{input.word}} {not one}",
            { when = "parameter.on", then = ["--on"] },
            { when = "input.tables", then = ["--tables", "{input.tables}"] },
        ]
        [inputs]
        tables = { type = "Table", many = true, optional = true }
        [outputs]
        said = { type = "File", file = "said.txt" }
        [parameters]
        word = { kind = "string", default = "$(id); *" }
        on = { kind = "bool", default = true }
        """,
        tell__sh="""\
        #!/bin/sh
        place=${1#--to=}; shift
        for one in "$@"; do basename -- "$one"; done > "$place"
        """,
    )
    (bench.program / "tell.sh").write_text(dedent((bench.program / "tell.sh").read_text()))
    tables = [bench.artifact(FRAME), bench.artifact(FRAME)]
    said = bench.text(bench.run({"tables": tables})["said"])
    assert said.splitlines() == [
        *("$(id); *", "{input.word} {not one}", "--on", "--tables"),
        *("tables_1.arrow", "tables_2.arrow"),
    ]
    assert bench.text(bench.run(on=False)["said"]).splitlines()[-1] == "{input.word} {not one}"


def test_files_folders_values_and_models_are_paths(bench, tmp_path):
    (tmp_path / "words.txt").write_text("b\na\n")
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "one").write_text("1")
    bench.write(
        """
        kind = "script"
        version = "1"
        entry = "main.py"
        [inputs]
        file = { type = "File" }
        folder = { type = "Folder", access = "download" }
        value = { type = "Value" }
        [outputs]
        folder_out = { type = "Folder" }
        value_out = { type = "Value" }
        """,
        main__py="""
        import json, os, pathlib, sys
        given = dict(zip([w[2:] for w in sys.argv[1::2]], map(pathlib.Path, sys.argv[2::2])))
        assert given["file"].name == "words.txt" and given["file"].is_symlink()
        (given["folder"] / "one").write_text("changed")
        (given["folder_out"] / "sub").mkdir()
        (given["folder_out"] / "sub" / "copy").write_text(given["file"].read_text())
        given["value_out"].write_text(json.dumps({"got": json.loads(given["value"].read_text())}))
        """,
    )
    folder = bench.artifact(Folder(tmp_path / "many"), "Folder")
    made = bench.run(
        {
            "file": bench.artifact(File(tmp_path / "words.txt"), "File"),
            "folder": folder,
            "value": bench.artifact({"x": 1}, "Value"),
        }
    )
    assert made["folder_out"].ref.summary == {"files": 1}
    assert json.loads(bench.text(made["value_out"])) == {"got": {"x": 1}}
    assert (Path(folder.path) / "one").read_text() == "1", "a download is a copy of one's own"


def test_a_mount_that_is_a_copy_says_so(bench, capfd, monkeypatch):
    bench.write(main__py=COPY)
    bench.run({"dataset": bench.artifact(FRAME)})
    assert "Input 'dataset' is a copy: its table is written as csv." in capfd.readouterr().out

    def refuse(self, target):
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    bench.write(SCRIPT.replace("csv", "arrow"), main__py=COPY)
    assert bench.run({"dataset": bench.artifact(FRAME)})
    assert "cannot be mounted here (no links here)" in capfd.readouterr().out


def test_the_folder_travels_whole_and_what_the_step_writes_stays_out_of_it(bench):
    bench.write(main__py="import helper\n" + dedent(COPY), helper__py="open('made', 'w')")
    before = bench.spec().digest
    made = bench.run({"dataset": bench.artifact(FRAME)})
    assert made and bench.spec().digest == before and not (bench.program / "made").exists()
    left = {path.name for path in Path(bench.asked.folder).iterdir()}
    assert left == {"metrics.jsonl", "outputs"}


def test_metrics_progress_and_warnings_are_lines_of_json(bench, capfd):
    bench.write(
        SCRIPT,
        main__py=dedent(COPY)
        + dedent("""
        import json, os
        for said in (
            {"metric": "auc", "value": 0.5},
            {"metric": "loss", "value": 2, "index": 3},
            {"progress": 7, "text": "done"},
            {"warning": "odd"},
            {"nothing": 1},
        ):
            print(json.dumps(said), file=open(os.environ["DESIGNER_METRICS"], "a"))
        print("{", file=open(os.environ["DESIGNER_METRICS"], "a"), end="")
        """),
    )
    bench.run({"dataset": bench.artifact(FRAME)})
    assert [(event.kind, event.data) for event in bench.events] == [
        ("metric", {"name": "auc", "value": 0.5}),
        ("metric", {"name": "loss", "value": 2, "index": 3}),
        ("progress", {"share": 1.0, "text": "done"}),
        ("metric", {"name": "warning_1", "value": "odd"}),
    ]
    assert capfd.readouterr().err.count("No metric, progress or warning") == 2


def test_the_sdk_writes_the_same_lines_where_it_can_be_imported(bench, monkeypatch, tmp_path):
    place = tmp_path / "metrics.jsonl"
    monkeypatch.setenv("DESIGNER_METRICS", str(place))
    monkeypatch.setenv("DESIGNER_SEED", "7")
    monkeypatch.setenv("DESIGNER_FOLDER", str(tmp_path))
    context = StepContext.of_program()
    context.log_metric("auc", 0.5, 2)
    context.warn("odd")
    context.progress(0.25, "a quarter")
    assert context.seed == 7 and not context.cancelled()
    assert [json.loads(line) for line in place.read_text().splitlines()] == [
        {"metric": "auc", "value": 0.5, "index": 2},
        {"metric": "warning_1", "value": "odd"},
        {"progress": 0.25, "text": "a quarter"},
    ]
    monkeypatch.delenv("DESIGNER_METRICS")
    StepContext.of_program().log_metric("unheard", 1)


def test_a_program_that_fails_brings_the_end_of_its_standard_error(bench, capfd):
    bench.write(SCRIPT, main__py="print('before')\nraise ValueError('bad rows')")
    with pytest.raises(ModuleError) as caught:
        bench.run({"dataset": bench.artifact(FRAME)})
    record = caught.value.record
    assert (
        record.code == "M019" and record.message == "'main.py' ended with 1: ValueError: bad rows"
    )
    assert record.details["standard_error"][0].startswith("Traceback")
    printed = capfd.readouterr()
    assert "before" in printed.out and "ValueError: bad rows" in printed.err


def test_a_program_that_is_killed_names_the_signal(bench):
    bench.write(SCRIPT, main__py="import os\nos.kill(os.getpid(), 9)")
    with pytest.raises(ModuleError) as caught:
        bench.run({"dataset": bench.artifact(FRAME)})
    assert "was ended by SIGKILL" in str(caught.value) and "memory" in caught.value.record.remedy


def test_who_asks_the_step_to_stop_ends_its_program(bench):
    bench.write(SCRIPT, main__py="import time\ntime.sleep(60)")
    asked = bench.request({"dataset": bench.artifact(FRAME)})
    (Path(asked.folder) / "cancel").touch()
    from modules_library.programs.execution import execute

    with pytest.raises(ModuleError, match="SIGTERM"):
        execute(asked, bench.events.append)


RANKS = """
    kind = "script"
    version = "1"
    entry = "main.py"
    [distributed]
    processes = 3
    [outputs.sum]
    type = "Value"
"""
MEET = """
    import os, socket, sys
    rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    place = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    if rank == 0:
        with socket.create_server(place) as server:
            others = [int(server.accept()[0].recv(9)) for _ in range(size - 1)]
        open(sys.argv[2], "w").write(str([size, sum(others)]))
    else:
        while True:
            try:
                socket.create_connection(place).sendall(b"%d" % rank)
                break
            except ConnectionRefusedError:
                pass
"""


def test_a_distributed_program_is_several_processes_that_meet(bench):
    bench.write(RANKS, main__py=MEET)
    assert bench.spec().parameter("processes").default == 3
    assert bench.text(bench.run()["sum"]) == "[3,3]"
    alone = "import os, sys\nopen(sys.argv[2], 'w').write(str('RANK' in os.environ).lower())"
    bench.write(RANKS, main__py=alone)
    assert bench.text(bench.run(processes=1)["sum"]) == "false"


def test_a_rank_that_fails_ends_the_others(bench):
    bench.write(
        RANKS, main__py="import os, time\nif os.environ['RANK'] == '1': 1 / 0\ntime.sleep(60)"
    )
    with pytest.raises(ModuleError) as caught:
        bench.run()
    assert "'main.py' of rank 1 ended with 1: ZeroDivisionError" in str(caught.value)


def test_a_program_that_is_not_there_is_named(bench):
    bench.write(SHOW.format(arguments='"no-such-program"'))
    with pytest.raises(ModuleError) as caught:
        bench.run()
    assert caught.value.code == "M018" and "no-such-program" in str(caught.value)


@pytest.mark.parametrize(
    ("type_", "made", "words"),
    [
        ("Table", None, "was not written"),
        ("Table", "a,b\n1\n2,3,4\n", "is no csv"),
        ("Value", "{", "is no JSON"),
        ("Model", "zip?", "is not a model archive"),
    ],
)
def test_an_output_that_is_not_what_it_is_declared_to_be_is_refused(bench, type_, made, words):
    write = f"open(sys.argv[2], 'w').write({made!r})" if made else ""
    bench.write(
        f"""
        kind = "script"
        version = "1"
        entry = "main.py"
        [outputs.out]
        type = "{type_}"
        format = "csv"
        """,
        main__py=f"import sys\n{write}",
    )
    with pytest.raises(ModuleError) as caught:
        bench.run()
    assert caught.value.code == "M009" and words in str(caught.value)


def test_a_table_that_the_form_cannot_hold_is_told(bench):
    bench.write(main__py=COPY)
    nested = bench.artifact(pl.DataFrame({"a": [[1], [2]]}))
    with pytest.raises(DataError) as caught:
        bench.run({"dataset": nested})
    assert caught.value.code == "D008" and "'dataset'" in str(caught.value)


def test_a_draft_that_changed_since_it_was_planned_is_not_run(bench):
    bench.write(main__py=COPY)
    spec = bench.spec()
    bench.write(main__py=COPY, other__py="")
    with pytest.raises(ModuleError) as caught:
        bench.run({"dataset": bench.artifact(FRAME)}, spec=spec)
    assert caught.value.code == "M005"


def test_a_broken_declaration_is_told_when_the_step_runs(bench):
    bench.write(main__py=COPY)
    spec = bench.spec()
    bench.write("kind = 3", main__py=COPY)
    with pytest.raises(ModuleError) as caught:
        bench.run(spec=spec)
    assert caught.value.code == "M016"


def test_what_another_machine_is_sent_begins_with_the_declaration(bench):
    bench.write(main__py=COPY, __gitignore="data\n", data="")
    files = source_files(bench.request())
    assert list(files) == ["program/module.toml", "program/main.py"]


def test_several_values_are_several_arguments():
    assert filled(["{input.a}", "x{input.b}"], {"input.a": ["1", "2"], "input.b": ["y"]}) == [
        *("1", "2", "xy")
    ]


def test_programs_find_what_lies_beside_the_interpreter(bench):
    bench.write(
        SHOW.format(arguments='"python", "-c", "import sys;open(sys.argv[1],\'w\')", "{output.o}"')
        + "[outputs]\no = { type = 'File' }\n"
    )
    assert bench.run()["o"].ref.bytes == 0 and os.path.isabs(bench.asked.folder)
