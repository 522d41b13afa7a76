import io
from datetime import date, datetime

import openpyxl
import polars as pl
import pytest
from sklearn.datasets import load_svmlight_file

from modules_library.formats import (
    read_arff,
    read_arrow,
    read_excel,
    read_json_lines,
    read_parquet,
    read_svmlight,
    write_table,
)
from modules_library.sdk import ColumnRole
from runtime.errors import DataError

TABLE = pl.DataFrame(
    {
        "whole": [1, None, -3],
        "real": [0.1, 2.5, None],
        "text": ["a,b", 'say "x"', "line\nbreak <&>"],
        "flag": [True, None, False],
        "day": [date(2024, 2, 29), None, date(1999, 12, 31)],
        "moment": [datetime(2024, 1, 2, 3, 4, 5), None, datetime(1999, 12, 31)],
        ":odd ü": ["", None, " x "],
    }
)


def refused(read, *arguments, **options):
    with pytest.raises(DataError) as caught:
        read(*arguments, **options)
    return caught.value.record


@pytest.mark.parametrize(
    ("file_format", "read"), [("Parquet", read_parquet), ("Arrow", read_arrow)]
)
def test_columnar_files_are_read_back_exactly(file_format, read, tmp_path):
    path = tmp_path / "file"
    write_table(TABLE, path, file_format)
    assert read(path, name="file").equals(TABLE, null_equal=True)


def test_an_arrow_stream_is_read_too(tmp_path):
    TABLE.write_ipc_stream(tmp_path / "file")
    assert read_arrow(tmp_path / "file", name="file").equals(TABLE, null_equal=True)


@pytest.mark.parametrize("read", [read_parquet, read_arrow, read_excel, read_json_lines])
@pytest.mark.parametrize("data", [b"", b"nonsense\nwith lines"])
def test_files_of_another_format_are_d003(read, data, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(data)
    record = refused(read, path, name="file")
    assert record.code == "D003"
    assert "\n" not in record.message and str(tmp_path) not in record.message


def test_a_workbook_of_ours_is_read_by_another_library(tmp_path):
    path = tmp_path / "file.xlsx"
    write_table(TABLE, path, "Excel")
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert list(rows[0]) == TABLE.columns
    assert rows[1][:4] == (1, 0.1, "a,b", True)
    assert rows[1][4:6] == (datetime(2024, 2, 29), datetime(2024, 1, 2, 3, 4, 5))
    assert rows[3][2] == "line\nbreak <&>" and rows[3][6] == " x "
    assert rows[2][0] is None


def test_a_workbook_keeps_what_its_numbers_cannot_hold(tmp_path):
    path = tmp_path / "file.xlsx"
    frame = pl.DataFrame({"id": [2**60], "x": [float("nan")], "t": ["a\x01b_x0041_"]})
    write_table(frame, path, "Excel")
    row = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))[1]
    assert row[:2] == (str(2**60), "nan")
    assert read_excel(path, name="file")["t"].to_list() == ["a\x01b_x0041_"]


@pytest.mark.parametrize("file_format", ["CSV", "TSV", "Parquet", "Arrow", "JSON lines", "Excel"])
def test_the_same_table_gives_the_same_bytes(file_format, tmp_path):
    for name in ("one", "two"):
        write_table(TABLE, tmp_path / name, file_format)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_too_long_text_for_excel_is_d008(tmp_path):
    record = refused(write_table, pl.DataFrame({"t": ["x" * 40_000]}), tmp_path / "f", "Excel")
    assert record.code == "D008"


def workbook(tmp_path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_a_sheet_is_read_with_types(tmp_path):
    path = workbook(
        tmp_path, {"A": [["n", "t", "d"], [1, "x", datetime(2024, 1, 2)], [2, None, None]]}
    )
    frame = read_excel(path, name="book")
    assert frame.columns == ["n", "t", "d"]
    assert frame["n"].to_list() == [1, 2] and frame["t"].to_list() == ["x", None]
    assert str(frame["d"][0])[:10] == "2024-01-02"


def test_sheets_are_chosen_by_name(tmp_path):
    path = workbook(tmp_path, {"A": [["a"], [1]], "Second": [["b"], [2]]})
    assert read_excel(path, name="book", sheet="Second").columns == ["b"]
    record = refused(read_excel, path, name="book", sheet="Secnd")
    assert record.code == "D003" and "Did you mean 'Second'" in record.message


def test_a_sheet_without_header_and_columns_without_names(tmp_path):
    path = workbook(tmp_path, {"A": [["a", None, "a"], [1, 2, 3]]})
    assert read_excel(path, name="book", has_header=False).columns == ["col1", "col2", "col3"]
    columns = read_excel(path, name="book").columns
    assert columns[0] == "a" and columns[1] == "col2" and len(set(columns)) == 3


def test_an_empty_sheet_is_d003(tmp_path):
    assert refused(read_excel, workbook(tmp_path, {"A": []}), name="book").code == "D003"


def json_lines(tmp_path, text):
    path = tmp_path / "file.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_json_lines_have_one_row_each(tmp_path):
    path = json_lines(tmp_path, '{"a": 1, "b": "ü"}\n\n{"b": "y", "c": 2.5}\n{"a": null}\n')
    assert read_json_lines(path, name="f").to_dict(as_series=False) == {
        "a": [1, None, None],
        "b": ["ü", "y", None],
        "c": [None, 2.5, None],
    }


def test_mixed_and_nested_json_values_become_text(tmp_path):
    path = json_lines(tmp_path, '{"a": 1, "b": [1, 2]}\n{"a": "x", "b": {"k": null}}\n')
    assert read_json_lines(path, name="f").to_dict(as_series=False) == {
        "a": ["1", "x"],
        "b": ["[1, 2]", '{"k": null}'],
    }


def test_one_json_list_of_objects_is_read_too(tmp_path):
    path = json_lines(tmp_path, '[{"a": 1},\n {"a": 2, "b": "x"}]')
    assert read_json_lines(path, name="f").rows() == [(1, None), (2, "x")]


def test_a_late_type_counts_too(tmp_path):
    lines = '{"a": 1}\n' * 5000 + '{"a": 0.5}\n'
    assert read_json_lines(json_lines(tmp_path, lines), name="f")["a"].to_list()[-1] == 0.5


@pytest.mark.parametrize(
    ("text", "line"), [('{"a": 1}\n{"a": \n', 2), ('{"a": 1}\n[1]\n', 2), ("[1, 2]", 1), ("[{", 1)]
)
def test_a_line_that_is_no_object_is_named(tmp_path, text, line):
    record = refused(read_json_lines, json_lines(tmp_path, text), name="f")
    assert record.code == "D003" and record.details["line"] == line


def test_svmlight_is_what_scikit_learn_reads():
    text = "# head\n1 1:0.5 3:-2 # note\n-1 qid:3 2:1e3\n0\n"
    table = read_svmlight(text)
    matrix, labels = load_svmlight_file(io.BytesIO(text.encode()), zero_based=False)
    assert table.columns == ["Label", "Col1", "Col2", "Col3"]
    assert table.frame["Label"].to_list() == labels.tolist()
    assert table.frame.drop("Label").to_numpy().tolist() == matrix.toarray().tolist()
    assert table.roles.label == "Label"


@pytest.mark.parametrize(
    ("text", "line"), [("1 1:2\nx 1:2", 2), ("1 0:2", 1), ("1 a:2", 1), ("1 2", 1), ("1 1:x", 1)]
)
def test_a_line_that_is_not_svmlight_is_named(text, line):
    record = refused(read_svmlight, text)
    assert record.code == "D003" and record.details["line"] == line


def test_svmlight_without_rows_is_d003():
    assert refused(read_svmlight, "# nothing\n").code == "D003"


ARFF = """% a comment
@RELATION weather
@attribute outlook {sunny, 'very rainy', overcast}
@attribute temperature numeric
@attribute 'wind speed' REAL
@attribute days integer
@attribute note string
@attribute seen date "yyyy-MM-dd HH:mm"
@data
sunny, 85, 1.5, 3, 'it\\'s, fine', "2024-01-02 03:04"
'very rainy',?,-2e1,0,?,?
{0 overcast, 3 7}
"""


def test_arff_has_declared_types_and_sparse_rows():
    table = read_arff(ARFF)
    assert table.frame.rows() == [
        ("sunny", 85.0, 1.5, 3, "it's, fine", datetime(2024, 1, 2, 3, 4)),
        ("very rainy", None, -20.0, 0, None, None),
        ("overcast", 0.0, 0.0, 7, "", None),
    ]
    assert table.columns[2] == "wind speed"
    assert table.roles.of("outlook") == ColumnRole(categorical=True)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("sunny, 85", "snow, 85"), 10),
        (("sunny, 85, ", "sunny, "), 10),
        (("85", "warm"), 10),
        (("REAL", "complex"), 5),
        (("@RELATION weather", "hello"), 2),
        (("{0 overcast", "{9 overcast"), 12),
        (("'very rainy',?", "'very rainy,?"), 11),
    ],
)
def test_a_line_that_is_not_arff_is_named(change, line):
    record = refused(read_arff, ARFF.replace(*change))
    assert record.code == "D003" and record.details["line"] == line


@pytest.mark.parametrize("text", ["", "@relation x\n@attribute a numeric\n", "@data\n1\n"])
def test_arff_needs_columns_and_data(text):
    assert refused(read_arff, text).code == "D003"
