"""Labels: classes, targets, and columns that are neither."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from modules_library.learning.labels import Label, class_name, fit_label, is_missing
from runtime.errors import DataError


def fitted(values, task="binary", dtype=None):
    return fit_label(pl.Series("label", values, dtype=dtype), task, learner="Some Learner")


def refused(values, task="binary", dtype=None):
    with pytest.raises(DataError) as caught:
        fitted(values, task, dtype)
    assert "'label'" in caught.value.record.message and caught.value.record.remedy
    return caught.value.code


@pytest.mark.parametrize(
    ("values", "dtype", "kind", "classes"),
    [
        (["b", "a", "b"], pl.Categorical, "string", ("a", "b")),
        (["b", "a", "b"], pl.Enum(["b", "a"]), "string", ("a", "b")),
        ([10, 2, 10], pl.Int8, "integer", (2, 10)),
        ([0.5, 0.25], pl.Float32, "float", (0.25, 0.5)),
        ([Decimal("1.5"), Decimal("0.5")], None, "float", (0.5, 1.5)),
        ([True, False], None, "boolean", (False, True)),
        (["é", "z", "Z"], None, "string", ("Z", "z", "é")),
    ],
    ids=str,
)
def test_classes_come_in_sort_order_and_survive_encoding(values, dtype, kind, classes):
    label = fitted(values, "multiclass" if len(classes) > 2 else "binary", dtype)
    assert (label.kind, label.classes) == (kind, classes)
    series = pl.Series("label", values, dtype=dtype)
    codes = label.encode(series)
    assert label.decode(codes.astype(int), "again").to_list() == [
        classes[int(code)] for code in codes
    ]
    assert Label.from_json(label.to_json()) == label


def test_targets_are_floats():
    label = fitted([1, 2, 3], "regression")
    assert label.encode(pl.Series([1, 2, 3])).tolist() == [1.0, 2.0, 3.0]
    assert label.classes == ()


def test_what_is_neither_class_nor_number_is_refused():
    assert refused([date(2024, 1, 1), date(2024, 1, 2)]) == "D005"
    assert refused([[1], [2]]) == "D005"


def test_values_that_hardly_repeat_are_no_classes():
    assert refused(list(range(1500)), "multiclass") == "D010"
    assert len(fitted(list(range(1000)) * 2, "multiclass").classes) == 1000


def test_classes_as_text():
    assert [class_name(value) for value in (True, 1.0, 1.5, 3, "a")] == [
        "true",
        "1",
        "1.5",
        "3",
        "a",
    ]


def test_null_and_nan_are_missing_and_empty_text_is_not():
    assert is_missing(pl.Series([1.0, None, float("nan")])).to_list() == [False, True, True]
    assert is_missing(pl.Series(["", None])).to_list() == [False, True]
