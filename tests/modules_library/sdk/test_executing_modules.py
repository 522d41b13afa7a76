"""Executing a step request: inputs by annotation, outputs checked, stored and hashed."""

import sys
from pathlib import Path
from textwrap import dedent

import polars as pl
import pytest

from modules_library.sdk import ColumnRole, Roles, Table
from modules_library.sdk.codecs.arrow_file import open_arrow, read_roles
from modules_library.sdk.execution import execute
from modules_library.sdk.source import spec_from_source
from runtime.errors import DataError, ModuleError
from runtime.model import InputArtifact, OutputPort, StepRequest
from runtime.model.digest import digest_file

HEADER = """\
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from modules_library.sdk import *
from pathlib import Path
"""


class Bench:
    """Runs module sources against artifacts in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules = folder / "modules"
        self.modules.mkdir()
        self.events = []
        self.count = 0

    def write(self, name, text):
        path = self.modules / f"{name}.py"
        path.write_text(HEADER + dedent(text))
        return path

    def artifact(self, value, type_="Table"):
        from modules_library.sdk.codecs import write_output

        self.count += 1
        folder = self.folder / f"in{self.count}"
        port = OutputPort(name="value", type=type_)
        made = write_output(value, port, folder=folder, inherited=Roles())
        return InputArtifact(ref=made.ref, path=str(folder / made.path))

    def run(self, source, *, inputs=None, **parameters):
        self.count += 1
        name = f"custom.{source.stem}"
        reading = spec_from_source(source, module_id=name, root=self.modules)
        assert reading.spec, reading.diagnostics
        spec = reading.spec
        entry = spec.entry.__class__(
            executor=spec.entry.executor, source=str(source), function=spec.entry.function
        )
        self.attempt = self.folder / f"attempt{self.count}"
        self.attempt.mkdir()
        request = StepRequest(
            run_id="r",
            step_id="s",
            attempt=1,
            fence=1,
            entry=entry,
            module=spec.id,
            version=spec.version,
            digest=spec.digest,
            parameters=parameters,
            inputs={port: tuple(found) for port, found in (inputs or {}).items()},
            outputs=spec.outputs,
            folder=str(self.attempt),
        )
        return execute(request, self.events.append)

    def frame(self, output):
        return pl.from_arrow(open_arrow(self.attempt / output.path))


@pytest.fixture
def bench(tmp_path):
    path = list(sys.path)
    yield Bench(tmp_path)
    sys.path[:] = path


def test_a_module_gets_its_table_and_parameters_and_gives_a_table(bench):
    source = bench.write(
        "first_rows",
        """
        @module(version="1.0.0")
        def first_rows(dataset: Table, *, rows: int = 2) -> Table:
            return dataset.with_frame(dataset.frame.head(rows))
        """,
    )
    table = bench.artifact(pl.DataFrame({"a": [1, 2, 3], "b": ["x", "y", None]}))
    outputs = bench.run(source, inputs={"dataset": [table]}, rows=1)
    result = outputs["result"]
    assert result.ref.summary == {"rows": 1, "columns": 2}
    assert result.ref.digest == digest_file(bench.attempt / result.path)
    assert bench.frame(result).rows() == [(1, "x")]


@pytest.mark.parametrize(
    ("annotation", "expression", "class_name"),
    [
        ("Table", "dataset.frame", "Table"),
        ("pl.DataFrame", "dataset", "DataFrame"),
        ("pl.LazyFrame", "dataset", "LazyFrame"),
        ("pd.DataFrame", "dataset", "DataFrame"),
        ("pa.Table", "dataset", "Table"),
        ("np.ndarray", "dataset", "ndarray"),
    ],
)
def test_the_annotation_chooses_the_class_and_the_stored_bytes_are_the_same(
    bench, annotation, expression, class_name
):
    source = bench.write(
        "hand_through",
        f"""
        @module(version="1.0.0")
        def hand_through(dataset: {annotation}) -> {annotation}:
            assert type(dataset).__name__ == "{class_name}"
            return {expression}
        """,
    )
    names = ["column_1", "column_2"]
    table = bench.artifact(pl.DataFrame({name: [1.5, 2.5, 3.5] for name in names}))
    result = bench.run(source, inputs={"dataset": [table]})["result"]
    assert result.ref.digest == table.ref.digest


def test_a_pandas_frame_may_be_changed_in_place_and_the_artifact_stays(bench):
    source = bench.write(
        "in_place",
        """
        @module(version="1.0.0")
        def in_place(dataset: pd.DataFrame) -> pd.DataFrame:
            dataset.loc[0, "a"] = 5.0
            dataset["b"] = dataset["b"].fillna("none")
            return dataset
        """,
    )
    table = bench.artifact(pl.DataFrame({"a": [1.0, 2.0], "b": ["x", None]}))
    result = bench.run(source, inputs={"dataset": [table]})["result"]
    assert bench.frame(result).rows() == [(5.0, "x"), (2.0, "none")]
    assert digest_file(Path(table.path)) == table.ref.digest


def test_roles_follow_columns_of_the_same_name(bench):
    source = bench.write(
        "drop_one",
        """
        @module(version="1.0.0")
        def drop_one(dataset: pl.DataFrame) -> pl.DataFrame:
            return dataset.drop("b").with_columns(new=1)
        """,
    )
    roles = Roles({"a": ColumnRole(kind="label", categorical=True), "b": ColumnRole(kind="score")})
    table = bench.artifact(Table(pl.DataFrame({"a": ["x"], "b": [1]}), roles))
    result = bench.run(source, inputs={"dataset": [table]})["result"]
    assert read_roles(bench.attempt / result.path) == roles.keep(["a"])


def test_a_returned_table_with_roles_of_its_own_keeps_exactly_those(bench):
    source = bench.write(
        "clear_roles",
        """
        @module(version="1.0.0")
        def clear_roles(dataset: Table) -> Table:
            return Table(dataset.frame, Roles())
        """,
    )
    table = bench.artifact(Table(pl.DataFrame({"a": [1]}), Roles({"a": ColumnRole(kind="label")})))
    result = bench.run(source, inputs={"dataset": [table]})["result"]
    assert read_roles(bench.attempt / result.path) == {}


def test_optional_and_many_inputs_arrive_as_none_and_as_a_list(bench):
    source = bench.write(
        "stack",
        """
        class Stacked(NamedTuple):
            rows: Value
            extra: Value

        @module(version="1.0.0")
        def stack(tables: list[Table], more: Table | None = None) -> Stacked:
            return Stacked(rows=[t.height for t in tables], extra=more is None)
        """,
    )
    one, two = (bench.artifact(pl.DataFrame({"a": list(range(n))})) for n in (1, 2))
    outputs = bench.run(source, inputs={"tables": [one, two]})
    assert (bench.attempt / outputs["rows"].path).read_bytes() == b"[1,2]"
    assert (bench.attempt / outputs["extra"].path).read_bytes() == b"true"


def test_a_wrong_class_is_named_with_port_expected_and_got(bench):
    source = bench.write(
        "wrong",
        """
        @module(version="1.0.0")
        def wrong(dataset: Table) -> Table:
            return {"a": 1}
        """,
    )
    table = bench.artifact(pl.DataFrame({"a": [1]}))
    with pytest.raises(ModuleError) as caught:
        bench.run(source, inputs={"dataset": [table]})
    assert caught.value.code == "M009"
    assert "'result' expects Table, but the function gave dict" in str(caught.value)


def test_a_missing_output_is_named(bench):
    source = bench.write(
        "one_short",
        """
        class Two(NamedTuple):
            first: Table
            second: Table

        @module(version="1.0.0")
        def one_short(dataset: Table) -> Two:
            return (dataset,)
        """,
    )
    table = bench.artifact(pl.DataFrame({"a": [1]}))
    with pytest.raises(ModuleError, match=r"M009 .*first, second, but returned 1 values"):
        bench.run(source, inputs={"dataset": [table]})


def test_metrics_progress_and_seed_reach_the_engine(bench):
    source = bench.write(
        "talk",
        """
        @module(version="1.0.0")
        def talk(context: StepContext, *, seed: Seed = 3) -> Value:
            context.log_metric("accuracy", 0.5)
            context.progress(1.0, "done")
            return context.seed
        """,
    )
    outputs = bench.run(source, seed=7)
    assert (bench.attempt / outputs["result"].path).read_bytes() == b"7"
    assert [(e.kind, e.data) for e in bench.events] == [
        ("metric", {"name": "accuracy", "value": 0.5}),
        ("progress", {"share": 1.0, "text": "done"}),
    ]


def test_two_versions_with_their_own_helper_files_live_in_one_process(bench, tmp_path):
    results = []
    for number in (1, 2):
        folder = tmp_path / f"v{number}" / "modules"
        folder.mkdir(parents=True)
        (folder / "constants_of_mine.py").write_text(f"NUMBER = {number}\n")
        path = folder / "numbered.py"
        path.write_text(
            HEADER
            + "from constants_of_mine import NUMBER\n"
            + "@module(version='1.0.0')\ndef numbered() -> Value:\n    return NUMBER\n"
        )
        bench.modules = folder
        outputs = bench.run(path)
        results.append((bench.attempt / outputs["result"].path).read_bytes())
    sys.modules.pop("constants_of_mine", None)
    assert results == [b"1", b"2"]


def test_a_draft_that_changed_after_planning_is_refused(bench):
    from modules_library.sdk.loading import load_module

    source = bench.write(
        "changing", "@module(version='1.0.0')\ndef changing() -> Value:\n    return 1\n"
    )
    digest = spec_from_source(source, module_id="custom.changing", root=bench.modules).spec.digest
    source.write_text(source.read_text().replace("return 1", "return 2"))
    with pytest.raises(ModuleError, match="M005"):
        load_module(source, digest)


def test_an_artifact_of_another_type_is_refused(bench):
    source = bench.write(
        "take_table",
        "@module(version='1.0.0')\ndef take_table(dataset: Table) -> Table:\n    return dataset\n",
    )
    value = bench.artifact({"a": 1}, "Value")
    with pytest.raises(DataError, match="D008 Port 'dataset' expects Table, but got Value"):
        bench.run(source, inputs={"dataset": [value]})


def test_files_and_folders_travel_as_artifacts(bench):
    source = bench.write(
        "write_both",
        """
        class Both(NamedTuple):
            text: File
            pictures: Folder

        @module(version="1.0.0")
        def write_both(context: StepContext) -> Both:
            file = context.folder / "hello.txt"
            file.write_text("hello")
            folder = context.folder / "pictures"
            folder.mkdir()
            (folder / "a.bin").write_bytes(b"a")
            return Both(File(file, "hello.txt"), Folder(folder))
        """,
    )
    first = bench.run(source)
    assert first["text"].ref.summary == {"name": "hello.txt", "bytes": 5}
    assert (bench.attempt / first["text"].path).read_text() == "hello"
    assert (bench.attempt / first["pictures"].path / ".manifest.json").is_file()
    again = bench.run(source)
    assert {k: v.ref.digest for k, v in first.items()} == {
        k: v.ref.digest for k, v in again.items()
    }


def test_the_authors_own_exception_passes_through(bench):
    source = bench.write(
        "raises",
        "@module(version='1.0.0')\ndef raises() -> Value:\n    raise KeyError('mine')\n",
    )
    with pytest.raises(KeyError, match="mine"):
        bench.run(source)
