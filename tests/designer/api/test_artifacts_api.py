"""Tables over REST: queries, progress as lines, refusals; on artifacts put into the store."""

import json

import polars as pl
import pytest

from modules_library.sdk.codecs.arrow_file import write_arrow
from runtime.model import ArtifactRef
from runtime.stores.artifact_store import FolderArtifactStore


def put_table(services, frame):
    """Store a frame as a step would; gives its address."""
    workspace = services.workspace
    path = workspace.path / "made.arrow"
    digest, size = write_arrow(frame.to_arrow(compat_level=pl.CompatLevel.newest()), path)
    ref = ArtifactRef(type="Table", digest=digest, bytes=size, format="arrow")
    FolderArtifactStore(workspace.artifacts).adopt(path, ref, durable=False)
    return f"/api/v1/artifacts/{digest}"


@pytest.fixture
def address(services):
    frame = pl.DataFrame({"city": ["Rome", "Oslo", None, "Rome"], "age": [3.0, 1.0, 2.0, None]})
    return put_table(services, frame)


async def page_of(client, address, query, **more):
    params = {"query": json.dumps(query), **more}
    answer = await client.get(f"{address}/page", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.slow
async def test_a_query_sorts_by_several_columns_filters_and_searches(client, address):
    sort = [{"column": "city", "descending": True}, {"column": "age"}]
    page = await page_of(client, address, {"sort": sort})
    assert page["numbers"] == [0, 3, 1, 2]
    young = {"column": "age", "test": "range", "high": 2}
    assert (await page_of(client, address, {"filters": [young]}))["numbers"] == [1, 2]
    assert (await page_of(client, address, {"search": "ROM"}))["numbers"] == [0, 3]
    part = await page_of(client, address, {}, first_column=1, limit=2, offset=1)
    assert part["rows"] == [[1.0], [2.0]] and part["total"] == 4


@pytest.mark.slow
async def test_columns_cells_and_hits_are_asked_for_one_by_one(client, address):
    columns = (await client.get(f"{address}/columns")).json()
    assert columns["rows"] == 4 and columns["columns"][0]["name"] == "city"
    cell = await client.get(f"{address}/cell", params={"row": 1, "column": "city"})
    assert cell.json() == {"value": "Oslo", "number": 1}
    found = await client.get(f"{address}/find", params={"text": "rome", "start": 1})
    assert found.json() == {"hits": 2, "hit": 1, "row": 3, "number": 3, "columns": ["city"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"query": "{"}, 400, "A004"),
        ({"query": '{"sort": [{"column": "x", "upwards": true}]}'}, 400, "A004"),
        ({"query": json.dumps({"sort": [{"column": "age"}] * 9})}, 400, "A004"),
        ({"query": json.dumps({"sort": [{"column": "agee"}]})}, 422, "D001"),
        ({"limit": 5000}, 422, "A004"),
    ],
)
async def test_a_query_that_does_not_fit_is_refused(client, address, params, status, code):
    answer = await client.get(f"{address}/page", params=params)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.slow
async def test_the_filtered_rows_are_downloaded_as_they_are_looked_at(client, address):
    query = {"filters": [{"column": "city", "test": "equals", "value": "Rome"}]}
    params = {"format": "csv", "query": json.dumps(query)}
    answer = await client.get(f"{address}/download", params=params)
    assert answer.text == "city,age\nRome,3.0\nRome,\n"


@pytest.mark.slow
async def test_long_work_is_answered_in_lines_with_progress_and_short_work_as_json(
    client, services
):
    frame = pl.DataFrame({f"n{i}": pl.int_range(1_500_000, eager=True) * 1.01 for i in range(8)})
    address = put_table(services, frame)
    lines_wanted = {"accept": "application/x-ndjson, application/json"}
    answer = await client.get(f"{address}/profile", headers=lines_wanted)
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    parts = [line["progress"]["part"] for line in lines[:-1] if line["progress"].get("part")]
    assert [part["column"] for part in parts] == lines[-1]["answer"]["columns"]
    kept = await client.get(f"{address}/profile", headers=lines_wanted)
    assert kept.headers["content-type"] == "application/json"
    assert kept.json() == lines[-1]["answer"]


@pytest.mark.slow
async def test_a_refusal_in_the_middle_is_the_last_line(client, services):
    frame = pl.DataFrame({"n": pl.int_range(1_500_000, eager=True)})
    address = put_table(services, frame)
    services.artifacts.reader._most_memory = 1
    answer = await client.get(f"{address}/find", params={"text": "77"})
    assert answer.status_code == 507, answer.text
    assert answer.json()["error"]["code"] == "S007"
