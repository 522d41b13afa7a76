import re
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules_library.builtin.data_transformation.split_data import example, split_data
from modules_library.sdk import ColumnRole, Roles, Table
from runtime.errors import DataError


def rows(count):
    return Table(pl.DataFrame({"row": list(range(count))}))


def parts(table, **parameters):
    first, second = split_data(table, **parameters)
    return first.frame["row"].to_list(), second.frame["row"].to_list()


@given(st.integers(0, 200), st.floats(0, 1), st.integers(0, 2**32 - 1), st.booleans())
@settings(deadline=None)
def test_every_row_is_in_exactly_one_part_in_its_order(count, fraction, seed, randomized):
    first, second = parts(rows(count), fraction=fraction, seed=seed, randomized_split=randomized)
    assert first == sorted(first) and second == sorted(second)
    assert sorted(first + second) == list(range(count))
    assert abs(len(first) - count * fraction) <= 0.5 + 1e-6


def test_seven_tenths_of_a_thousand_rows_are_700():
    first, second = parts(rows(1000), fraction=0.7)
    assert (len(first), len(second)) == (700, 300)


def test_half_a_row_is_rounded_up():
    assert [len(part) for part in parts(rows(5), fraction=0.5)] == [3, 2]


def test_without_randomness_the_first_rows_come_first():
    assert parts(rows(4), fraction=0.5, randomized_split=False) == ([0, 1], [2, 3])


def test_the_same_seed_gives_the_same_rows_and_another_seed_others():
    assert parts(rows(100), seed=0) == parts(rows(100), seed=0)
    assert parts(rows(100), seed=0) != parts(rows(100), seed=1)


def test_zero_is_a_seed_like_any_other():
    assert len({tuple(parts(rows(50), seed=0)[0]) for _ in range(5)}) == 1


def test_every_row_is_equally_likely():
    hits = [0] * 10
    for seed in range(2000):
        for row in parts(rows(10), fraction=0.3, seed=seed)[0]:
            hits[row] += 1
    assert all(abs(count - 600) < 5 * (2000 * 0.3 * 0.7) ** 0.5 for count in hits)


@given(
    st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=80),
    st.floats(0, 1),
    st.booleans(),
)
@settings(deadline=None)
def test_strata_keep_their_proportions(labels, fraction, randomized):
    table = Table(pl.DataFrame({"label": pl.Series(labels, dtype=pl.String)}))
    first, second = split_data(
        table, fraction=fraction, stratify_by="label", randomized_split=randomized
    )
    drawn = first.frame["label"].to_list()
    assert abs(len(drawn) - len(labels) * fraction) <= 0.5 + 1e-6
    for label in set(labels):
        exact = labels.count(label) * len(drawn) / len(labels)
        assert abs(drawn.count(label) - exact) < 1
    assert len(drawn) + second.height == len(labels)


def test_stratified_without_randomness_takes_the_first_rows_of_each_stratum():
    table = Table(pl.DataFrame({"row": range(6), "k": ["a", "a", "a", "a", "b", "b"]}))
    assert parts(table, fraction=0.5, stratify_by="k", randomized_split=False)[0] == [0, 1, 4]


TEXTS = Table(pl.DataFrame({"row": range(5), "city": ["New York", "Newark", "Bern", None, "new"]}))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r'\"city" ^New', [0, 1]),
        (r'\"city" (?i)new', [0, 1, 4]),
        (r'\"city" n$', [2]),
        (r'\"row" [3-4]', [3, 4]),
    ],
)
def test_a_regular_expression_searches_the_text(expression, expected):
    found, rest = parts(TEXTS, splitting_mode="Regular Expression", regular_expression=expression)
    assert found == expected
    assert sorted(found + rest) == [0, 1, 2, 3, 4]


def test_a_column_with_a_quote_in_its_name_is_written_with_two():
    table = Table(pl.DataFrame({'the "x"': ["a", "b"], "row": [0, 1]}))
    found, _ = parts(
        table, splitting_mode="Regular Expression", regular_expression=r'\"the ""x""" b'
    )
    assert found == [1]


@pytest.mark.parametrize("expression", ["^New", r'\"city" (', r'\"city"', ""])
def test_an_unreadable_regular_expression_is_d009(expression):
    with pytest.raises(DataError) as caught:
        split_data(TEXTS, splitting_mode="Regular Expression", regular_expression=expression)
    assert caught.value.code == "D009" and caught.value.record.remedy


NUMBERS = Table(
    pl.DataFrame(
        {
            "n": [10, 20, 30, None, 40],
            "row": range(5),
            "x": [0.5, float("nan"), -1.0, 2.0, 3.0],
            "t": ["a", "b c", "b", None, "d"],
            "flag": [True, False, None, True, False],
            "day": [date(2010, 1, d) for d in (1, 2, 3, 4, 5)],
        }
    )
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r'\"n" > 20', [2, 4]),
        (r"(\0)<=30 & !=20", [0, 2]),
        (r'\"n" < 20 | > 30', [0, 4]),
        (r'\"n" = 10 | > 15 & < 25', [0, 1]),
        (r'\"n" > 15 & \"n" < 25', [1]),
        (r'\"n" >= 19.5 & <> 40', [1, 2]),
        (r'\"x" > 0', [0, 3, 4]),
        (r'\"x" != 2', [0, 2, 4]),
        (r'\"x" >= -1e0', [0, 2, 3, 4]),
        (r'\"t" == b c', [1]),
        (r'\"t" == "b"', [2]),
        (r"\"t" + "\" > 'b'", [1, 4]),
        (r'\"flag" == true', [0, 3]),
        (r'\"day" > 1/2/2010', [2, 3, 4]),
        (r'\"day" <= 2010-01-02', [0, 1]),
    ],
)
def test_a_relative_expression_chooses_rows(expression, expected):
    found, rest = parts(
        NUMBERS, splitting_mode="Relative Expression", relative_expression=expression
    )
    assert found == expected
    assert sorted(found + rest) == [0, 1, 2, 3, 4]


@given(
    st.lists(st.one_of(st.none(), st.integers(-50, 50)), max_size=30),
    st.integers(-50, 50),
    st.integers(-50, 50),
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    st.sampled_from(["&", "|"]),
)
@settings(deadline=None)
def test_relative_expressions_mean_what_python_means(values, low, high, sign, joint):
    table = Table(pl.DataFrame({"n": pl.Series(values, dtype=pl.Int64), "row": range(len(values))}))
    found, _ = parts(
        table,
        splitting_mode="Relative Expression",
        relative_expression=rf'\"n" {sign} {low} {joint} <= {high}',
    )
    both = {"&": "and", "|": "or"}[joint]
    expected = [
        row
        for row, n in enumerate(values)
        if n is not None and eval(f"n {sign} {low} {both} n <= {high}")
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("expression", "place"),
    [("2010 < 3", 1), (r'\"n" 5', 6), (r'\"n" > ', 8), (r'\"n" > 1 & \"row" < 2', 12), ("", 1)],
)
def test_an_unreadable_relative_expression_names_the_character(expression, place):
    with pytest.raises(DataError) as caught:
        split_data(NUMBERS, splitting_mode="Relative Expression", relative_expression=expression)
    assert caught.value.code == "D009"
    assert int(re.search(r"character (\d+)", str(caught.value)).group(1)) == place


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        (r'\"n" > many', "D009"),
        (r'\"flag" == perhaps', "D009"),
        (r'\"day" > yesterday', "D009"),
        (r'\"nn" > 1', "D001"),
        (r"(\9) > 1", "D001"),
    ],
)
def test_a_relative_expression_that_does_not_fit_the_table_is_refused(expression, code):
    with pytest.raises(DataError) as caught:
        split_data(NUMBERS, splitting_mode="Relative Expression", relative_expression=expression)
    assert caught.value.code == code


def test_a_missing_stratification_column_is_named_with_close_matches():
    with pytest.raises(DataError, match="Did you mean 'city'"):
        split_data(TEXTS, stratify_by="citty")


def test_roles_stay_on_both_parts():
    roles = Roles({"row": ColumnRole(kind="label")})
    first, second = split_data(Table(rows(10).frame, roles))
    assert first.roles == second.roles == roles


def test_the_example_runs():
    case = example()
    first, _ = split_data(Table(case["inputs"]["dataset"]), **case["parameters"])
    assert first.height == 3
