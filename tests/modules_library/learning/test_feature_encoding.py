"""Tables become numbers."""

import json
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from modules_library.learning.encoding import FeatureEncoding, feature_columns, fit_encoding
from modules_library.sdk import ColumnRole, Roles, Table
from runtime.errors import DataError

SETTINGS = {"learner": "Some Learner", "allow_missing": False}


def fitted(frame, roles=None, **settings):
    table = Table(pl.DataFrame(frame), Roles(roles or {}))
    return fit_encoding(table, table.columns, **{**SETTINGS, **settings})


def test_numbers_pass_booleans_become_bits_and_text_becomes_indicators():
    frame = pl.DataFrame(
        {"age": [3, 4], "price": [1.5, 2.5], "is_new": [True, False], "city": ["Rome", "Bern"]}
    )
    encoding = fitted(frame)
    assert encoding.names == ["age", "price", "is_new", "city=Bern", "city=Rome"]
    assert encoding.sources == ["age", "price", "is_new", "city", "city"]
    assert encoding.encode(frame).tolist() == [[3, 1.5, 1, 0, 1], [4, 2.5, 0, 1, 0]]


def test_the_fitted_encoding_survives_json():
    frame = pl.DataFrame({"age": [3, 4], "city": ["Rome", None]})
    encoding = fitted(frame, allow_missing=True)
    settings = {"learner": "Some Learner", "allow_missing": True, "allow_unknown": True}
    read = FeatureEncoding.from_json(json.loads(json.dumps(encoding.to_json())), **settings)
    assert read == encoding


@pytest.mark.parametrize(
    "series",
    [
        pl.Series("n", [Decimal("1.5"), Decimal("2.5")]),
        pl.Series("n", [1, 2], dtype=pl.UInt8),
        pl.Series("n", [1.5, 2.5], dtype=pl.Float32),
    ],
    ids=str,
)
def test_every_type_of_number_becomes_a_float(series):
    encoded = fitted(series.to_frame()).encode(series.to_frame())
    assert encoded.dtype == np.float64 and encoded[:, 0].tolist() == [float(v) for v in series]


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.Enum(["b", "a"])], ids=str)
def test_categorical_columns_become_indicators_in_sort_order(dtype):
    frame = pl.DataFrame({"c": pl.Series(["b", "a"], dtype=dtype)})
    assert fitted(frame).names == ["c=a", "c=b"]


def test_a_number_with_the_role_of_a_category_becomes_indicators():
    frame = {"month": [12, 1, 12]}
    encoding = fitted(frame, {"month": ColumnRole(categorical=True)})
    assert encoding.names == ["month=1", "month=12"]
    assert encoding.encode(pl.DataFrame(frame)).tolist() == [[0, 1], [1, 0], [0, 1]]


def test_an_unknown_category_is_all_zeros():
    encoding = fitted({"city": ["Rome", "Bern"]})
    assert encoding.encode(pl.DataFrame({"city": ["Oslo"]})).tolist() == [[0, 0]]


def test_an_unknown_category_is_an_error_where_the_learner_does_not_allow_it():
    encoding = fitted({"city": ["Rome", "Bern"]}, allow_unknown=False)
    with pytest.raises(DataError, match="'Oslo'") as caught:
        encoding.encode(pl.DataFrame({"city": ["Rome", "Oslo"]}))
    assert caught.value.code == "D008"


def test_missing_values_are_named_with_their_number_and_a_remedy():
    encoding = fitted({"a": [1.0, 2.0], "b": [1.0, 2.0], "c": ["x", "y"]})
    frame = pl.DataFrame({"a": [None, float("nan")], "b": [1.0, 2.0], "c": ["x", None]})
    with pytest.raises(DataError) as caught:
        encoding.encode(frame)
    record = caught.value.record
    assert record.code == "D012"
    assert "'a' (2), 'c' (1)" in record.message and "'b'" not in record.message
    assert "'Clean Missing Data'" in record.remedy
    assert record.details["columns"] == {"a": 2, "c": 1}


def test_missing_values_are_information_to_learners_that_take_them():
    frame = pl.DataFrame({"a": [1.0, None], "b": [True, None], "c": ["x", None]})
    encoding = fitted(frame, allow_missing=True)
    assert encoding.names == ["a", "b", "c=x", "c=(missing)"]
    encoded = encoding.encode(frame)
    assert encoded[0].tolist() == [1, 1, 1, 0]
    assert np.isnan(encoded[1, :2]).all() and encoded[1, 2:].tolist() == [0, 1]


def test_a_missing_category_that_training_did_not_have_is_all_zeros():
    encoding = fitted({"c": ["x", "y"]}, allow_missing=True)
    assert encoding.encode(pl.DataFrame({"c": [None]}, schema={"c": pl.String})).tolist() == [
        [0, 0]
    ]


def test_infinite_values_are_refused():
    encoding = fitted({"a": [1.0, 2.0]}, allow_missing=True)
    with pytest.raises(DataError, match="infinite") as caught:
        encoding.encode(pl.DataFrame({"a": [1.0, float("inf")]}))
    assert caught.value.code == "D008"


@pytest.mark.parametrize(
    "series",
    [pl.Series("when", [date(2024, 1, 1)]), pl.Series("when", [[1, 2]])],
    ids=["date", "list"],
)
def test_dates_and_nested_values_are_refused(series):
    with pytest.raises(DataError, match="'when'") as caught:
        fitted(series.to_frame())
    assert caught.value.code == "D004" and caught.value.record.remedy


def test_a_column_without_any_value_is_refused_also_by_learners_that_take_missing_values():
    with pytest.raises(DataError, match="no values at all") as caught:
        fitted({"a": [None, None]}, allow_missing=True)
    assert caught.value.code == "D012"


def test_a_text_column_that_names_rows_is_refused():
    with pytest.raises(DataError, match="1001 distinct values") as caught:
        fitted({"id": [f"row {number}" for number in range(1001)]})
    assert caught.value.code == "D013"


@pytest.mark.parametrize("values", [1000, 1200], ids=["few values", "small share"])
def test_a_text_column_is_refused_only_above_both_limits(values):
    column = [f"v{number}" for number in range(values)] + ["v0"] * (0 if values == 1000 else 100)
    assert len(fitted({"id": column}).names) == values


def test_text_where_training_had_numbers_is_refused():
    encoding = fitted({"age": [1, 2]})
    with pytest.raises(DataError, match="'age'") as caught:
        encoding.encode(pl.DataFrame({"age": ["old"]}))
    assert caught.value.code == "D004"


def test_a_missing_column_comes_with_the_nearest_name():
    encoding = fitted({"mean_radius": [1.0, 2.0]})
    with pytest.raises(DataError, match="Did you mean 'mean radius'") as caught:
        encoding.encode(pl.DataFrame({"mean radius": [1.0]}))
    assert caught.value.code == "D001"


def test_labels_scores_and_ignored_columns_are_no_features():
    roles = {
        "b": ColumnRole(kind="label"),
        "c": ColumnRole(kind="score"),
        "d": ColumnRole(kind="ignored"),
        "e": ColumnRole(kind="feature"),
    }
    table = Table(pl.DataFrame({name: [1] for name in "abcdef"}), Roles(roles))
    assert feature_columns(table) == ["a", "e", "f"]
    assert feature_columns(table, "f") == ["a", "e"]
