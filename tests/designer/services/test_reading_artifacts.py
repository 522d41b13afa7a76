"""The read worker: cells that JSON cannot hold, odd columns, a worker that dies or rests."""

import asyncio
import os
import signal
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
import polars as pl
import pytest

from designer.services.read_worker import documents, tables
from designer.services.reader import Reader
from runtime.errors import DataError, DesignerError, InfrastructureError


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table"
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
    frame.write_ipc(path, compression="uncompressed")
    return path


def test_cells_that_json_cannot_hold_arrive_without_loss(table):
    page = tables.page(table)
    names = [column["name"] for column in page["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in page["rows"]]
    assert rows[0]["whole"] == str(2**53 + 1) and rows[2]["whole"] == 3
    assert [row["real"] for row in rows] == [{"$number": "NaN"}, {"$number": "Infinity"}, 1.5]
    assert rows[0]["day"] == "2020-01-02" and rows[0]["moment"] == "2020-01-02T03:04:05"
    assert rows[0]["price"] == "1.10" and rows[0]["is_new"] is True
    assert rows[0]["list"] == [1, 2] and rows[0]["record"] == {"a": 1}
    assert rows[0]["bytes"] == "00ff" and rows[2]["bytes"].endswith("…")
    assert msgspec.json.decode(msgspec.json.encode(page)) == page


@pytest.mark.parametrize("sort", ["whole", "real", "text", "day", "price", "list", "record"])
def test_every_kind_of_column_can_be_sorted_or_left_as_it_is(table, sort):
    assert tables.page(table, sort=sort, descending=True)["total"] == 3


def test_a_search_looks_into_every_column_and_takes_the_text_literally(table):
    assert tables.page(table, search="ALERT(1)")["total"] == 1
    assert tables.page(table, search=".*")["total"] == 0


def test_a_page_beyond_the_end_is_empty(table):
    page = tables.page(table, offset=10**9, limit=100)
    assert page["rows"] == [] and page["total"] == 3


def test_a_profile_of_odd_columns_is_complete(table):
    profile = {column["name"]: column for column in tables.profile(table)["columns"]}
    assert profile["real"]["not_finite"] == 2 and profile["real"]["min"] == 1.5
    assert profile["text"]["nulls"] == 1 and profile["text"]["distinct"] == 2
    assert profile["list"]["distinct"] is None
    msgspec.json.encode(profile)


def test_a_table_without_rows_has_a_page_and_a_profile(tmp_path):
    path = tmp_path / "empty"
    pl.DataFrame({"a": pl.Series([], dtype=pl.Float64)}).write_ipc(path, compression="uncompressed")
    assert tables.page(path)["total"] == 0
    assert tables.profile(path)["columns"][0]["nulls"] == 0


def test_a_column_of_one_value_has_a_histogram_of_one_bar(tmp_path):
    path = tmp_path / "one"
    pl.DataFrame({"a": [5.0, 5.0]}).write_ipc(path, compression="uncompressed")
    assert tables.profile(path)["columns"][0]["histogram"]["counts"] == [2]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_table_with_odd_columns_can_be_exported(table, tmp_path, kind):
    assert tables.export(table, to=str(tmp_path / "out"), kind=kind)["bytes"] > 0


def test_a_document_that_is_none_is_refused(tmp_path):
    path = tmp_path / "text"
    path.write_text("no json")
    with pytest.raises(DataError, match="S003"):
        documents.document(path)


@pytest.mark.slow
async def test_the_worker_answers_errors_survives_garbage_and_rests(table, tmp_path):
    reader = Reader(idle_s=0.3)
    try:
        page = msgspec.json.decode(await reader.ask("page", table, limit=1))
        assert len(page["rows"]) == 1
        first = reader._process.pid
        broken = tmp_path / "broken"
        broken.write_bytes(b"ARROW1" + os.urandom(64))
        with pytest.raises(DesignerError, match="S003"):
            await reader.ask("page", broken)
        with pytest.raises(InfrastructureError, match="S003"):
            await reader.ask("page", tmp_path / "gone")
        assert reader._process.pid == first
        await asyncio.sleep(0.6)
        assert reader._process is None
        await reader.ask("page", table)
        os.kill(reader._process.pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        assert msgspec.json.decode(await reader.ask("page", table))["total"] == 3
    finally:
        await reader.stop()
