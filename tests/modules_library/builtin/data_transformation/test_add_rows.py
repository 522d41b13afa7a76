import polars as pl
import pytest

from modules_library.builtin.data_transformation.add_rows import add_rows, example
from modules_library.sdk import ColumnRole, Roles, Table
from runtime.errors import DataError


def added(upper, lower):
    return add_rows(Table(pl.DataFrame(upper)), Table(pl.DataFrame(lower))).results_dataset.frame


def test_rows_follow_each_other_and_columns_find_their_name():
    frame = added({"a": [1, 2], "b": ["x", "y"]}, {"b": ["z"], "a": [3]})
    assert frame.rows() == [(1, "x"), (2, "y"), (3, "z")]


def test_whole_and_real_numbers_meet_as_real_ones():
    frame = added({"a": [1]}, {"a": [2.5]})
    assert frame["a"].to_list() == [1.0, 2.5] and frame["a"].dtype == pl.Float64


def test_a_column_without_values_takes_the_others_type():
    assert added({"a": [None]}, {"a": ["x"]})["a"].to_list() == [None, "x"]


@pytest.mark.parametrize(
    ("upper", "lower", "port"),
    [
        ({"age": [1]}, {"agee": [1]}, "dataset2"),
        ({"age": [1]}, {"age": [1], "size": [2]}, "dataset1"),
    ],
)
def test_different_columns_are_d007_with_the_port(upper, lower, port):
    with pytest.raises(DataError) as caught:
        added(upper, lower)
    assert caught.value.code == "D007" and caught.value.record.details["table"] == port


def test_different_types_are_d007_with_the_column():
    with pytest.raises(DataError, match="'a' holds Int64 in 'dataset1' and String in 'dataset2'"):
        added({"a": [1]}, {"a": ["1"]})


def test_roles_of_the_first_table_win():
    one = Table(pl.DataFrame({"a": [1], "b": [1]}), Roles({"a": ColumnRole(kind="label")}))
    two = Table(
        pl.DataFrame({"a": [1], "b": [1]}),
        Roles({"a": ColumnRole(kind="feature"), "b": ColumnRole(categorical=True)}),
    )
    assert add_rows(one, two).results_dataset.roles == Roles(
        {"a": ColumnRole(kind="label"), "b": ColumnRole(categorical=True)}
    )


def test_the_example_runs():
    inputs = {name: Table(frame) for name, frame in example()["inputs"].items()}
    assert add_rows(**inputs).results_dataset.frame["city"].to_list() == ["Bern", "Rome"]
