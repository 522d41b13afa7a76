import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules_library.builtin.data_transformation.join_data import example, join_data
from modules_library.sdk import ColumnRole, ColumnSelection, Roles, Table
from runtime.errors import DataError

names = ColumnSelection.names


def joined(left, right, on=("k", "k"), **parameters):
    return join_data(
        Table(pl.DataFrame(left)),
        Table(pl.DataFrame(right)),
        left_key_columns=names(*on[0].split("+")),
        right_key_columns=names(*on[1].split("+")),
        **parameters,
    ).results_dataset.frame


def nested_loops(left, right, join_type):
    """What a join means, written out: pairs of row numbers."""
    pairs, lonely_right = [], set(range(len(right)))
    for i, one in enumerate(left):
        partners = [j for j, other in enumerate(right) if one is not None and one == other]
        lonely_right -= set(partners)
        if join_type == "Left Semi-Join":
            pairs += [(i,)] if partners else []
        elif partners:
            pairs += [(i, j) for j in partners]
        elif join_type != "Inner Join":
            pairs.append((i, None))
    if join_type == "Full Outer Join":
        pairs += [(None, j) for j in sorted(lonely_right)]
    return pairs


keys = st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=12)


@pytest.mark.parametrize(
    "join_type", ["Inner Join", "Left Outer Join", "Full Outer Join", "Left Semi-Join"]
)
@given(keys, keys)
@settings(deadline=None, max_examples=60)
def test_joins_are_what_nested_loops_give_in_their_order(join_type, left, right):
    frame = joined(
        {"k": pl.Series(left, dtype=pl.Int64), "l": range(len(left))},
        {"k": pl.Series(right, dtype=pl.Int64), "r": range(len(right))},
        join_type=join_type,
    )
    wanted = ["l"] if join_type == "Left Semi-Join" else ["l", "r"]
    assert frame.select(wanted).rows() == nested_loops(left, right, join_type)


LEFT = {"k": [1, 2], "city": ["Bern", "Rome"]}
RIGHT = {"k": [2, 3], "city": ["Roma", "Oslo"], "n": [20, 30]}


def test_equal_names_get_a_number():
    frame = joined(LEFT, RIGHT)
    assert frame.columns == ["k", "city", "k (1)", "city (1)", "n"]
    assert frame.rows() == [(2, "Rome", 2, "Roma", 20)]


def test_a_number_never_meets_a_name_that_exists():
    frame = joined({"k": [1], "k (1)": [5]}, {"k": [1], "k (2)": [6]})
    assert frame.columns == ["k", "k (1)", "k (3)", "k (2)"]


def test_right_keys_can_be_left_out_and_then_fill_the_left_ones():
    frame = joined(LEFT, RIGHT, join_type="Full Outer Join", keep_right_key_columns=False)
    assert frame.columns == ["k", "city", "city (1)", "n"]
    assert frame["k"].to_list() == [1, 2, 3]


def test_case_matters_unless_said_otherwise():
    left, right = {"k": ["Ada", "GRACE"]}, {"k": ["ada", "grace", "Ada"]}
    assert joined(left, right).height == 1
    frame = joined(left, right, match_case=False)
    assert frame.rows() == [("Ada", "ada"), ("Ada", "Ada"), ("GRACE", "grace")]


def test_several_keys_must_all_agree():
    left = {"a": [1, 1, 2], "b": ["x", "y", "x"]}
    right = {"c": [1, 2], "d": ["y", "x"]}
    assert joined(left, right, on=("a+b", "c+d")).rows() == [(1, "y", 1, "y"), (2, "x", 2, "x")]


def test_whole_and_real_keys_are_compared_as_numbers():
    assert joined({"k": [1, 2]}, {"k": [2.0, 2.5]}).rows() == [(2, 2.0)]
    narrow = {"k": pl.Series([1], dtype=pl.Int8)}
    assert joined(narrow, {"k": pl.Series([1], dtype=pl.UInt64)}).height == 1


def test_keys_of_different_types_are_d007():
    with pytest.raises(DataError) as caught:
        joined({"k": [1]}, {"k": ["1"]})
    assert caught.value.code == "D007"
    details = caught.value.record.details
    assert (details["left_key"], details["right_key"]) == ("k", "k")
    assert details["parameter"] == "left_key_columns"


def test_different_numbers_of_keys_are_d007():
    with pytest.raises(DataError, match="2 left and 1 right"):
        joined({"a": [1], "b": [2]}, {"k": [1]}, on=("a+b", "k"))


def test_a_missing_key_column_is_named_with_its_port():
    with pytest.raises(DataError) as caught:
        joined({"key": [1]}, {"k": [1]}, on=("keyy", "k"))
    assert caught.value.code == "D001" and caught.value.record.details["port"] == "dataset1"


def test_columns_keep_the_role_of_their_table():
    left = Table(pl.DataFrame(LEFT), Roles({"city": ColumnRole(categorical=True)}))
    right = Table(pl.DataFrame(RIGHT), Roles({"city": ColumnRole(kind="label")}))
    table = join_data(
        left, right, left_key_columns=names("k"), right_key_columns=names("k")
    ).results_dataset
    assert table.roles == Roles(
        {"city": ColumnRole(categorical=True), "city (1)": ColumnRole(kind="label")}
    )


def test_the_example_runs():
    case = example()
    inputs = {name: Table(frame) for name, frame in case["inputs"].items()}
    keys = {name: ColumnSelection.from_json(v) for name, v in case["parameters"].items()}
    assert join_data(**inputs, **keys).results_dataset.frame["name"].to_list() == [
        "Ada", "Grace", "Ada",
    ]  # fmt: skip
