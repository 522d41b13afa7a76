"""Pages and cells: what JSON cannot hold, long values, parts of wide tables, the end of long ones."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.services.read_worker import documents, exports, pages
from designer.services.read_worker.arranging import Arranger
from designer.services.read_worker.kept_rows import KeptRows
from designer.services.read_worker.query import PLAIN, Filter, Query, Sort
from designer.services.read_worker.turns import Turn
from runtime.errors import DataError, RequestError
from tests.designer.read_worker.tables import OPAQUE, TYPES, frames, store


@pytest.fixture
def arranger(tmp_path):
    return Arranger(KeptRows(tmp_path / "kept"))


@pytest.fixture
def table(tmp_path):
    frame = pl.DataFrame(
        {
            "whole": [2**53 + 1, None, 3],
            "real": [float("nan"), float("inf"), 1.5],
            "text": ["b", ":x=alert(1)", None],
            "day": [date(2020, 1, 2), None, date(2021, 1, 1)],
            "moment": [datetime(2020, 1, 2, 3, 4, 5), None, None],
            "span": [timedelta(seconds=90), None, None],
            "price": pl.Series([Decimal("1.10"), None, Decimal("2.00")], dtype=pl.Decimal(10, 2)),
            "is_new": [True, False, None],
            "list": [[1, 2], None, []],
            "record": [{"a": 1}, {"a": None}, {"a": 3}],
            "bytes": [b"\x00\xff", None, b"a" * 100],
            ":x=alert(1)": [1, 2, 3],
        }
    )
    return store(frame, tmp_path / "table", batch=2)


def test_cells_that_json_cannot_hold_arrive_without_loss(arranger, table):
    page = pages.page(arranger, table, query=PLAIN)
    names = [column["name"] for column in page["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in page["rows"]]
    assert rows[0]["whole"] == str(2**53 + 1) and rows[2]["whole"] == 3
    assert [row["real"] for row in rows] == [{"$number": "NaN"}, {"$number": "Infinity"}, 1.5]
    assert rows[0]["day"] == "2020-01-02" and rows[0]["moment"] == "2020-01-02T03:04:05"
    assert rows[0]["price"] == "1.10" and rows[0]["is_new"] is True
    assert rows[0]["list"] == [1, 2] and rows[0]["record"] == {"a": 1}
    assert rows[0]["bytes"] == "00ff" and rows[2]["bytes"].endswith("…")
    assert msgspec.json.decode(msgspec.json.encode(page)) == page


@pytest.mark.slow
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data(), frames(types={**TYPES, **OPAQUE}))
def test_pages_one_after_the_other_are_the_whole_table(arranger, tmp_path, data, frame):
    path = store(frame, tmp_path / f"whole{hash(str(frame.to_dict())) & 0xFFFFFFFF}")
    sortable = [name for name in frame.columns if name not in OPAQUE]
    sort = data.draw(st.sampled_from([None, *sortable]))
    query = Query(sort=(Sort(column=sort),) if sort else ())
    size = data.draw(st.integers(1, 20))
    parts = [
        pages.page(arranger, path, query=query, offset=offset, limit=size)
        for offset in range(0, frame.height + 1, size)
    ]
    whole = pages.page(arranger, path, query=query, limit=1000)
    assert [row for part in parts for row in part["rows"]] == whole["rows"]
    assert [number for part in parts for number in part["numbers"]] == whole["numbers"]
    assert sorted(whole["numbers"]) == list(range(frame.height))
    assert {part["total"] for part in parts} == {frame.height}
    direct = [frame.row(number) for number in whole["numbers"]]
    simple = [
        i for i, name in enumerate(frame.columns) if name in ("whole", "text", "few", "truth")
    ]
    for shown, given_row in zip(whole["rows"], direct, strict=True):
        for index in simple:
            value = given_row[index]
            is_large = isinstance(value, int) and abs(value) > 2**53 - 1
            assert shown[index] == (str(value) if is_large else value)


def test_a_page_beyond_the_end_is_empty(arranger, table):
    page = pages.page(arranger, table, query=PLAIN, offset=10**9)
    assert page["rows"] == [] and page["numbers"] == [] and page["total"] == 3


def test_a_page_brings_only_the_columns_asked_for(arranger, table):
    page = pages.page(arranger, table, query=PLAIN, first_column=1, column_limit=2)
    assert [column["name"] for column in page["columns"]] == ["real", "text"]
    assert page["rows"][2] == [1.5, None]
    beyond = pages.page(arranger, table, query=PLAIN, first_column=99, column_limit=2)
    assert beyond["columns"] == [] and beyond["rows"] == [[], [], []] and beyond["total"] == 3


def test_long_values_are_cut_with_their_length_and_given_whole_when_asked_for(arranger, tmp_path):
    frame = pl.DataFrame({"text": ["x" * 5000], "list": [list(range(500))], "bytes": [b"a" * 500]})
    path = store(frame, tmp_path / "long")
    (row,) = pages.page(arranger, path, query=PLAIN, longest=256)["rows"]
    assert row[0] == {"$cut": "x" * 256, "length": 5000}
    assert row[1] == {"$cut": list(range(64)), "length": 500}
    assert row[2] == {"$cut": "61" * 128, "length": 500}
    cell = pages.cell(arranger, path, query=PLAIN, row=0, column="text")
    assert cell == {"value": "x" * 5000, "number": 0}
    with pytest.raises(RequestError, match="A004"):
        pages.cell(arranger, path, query=PLAIN, row=1, column="text")


def test_a_cell_is_counted_in_the_rows_that_are_shown(arranger, tmp_path):
    path = store(pl.DataFrame({"a": [3, 1, 2]}), tmp_path / "table")
    query = Query(sort=(Sort(column="a"),))
    assert pages.cell(arranger, path, query=query, row=0, column="a") == {"value": 1, "number": 1}


def test_the_next_and_the_previous_hit_go_round_at_the_ends(arranger, tmp_path):
    path = store(pl.DataFrame({"a": ["x", "y", "x", "y"], "b": [1, 2, 3, 4]}), tmp_path / "table")

    def row(start, *, backwards=False):
        found = pages.find(arranger, path, query=PLAIN, text="X", start=start, backwards=backwards)
        return found["row"], found["hit"], found["columns"]

    assert row(0) == (0, 0, ["a"]) and row(1) == (2, 1, ["a"]) and row(3) == (0, 0, ["a"])
    assert row(1, backwards=True) == (0, 0, ["a"])
    assert row(-1, backwards=True) == (2, 1, ["a"])
    assert pages.find(arranger, path, query=PLAIN, text="zebra") == {"hits": 0}


def test_a_hit_says_where_it_is_in_the_view_and_in_the_table(arranger, tmp_path):
    path = store(pl.DataFrame({"a": [30, 10, 20]}), tmp_path / "table")
    query = Query(sort=(Sort(column="a"),))
    found = pages.find(arranger, path, query=query, text="30")
    assert (found["row"], found["number"], found["hits"]) == (2, 0, 1)


def test_a_table_without_rows_or_columns_can_be_looked_at(arranger, tmp_path):
    empty = store(pl.DataFrame({"a": pl.Series([], dtype=pl.Float64)}), tmp_path / "empty")
    assert pages.page(arranger, empty, query=Query(sort=(Sort(column="a"),)))["total"] == 0
    assert pages.find(arranger, empty, query=PLAIN, text="a") == {"hits": 0}
    assert pages.columns(empty)["rows"] == 0
    nothing = store(pl.DataFrame(), tmp_path / "nothing")
    assert pages.page(arranger, nothing, query=PLAIN)["columns"] == []


@pytest.mark.parametrize("kind", ["csv", "parquet", "arrow"])
def test_a_table_with_odd_columns_is_exported_as_it_is_looked_at(arranger, table, tmp_path, kind):
    query = Query(sort=(Sort(column="whole", descending=True),))
    to = tmp_path / "out"
    done = exports.export(arranger, table, query=query, to=str(to), kind=kind, turn=Turn())
    read = {"csv": pl.read_csv, "parquet": pl.read_parquet, "arrow": pl.read_ipc}[kind]
    assert done["bytes"] == to.stat().st_size
    assert read(to).get_column("whole").to_list() == [2**53 + 1, 3, None]


def test_only_the_rows_that_are_filtered_for_are_exported(arranger, table, tmp_path):
    query = Query(filters=(Filter(column="whole", test="missing"),))
    exports.export(
        arranger, table, query=query, to=str(tmp_path / "out"), kind="parquet", turn=Turn()
    )
    assert pl.read_parquet(tmp_path / "out").get_column("text").to_list() == [":x=alert(1)"]


def test_a_document_that_is_none_is_refused(tmp_path):
    path = tmp_path / "text"
    path.write_text("no json")
    with pytest.raises(DataError, match="S003"):
        documents.document(path)
