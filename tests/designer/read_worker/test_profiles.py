"""Profiles against Polars' own answers, on every type, exact and from a sample."""

import math

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from designer.services.read_worker.profiles import Effort, profile
from designer.services.read_worker.turns import Turn
from tests.designer.read_worker.tables import OPAQUE, TYPES, frames, store


def profiled(path, **given_):
    answer = profile(path, turn=Turn(), **given_)
    msgspec.json.encode(answer)
    return {column["name"]: column for column in answer["columns"]}


@pytest.mark.slow
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(frames(types={**TYPES, **OPAQUE}))
def test_every_fact_is_what_polars_says(tmp_path, frame):
    path = store(frame, tmp_path / f"table{hash(str(frame.to_dict())) & 0xFFFFFFFF}")
    found = profiled(path)
    for name in frame.columns:
        column, facts = frame.get_column(name), found[name]
        assert facts["nulls"] == column.null_count()
        if name in OPAQUE:
            assert facts["distinct"] is None
            continue
        present = column.drop_nulls()
        assert facts["distinct"] == present.n_unique()
        assert sum(count for _, count in facts["top"]) <= len(present)
        if column.dtype.is_numeric():
            check_numbers(present.cast(pl.Float64), facts)


def check_numbers(present, facts):
    inside = present.filter(present.is_finite())
    assert facts["not_finite"] == len(present) - len(inside)
    if inside.is_empty():
        assert "histogram" not in facts
        return
    scale = max(abs(inside.min()), abs(inside.max()), 1e-300)
    for share, value in facts["quantiles"].items():
        expected = inside.quantile(float(share), interpolation="linear")
        assert value == pytest.approx(expected, rel=1e-9, abs=scale * 1e-9) or abs(scale) > 1e300
    assert sum(facts["histogram"]["counts"]) == len(inside)
    if facts["mean"] is not None and scale < 1e150:
        assert facts["mean"] == pytest.approx(inside.mean(), rel=1e-6, abs=scale * 1e-9)
        if len(inside) > 1:
            assert facts["std"] == pytest.approx(inside.std(), rel=1e-6, abs=scale * 1e-6)


def test_frequent_values_come_most_frequent_first_then_in_their_order(tmp_path):
    frame = pl.DataFrame({"city": ["b", "a", "c", "b", "a", None], "n": [2, 1, 3, 2, 1, 1]})
    found = profiled(store(frame, tmp_path / "table"))
    assert found["city"]["top"] == [["a", 2], ["b", 2], ["c", 1]]
    assert found["n"]["top"] == [[1, 3], [2, 2], [3, 1]]


def test_a_column_of_different_values_has_no_frequent_ones(tmp_path):
    frame = pl.DataFrame({"id": range(100), "name": [f"n{i}" for i in range(100)]})
    found = profiled(store(frame, tmp_path / "table", batch=30))
    assert found["id"]["top"] == [] and found["name"]["top"] == []
    assert found["id"]["distinct"] == found["name"]["distinct"] == 100


def test_texts_have_lengths_in_characters_and_empty_ones_are_counted(tmp_path):
    frame = pl.DataFrame({"text": ["", "äö", None, "", "abc"]})
    facts = profiled(store(frame, tmp_path / "table"))["text"]
    assert (facts["empty"], facts["shortest"], facts["longest"], facts["nulls"]) == (2, 0, 3, 1)


def test_a_histogram_of_one_value_has_one_bar_and_one_of_none_is_absent(tmp_path):
    frame = pl.DataFrame({"one": [5.0, 5.0], "none": [None, float("nan")]})
    found = profiled(store(frame, tmp_path / "table"))
    assert found["one"]["histogram"] == {"edges": [5.0, 5.0], "counts": [2]}
    assert "histogram" not in found["none"] and found["none"]["not_finite"] == 1


def test_moments_have_extremes_quantiles_and_a_histogram_of_moments(tmp_path):
    frame = pl.DataFrame({"at": ["2024-01-01T00:00", "2024-01-03T00:00"]}).select(
        pl.col("at").str.to_datetime()
    )
    facts = profiled(store(frame, tmp_path / "table"))["at"]
    assert facts["min"] == "2024-01-01T00:00:00" and facts["max"] == "2024-01-03T00:00:00"
    assert facts["quantiles"]["0.5"] == "2024-01-02T00:00:00"
    assert facts["histogram"]["edges"][0] == "2024-01-01T00:00:00"
    assert sum(facts["histogram"]["counts"]) == 2


def test_what_is_too_large_is_sampled_and_says_so_while_the_cheap_facts_stay_exact(tmp_path):
    frame = pl.DataFrame({"n": [float(i % 7) for i in range(3000)] + [99.0, None]})
    path = store(frame, tmp_path / "table", batch=500)
    facts = profiled(path, effort=Effort(rows=1000, sample=400))["n"]
    assert facts["sample"] == 400 and facts["distinct"] <= 8
    assert facts["max"] == 99.0 and facts["nulls"] == 1
    assert facts["mean"] == pytest.approx(frame.get_column("n").mean())
    assert "sample" not in profiled(path)["n"]


def test_numbers_near_the_largest_have_a_profile_all_the_same(tmp_path):
    frame = pl.DataFrame({"n": [1.7e308, -1.7e308, 1.7e308]})
    facts = profiled(store(frame, tmp_path / "table"))["n"]
    assert facts["max"] == 1.7e308 and facts["std"] is None
    assert facts["histogram"]["counts"] == [3]


def test_every_column_is_told_as_soon_as_it_is_known(tmp_path):
    told = []
    path = store(pl.DataFrame({"a": [1], "b": [2]}), tmp_path / "table")
    profile(path, turn=Turn(told.append))
    assert [progress.part["column"]["name"] for progress in told if progress.part] == ["a", "b"]
    assert math.isclose(told[-1].share, 1)
