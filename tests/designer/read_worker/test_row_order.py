"""The stable order by several keys, against NumPy's general sort."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from designer.services.read_worker.row_order import order_of, stable_order

WORDS = st.sampled_from([0, 1, 2, 2**40, 2**63, 2**64 - 1]) | st.integers(0, 2**64 - 1)


@settings(deadline=None)
@given(st.data(), st.integers(0, 60), st.integers(1, 4))
def test_rows_are_ordered_by_each_key_in_turn_and_ties_stay_as_they_were(data, rows, count):
    keys = [data.draw(arrays.arrays(np.uint64, rows, elements=WORDS)) for _ in range(count)]
    order = stable_order(
        rows, [lambda some, key=key: key if some is None else key[some] for key in keys]
    )
    assert order.tolist() == np.lexsort(keys[::-1]).tolist()


def test_keys_too_wide_to_be_packed_with_their_place_are_still_told_apart():
    random = np.random.default_rng(7)
    keys = random.integers(0, 3, 5000, dtype=np.uint64) << np.uint64(62)
    keys |= random.integers(0, 40, 5000, dtype=np.uint64)
    assert order_of(keys).tolist() == np.argsort(keys, kind="stable").tolist()


@pytest.mark.parametrize("distinct", [7, 5000])
def test_wide_keys_that_many_rows_share_are_in_stable_order_too(distinct):
    random = np.random.default_rng(7)
    keys = (random.random(distinct) * 2.0**64).astype(np.uint64)[random.integers(0, distinct, 5000)]
    assert order_of(keys).tolist() == np.argsort(keys, kind="stable").tolist()


def test_a_further_key_is_asked_only_for_rows_that_are_still_tied():
    asked = []

    def second(rows):
        asked.append(rows.tolist())
        return np.array([9, 1], np.uint64)

    first = np.array([5, 1, 5], np.uint64)
    assert stable_order(3, [lambda _: first, second]).tolist() == [1, 2, 0]
    assert asked == [[0, 2]]


def test_no_key_is_asked_once_all_rows_are_told_apart():
    first = np.array([2, 1], np.uint64)
    assert stable_order(2, [lambda _: first, lambda _: 1 / 0]).tolist() == [1, 0]
