import json
import statistics
from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules_library.builtin.data_transformation.clean_missing_data import (
    clean_missing_data,
    example,
)
from modules_library.builtin.model_scoring_evaluation.apply_transformation import (
    apply_transformation,
)
from modules_library.sdk import ColumnRole, ColumnSelection, Roles, Table, Transform
from runtime.errors import DataError

NAN = float("nan")


def cleaned(frame, **parameters):
    return clean_missing_data(Table(frame), **parameters).cleaned_dataset.frame


def replayed(transform, frame):
    stored = Transform(
        kind=transform.kind,
        state=json.loads(json.dumps(transform.state)),
        columns=transform.columns,
    )
    return apply_transformation(stored, Table(frame)).transformed_dataset.frame


MIXED = pl.DataFrame(
    {
        "whole": [1, None, 3],
        "real": [1.5, NAN, None],
        "text": ["a", None, "b"],
        "flag": [None, True, True],
        "full": [date(2024, 1, d) for d in (1, 2, 3)],
    }
)


def test_the_custom_value_takes_each_columns_type():
    frame = cleaned(MIXED)
    assert frame.schema == MIXED.schema
    assert frame["whole"].to_list() == [1, 0, 3]
    assert frame["real"].to_list() == [1.5, 0.0, 0.0]
    assert frame["text"].to_list() == ["a", "0", "b"]
    assert frame["flag"].to_list() == [False, True, True]
    assert frame["full"].to_list() == MIXED["full"].to_list()


def test_a_custom_fraction_makes_whole_numbers_real():
    frame = cleaned(pl.DataFrame({"n": [1, None]}), replacement_value="2.5")
    assert frame["n"].to_list() == [1.0, 2.5] and frame["n"].dtype == pl.Float64


@pytest.mark.parametrize(
    ("values", "text", "expected"),
    [
        ([date(2024, 1, 1), None], "2024-02-03", date(2024, 2, 3)),
        ([datetime(2024, 1, 1, 5), None], "2024-02-03T04:05", datetime(2024, 2, 3, 4, 5)),
        ([None, None], "7", 7),
        ([None, None], "none", "none"),
        (["x", None], "", ""),
        ([True, None], "true", True),
    ],
)
def test_custom_values_of_every_type(values, text, expected):
    frame = cleaned(pl.DataFrame({"v": values}), replacement_value=text)
    assert frame["v"][1] == expected


def test_a_custom_value_that_does_not_fit_is_d008_with_the_column():
    with pytest.raises(DataError) as caught:
        cleaned(MIXED, replacement_value="unknown")
    assert caught.value.code == "D008" and "'whole'" in str(caught.value)


numbers = st.one_of(st.none(), st.integers(-1000, 1000))


@given(st.lists(numbers, min_size=1).filter(lambda v: any(x is not None for x in v)))
@settings(deadline=None)
def test_mean_and_median_are_those_of_the_known_values(values):
    frame = pl.DataFrame({"n": pl.Series(values, dtype=pl.Int64)})
    known = [v for v in values if v is not None]
    for mode, average in [
        ("Replace with mean", statistics.fmean),
        ("Replace with median", statistics.median),
    ]:
        expected = [average(known) if v is None else v for v in values]
        assert cleaned(frame, cleaning_mode=mode)["n"].to_list() == pytest.approx(expected)


@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1).filter(any))
@settings(deadline=None)
def test_the_mode_is_the_most_frequent_value_and_of_several_the_smallest(values):
    known = [v for v in values if v is not None]
    winner = min(statistics.multimode(known))
    frame = cleaned(pl.DataFrame({"t": values}), cleaning_mode="Replace with mode")
    assert frame["t"].to_list() == [winner if v is None else v for v in values]


def test_a_complete_column_keeps_its_type_under_mean():
    frame = pl.DataFrame({"gap": [1, None], "label": [0, 1], "name": ["a", "b"]})
    result = cleaned(frame, cleaning_mode="Replace with mean")
    assert result.schema == {"gap": pl.Float64, "label": pl.Int64, "name": pl.String}


def test_a_mean_of_booleans_counts_them_as_0_and_1():
    frame = cleaned(pl.DataFrame({"b": [True, False, None]}), cleaning_mode="Replace with mean")
    assert frame["b"].to_list() == [1.0, 0.0, 0.5]


@pytest.mark.parametrize("mode", ["Replace with mean", "Replace with median"])
def test_an_average_of_text_is_d004(mode):
    with pytest.raises(DataError) as caught:
        cleaned(MIXED.select("text"), cleaning_mode=mode)
    assert caught.value.code == "D004" and "'text'" in str(caught.value)


@pytest.mark.parametrize("mode", ["Replace with mean", "Replace with median", "Replace with mode"])
@pytest.mark.parametrize(("choice", "left"), [("Remove", ["a"]), ("Propagate", ["a", "none"])])
def test_columns_without_any_value_go_or_stay(mode, choice, left):
    frame = pl.DataFrame({"a": [1, 2], "none": [None, None]})
    result = cleaned(frame, cleaning_mode=mode, columns_with_all_missing_values=choice)
    assert result.columns == left
    assert choice == "Remove" or result["none"].null_count() == 2


def test_rows_with_a_gap_in_the_chosen_columns_go():
    result = cleaned(
        MIXED, columns=ColumnSelection.names("whole", "text"), cleaning_mode="Remove entire row"
    )
    assert result["whole"].to_list() == [1, 3]


def test_columns_with_a_gap_go():
    assert cleaned(MIXED, cleaning_mode="Remove entire column").columns == ["full"]


@pytest.mark.parametrize(
    ("low", "high", "filled"),
    [(0, 1, ["quarter", "half", "all"]), (0.5, 1, ["half", "all"]), (0, 0.5, ["quarter", "half"])],
)
def test_only_columns_within_the_ratios_are_cleaned(low, high, filled):
    frame = pl.DataFrame(
        {"quarter": [1, 2, 3, None], "half": [1, None, 3, None], "all": [None] * 4}
    )
    result = cleaned(frame, minimum_missing_value_ratio=low, maximum_missing_value_ratio=high)
    assert [n for n in result.columns if result[n].null_count() == 0] == filled


def test_indicators_say_where_values_were_missing():
    result = cleaned(MIXED.select("whole", "full"), generate_missing_value_indicator_column=True)
    assert result["whole_IsMissing"].to_list() == [False, True, False]
    assert result.columns == ["whole", "full", "whole_IsMissing"]


def test_an_indicator_never_overwrites_a_column():
    frame = pl.DataFrame({"a": [None, 1], "a_IsMissing": ["yes", "no"]})
    result = cleaned(frame, generate_missing_value_indicator_column=True)
    assert result["a_IsMissing"].to_list() == ["yes", "no"]
    assert result["a_IsMissing (1)"].to_list() == [True, False]


@pytest.mark.parametrize(
    "mode",
    [
        "Custom substitution value",
        "Replace with mean",
        "Replace with median",
        "Replace with mode",
        "Remove entire row",
        "Remove entire column",
    ],
)
@pytest.mark.parametrize("indicators", [False, True])
def test_the_transformation_replays_on_its_own_table_exactly(mode, indicators):
    frame = MIXED.drop("text")
    result = clean_missing_data(
        Table(frame), cleaning_mode=mode, generate_missing_value_indicator_column=indicators
    )
    again = replayed(result.cleaning_transformation, frame)
    assert again.equals(result.cleaned_dataset.frame, null_equal=True)


def test_the_transformation_uses_what_it_learnt_elsewhere():
    fitted = clean_missing_data(
        Table(pl.DataFrame({"n": [1, 3, None]})), cleaning_mode="Replace with mean"
    ).cleaning_transformation
    assert replayed(fitted, pl.DataFrame({"n": [None, 100]}))["n"].to_list() == [2.0, 100.0]


def test_a_replay_without_a_column_or_with_another_type_is_refused():
    fitted = clean_missing_data(Table(pl.DataFrame({"n": [1, None]}))).cleaning_transformation
    for frame, code in [
        (pl.DataFrame({"m": [1]}), "D001"),
        (pl.DataFrame({"n": ["x"]}), "D004"),
    ]:
        with pytest.raises(DataError) as caught:
            replayed(fitted, frame)
        assert caught.value.code == code


def test_roles_of_the_columns_that_stay_are_kept():
    roles = Roles({"whole": ColumnRole(kind="label"), "text": ColumnRole(categorical=True)})
    result = clean_missing_data(
        Table(MIXED, roles),
        columns=ColumnSelection.names("text"),
        cleaning_mode="Remove entire column",
    )
    assert result.cleaned_dataset.roles == Roles({"whole": ColumnRole(kind="label")})


def test_a_table_without_rows_stays_empty():
    result = cleaned(MIXED.clear(), cleaning_mode="Replace with mean")
    assert result.height == 0 and result.columns == MIXED.columns


def test_a_column_of_lists_can_lose_rows_but_not_be_filled():
    frame = pl.DataFrame({"l": [[1], None]})
    assert cleaned(frame, cleaning_mode="Remove entire row").height == 1
    with pytest.raises(DataError) as caught:
        cleaned(frame)
    assert caught.value.code == "D004"
    assert cleaned(frame.head(1)).equals(frame.head(1))


def test_the_example_runs():
    case = example()
    frame = cleaned(case["inputs"]["dataset"], **case["parameters"])
    assert frame.null_count().sum_horizontal()[0] == 0
