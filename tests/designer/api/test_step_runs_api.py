"""A step through the runs of its pipeline, and what came into it; over REST on stored runs."""

import polars as pl
import pytest

from tests.designer.running import client_of, running_app
from tests.stored_runs import StoredRuns

GRAPH = {
    "format": 1,
    "name": "Two steps",
    "nodes": {
        "load": {
            "label": "Customers",
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": "a\n1\n"},
        },
        "split": {
            "module": "data_transformation.split_data",
            "version": "1.0.0",
            "inputs": {"dataset": "load.dataset"},
        },
    },
}


@pytest.fixture
async def runs(tmp_path):
    """A client, and the ids of an older and a newer run; the older one has no split."""
    stored = StoredRuns(tmp_path / "workspace")
    table = stored.table(pl.DataFrame({"a": [1, 2]}))
    only_load = {**GRAPH, "nodes": {"load": GRAPH["nodes"]["load"]}}
    stored.pipeline("p", only_load)
    older = stored.run("p", {"load": {"dataset": table}}, age_s=100)
    stored.pipeline("p", GRAPH)
    newer = stored.run("p", {"load": {"dataset": table}, "split": {}}, age_s=10)
    stored.close()
    async with running_app(tmp_path / "workspace") as app, client_of(app) as client:
        yield client, older, newer


async def test_a_step_is_followed_through_the_runs_that_had_it_newest_first(runs):
    client, older, newer = runs
    loads = await client.get("/api/v1/step_runs", params={"pipeline_id": "p", "step": "load"})
    assert [item["run"]["id"] for item in loads.json()["runs"]] == [newer, older]
    assert loads.json()["runs"][0]["step"]["outputs"]["dataset"]["summary"]["rows"] == 2
    splits = await client.get("/api/v1/step_runs", params={"pipeline_id": "p", "step": "split"})
    assert [item["run"]["id"] for item in splits.json()["runs"]] == [newer]
    before = {"pipeline_id": "p", "step": "load", "before": 2}
    earlier = await client.get("/api/v1/step_runs", params=before)
    assert [item["run"]["number"] for item in earlier.json()["runs"]] == [1]


async def test_what_came_into_a_step_is_what_the_step_before_it_stored(runs):
    client, _, newer = runs
    answer = await client.get(f"/api/v1/runs/{newer}/inputs", params={"step": "split"})
    (came_in,) = answer.json()["inputs"]
    assert (came_in["port"], came_in["step"], came_in["label"]) == ("dataset", "load", "Customers")
    assert came_in["artifact"]["type"] == "Table"


async def test_a_step_that_a_run_does_not_have_is_refused_with_names_like_it(runs):
    client, older, _ = runs
    answer = await client.get(f"/api/v1/runs/{older}/inputs", params={"step": "loda"})
    assert answer.status_code == 404
    assert (
        answer.json()["error"]["code"] == "R006" and "'load'" in answer.json()["error"]["message"]
    )


async def test_the_chain_that_determined_the_end_of_a_run_is_told(runs):
    client, _, newer = runs
    path = (await client.get(f"/api/v1/runs/{newer}/critical_path")).json()
    assert [link["step"] for link in path["links"]] == ["load", "split"]
    assert path["run_seconds"] == pytest.approx(2) and path["seconds"] == pytest.approx(2)
    unknown = await client.get("/api/v1/runs/nowhere/critical_path")
    assert unknown.json()["error"]["code"] == "R006"
