import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules_library.builtin.data_transformation.remove_duplicate_rows import (
    example,
    remove_duplicate_rows,
)
from modules_library.sdk import ColumnRole, ColumnSelection, Roles, Table
from runtime.errors import DataError


def kept(frame, **parameters):
    return remove_duplicate_rows(Table(frame), **parameters).results_dataset.frame


pairs = st.lists(
    st.tuples(st.sampled_from([1, 2, None]), st.sampled_from(["a", "b", None])), max_size=30
)


@given(pairs, st.booleans())
@settings(deadline=None)
def test_one_row_of_equal_ones_stays_in_its_place(rows, first):
    frame = pl.DataFrame(rows, schema={"n": pl.Int64, "t": pl.String}, orient="row")
    frame = frame.with_row_index("row")
    chosen = {}
    for number, key in enumerate(rows):
        if not (first and key in chosen):
            chosen[key] = number
    result = kept(
        frame,
        key_columns=ColumnSelection.names("n", "t"),
        retain_first_duplicate_row=first,
    )
    assert result["row"].to_list() == sorted(chosen.values())


def test_all_columns_are_the_key_by_default():
    frame = pl.DataFrame({"a": [1, 1, 1], "b": ["x", "x", "y"]})
    assert kept(frame).rows() == [(1, "x"), (1, "y")]


def test_nan_equals_nan():
    assert kept(pl.DataFrame({"x": [float("nan"), float("nan"), 0.0]})).height == 2


def test_text_is_compared_exactly():
    assert kept(pl.DataFrame({"t": ["a", "A", "a ", "a"]})).height == 3


def test_roles_stay():
    roles = Roles({"a": ColumnRole(kind="label")})
    assert (
        remove_duplicate_rows(Table(pl.DataFrame({"a": [1]}), roles)).results_dataset.roles == roles
    )


def test_no_key_column_is_refused():
    with pytest.raises(DataError) as caught:
        kept(pl.DataFrame({"a": [1]}), key_columns=ColumnSelection.none())
    assert caught.value.code == "D001"


def test_a_table_without_rows_stays_empty():
    assert kept(pl.DataFrame({"a": []})).height == 0


def test_the_example_runs():
    case = example()
    columns = ColumnSelection.from_json(case["parameters"]["key_columns"])
    assert kept(case["inputs"]["dataset"], key_columns=columns).height == 2
