import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from modules_library.builtin.data_input_output.import_data import example, import_data
from modules_library.formats import write_table
from modules_library.sdk import ColumnSelection, StepContext
from runtime.errors import DataError

FRAME = pl.DataFrame({"id": [1, 2], "name": ["Ada", "Grace"], "score": [0.5, None]})


def imported(path, **parameters):
    return import_data(path=path, **parameters).results_dataset.frame


def refused(path, **parameters):
    with pytest.raises(DataError) as caught:
        import_data(path=path, **parameters)
    assert caught.value.record.remedy
    return caught.value.record


def written(tmp_path, text, name="file.csv"):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("file_format", "suffix"),
    [
        ("CSV", ".csv"),
        ("TSV", ".tsv"),
        ("Parquet", ".parquet"),
        ("Arrow", ".arrow"),
        ("JSON lines", ".jsonl"),
        ("Excel", ".xlsx"),
    ],
)
@pytest.mark.parametrize("choice", ["Auto", "explicit"])
def test_every_format_is_read_by_ending_and_by_choice(file_format, suffix, choice, tmp_path):
    path = tmp_path / ("table" + (suffix if choice == "Auto" else ".data"))
    write_table(FRAME, path, file_format)
    frame = imported(path, file_format="Auto" if choice == "Auto" else file_format)
    assert frame.cast({"id": pl.Int64}).equals(FRAME, null_equal=True)


@pytest.mark.parametrize(
    ("delimiter", "custom", "sign"),
    [
        ("Auto", "", ";"),
        ("Comma", "", ","),
        ("Semicolon", "", ";"),
        ("Tab", "", "\t"),
        ("Pipe", "", "|"),
        ("Space", "", " "),
        ("Custom", "~", "~"),
    ],
)
def test_every_delimiter_is_read(delimiter, custom, sign, tmp_path):
    path = written(tmp_path, f"a{sign}b\n1{sign}x\n")
    frame = imported(path, delimiter=delimiter, custom_delimiter=custom)
    assert frame.to_dict(as_series=False) == {"a": [1], "b": ["x"]}


@pytest.mark.parametrize("sign", ["", "ab", "\n", '"', "ü"])
def test_a_custom_delimiter_is_one_plain_sign(sign, tmp_path):
    path = written(tmp_path, "a,b\n")
    assert refused(path, delimiter="Custom", custom_delimiter=sign).code == "D008"


def test_without_header_columns_are_numbered(tmp_path):
    assert imported(written(tmp_path, "1,x\n2,y\n"), has_header=False).columns == ["col1", "col2"]


def test_missing_values_are_those_that_were_named(tmp_path):
    path = written(tmp_path, "a,b\n1,?\nNA,x\n , NA \n")
    assert imported(path).rows() == [(1, "?"), (None, "x"), (None, None)]
    frame = imported(path, missing_values=["", "?", "NA"])
    assert frame["b"].to_list() == [None, "x", None]
    assert imported(path, missing_values=[""])["a"].to_list() == ["1", "NA", None]


def test_columns_are_chosen(tmp_path):
    path = written(tmp_path, "a,b,c\n1,2,3\n")
    assert imported(path, columns=ColumnSelection.names("c", "a")).columns == ["c", "a"]
    record = refused(path, columns=ColumnSelection.names("cc"))
    assert record.code == "D001"


def test_a_mixed_column_is_text_with_a_warning(tmp_path):
    context = StepContext()
    path = written(tmp_path, "age\n31\n45\nunknown\n52\n")
    frame = imported(path, context=context)
    assert frame["age"].dtype == pl.String
    (warning,) = context.warnings
    assert "'age'" in warning and "row 3" in warning and "'unknown'" in warning


def test_a_mixed_column_can_stop_the_import(tmp_path):
    record = refused(written(tmp_path, "age\n31\nx\n"), mixed_columns="Stop")
    assert record.code == "D004"
    assert record.details == {"column": "age", "row": 2, "file": "file.csv"}


def folder_of(tmp_path, files):
    for name, text in files.items():
        written(tmp_path, text, name)
    return tmp_path


def test_files_of_a_folder_follow_each_other_in_order(tmp_path):
    folder = folder_of(
        tmp_path,
        {"b.csv": "x,y\n2,b\n", "a.csv": "y,x\na,1\n", "sub/c.tsv": "x\ty\n3\tc\n", ".hidden": "?"},
    )
    frame = imported(folder, data_source="Folder")
    assert frame.rows() == [("a", 1), ("b", 2), ("c", 3)]


def test_a_pattern_chooses_files(tmp_path):
    folder = folder_of(tmp_path, {"a.csv": "x\n1\n", "b.txt": "y\n2\n", "s/c.csv": "x\n3\n"})
    assert imported(folder, data_source="Folder", files="*.csv").rows() == [(1,)]
    assert imported(folder, data_source="Folder", files="**/*.csv").rows() == [(1,), (3,)]
    assert imported(folder, data_source="Folder", files="s/**").rows() == [(3,)]


@pytest.mark.parametrize("pattern", ["*.parquet", "../*", "/etc/*", "**/../*"])
def test_a_pattern_stays_in_the_folder_and_finds_something(pattern, tmp_path):
    folder = folder_of(tmp_path / "data", {"a.csv": "x\n1\n"})
    written(tmp_path, "x\n1\n", "outside.csv")
    assert refused(folder, data_source="Folder", files=pattern).code == "D008"


def test_a_column_gets_one_type_over_all_files(tmp_path):
    folder = folder_of(tmp_path, {"a.csv": "x\n1\n", "b.csv": "x\n2.5\n"})
    assert imported(folder, data_source="Folder")["x"].to_list() == [1.0, 2.5]


def test_a_mixed_value_is_named_with_its_file_and_its_row_there(tmp_path):
    folder = folder_of(tmp_path, {"a.csv": "x\n1\n2\n", "b.csv": "x\n3\nfour\n"})
    record = refused(folder, data_source="Folder", mixed_columns="Stop")
    assert record.details == {"column": "x", "row": 2, "file": "b.csv"}


def test_files_with_other_columns_are_d007(tmp_path):
    folder = folder_of(tmp_path, {"a.csv": "x,y\n1,2\n", "b.csv": "x,z\n1,2\n"})
    record = refused(folder, data_source="Folder")
    assert record.code == "D007" and record.details["table"] == "b.csv" and "'y'" in record.message


def test_files_of_several_formats_meet(tmp_path):
    written(tmp_path, "id,name,score\n3,Alan,1\n", "a.csv")
    write_table(FRAME, tmp_path / "b.parquet", "Parquet")
    frame = imported(tmp_path, data_source="Folder")
    assert frame["id"].to_list() == [3, 1, 2] and frame["score"].dtype == pl.Float64


def test_types_that_do_not_meet_are_d007(tmp_path):
    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "a.parquet")
    pl.DataFrame({"x": ["a"]}).write_parquet(tmp_path / "b.parquet")
    assert refused(tmp_path, data_source="Folder").code == "D007"


def test_a_sheet_is_chosen(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    second = book.create_sheet("Second")
    second.append(["b"])
    second.append([7])
    book.save(tmp_path / "book.xlsx")
    assert imported(tmp_path / "book.xlsx", sheet="Second").rows() == [(7,)]


def test_relative_paths_start_from_the_step_s_folder(tmp_path):
    written(tmp_path, "a\n1\n", "data/x.csv")
    context = StepContext(source_folder=tmp_path)
    assert imported(Path("data/x.csv"), context=context).rows() == [(1,)]


@pytest.mark.parametrize("path", [None, Path("/nowhere/x.csv")])
def test_a_file_that_is_not_there_is_d008(path):
    assert refused(path).code == "D008"


def test_a_folder_is_no_file(tmp_path):
    record = refused(tmp_path)
    assert record.code == "D008" and "is a folder" in record.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "D003"),
        ("a,b\n1\n", "D003"),
        (b"a,b\nZ\xfcrich,1\n", "D011"),
        (b"PK\x03\x04", "D003"),
    ],
)
def test_bad_files_have_a_code(text, code, tmp_path):
    assert refused(written(tmp_path, text)).code == code


def test_other_encodings_are_read(tmp_path):
    path = written(tmp_path, "city\nZürich\n".encode("cp1252"))
    assert imported(path, encoding="Windows-1252").rows() == [("Zürich",)]


@pytest.fixture
def address(tmp_path):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    http.server_close()
    thread.join()


def test_a_table_behind_an_address_is_read(address, tmp_path):
    written(tmp_path, "a\tb\n1\tx\n", "t.tsv")
    result = import_data(data_source="URL", url=f"{address}/t.tsv", regenerate_output=True)
    assert result.results_dataset.frame.rows() == [(1, "x")]


def test_an_address_with_nothing_behind_it_is_d014(address):
    with pytest.raises(DataError) as caught:
        import_data(data_source="URL", url=f"{address}/none.csv")
    assert caught.value.code == "D014"


def test_the_example_runs():
    parameters = example()["parameters"]
    columns = ColumnSelection.from_json(parameters["columns"])
    assert imported(Path(parameters["path"]), columns=columns)["city"].to_list() == [
        "Bern", "Rome", "Oslo",
    ]  # fmt: skip
