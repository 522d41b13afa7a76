import polars as pl
import pytest

from modules_library.builtin.data_input_output.enter_data_manually import (
    enter_data_manually,
    example,
)
from modules_library.sdk import StepContext
from runtime.errors import DataError


def entered(data, data_format="CSV", **parameters):
    return enter_data_manually(data=data, data_format=data_format, **parameters).dataset


@pytest.mark.parametrize(
    ("data_format", "data"), [("CSV", 'a,b\n1,"x, y"\n,NA\n'), ("TSV", "a\tb\n1\tx, y\n\tNA\n")]
)
def test_delimited_text_becomes_a_typed_table(data_format, data):
    table = entered(data, data_format)
    assert table.frame.to_dict(as_series=False) == {"a": [1, None], "b": ["x, y", None]}


@pytest.mark.parametrize(("data_format", "data"), [("CSV", "1,x"), ("TSV", "1\tx")])
def test_without_header_columns_are_col1_and_so_on(data_format, data):
    table = entered(data, data_format, has_header=False)
    assert table.frame.to_dict(as_series=False) == {"Col1": [1], "Col2": ["x"]}


def test_arff_declares_its_columns():
    data = "@relation r\n@attribute n numeric\n@attribute c {a, b}\n@data\n1, a\n?, b\n"
    table = entered(data, "ARFF")
    assert table.frame.rows() == [(1.0, "a"), (None, "b")]
    assert table.roles.of("c").categorical


def test_svmlight_has_a_label():
    table = entered("1 2:0.5\n0 1:3\n", "SVMLight")
    assert table.frame.rows() == [(1, 0.0, 0.5), (0, 3.0, 0.0)]
    assert table.roles.label == "Label"


@pytest.mark.parametrize("data_format", ["CSV", "TSV", "ARFF", "SVMLight"])
def test_an_empty_text_is_d003(data_format):
    with pytest.raises(DataError) as caught:
        entered("", data_format)
    assert caught.value.code == "D003"


def test_a_ragged_row_is_named():
    with pytest.raises(DataError) as caught:
        entered("a,b\n1,2\n3\n")
    assert caught.value.code == "D003" and caught.value.record.details["row"] == 3


def test_a_mixed_column_is_text_with_a_warning():
    context = StepContext()
    table = entered("n\n1\n2\nx\n", context=context)
    assert table.frame["n"].dtype == pl.String and "row 3" in context.warnings[0]


def test_odd_names_work():
    assert entered('":x","a ""b""",ü,ü\n1,2,3,4\n').columns == [":x", 'a "b"', "ü", "ü (1)"]


def test_the_example_runs():
    assert entered(**example()["parameters"]).frame["people"].sum() == 2_884_000
