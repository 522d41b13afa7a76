import polars as pl
import pytest

from modules_library.builtin.data_transformation.select_columns_in_dataset import (
    example,
    select_columns_in_dataset,
)
from modules_library.sdk import ColumnRole, ColumnSelection, Roles, Table
from runtime.errors import DataError

FRAME = pl.DataFrame({"a": [1], "b": ["x"], ":c": [2.5], 'd "ü"': [True]})
ROLES = Roles({"a": ColumnRole(kind="label"), "b": ColumnRole(categorical=True)})
TABLE = Table(FRAME, ROLES)


def selected(value, **parameters):
    columns = ColumnSelection.from_json(value)
    return select_columns_in_dataset(TABLE, columns=columns, **parameters).results_dataset


def test_columns_stay_in_the_order_of_the_table():
    assert selected(["b", "a"]).columns == ["a", "b"]


def test_the_order_of_the_selection_and_duplicates_can_be_kept():
    table = selected(["b", "a", "b"], allow_duplicates_and_preserve_order=True)
    assert table.columns == ["b", "a", "b (1)"]
    assert table.frame.row(0) == ("x", 1, "x")
    assert table.roles.of("b (1)") == ColumnRole(categorical=True)


def test_roles_of_dropped_columns_go_and_others_stay():
    assert selected(["a", ":c"]).roles == Roles({"a": ColumnRole(kind="label")})


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([("exclude", "names", ["a"])], ["b", ":c", 'd "ü"']),
        ([("exclude", "types", ["numeric"])], ["b", 'd "ü"']),
        ([("exclude", "pattern", ["^[a-b]$"])], [":c", 'd "ü"']),
        ([("exclude", "indexes", ["1-2", 4])], [":c"]),
        ([("exclude", "roles", ["label"])], ["b", ":c", 'd "ü"']),
        ([("exclude", "types", ["numeric"]), ("include", "names", [":c"])], ["b", ":c", 'd "ü"']),
    ],
)
def test_rules_begin_with_all_columns_and_take_away(rules, expected):
    value = [{"action": a, "by": b, "values": v} for a, b, v in rules]
    assert selected({"start": "all", "rules": value}).columns == expected


def test_a_missing_column_is_named_with_close_matches():
    with pytest.raises(DataError, match="'aa' is not in 'dataset'"):
        selected(["aa"])


def test_an_empty_selection_is_refused():
    with pytest.raises(DataError) as caught:
        selected([])
    assert caught.value.code == "D001"


def test_the_example_runs():
    case = example()
    columns = ColumnSelection.from_json(case["parameters"]["columns"])
    result = select_columns_in_dataset(Table(case["inputs"]["dataset"]), columns=columns)
    assert result.results_dataset.columns == ["city", "people"]
