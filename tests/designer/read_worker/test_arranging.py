"""Rows in any order, filtered and searched: against Polars on the same frame."""

import math
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.services.read_worker.arranging import Arranger, NotArranged, Search
from designer.services.read_worker.cells import as_json
from designer.services.read_worker.kept_rows import KeptRows
from designer.services.read_worker.query import Filter, Query, Sort
from designer.services.read_worker.stored_table import open_table
from designer.services.read_worker.turns import Turn
from runtime.errors import DataError
from tests.designer.read_worker.tables import OPAQUE, TYPES, frames, store

THOROUGH = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def look(tmp_path):
    """Row numbers of a frame, arranged by the worker; every call has a table of its own."""
    count = iter(range(10**6))

    def rows(frame, query, *, turn=None):
        path = store(frame, tmp_path / f"table{next(count)}")
        view = Arranger(KeptRows(tmp_path / "kept")).view(open_table(path), path, query, turn)
        return view.numbers(0, frame.height)

    return rows


@pytest.mark.slow
@THOROUGH
@given(st.data(), frames())
def test_any_columns_sort_as_polars_sorts_them(look, data, frame):
    names = data.draw(st.lists(st.sampled_from(frame.columns), min_size=1, max_size=3, unique=True))
    descending = [data.draw(st.booleans()) for _ in names]
    sort = tuple(
        Sort(column=name, descending=turned) for name, turned in zip(names, descending, strict=True)
    )
    expected = frame.select(
        pl.arg_sort_by(names, descending=descending, nulls_last=True, maintain_order=True)
    )
    assert look(frame, Query(sort=sort)) == expected.to_series().to_list()


@THOROUGH
@given(st.data(), frames())
def test_a_filter_keeps_the_rows_that_python_would_keep(look, data, frame):
    name = data.draw(st.sampled_from(frame.columns))
    values = frame.get_column(name).to_list()
    wanted = data.draw(st.sampled_from(values)) if values else None
    negated = data.draw(st.booleans())
    asked = Filter(column=name, test="equals", value=as_json(wanted), negated=negated)
    if isinstance(wanted, float) and name == "short":
        return
    if name == "span":
        asked = Filter(column=name, test="missing", negated=negated)
        wanted = None
    keep = [index for index, value in enumerate(values) if same(value, wanted) != negated]
    assert look(frame, Query(filters=(asked,))) == keep


@pytest.mark.slow
@THOROUGH
@given(
    st.data(),
    frames(types={name: TYPES[name] for name in ("whole", "real", "day", "moment", "text")}),
)
def test_a_range_holds_both_of_its_ends(look, data, frame):
    name = data.draw(st.sampled_from(frame.columns))
    values = [v for v in frame.get_column(name).to_list() if v is not None and v == v]
    low = data.draw(st.none() | st.sampled_from(values)) if values else None
    high = data.draw(st.none() | st.sampled_from(values)) if values else None
    asked = Filter(column=name, test="range", low=as_json(low), high=as_json(high))

    def is_inside(value):
        if value is None or (value != value and (low, high) != (None, None)):
            return False
        return (low is None or value >= low) and (high is None or value <= high)

    keep = [i for i, value in enumerate(frame.get_column(name).to_list()) if is_inside(value)]
    assert look(frame, Query(filters=(asked,))) == keep


@pytest.mark.slow
@THOROUGH
@given(st.data(), frames())
def test_a_search_finds_the_text_in_any_cell_whatever_its_case(look, data, frame):
    text = data.draw(
        st.sampled_from(["a", "A", "1", "12", "e", "20", "-", "tr", "NaN", ":", "ß", "19-"])
    )
    keep = [
        index
        for index, row in enumerate(frame.select(texts_of(frame)).iter_rows())
        if any(cell is not None and text.lower() in cell.lower() for cell in row)
    ]
    assert look(frame, Query(search=text)) == keep


@pytest.mark.slow
@THOROUGH
@given(st.data(), frames(types={**TYPES, **OPAQUE}))
def test_filters_search_and_order_together_are_what_each_is_alone(look, data, frame):
    sortable = [name for name in frame.columns if name not in OPAQUE]
    if not sortable:
        return
    by = data.draw(st.sampled_from(sortable))
    missing = Filter(column=data.draw(st.sampled_from(frame.columns)), test="missing", negated=True)
    text = data.draw(st.sampled_from(["", "1", "a"]))
    kept = set(look(frame, Query(filters=(missing,)))) & set(look(frame, Query(search=text)))
    order = look(frame, Query(sort=(Sort(column=by, descending=True),)))
    whole = Query(sort=(Sort(column=by, descending=True),), filters=(missing,), search=text)
    assert look(frame, whole) == [row for row in order if row in kept]


@pytest.mark.slow
@THOROUGH
@given(frames(), st.sampled_from(["a", "1", "zz"]))
def test_hits_are_the_places_in_the_view_of_the_rows_that_a_search_keeps(
    look, tmp_path, frame, text
):
    path = store(frame, tmp_path / f"hits{hash(frame.write_json()) & 0xFFFFFF}")
    query = Query(sort=(Sort(column=frame.columns[0]),))
    arranger = Arranger(KeptRows(tmp_path / "kept_hits" / path.name))
    view = arranger.view(open_table(path), path, query)
    hits = arranger.hits(view, path, Search(query, text))
    shown = look(frame, Query(sort=query.sort, search=text))
    assert [view.numbers(int(place), 1)[0] for place in hits] == shown


def test_one_of_takes_missing_values_where_null_is_among_them(look):
    frame = pl.DataFrame({"city": ["Rome", None, "Oslo", "Rome"]})
    one_of = Filter(column="city", test="one_of", values=("Rome", None))
    assert look(frame, Query(filters=(one_of,))) == [0, 1, 3]


def test_a_time_without_an_offset_is_meant_in_the_time_zone_of_the_column(look):
    frame = pl.DataFrame({"at": ["2024-07-01T12:00"]}).select(
        pl.col("at").str.to_datetime().dt.replace_time_zone("Europe/Rome")
    )
    for text in ("2024-07-01T12:00", "2024-07-01T12:00+02:00", "2024-07-01T10:00+00:00"):
        assert look(frame, Query(filters=(Filter(column="at", test="equals", value=text),))) == [0]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (Query(sort=(Sort(column="agee"),)), "D001"),
        (Query(sort=(Sort(column="list"),)), "D004"),
        (Query(filters=(Filter(column="list", test="contains", value="1"),)), "D004"),
        (Query(filters=(Filter(column="age", test="equals", value="old"),)), "D008"),
        (Query(filters=(Filter(column="day", test="range", low="soon"),)), "D008"),
        (Query(filters=(Filter(column="new", test="equals", value="perhaps"),)), "D008"),
    ],
)
def test_a_query_that_does_not_fit_the_table_is_refused_with_the_column_named(look, query, code):
    frame = pl.DataFrame({"age": [1], "list": [[1]], "day": [None], "new": [True]}).cast(
        {"day": pl.Date}
    )
    with pytest.raises(DataError, match=code) as caught:
        look(frame, query)
    assert "'" in str(caught.value)


def test_a_large_table_is_arranged_only_when_there_is_time_and_then_known(tmp_path):
    path = store(pl.DataFrame({"a": [3, 1, 2]}), tmp_path / "table")
    arranger = Arranger(KeptRows(tmp_path / "kept"), at_once_rows=2)
    query = Query(sort=(Sort(column="a"),))
    with pytest.raises(NotArranged):
        arranger.view(open_table(path), path, query)
    arranger.view(open_table(path), path, query, Turn())
    assert arranger.view(open_table(path), path, query).numbers(0, 3) == [1, 2, 0]


def test_the_first_hit_from_the_row_looked_at_is_told_before_all_are_found(tmp_path):
    frame = pl.DataFrame({"text": ["needle" if i in (3, 40) else "hay" for i in range(60)]})
    path = store(frame, tmp_path / "table")
    told = []
    arranger = Arranger(KeptRows(tmp_path / "kept"))
    view = arranger.view(open_table(path), path, Query())
    hits = arranger.hits(view, path, Search(Query(), "NEEDLE", 5), Turn(told.append))
    assert hits.tolist() == [3, 40]
    assert [progress.part for progress in told if progress.part] == [{"first": 40}]


def test_kept_orders_stay_within_their_bytes_and_the_least_used_go_first(tmp_path):
    import os

    import numpy as np

    kept = KeptRows(tmp_path, most_bytes=90)
    for index, name in enumerate(["a", "b", "c"]):
        kept.keep(name, np.arange(10, dtype=np.uint32))
        os.utime(tmp_path / name, (index, index))
    kept.get("b", np.uint32)
    kept.keep("d", np.arange(10, dtype=np.uint32))
    assert {path.name for path in Path(tmp_path).iterdir()} == {"b", "d"}
    assert kept.get("a", np.uint32) is None


def same(value, other):
    if isinstance(value, float) and isinstance(other, float):
        return value == other or (math.isnan(value) and math.isnan(other))
    return value == other


def texts_of(frame):
    return [
        pl.col(name).dt.to_string("polars")
        if dtype == pl.Duration
        else pl.col(name).cast(pl.String)
        for name, dtype in frame.schema.items()
    ]
