import math

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from modules_library.tables import shares, unique_names
from modules_library.tables.sampling import rounded, rows_by_stratum

names = st.lists(st.sampled_from(["a", "a (1)", "a (2)", "b", ""]), max_size=12)


@given(names)
def test_unique_names_differ_and_first_ones_stay(given_names):
    found = unique_names(given_names)
    assert len(found) == len(set(found)) == len(given_names)
    for place, name in enumerate(given_names):
        if name not in given_names[:place]:
            assert found[place] == name


@given(st.lists(st.integers(0, 1000), max_size=12), st.floats(0, 1))
def test_shares_sum_to_the_total_and_lie_within_one_of_their_part(sizes, fraction):
    total = rounded(sum(sizes) * fraction)
    found = shares(sizes, total)
    assert sum(found) == (total if sum(sizes) else 0)
    for size, share in zip(sizes, found, strict=True):
        assert share <= size
        assert not sum(sizes) or abs(share - total * size / sum(sizes)) < 1


@given(st.integers(0, 10**6), st.integers(0, 100))
def test_a_percentage_of_rows_is_rounded_as_on_paper(count, percent):
    assert rounded(count * (percent / 100)) == math.floor((count * percent + 50) / 100)


@given(st.lists(st.sampled_from(["x", "y", None])))
def test_strata_come_in_the_order_in_which_they_appear(values):
    groups = [rows.tolist() for rows in rows_by_stratum(pl.Series(values, dtype=pl.String))]
    order = list(dict.fromkeys(values))
    assert groups == [[i for i, v in enumerate(values) if v == value] for value in order]
