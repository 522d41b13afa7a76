"""Subgraphs over REST: published from a pipeline, given back with the pipelines that use them."""

from tests.designer.running import SAMPLE_NODE, SPLIT_NODE, change, operation, send

PREPARE = {
    "label": "Prepare data",
    "nodes": {"split": SPLIT_NODE},
    "inputs": {"raw": "split.dataset"},
    "outputs": {"rows": "split.results_dataset1"},
    "parameters": {"share": "split.fraction"},
}
GRAPH = {
    "format": 1,
    "nodes": {
        "load": SAMPLE_NODE,
        "use": {"subgraph": "prepare", "inputs": {"raw": "load.dataset"}},
    },
    "subgraphs": {"prepare": PREPARE},
}


async def drawn(client, graph=GRAPH):
    answer = await client.post("/api/v1/pipelines", json={"name": "p", "graph": graph})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def published(client, pipeline, name="prepare", **body):
    return await client.post(f"/api/v1/pipelines/{pipeline}/subgraphs/{name}/publish", json=body)


async def test_a_published_subgraph_is_a_module_like_any_other(client):
    pipeline = await drawn(client)
    spec = (await published(client, pipeline, module="team.prepare")).json()
    assert (spec["id"], spec["version"], spec["kind"]) == ("team.prepare", "1.0.0", "subgraph")
    cards = (await client.get("/api/v1/modules")).json()["cards"]
    (card,) = [one for one in cards if one["id"] == "team.prepare"]
    assert (card["title"], card["default"]) == ("Prepare data", "1.0.0")
    shown = (await client.get("/api/v1/modules/team.prepare/1.0.0")).json()
    assert "subgraphs" in shown["source_html"]
    definition = (await client.get("/api/v1/modules/team.prepare/1.0.0/definition")).json()
    assert definition["subgraphs"]["prepare"]["nodes"]["split"]["digest"].startswith("b3:")


async def test_a_pipeline_that_uses_one_comes_with_its_definition_and_the_modules_inside(client):
    spec = (await published(client, await drawn(client))).json()
    node = {"module": spec["id"], "version": spec["version"], "digest": spec["digest"]}
    nodes = {"load": SAMPLE_NODE, "use": {**node, "inputs": {"raw": "load.dataset"}}}
    pipeline = await drawn(client, {"format": 1, "nodes": nodes})
    view = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()
    assert view["diagnostics"] == []
    assert list(view["definitions"]) == ["custom.prepare@1.0.0"]
    assert f"{SPLIT_NODE['module']}@{SPLIT_NODE['version']}" in view["modules"]
    usage = (await client.get("/api/v1/modules/custom.prepare/usage")).json()
    assert [one["id"] for one in usage["pipelines"]] == [pipeline]


async def test_what_cannot_be_published_is_told_with_every_problem(client):
    pipeline = await drawn(client)
    answer = await published(client, pipeline, name="gone")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "G009")
    node = {"$parameter": "p"}
    await send(
        client,
        pipeline,
        operation("1", change("parameters/p", {"type": "float", "default": 0.5})),
        operation("2", change("subgraphs/prepare/nodes/split/parameters/fraction", node)),
    )
    answer = await published(client, pipeline)
    assert [one["code"] for one in answer.json()["diagnostics"]] == ["M015"]
    missing = await client.get(f"/api/v1/modules/{SPLIT_NODE['module']}/1.0.0/definition")
    assert missing.json()["error"]["code"] == "M007"
