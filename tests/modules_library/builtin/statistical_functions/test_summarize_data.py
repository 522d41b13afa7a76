import math
import statistics
from collections import Counter
from datetime import date

import pandas
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules_library.builtin.statistical_functions.summarize_data import example, summarize_data
from modules_library.sdk import ColumnRole, Roles, Table

COLUMNS = [
    "Feature", "Count", "Unique Value Count", "Missing Value Count", "Min", "Max", "Mean",
    "Mean Deviation", "1st Quartile", "Median", "3rd Quartile", "Mode", "Range",
    "Sample Variance", "Sample Standard Deviation", "Sample Skewness", "Sample Kurtosis",
    "P0.5", "P1", "P5", "P95", "P99.5",
]  # fmt: skip


def summary(values, **options):
    frame = pl.DataFrame({"v": pl.Series(values, **options)})
    (row,) = summarize_data(Table(frame)).results_dataset.frame.rows(named=True)
    return row


def test_the_statistics_have_their_names_and_order():
    result = summarize_data(Table(pl.DataFrame({"a": [1], "b": ["x"]}))).results_dataset.frame
    assert result.columns == COLUMNS and result["Feature"].to_list() == ["a", "b"]


def test_known_numbers():
    row = summary([2, 4, 4, 4, 5, 5, 7, 9])
    assert (row["Count"], row["Unique Value Count"], row["Missing Value Count"]) == (8, 5, 0)
    assert (row["Min"], row["Max"], row["Mean"], row["Range"]) == (2, 9, 5, 7)
    assert (row["Mean Deviation"], row["Median"], row["Mode"]) == (1.5, 4.5, 4)
    assert (row["1st Quartile"], row["3rd Quartile"]) == (4, 5.5)
    assert row["Sample Variance"] == pytest.approx(32 / 7)
    assert row["Sample Skewness"] == pytest.approx(0.8184876, abs=1e-7)
    assert row["Sample Kurtosis"] == pytest.approx(0.940625, abs=1e-9)


def quantile(ordered, share):
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


@given(
    st.lists(
        st.one_of(st.none(), st.integers(-400, 400).map(lambda n: n / 8)), min_size=1, max_size=60
    ).filter(lambda v: any(x is not None for x in v))
)
@settings(deadline=None, max_examples=150)
def test_every_statistic_is_its_definition(values):
    row = summary(values, dtype=pl.Float64)
    known = sorted(v for v in values if v is not None)
    mean, counts = statistics.fmean(known), Counter(known)
    assert row["Count"] == len(values)
    assert row["Missing Value Count"] == len(values) - len(known)
    assert row["Unique Value Count"] == len(counts)
    assert row["Mean"] == pytest.approx(mean)
    assert row["Mean Deviation"] == pytest.approx(statistics.fmean(abs(v - mean) for v in known))
    assert row["Mode"] == min(v for v in counts if counts[v] == max(counts.values()))
    for name, share in [
        ("P0.5", 0.005), ("P1", 0.01), ("P5", 0.05), ("1st Quartile", 0.25), ("Median", 0.5),
        ("3rd Quartile", 0.75), ("P95", 0.95), ("P99.5", 0.995),
    ]:  # fmt: skip
        assert row[name] == pytest.approx(quantile(known, share), abs=1e-12)
    if len(known) > 1:
        assert row["Sample Variance"] == pytest.approx(statistics.variance(known), abs=1e-12)
        assert row["Sample Standard Deviation"] == pytest.approx(statistics.stdev(known), abs=1e-12)
    else:
        assert row["Sample Variance"] is None
    if len(counts) > 1:
        series = pandas.Series(known)
        for name, expected in [("Skewness", series.skew()), ("Kurtosis", series.kurt())]:
            found = row[f"Sample {name}"]
            assert found is None if math.isnan(expected) else found == pytest.approx(expected)


def test_a_constant_column_has_no_shape():
    row = summary([0.1] * 7)
    assert (row["Mean"], row["Sample Variance"], row["Range"]) == (0.1, 0, 0)
    assert row["Sample Skewness"] is None and row["Sample Kurtosis"] is None


def test_nan_is_missing_and_infinity_leaves_gaps():
    row = summary([1.0, float("nan"), None, 3.0])
    assert (row["Missing Value Count"], row["Mean"], row["Unique Value Count"]) == (2, 2, 2)
    row = summary([1.0, float("inf")])
    assert row["Min"] == 1 and row["Max"] is None and row["Mean"] is None


def test_booleans_have_and_and_or():
    row = summary([True, False, None])
    assert (row["Min"], row["Max"], row["Mean"]) == (0, 1, None)
    assert (row["Count"], row["Unique Value Count"], row["Missing Value Count"]) == (3, 2, 1)
    assert summary([True, None])["Min"] == 1


@pytest.mark.parametrize(
    "values", [["b", "a", None, "a"], [date(2024, 1, 1), None, date(2024, 1, 2)]]
)
def test_text_and_dates_have_counts_only(values):
    row = summary(values)
    assert (row["Count"], row["Unique Value Count"], row["Missing Value Count"]) == (
        len(values),
        2,
        1,
    )
    assert all(row[name] is None for name in COLUMNS[4:])


@pytest.mark.parametrize("values", [[], [None, None]])
def test_nothing_to_describe_has_counts_only(values):
    row = summary(values, dtype=pl.Float64)
    assert row["Count"] == len(values) and all(row[name] is None for name in COLUMNS[4:])


def test_a_table_without_columns_has_no_rows():
    assert summarize_data(Table(pl.DataFrame())).results_dataset.frame.height == 0


def test_roles_of_the_input_mean_nothing_here():
    table = Table(pl.DataFrame({"Mean": [1]}), Roles({"Mean": ColumnRole(kind="label")}))
    assert summarize_data(table).results_dataset.roles == Roles()


def test_the_example_runs():
    result = summarize_data(Table(example()["inputs"]["dataset"])).results_dataset.frame
    assert result["Missing Value Count"].to_list() == [1, 0]
