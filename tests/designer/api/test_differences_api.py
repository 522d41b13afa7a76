"""What differs between two artifacts, over REST; on tables put into the store."""

import polars as pl
import pytest

from tests.designer.api.test_artifacts_api import put_table


@pytest.fixture
def pair(services):
    was = put_table(services, pl.DataFrame({"id": [1, 2, 3], "age": [3.0, 1.0, 2.0]}))
    is_ = put_table(services, pl.DataFrame({"id": [2, 3, 4], "age": [1.0, 9.0, 4.0]}))
    return was, is_.rsplit("/", 1)[1]


@pytest.mark.slow
async def test_two_tables_are_compared_and_their_rows_come_by_pages(client, pair):
    address, after = pair
    changed = await client.get(
        f"{address}/difference/rows", params={"after": after, "which": "changed"}
    )
    assert changed.json()["rows"] == [{"before": [3, 2.0], "after": [3, 9.0], "cells": [1]}]
    found = (await client.get(f"{address}/difference", params={"after": after})).json()
    assert found["kind"] == "tables" and found["rows"]["keys"] == ["id"]
    assert (found["rows"]["added"], found["rows"]["removed"]) == (1, 1)
    lying = await client.get(f"{address}/difference/distributions", params={"after": after})
    assert [column["name"] for column in lying.json()["columns"]] == ["id", "age"]


@pytest.mark.slow
async def test_rows_are_matched_by_the_columns_asked_for_or_by_their_place(client, pair):
    address, after = pair
    by_age = {"after": after, "key": ["id", "age"]}
    found = (await client.get(f"{address}/difference", params=by_age)).json()
    assert found["rows"]["keys"] == ["id", "age"]
    assert (found["rows"]["matched"], found["rows"]["changed"]) == (1, 0)
    by_place = {"after": after, "key": ""}
    found = (await client.get(f"{address}/difference", params=by_place)).json()
    assert (found["rows"]["keys"], found["rows"]["changed"]) == ([], 3)
    asked = by_age | {"which": "removed", "limit": 1, "offset": 1}
    removed = (await client.get(f"{address}/difference/rows", params=asked)).json()
    assert (removed["rows"], removed["numbers"], removed["total"]) == ([[3, 2.0]], [2], 2)


@pytest.mark.slow
async def test_a_comparison_with_what_is_not_there_is_refused(client, pair):
    address, after = pair
    nobody = await client.get(f"{address}/difference", params={"after": "b3:" + "0" * 64})
    assert nobody.json()["error"]["code"] == "S003"
    key = {"after": after, "key": "agee"}
    unknown = await client.get(f"{address}/difference", params=key)
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (422, "D001")
    many = await client.get(f"{address}/difference/rows", params={"after": after, "limit": 501})
    assert (many.status_code, many.json()["error"]["code"]) == (422, "A004")
