"""What charts are drawn of: against NumPy and Polars computed independently."""

import math

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.services.read_worker.arranging import Arranger
from designer.services.read_worker.chart_request import Chart, read_chart
from designer.services.read_worker.charts import correlation as measures
from designer.services.read_worker.charts.drawing import chart as draw
from designer.services.read_worker.charts.scatter import MOST_POINTS
from designer.services.read_worker.charts.time_line import MOST_PIECES
from designer.services.read_worker.kept_rows import KeptRows
from designer.services.read_worker.query import PLAIN, Filter, Query
from designer.services.read_worker.turns import Turn
from runtime.errors import DataError, RequestError
from tests.designer.read_worker.tables import OPAQUE, TYPES, frames, store

KINDS = ["distribution", "scatter", "box", "time_line", "correlation"]


@pytest.fixture
def drawn(tmp_path):
    """What a chart of a frame is drawn of; always JSON."""
    count = iter(range(10**6))

    def chart(frame, query=PLAIN, **asked):
        path = store(frame, tmp_path / f"table{next(count)}", batch=1000)
        arranger = Arranger(KeptRows(tmp_path / "kept"))
        answer = draw(arranger, path, query=query, chart=Chart(**asked), turn=Turn())
        msgspec.json.encode(answer)
        return answer

    return chart


@pytest.mark.slow
@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data(), frames(types={**TYPES, **OPAQUE}), st.sampled_from(KINDS))
def test_any_chart_of_any_columns_is_drawn_or_refused_with_a_reason(drawn, data, frame, kind):
    names = st.sampled_from(frame.columns)
    by = data.draw(st.sampled_from(["", *frame.columns]))
    y = "" if kind == "distribution" else data.draw(names)
    try:
        answer = drawn(frame, kind=kind, x=data.draw(names), y=y, by=by)
    except DataError as refused:
        assert refused.code == "D004" and "'" in refused.record.message
    else:
        assert answer["kind"] == kind and answer["rows"] == frame.height


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    frames(types={name: TYPES[name] for name in ("whole", "real", "short", "few", "truth", "day")})
)
def test_every_value_is_in_a_bar_or_counted_as_left_out(drawn, frame):
    for name in frame.columns:
        answer = drawn(frame, kind="distribution", x=name)
        counted = sum(sum(series["counts"]) for series in answer["series"])
        others = answer.get("others", {"rows": 0})["rows"]
        assert counted + others + answer["left_out"] + answer["missing"] == frame.height


def test_a_histogram_split_by_a_column_has_the_rows_of_each_value(drawn):
    frame = pl.DataFrame({"n": [1.0, 2.0, 3.0, 10.0], "city": ["a", "a", "b", None]})
    answer = drawn(frame, kind="distribution", x="n", by="city", bars=9)
    assert [(series["name"], series["rows"]) for series in answer["series"]] == [("a", 2), ("b", 1)]
    assert answer["series"][0]["counts"][:2] == [1, 1]


def test_whole_numbers_get_bars_of_their_own_as_long_as_they_are_few(drawn):
    answer = drawn(pl.DataFrame({"n": [1, 2, 2, 5]}), kind="distribution", x="n")
    assert answer["edges"] == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
    assert answer["series"][0]["counts"] == [1, 2, 0, 0, 1]


def test_a_distribution_without_its_outer_ends_says_how_many_lie_there(drawn):
    frame = pl.DataFrame({"n": [*map(float, range(1000)), 1e9, -1e9]})
    answer = drawn(frame, kind="distribution", x="n", trimmed=True)
    assert answer["outside"] == 10 and answer["edges"][-1] < 1000
    assert sum(answer["series"][0]["counts"]) == 1002 - 10


def test_many_texts_are_counted_up_to_the_most_frequent_and_the_rest_together(drawn):
    texts = [f"t{i % 50}" for i in range(120)] + ["most"] * 9
    answer = drawn(pl.DataFrame({"text": texts}), kind="distribution", x="text")
    assert answer["values"][0] == "most" and answer["series"][0]["counts"][0] == 9
    assert answer["others"]["values"] == 21
    assert sum(answer["series"][0]["counts"]) + answer["others"]["rows"] == len(texts)


def test_a_column_of_different_texts_says_that_there_is_nothing_to_count(drawn):
    frame = pl.DataFrame({"text": [f"t{i}" for i in range(60_000)]})
    answer = drawn(frame, kind="distribution", x="text")
    assert answer["values"] == [] and answer["others"] == {"values": 60_000, "rows": 60_000}


def test_few_points_are_drawn_one_by_one_and_many_as_tiles_that_hold_all_of_them(drawn):
    few = drawn(
        pl.DataFrame({"a": [1.0, None, 3.0], "b": [2.0, 5.0, 4.0]}), kind="scatter", x="a", y="b"
    )
    assert few["points"] == [[1.0, 2.0], [3.0, 4.0]] and few["correlation"] == pytest.approx(1)
    random = np.random.default_rng(1)
    frame = pl.DataFrame({"a": random.normal(size=9000), "b": random.normal(size=9000)})
    many = drawn(frame, kind="scatter", x="a", y="b")
    assert many["form"] == "tiles" and sum(tile[2] for tile in many["tiles"]) == 9000
    assert many["correlation"] == pytest.approx(np.corrcoef(frame["a"], frame["b"])[0, 1])


def test_a_sample_of_points_says_of_how_many_and_is_the_same_every_time(drawn):
    frame = pl.DataFrame({"a": range(9000), "b": range(9000), "c": ["x", "y", "z"] * 3000})
    first = drawn(frame, kind="scatter", x="a", y="b", by="c")
    assert first["sample"] == MOST_POINTS == len(first["points"]) and first["drawn"] == 9000
    assert first == drawn(frame, kind="scatter", x="a", y="b", by="c")
    assert {point[2] for point in first["points"]} == {0, 1, 2}


def test_a_box_has_quartiles_whiskers_and_the_number_beyond_them(drawn):
    values = [1.0, 2.0, 3.0, 4.0, 100.0]
    frame = pl.DataFrame({"city": ["a"] * 5 + ["b"], "n": [*values, 7.0]})
    (box, other) = drawn(frame, kind="box", x="city", y="n")["boxes"]
    assert (box["name"], box["q1"], box["median"], box["q3"]) == ("a", 2.0, 3.0, 4.0)
    assert (box["low"], box["high"], box["beyond"], box["maximum"]) == (1.0, 4.0, 1, 100.0)
    assert other["rows"] == 1 and other["median"] == 7.0


def test_a_time_line_gathers_moments_into_pieces_and_says_how_long_they_are(drawn):
    at = pl.datetime_range(pl.datetime(2024, 1, 1), pl.datetime(2024, 12, 31), "1h", eager=True)
    frame = pl.DataFrame({"at": at, "n": pl.int_range(at.len(), eager=True)})
    answer = drawn(frame, kind="time_line", x="at", y="n")
    (line,) = answer["series"]
    assert answer["every"] == "day" and len(line["times"]) <= MOST_PIECES
    assert line["value"][0] == 11.5 and (line["low"][0], line["high"][0]) == (6, 17)
    assert line["rows"][0] == 24 and sum(line["rows"]) == at.len()
    counted = drawn(frame, kind="time_line", x="at")
    assert counted["series"][0]["value"][0] == 24 and counted["aggregate"] == "count"


@pytest.mark.parametrize(
    ("aggregate", "expected"), [("sum", 6.0), ("minimum", 1.0), ("maximum", 3.0), ("median", 2.0)]
)
def test_a_time_line_shows_the_aggregate_that_is_asked_for(drawn, aggregate, expected):
    frame = pl.DataFrame({"at": ["2024-01-01"] * 3, "n": [1.0, 2.0, 3.0]}).with_columns(
        pl.col("at").str.to_date()
    )
    answer = drawn(frame, kind="time_line", x="at", y="n", aggregate=aggregate)
    assert answer["series"][0]["value"] == [expected]


@pytest.mark.parametrize("measure", ["pearson", "spearman"])
def test_numbers_go_together_as_polars_says(drawn, measure):
    random = np.random.default_rng(2)
    a = random.normal(size=200)
    frame = pl.DataFrame({"a": a, "b": np.exp(a) + random.normal(size=200)})
    found = drawn(frame, kind="correlation", measure=measure)["values"][0][1]
    assert found == pytest.approx(frame.select(pl.corr("a", "b", method=measure)).item())


def test_pairs_are_compared_over_the_rows_that_both_have(drawn):
    frame = pl.DataFrame({"a": [1.0, 2.0, 3.0, None, 9.0], "b": [2.0, 4.0, 6.0, 0.0, math.nan]})
    assert drawn(frame, kind="correlation")["values"][0][1] == pytest.approx(1)


def test_categories_have_measures_of_their_own_between_nothing_and_all():
    a = np.array([0, 0, 1, 1, -1], float)
    assert measures.cramers_v(a, a) == pytest.approx(1)
    assert measures.cramers_v(a, np.array([0, 1, 0, 1, 0], float)) == pytest.approx(0)
    numbers = np.array([1.0, 1.0, 5.0, 5.0, math.nan])
    assert measures.correlation_ratio(numbers, a) == pytest.approx(1)
    assert measures.correlation_ratio(np.array([1.0, 5.0, 1.0, 5.0, 0]), a) == pytest.approx(0)


def test_what_does_not_fit_into_a_correlation_is_left_out_with_the_reason(drawn):
    frame = pl.DataFrame(
        {
            "n": [float(i) for i in range(60)],
            "same": [1] * 60,
            "name": [f"n{i}" for i in range(60)],
            "list": [[1]] * 60,
        }
    )
    answer = drawn(frame, kind="correlation")
    assert [column["name"] for column in answer["columns"]] == ["n"]
    assert {item["name"]: item["reason"] for item in answer["left_out"]} == {
        "same": "it has a single value",
        "name": "it has more than 50 different values",
        "list": "list(int64) has no order",
    }


def test_a_chart_is_of_the_rows_that_are_looked_at(drawn):
    frame = pl.DataFrame({"n": [1, 2, 3, 4], "keep": [True, False, True, False]})
    only = Query(filters=(Filter(column="keep", test="equals", value=True),))
    answer = drawn(frame, only, kind="distribution", x="n")
    assert answer["rows"] == 2 and sum(answer["series"][0]["counts"]) == 2


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"kind": "pie"}', '{"kind": "scatter", "bars": 100000}', '{"kind": "box", "z": 1}'],
)
def test_a_chart_that_is_none_is_refused(text):
    with pytest.raises(RequestError, match="A004"):
        read_chart(text)
