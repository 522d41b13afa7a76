from datetime import UTC, date, datetime

import polars as pl
import pytest

from modules_library.builtin.data_transformation.edit_metadata import edit_metadata, example
from modules_library.sdk import ColumnRole, ColumnSelection, Roles, Table
from runtime.errors import DataError

names = ColumnSelection.names


def edited(values, data_type, **parameters):
    series = pl.Series("v", values) if not isinstance(values, pl.Series) else values.alias("v")
    table = Table(series.to_frame())
    return edit_metadata(table, data_type=data_type, **parameters).results_dataset.frame["v"]


@pytest.mark.parametrize(
    ("data_type", "values", "expected"),
    [
        ("String", [1, None], ["1", None]),
        ("String", [1.5, 2.0], ["1.5", "2.0"]),
        ("String", [True, False], ["true", "false"]),
        ("String", [date(2024, 1, 2)], ["2024-01-02"]),
        ("String", [datetime(2024, 1, 2, 3, 4, 5)], ["2024-01-02T03:04:05"]),
        ("Integer", ["1", " -2 ", None, "+3"], [1, -2, None, 3]),
        ("Integer", ["2.0", "1e3"], [2, 1000]),
        ("Integer", [1.0, float("nan"), -7.0], [1, None, -7]),
        ("Integer", ["9007199254740993"], [9007199254740993]),
        ("Integer", [True, False], [1, 0]),
        ("Double", ["1.5", " 2 ", None], [1.5, 2.0, None]),
        ("Double", [1, 2], [1.0, 2.0]),
        ("Boolean", ["true", "NO", "1", None, "False"], [True, False, True, None, False]),
        ("Boolean", [0, 5, None], [False, True, None]),
        ("Boolean", [0.0, 0.5], [False, True]),
        ("DateTime", [date(2024, 1, 2)], [datetime(2024, 1, 2)]),
        (
            "DateTime",
            ["2024-01-02", "2024-01-02T03:04"],
            [datetime(2024, 1, 2), datetime(2024, 1, 2, 3, 4)],
        ),
        ("DateTime", ["2024-01-02T03:00+02:00", None], [datetime(2024, 1, 2, 1, tzinfo=UTC), None]),
    ],
)
def test_values_keep_their_meaning_in_another_type(data_type, values, expected):
    assert edited(values, data_type).to_list() == expected


def test_dates_are_read_by_pythons_format():
    found = edited(["31.12.1999 23:59", None], "DateTime", date_and_time_format="%d.%m.%Y %H:%M")
    assert found.to_list() == [datetime(1999, 12, 31, 23, 59), None]
    found = edited([20241231], "DateTime", date_and_time_format="%Y%m%d")
    assert found.to_list() == [datetime(2024, 12, 31)]


@pytest.mark.parametrize(
    ("data_type", "values", "row"),
    [
        ("Integer", ["1", None, "many"], 3),
        ("Integer", [1.0, 2.5], 2),
        ("Integer", ["1.5"], 1),
        ("Integer", ["99999999999999999999"], 1),
        ("Double", ["1,5"], 1),
        ("Boolean", ["true", "maybe"], 2),
        ("DateTime", ["2024-01-02", "soon"], 2),
        ("DateTime", ["2024-02-30"], 1),
    ],
)
def test_the_first_value_that_does_not_fit_is_named_with_its_row(data_type, values, row):
    with pytest.raises(DataError) as caught:
        edited(values, data_type)
    assert caught.value.code == "D008"
    assert caught.value.record.details == {"column": "v", "row": row}


def test_a_date_cannot_become_a_number():
    with pytest.raises(DataError) as caught:
        edited([date(2024, 1, 1)], "Double")
    assert caught.value.code == "D004"


def test_categories_are_converted_as_their_text():
    assert edited(pl.Series(["1", "2"], dtype=pl.Categorical), "Integer").to_list() == [1, 2]


def test_a_decimal_is_never_cut_off():
    decimals = pl.Series(["2.00", "1.50"]).cast(pl.Decimal(10, 2))
    assert edited(decimals[:1], "Integer").to_list() == [2]
    with pytest.raises(DataError) as caught:
        edited(decimals, "Integer")
    assert caught.value.record.details["row"] == 2


def test_a_list_cannot_become_a_number():
    with pytest.raises(DataError) as caught:
        edited([[1]], "Double")
    assert caught.value.code == "D004"


def test_only_selected_columns_change():
    table = Table(pl.DataFrame({"a": ["1"], "b": ["1"]}))
    result = edit_metadata(table, columns=names("b"), data_type="Integer").results_dataset
    assert result.frame.row(0) == ("1", 1)


LABELLED = Table(
    pl.DataFrame({"a": [1], "b": [2], "c": [3]}),
    Roles(
        {
            "a": ColumnRole(kind="label", categorical=True),
            "c": ColumnRole(kind="score", detail="scored_labels"),
        }
    ),
)


def roles_after(columns, **parameters):
    return edit_metadata(LABELLED, columns=names(*columns), **parameters).results_dataset.roles


def test_there_is_one_label():
    roles = roles_after(["b"], fields="Label")
    assert roles.label == "b" and roles.of("a") == ColumnRole(categorical=True)
    with pytest.raises(DataError) as caught:
        roles_after(["a", "b"], fields="Label")
    assert caught.value.code == "D008"


@pytest.mark.parametrize(
    ("fields", "column", "kind"),
    [
        ("Feature", "b", "feature"),
        ("Clear label", "a", ""),
        ("Clear label", "c", "score"),
        ("Clear score", "c", ""),
        ("Clear feature", "a", "label"),
        ("Unchanged", "a", "label"),
    ],
)
def test_fields_set_and_clear_one_role(fields, column, kind):
    assert roles_after([column], fields=fields).of(column).kind == kind


def test_a_feature_can_be_cleared():
    table = Table(pl.DataFrame({"a": [1]}), Roles({"a": ColumnRole(kind="feature")}))
    assert edit_metadata(table, fields="Clear feature").results_dataset.roles == Roles()


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("Make categorical", True), ("Make non-categorical", False), ("Unchanged", True)],
)
def test_categories_are_made_and_cleared(choice, expected):
    assert roles_after(["a"], categorical=choice).of("a").categorical is expected


def test_new_names_move_the_roles_too():
    result = edit_metadata(LABELLED, columns=names("a", "b"), new_column_names="x, y ü")
    assert result.results_dataset.columns == ["x", "y ü", "c"]
    assert result.results_dataset.roles.label == "x"


def test_two_columns_can_swap_their_names():
    result = edit_metadata(LABELLED, columns=names("a", "b"), new_column_names="b,a")
    assert result.results_dataset.frame.row(0, named=True) == {"b": 1, "a": 2, "c": 3}


@pytest.mark.parametrize("text", ["x", "x,y,z", "x,", "c,d", "x,x"])
def test_new_names_must_fit(text):
    with pytest.raises(DataError) as caught:
        roles_after(["a", "b"], new_column_names=text)
    assert caught.value.code == "D008"


def test_the_example_runs():
    case = example()
    parameters = {**case["parameters"], "columns": names("born")}
    result = edit_metadata(Table(case["inputs"]["dataset"]), **parameters).results_dataset
    assert result.frame["born"][1] == datetime(2003, 2, 1)
