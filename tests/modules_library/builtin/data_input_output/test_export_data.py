import csv
import json
import os

import openpyxl
import pandas
import polars as pl
import pytest

from modules_library.builtin.data_input_output.export_data import example, export_data
from modules_library.sdk import StepContext, Table
from runtime.errors import DataError, InfrastructureError

FRAME = pl.DataFrame({"n": [1, None], "t": ['say "x", ü', "b"], "x": [0.1, 2.0]})


def exported(tmp_path, frame=FRAME, **parameters):
    context = StepContext(source_folder=tmp_path, folder=tmp_path)
    return export_data(Table(frame), context=context, **parameters).exported_file


def csv_rows(path, sign):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file, delimiter=sign))


def pandas_rows(frame):
    return [
        tuple(None if pandas.isna(v) else v for v in row)
        for row in frame.itertuples(index=False, name=None)
    ]


READERS = {
    "CSV": lambda path: csv_rows(path, ","),
    "TSV": lambda path: csv_rows(path, "\t"),
    "Parquet": lambda path: pandas_rows(pandas.read_parquet(path)),
    "Arrow": lambda path: pandas_rows(pandas.read_feather(path)),
    "JSON lines": lambda path: [
        tuple(json.loads(line).values()) for line in path.read_text("utf-8").splitlines()
    ],
    "Excel": lambda path: list(openpyxl.load_workbook(path).active.iter_rows(values_only=True)),
}
TEXTS = [["n", "t", "x"], ["1", 'say "x", ü', "0.1"], ["", "b", "2.0"]]


@pytest.mark.parametrize(
    ("file_format", "suffix"),
    [
        ("CSV", "csv"),
        ("TSV", "tsv"),
        ("Parquet", "parquet"),
        ("Arrow", "arrow"),
        ("JSON lines", "jsonl"),
        ("Excel", "xlsx"),
    ],
)
def test_other_libraries_read_every_format(file_format, suffix, tmp_path):
    file = exported(tmp_path, file_format=file_format)
    assert file.name == f"data.{suffix}" and file.path.name == file.name
    found = READERS[file_format](file.path)
    if file_format in ("CSV", "TSV"):
        assert found == TEXTS
    else:
        assert [tuple(row) for row in found][-2:] == FRAME.rows()


def test_a_path_gets_the_file_too(tmp_path):
    file = exported(tmp_path, path="out/deep/result.csv")
    target = tmp_path / "out" / "deep" / "result.csv"
    assert target.read_bytes() == file.path.read_bytes() and file.name == "result.csv"
    assert list(target.parent.iterdir()) == [target]


def test_the_ending_may_be_left_out(tmp_path):
    exported(tmp_path, path="result", file_format="Parquet")
    assert pl.read_parquet(tmp_path / "result.parquet").height == 2


def test_a_file_that_is_there_is_replaced(tmp_path):
    (tmp_path / "result.csv").write_text("old")
    exported(tmp_path, path="result.csv", regenerate_output=True)
    assert (tmp_path / "result.csv").read_text().startswith("n,t,x")


@pytest.mark.parametrize(
    "path",
    [
        "../out.csv",
        "/tmp/out.csv",
        "a/../../out.csv",
        "link/out.csv",
        "out.txt",
        "designer.db",
        "sub",
    ],
)
def test_a_path_that_leaves_the_folder_or_has_another_ending_is_refused(path, tmp_path):
    root = tmp_path / "root"
    (root / "sub.csv").mkdir(parents=True)
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(DataError) as caught:
        exported(root, path=path)
    assert caught.value.code == "D008"
    assert not (tmp_path / "out.csv").exists()


def test_a_file_in_the_way_of_a_folder_is_s001(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InfrastructureError) as caught:
        exported(tmp_path, path="out/result.csv")
    assert caught.value.code == "S001"


def test_a_failed_export_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    (tmp_path / "result.csv").write_text("old")

    def refuse(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(InfrastructureError, match="No space left"):
        export_data(Table(FRAME), path="result.csv", context=StepContext(source_folder=tmp_path))
    assert (tmp_path / "result.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["result.csv"]


def test_a_table_without_rows_has_a_header(tmp_path):
    assert exported(tmp_path, FRAME.clear()).path.read_text() == "n,t,x\n"


def test_without_a_step_nothing_is_written_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert export_data(Table(FRAME)).exported_file.path.is_file()
    assert list(tmp_path.iterdir()) == []


def test_the_example_runs(tmp_path):
    case = example()
    file = exported(tmp_path, case["inputs"]["dataset"], **case["parameters"])
    assert file.path.read_text().splitlines()[0] == "city,people"
