"""A reopened script, command, notebook or mini-batch finds what it found in the run."""

import contextlib
import json
import shutil
import subprocess
import sys
import zipfile
from textwrap import dedent

import msgspec
import nbformat
import polars as pl
import pytest

from designer.reopening import pack, reopen, stored_subject
from runtime.errors import DesignerError
from runtime.model.environment import Environment
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.run_store import SqliteRunStore
from tests.stored_runs import StoredRuns

FRAME = pl.DataFrame({"a": [1, 2, 3, 4, 5]})
SCRIPT = """
    kind = "script"
    version = "1.0.0"
    entry = "main.py"
    [inputs.dataset]
    type = "Table"
    format = "csv"
    [inputs.raw]
    type = "Table"
    [outputs.result]
    type = "Table"
    format = "csv"
    [outputs.kept]
    type = "Folder"
    [parameters]
    word = { kind = "string", default = "it's $HOME" }
    rates = { kind = "file", default = "RATES" }
    password = { kind = "secret" }
"""
TELL = """
    import json, os, pathlib, sys
    import helper
    given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
    pathlib.Path(given["--result"]).write_text(open(given["--dataset"]).read())
    open(os.environ["DESIGNER_OUTPUT_KEPT"] + "/one.txt", "x").write(open(given["--raw"], "rb").read(6).decode())
    ours = {k: v for k, v in os.environ.items() if k.startswith("DESIGNER_")}
    print(json.dumps([sys.argv, ours, os.getcwd(), open(given["--rates"]).read()]))
"""


class Shop:
    """A workspace with a program, and runs of it that have ended."""

    def __init__(self, folder):
        self.stored = StoredRuns(folder / "workspace")
        self.program = self.stored.workspace.modules / "own/tool"
        self.program.mkdir(parents=True)
        self.table = self.stored.table(FRAME)

    def write(self, **files):
        for name, text in files.items():
            (self.program / name.replace("__", ".")).write_text(dedent(text))

    def run(self, ports=("dataset",), parameters=None, outputs=None, module="own.tool"):
        load = {"module": "data_input_output.enter_data_manually", "version": "1.0.0"}
        tool = {"module": module, "version": "draft", "parameters": parameters or {}}
        tool["inputs"] = dict.fromkeys(ports, "load.dataset")
        self.stored.read_modules()
        self.stored.pipeline("p", {"format": 1, "name": "P", "nodes": {"load": load, "tool": tool}})
        return self.stored.run("p", {"load": {"dataset": self.table}, "tool": outputs or {}})

    def reopen(self, run, folder, **step):
        workspace = self.stored.workspace
        with contextlib.closing(SqliteRunStore(workspace.runs_db)) as store:
            subject = stored_subject(store, store.run(run), "tool")
        changed = msgspec.structs.replace(subject.step, **step)
        subject = msgspec.structs.replace(subject, step=changed)
        return reopen(subject, FolderArtifactStore(workspace.artifacts), folder)


@pytest.fixture
def shop(tmp_path):
    shop = Shop(tmp_path)
    yield shop
    shop.stored.close()


def start(folder, *arguments, **environment):
    return subprocess.run(
        [folder / "run.sh", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


@pytest.fixture
def script(shop, tmp_path):
    """A script with a file, a secret and an input of either form, reopened."""
    (tmp_path / "rates.txt").write_text("3")
    shop.write(
        module__toml=SCRIPT.replace("RATES", str(tmp_path / "rates.txt")),
        main__py=TELL,
        helper__py="",
    )
    run = shop.run(("dataset", "raw"), {"password": {"$secret": "the-key"}})
    made = shop.reopen(run, tmp_path / "again")
    assert made.command == "./run.sh"
    return tmp_path / "again"


def test_a_script_has_its_arguments_variables_and_files_wherever_the_folder_lies(
    shop, script, tmp_path
):
    folder = script.rename(tmp_path / "moved it")
    shutil.rmtree(shop.program)
    (tmp_path / "rates.txt").unlink()
    done = start(folder, DESIGNER_SECRET_THE_KEY="open sesame")
    assert done.returncode == 0, done.stderr
    words, ours, work, rates = json.loads(done.stdout)
    result = str(folder / "made/result.csv")
    assert words[:3] == ["main.py", "--dataset", str(folder / "inputs/dataset.csv")]
    assert words[words.index("--word") + 1] == "it's $HOME" and rates == "3"
    assert words[words.index("--result") + 1] == ours["DESIGNER_OUTPUT_RESULT"] == result
    assert ours["DESIGNER_PARAMETER_PASSWORD"] == "open sesame"
    assert ours["DESIGNER_STEP"] == "tool" and work == str(folder / "work")
    assert pl.read_csv(result).equals(FRAME)
    assert (folder / "made/kept/one.txt").read_text() == "ARROW1"
    assert (folder / "inputs/raw.arrow").stat().st_mode & 0o777 == 0o400
    assert start(folder, DESIGNER_SECRET_THE_KEY="x").returncode == 0, "made begins anew"
    assert not any(path.is_symlink() for path in folder.rglob("*"))


def test_a_secret_is_asked_for(script):
    done = start(script)
    assert done.returncode != 0 and "DESIGNER_SECRET_THE_KEY" in done.stderr
    assert "`DESIGNER_SECRET_THE_KEY`" in (script / "README.md").read_text()


def test_a_debugger_gets_the_same_start_as_the_script(script):
    launch = json.loads((script / ".vscode/launch.json").read_text())["configurations"][0]
    assert launch["program"] == "${workspaceFolder}/work/main.py"
    assert launch["args"][:2] == ["--dataset", "${workspaceFolder}/inputs/dataset.csv"]
    assert launch["env"]["DESIGNER_PARAMETER_PASSWORD"] == "${env:DESIGNER_SECRET_THE_KEY}"
    done = start(script, "-c", "print('instead')", DESIGNER_SECRET_THE_KEY="x")
    assert done.stdout == "instead\n", "words behind run.sh go to Python"


def test_a_command_is_started_as_it_is_and_a_zip_brings_all_of_it(shop, tmp_path):
    shop.write(
        module__toml="""
        kind = "command"
        version = "1.0.0"
        arguments = ["./copy.sh", "{input.dataset}", "{output.result}"]
        [inputs.dataset]
        type = "Table"
        format = "csv"
        [outputs.result]
        type = "File"
        file = "out.csv"
        """,
        copy__sh='#!/bin/sh\ncp "$1" "$2"\n',
    )
    shop.reopen(shop.run(), tmp_path / "again")
    pack(tmp_path / "again", tmp_path / "again.zip")
    shutil.rmtree(tmp_path / "again")
    subprocess.run(
        [sys.executable, "-m", "zipfile", "-e", tmp_path / "again.zip", tmp_path], check=True
    )
    for archived in zipfile.ZipFile(tmp_path / "again.zip").infolist():
        (tmp_path / archived.filename).chmod(archived.external_attr >> 16 & 0o777)
    done = start(tmp_path / "again")
    assert done.returncode == 0, done.stderr
    assert pl.read_csv(tmp_path / "again/made/result/out.csv").equals(FRAME)


@pytest.mark.parametrize(
    "bad", ["", "sys.exit(3) if os.environ['RANK'] == '1' else time.sleep(60)"]
)
def test_every_rank_is_started_and_one_that_fails_ends_the_others(shop, tmp_path, bad):
    shop.write(
        module__toml="""
        kind = "script"
        version = "1.0.0"
        entry = "main.py"
        [distributed]
        processes = 2
        [outputs.said]
        type = "Folder"
        """,
        main__py=f"""
        import os, sys, time
        {bad}
        place = os.environ["DESIGNER_OUTPUT_SAID"]
        open(f"{{place}}/{{os.environ['RANK']}}", "w").write(os.environ["WORLD_SIZE"])
        """,
    )
    shop.reopen(shop.run(()), tmp_path / "again")
    done = start(tmp_path / "again")
    assert done.returncode == (3 if bad else 0), done.stderr
    said = {one.name: one.read_text() for one in (tmp_path / "again/made/said").iterdir()}
    assert said == ({} if bad else {"0": "2", "1": "2"})
    assert not (tmp_path / "again/.vscode").exists()


def notebook(shop):
    cells = [
        nbformat.v4.new_code_cell("dataset = result = ''", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("import shutil; shutil.copyfile(dataset, result)"),
    ]
    shop.write(
        module__toml=SCRIPT.split("[inputs.raw]")[0].replace("script", "notebook")
        .replace("main.py", "steps.ipynb") + '    [outputs.result]\n    type = "Table"\n    format = "csv"\n',
        steps__ipynb=nbformat.writes(nbformat.v4.new_notebook(cells=cells)),
    )  # fmt: skip
    executed = shop.stored.document("File", {"executed": True})
    return shop.run(outputs={"executed_notebook": executed})


def test_the_notebook_of_the_run_lies_beside_the_modules_files(shop, tmp_path):
    shop.reopen(notebook(shop), tmp_path / "again")
    assert json.loads((tmp_path / "again/work/executed_steps.ipynb").read_bytes())["executed"]
    assert "work/executed_steps.ipynb" in (tmp_path / "again/README.md").read_text()


@pytest.mark.slow
def test_a_notebook_is_executed_again_where_the_folder_lies(shop, tmp_path):
    shop.reopen(notebook(shop), tmp_path / "again")
    folder = (tmp_path / "again").rename(tmp_path / "moved")
    done = start(folder)
    assert done.returncode == 0, done.stderr
    assert pl.read_csv(folder / "made/result.csv").equals(FRAME)
    assert "../inputs/dataset.csv" in (folder / "made/steps.ipynb").read_text()


MAPPED = """
    import polars as pl
    from modules_library.sdk import module

    @module(version="1.0.0", parallel={"input": "dataset", "rows": 2})
    def mapped(dataset: pl.DataFrame) -> pl.DataFrame:
        '''Double.'''
        return dataset * 2
"""


def failed_batches(shop, *numbers):
    return {"failed_batches": shop.stored.table(pl.DataFrame({"batch": list(numbers)}))}


@pytest.mark.slow
@pytest.mark.parametrize(("numbers", "expected"), [((3, 2), [6, 8]), ((), [2, 4, 6, 8, 10])])
def test_a_mapped_function_is_called_for_the_first_mini_batch_that_failed(
    shop, tmp_path, numbers, expected
):
    (shop.program.parent / "mapped.py").write_text(dedent(MAPPED))
    outputs = failed_batches(shop, *numbers) if numbers else None
    shop.reopen(shop.run(outputs=outputs, module="own.mapped"), tmp_path / "again")
    assert ("mini-batch 2" in (tmp_path / "again/README.md").read_text()) == bool(numbers)
    done = subprocess.run([sys.executable, "step.py"], cwd=tmp_path / "again", check=False)
    assert done.returncode == 0
    (made,) = (tmp_path / "again/work/outputs").iterdir()
    assert pl.read_ipc(made)["a"].to_list() == expected


def test_a_mapped_program_gets_the_rows_of_the_first_mini_batch_that_failed(shop, tmp_path):
    shop.write(
        module__toml="""
        kind = "command"
        version = "1.0.0"
        arguments = ["cp", "{input.dataset}", "{output.result}"]
        [parallel]
        input = "dataset"
        rows = 2
        [inputs.dataset]
        type = "Table"
        format = "csv"
        [outputs.result]
        type = "Table"
        format = "csv"
        """
    )
    shop.reopen(shop.run(outputs=failed_batches(shop, 3)), tmp_path / "again")
    assert start(tmp_path / "again").returncode == 0
    assert pl.read_csv(tmp_path / "again/made/result.csv")["a"].to_list() == [5]


def test_an_environment_of_its_own_is_named_with_its_packages(shop, tmp_path):
    shop.write(module__toml='kind = "command"\nversion = "1.0.0"\narguments = ["true"]\n')
    own = Environment(name="old", python="3.11", locked=("numpy==1.26.4", "pandas==2.1.0"))
    shop.reopen(shop.run(()), tmp_path / "again", environment=own)
    assert (tmp_path / "again/environment.txt").read_text() == "numpy==1.26.4\npandas==2.1.0\n"
    assert "Environment “old”, Python 3.11" in (tmp_path / "again/README.md").read_text()


def test_a_folder_that_has_changed_since_the_run_is_refused(shop, tmp_path):
    shop.write(module__toml='kind = "command"\nversion = "1.0.0"\narguments = ["true"]\n')
    run = shop.run(())
    shop.write(new__txt="")
    with pytest.raises(DesignerError, match=r"M005.*reopen the step of that run"):
        shop.reopen(run, tmp_path / "again")
    assert not (tmp_path / "again").exists()
