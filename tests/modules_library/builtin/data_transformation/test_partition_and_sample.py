from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules_library.builtin.data_transformation.partition_and_sample import (
    example,
    partition_and_sample,
)
from modules_library.sdk import ColumnRole, Roles, Table
from modules_library.tables import fold_of_rows
from runtime.errors import DataError


def rows(count):
    return Table(pl.DataFrame({"row": list(range(count))}))


def sampled(table, mode, **parameters):
    return partition_and_sample(table, partition_or_sample_mode=mode, **parameters).results_dataset


def folds(table, **parameters):
    result = sampled(table, "Assign to Folds", **parameters)
    return result, fold_of_rows(result).to_list()


def test_the_head_is_ten_rows_unless_said_otherwise():
    assert sampled(rows(20), "Head").frame["row"].to_list() == list(range(10))
    assert sampled(rows(20), "Head", number_of_rows=3).height == 3
    assert sampled(rows(2), "Head").height == 2


def test_a_sample_is_a_hundredth_unless_said_otherwise():
    assert partition_and_sample(rows(1000)).results_dataset.height == 10


@given(st.integers(0, 100), st.floats(0, 1), st.integers(0, 1000))
@settings(deadline=None)
def test_a_sample_has_distinct_rows_in_order(count, rate, seed):
    drawn = (
        sampled(rows(count), "Sampling", rate_of_sampling=rate, seed=seed).frame["row"].to_list()
    )
    assert drawn == sorted(set(drawn))
    assert abs(len(drawn) - count * rate) <= 0.5 + 1e-6


def test_a_stratified_sample_keeps_proportions():
    table = Table(pl.DataFrame({"k": ["a"] * 60 + ["b"] * 40}))
    drawn = sampled(table, "Sampling", rate_of_sampling=0.1, stratify_by="k").frame["k"]
    assert Counter(drawn) == {"a": 6, "b": 4}


@given(st.integers(0, 60), st.integers(1, 9), st.integers(0, 99), st.booleans())
@settings(deadline=None)
def test_even_folds_hold_every_row_once_and_differ_by_one(count, number, seed, randomized):
    result, fold_of = folds(
        rows(count), number_of_folds=number, seed=seed, randomized_split=randomized
    )
    assert result.frame["row"].to_list() == list(range(count))
    sizes = [fold_of.count(fold) for fold in range(1, number + 1)]
    assert sum(sizes) == count and max(sizes) - min(sizes) <= 1


def test_folds_in_order_are_blocks():
    assert folds(rows(7), number_of_folds=3, randomized_split=False)[1] == [1, 1, 1, 2, 2, 3, 3]


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=60), st.integers(2, 6), st.booleans())
@settings(deadline=None)
def test_stratified_folds_share_every_stratum_evenly(labels, number, randomized):
    table = Table(pl.DataFrame({"k": labels}))
    result, fold_of = folds(
        table, number_of_folds=number, stratify_by="k", randomized_split=randomized
    )
    seen = Counter(zip(result.frame["k"], fold_of, strict=True))
    for label in set(labels):
        counts = [seen[label, fold] for fold in range(1, number + 1)]
        assert max(counts) - min(counts) <= 1
    sizes = [fold_of.count(fold) for fold in range(1, number + 1)]
    assert max(sizes) - min(sizes) <= 1


CUSTOM = {"partitioner_method": "Partition with customized proportions"}


def test_proportions_below_one_leave_one_more_fold():
    _, fold_of = folds(rows(10), proportions=[0.2, 0.5], **CUSTOM)
    assert Counter(fold_of) == {1: 2, 2: 5, 3: 3}


def test_proportions_of_one_are_all_folds():
    _, fold_of = folds(rows(10), proportions=[0.1] * 10, **CUSTOM)
    assert Counter(fold_of) == dict.fromkeys(range(1, 11), 1)


@pytest.mark.parametrize("proportions", [[0.7, 0.4], [], [0.5, -0.1], [0.0]])
def test_unusable_proportions_are_d008(proportions):
    with pytest.raises(DataError) as caught:
        folds(rows(10), proportions=proportions, **CUSTOM)
    assert caught.value.code == "D008"


def test_with_replacement_rows_may_come_twice():
    result, fold_of = folds(rows(200), use_replacement=True)
    drawn = result.frame["row"].to_list()
    assert len(drawn) == 200 and 100 < len(set(drawn)) < 150
    assert Counter(fold_of) == dict.fromkeys(range(1, 6), 40)


def test_the_same_seed_gives_the_same_folds():
    assert folds(rows(50), seed=0)[1] == folds(rows(50), seed=0)[1]
    assert folds(rows(50), seed=0)[1] != folds(rows(50), seed=1)[1]


def test_folds_keep_learners_away_and_are_replaced_by_new_ones():
    table = Table(pl.DataFrame({"Fold Number": ["mine"] * 6}), Roles({}))
    first = sampled(table, "Assign to Folds", number_of_folds=2)
    assert first.columns == ["Fold Number", "Fold Number (1)"]
    assert first.roles.of("Fold Number (1)") == ColumnRole(kind="ignored", detail="fold")
    again = sampled(first, "Assign to Folds", number_of_folds=3)
    assert again.columns == first.columns and set(fold_of_rows(again)) == {1, 2, 3}


def test_a_fold_and_its_complement_are_all_rows_without_folds():
    result, _ = folds(rows(11), number_of_folds=3)
    one = sampled(result, "Pick Fold", fold_index=2)
    rest = sampled(result, "Pick Fold", fold_index=2, pick_complement=True)
    assert one.columns == rest.columns == ["row"]
    assert sorted([*one.frame["row"], *rest.frame["row"]]) == list(range(11))
    assert fold_of_rows(one) is None


def test_picking_needs_folds_and_an_existing_one():
    for table in (rows(3), folds(rows(3), number_of_folds=2)[0]):
        with pytest.raises(DataError) as caught:
            sampled(table, "Pick Fold", fold_index=5)
        assert caught.value.code == "D008"


def test_a_missing_stratification_column_is_d001():
    with pytest.raises(DataError) as caught:
        sampled(rows(3), "Sampling", stratify_by="k")
    assert caught.value.code == "D001"


def test_the_example_runs():
    case = example()
    result = partition_and_sample(Table(case["inputs"]["dataset"]), **case["parameters"])
    assert set(fold_of_rows(result.results_dataset)) == {1, 2, 3}
