"""What differs between two tables or documents: columns, rows, cells, distributions, leaves."""

import msgspec
import polars as pl
import pytest

from designer.services.read_worker.arranging import NotArranged
from designer.services.read_worker.differences.distributions import distribution_difference
from designer.services.read_worker.differences.document_difference import document_difference
from designer.services.read_worker.differences.rows import Pair, difference_rows, table_difference
from designer.services.read_worker.kept_rows import KeptRows
from designer.services.read_worker.turns import Turn
from runtime.errors import DataError
from tests.designer.read_worker.tables import store


@pytest.fixture
def kept(tmp_path):
    return KeptRows(tmp_path / "rows")


def pair_of(tmp_path, before, after, keys=None):
    was = store(pl.DataFrame(before), tmp_path / "before")
    is_ = store(pl.DataFrame(after), tmp_path / "after")
    return Pair(was, is_, keys)


def test_rows_are_matched_by_a_column_that_tells_them_apart(tmp_path, kept):
    pair = pair_of(
        tmp_path,
        {"id": [1, 2, 3, 4], "age": [20.0, None, float("nan"), 50.0]},
        {"id": [5, 3, 2, 1], "age": [60.0, float("nan"), None, 21.0]},
    )
    found = table_difference(kept, pair, Turn())
    rows = found["rows"]
    assert rows["keys"] == ["id"] and rows["is_key_found"] and rows["is_reordered"]
    assert (rows["changed"], rows["added"], rows["removed"]) == (1, 1, 1)
    assert found["cells"] == [{"name": "age", "changed": 1}]
    changed = difference_rows(kept, pair, which="changed")
    assert changed["rows"] == [{"before": [1, 20.0], "after": [1, 21.0], "cells": [1]}]
    assert changed["numbers"] == [[0, 3]]
    assert difference_rows(kept, pair, which="added")["rows"] == [[5, 60.0]]
    assert difference_rows(kept, pair, which="removed")["rows"] == [[4, 50.0]]


def test_rows_that_nothing_tells_apart_are_matched_by_their_place(tmp_path, kept):
    pair = pair_of(tmp_path, {"city": ["Rome", "Rome", "Oslo"]}, {"city": ["Rome", "Oslo"]})
    rows = table_difference(kept, pair, Turn())["rows"]
    assert rows["keys"] == [] and not rows["is_reordered"]
    assert (rows["matched"], rows["changed"], rows["removed"]) == (2, 1, 1)


def test_columns_that_came_went_or_changed_their_type_are_named(tmp_path, kept):
    pair = pair_of(tmp_path, {"a": [1], "b": [2], "c": ["x"]}, {"c": ["x"], "a": [1.0], "d": [0]})
    schema = table_difference(kept, pair, Turn())["schema"]
    assert [column["name"] for column in schema["added"]] == ["d"]
    assert [column["name"] for column in schema["removed"]] == ["b"]
    assert [column["name"] for column in schema["retyped"]] == ["a"]
    assert schema["common"] == 2 and schema["is_reordered"]


def test_a_key_of_another_type_is_refused(tmp_path, kept):
    pair = pair_of(tmp_path, {"id": [1]}, {"id": ["1"]}, keys=("id",))
    with pytest.raises(DataError) as caught:
        table_difference(kept, pair, Turn())
    assert caught.value.record.code == "D004"


def test_rows_are_not_known_before_the_tables_were_compared(tmp_path, kept):
    pair = pair_of(tmp_path, {"a": [1]}, {"a": [2]})
    with pytest.raises(NotArranged):
        difference_rows(kept, pair, which="changed")


def test_distributions_lie_over_the_same_edges_and_measure_the_shift(tmp_path):
    pair = pair_of(
        tmp_path,
        {"n": [0.0, 1.0, 2.0, 3.0], "word": ["a", "a", "b", "b"]},
        {"n": [4.0, 5.0, 6.0, 7.0], "word": ["a", "a", "a", None]},
    )
    answer = distribution_difference(pair.before, pair.after, Turn())
    msgspec.json.encode(answer)
    number, word = answer["columns"]
    histogram = number["histogram"]
    assert (histogram["edges"][0], histogram["edges"][-1]) == (0, 7)
    assert sum(histogram["before"]) == sum(histogram["after"]) == 4
    assert number["measures"][0] == {"name": "KS distance", "value": 1.0}
    assert word["missing"] == {"before": 0, "after": 0.25}
    assert {v["value"]: (v["before"], v["after"]) for v in word["values"]} == {
        "a": (0.5, 1.0),
        "b": (0.5, 0.0),
    }


def test_documents_differ_in_metrics_and_in_leaves():
    before = {"metrics": {"auc": 0.5}, "rows": [1, 2], "name": "first", "same": {"x": 1}}
    after = {"metrics": {"auc": 0.75}, "rows": [1, 3, 4], "same": {"x": 1}}
    found = document_difference(before, after)
    assert not found["is_same"] and found["more"] == 0
    assert found["metrics"] == [
        {"model": "", "name": "auc", "before": 0.5, "after": 0.75, "change": 0.25}
    ]
    absent = {"$absent": True}
    assert found["changes"] == [
        {"path": ["rows", "1"], "before": 2, "after": 3},
        {"path": ["rows", "2"], "before": absent, "after": 4},
        {"path": ["name"], "before": "first", "after": absent},
    ]
    assert document_difference(before, before)["is_same"]
