"""Previews of runs, frozen nodes and where artifacts come from, over REST."""

import pytest

from designer.services.upkeep import collect_workspace
from runtime.execution.embedded import run_plan
from runtime.execution.submission import plan_graph
from runtime.planning import PlanOptions
from runtime.stores import Retention
from tests.designer.running import SAMPLE_NODE, SPLIT_NODE, change, operation, send


@pytest.fixture
async def pipeline(client):
    created = await client.post("/api/v1/pipelines", json={"name": "p"})
    await send(
        client,
        created.json()["id"],
        operation("1", change("nodes/load", SAMPLE_NODE)),
        operation("2", change("nodes/split", SPLIT_NODE)),
        operation("3", change("nodes/split/inputs/dataset", "load.dataset")),
    )
    return created.json()["id"]


@pytest.fixture
async def ran(app, client, pipeline):
    """A finished run of it."""
    services = app.state.services
    document = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()["graph"]
    plan = plan_graph(document, services.modules.catalog, options=PlanOptions(pipeline_id=pipeline))
    return run_plan(plan, services.workspace)


async def preview(client, pipeline, **options):
    body = {"pipeline_id": pipeline, "options": options}
    answer = await client.post("/api/v1/plans/preview", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def outcomes(seen):
    return {step["step"]: step["outcome"] for step in seen["steps"]}


async def test_a_preview_of_what_never_ran_says_that_everything_runs(client, pipeline):
    seen = await preview(client, pipeline)
    assert outcomes(seen) == {"load": "runs", "split": "runs"} and seen["can_run"]
    assert seen["summary"] == "2 run, no past run says how long"


@pytest.mark.slow
async def test_after_a_run_everything_is_reused(client, pipeline, ran):
    seen = await preview(client, pipeline)
    assert outcomes(seen) == {"load": "reused", "split": "reused"}
    assert seen["summary"] == "2 reused"
    assert {step["from_run"] for step in seen["steps"]} == {ran.number}
    again = await preview(client, pipeline, regenerate=True)
    assert again["counts"] == {"runs": 2}
    assert all(step["estimate"]["basis"] == "settings" for step in again["steps"])


async def test_a_plan_carries_its_preview(client, pipeline):
    answer = await client.post("/api/v1/plans", json={"pipeline_id": pipeline})
    document = answer.json()
    assert [step["id"] for step in document["steps"]] == ["load", "split"]
    assert document["preview"]["counts"] == {"runs": 2}


async def test_a_breakpoint_is_part_of_a_preview(client, pipeline):
    seen = await preview(client, pipeline, stop_before=["split"])
    assert outcomes(seen) == {"load": "runs", "split": "waits"}
    assert seen["stopped_before"] == ["split"]


async def test_a_broken_graph_has_a_preview_but_no_plan(client, pipeline):
    await send(client, pipeline, operation("4", change("nodes/split/inputs/dataset")))
    seen = await preview(client, pipeline)
    assert outcomes(seen) == {"load": "runs", "split": "invalid"} and not seen["can_run"]
    answer = await client.post("/api/v1/plans", json={"pipeline_id": pipeline})
    assert answer.status_code == 422
    assert [item["code"] for item in answer.json()["diagnostics"]] == ["P003"]


async def test_a_preview_of_a_graph_that_is_not_stored(client):
    graph = {"format": 1, "nodes": {"load": SAMPLE_NODE}}
    answer = await client.post("/api/v1/plans/preview", json={"graph": graph})
    assert outcomes(answer.json()) == {"load": "runs"}
    nothing = await client.post("/api/v1/plans", json={"graph": {"format": 1, "nodes": {}}})
    assert (nothing.status_code, nothing.json()["error"]["code"]) == (422, "G012")


async def test_what_failed_is_asked_for_by_name(client, pipeline):
    seen = await preview(client, pipeline, failed=True)
    assert [item["code"] for item in seen["diagnostics"]] == ["L002"] and not seen["can_run"]


async def test_freezing_what_has_not_run_says_what_to_do_first(client, pipeline):
    answer = await client.post(f"/api/v1/pipelines/{pipeline}/freeze", json={"nodes": ["split"]})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["remedy"]) == ("L003", "Run to this node first.")
    unknown = await client.post(f"/api/v1/pipelines/{pipeline}/freeze", json={"nodes": ["gone"]})
    assert unknown.json()["error"]["code"] == "L001"


@pytest.mark.slow
async def test_a_frozen_node_holds_its_outputs_in_one_operation_and_lets_them_go(
    client, pipeline, ran
):
    answer = await client.post(f"/api/v1/pipelines/{pipeline}/freeze", json={"nodes": ["split"]})
    assert [result["status"] for result in answer.json()["results"]] == ["accepted"]
    graph = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()["graph"]
    state = graph["nodes"]["split"]["state"]
    outputs = {port: ref.digest for port, ref in ran.steps["split"].outputs.items()}
    assert state == {"kind": "frozen", "artifacts": outputs}
    seen = await preview(client, pipeline, regenerate=True)
    assert outcomes(seen) == {"load": "runs", "split": "frozen"}
    answer = await client.post(f"/api/v1/pipelines/{pipeline}/unfreeze", json={"nodes": ["split"]})
    assert answer.status_code == 200
    graph = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()["graph"]
    assert "state" not in graph["nodes"]["split"]


@pytest.mark.slow
async def test_a_frozen_artifact_is_kept_when_everything_else_is_collected(
    app, client, pipeline, ran
):
    await client.post(f"/api/v1/pipelines/{pipeline}/freeze", json={"nodes": ["split"]})
    services = app.state.services
    store = services.artifacts._store
    held = {ref.digest for ref in ran.steps["split"].outputs.values()}
    nothing_stays = Retention(newest_runs=0, youngest_s=0, grace_s=-1)
    collect_workspace(services.workspace, services.database, retention=nothing_stays)
    assert set(store.digests()) == held
    (store.path(next(iter(held)))).unlink()
    diagnostics = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()["diagnostics"]
    assert [(item["code"], item["where"]) for item in diagnostics] == [
        ("S003", "/nodes/split/state")
    ]
    answer = await client.post("/api/v1/runs", json={"pipeline_id": pipeline})
    assert answer.status_code == 422 and answer.json()["error"]["code"] == "S003"


@pytest.mark.slow
async def test_where_an_artifact_comes_from_is_told_by_its_digest(client, ran):
    digest = ran.steps["load"].outputs["dataset"].digest
    answer = await client.post(
        "/api/v1/artifacts/origins", json={"digests": [digest, "b3:unknown"]}
    )
    (origin,) = answer.json().values()
    assert (origin["run_id"], origin["step"], origin["port"]) == (ran.id, "load", "dataset")
    assert origin["artifact"]["summary"]["rows"] == 569
