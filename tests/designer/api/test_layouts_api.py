"""Layouts over REST: geometry in, places out; and the places suggested for a file without any."""

import json

import pytest

from designer.layout import MOST_NODES
from designer.services import layouts
from tests.designer.running import SAMPLE_NODE, SPLIT_NODE, change, operation, send

BOX = {"width": 208, "height": 64}
WIRED = {**SPLIT_NODE, "inputs": {"dataset": "load.dataset"}}


def wire(source, target):
    return {"from": source, "from_x": 104, "to": target, "to_x": 104}


async def lay_out(client, status=200, **body):
    answer = await client.post("/api/v1/layouts", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_geometry_comes_in_and_places_come_out(client):
    nodes = {"a": BOX, "b": BOX, "c": {**BOX, "frame": "f"}}
    answer = await lay_out(client, nodes=nodes, wires=[wire("a", "b"), wire("b", "c")])
    assert answer["places"]["a"] == {"x": 64, "y": 40}
    assert answer["places"]["a"]["y"] < answer["places"]["b"]["y"] < answer["places"]["c"]["y"]
    frame, member = answer["frames"]["f"], answer["places"]["c"]
    assert frame["x"] < member["x"] and frame["y"] < member["y"]


async def test_only_a_selection_moves(client):
    nodes = {
        "a": {**BOX, "x": 0, "y": 0},
        "b": {**BOX, "x": 3, "y": 90},
        "c": {**BOX, "x": 0, "y": 900},
    }
    answer = await lay_out(client, nodes=nodes, wires=[wire("a", "b")], only=["a", "b"])
    assert answer["places"].keys() == {"a", "b"}
    assert (await lay_out(client, nodes=nodes, only=[]))["places"] == {}


async def test_nodes_with_places_can_be_kept(client):
    nodes = {"a": {**BOX, "x": 400, "y": 0}, "b": BOX}
    answer = await lay_out(client, nodes=nodes, wires=[wire("a", "b")], keeps_placed=True)
    assert answer["places"] == {"b": {"x": 400, "y": 112}}


async def test_a_large_graph_is_laid_out_in_another_process_and_comes_out_the_same(
    client, monkeypatch
):
    count = layouts.LARGEST_BESIDE + 1
    nodes = {f"n{i}": BOX for i in range(count)}
    wires = [wire(f"n{i // 2}", f"n{i}") for i in range(1, count)]
    elsewhere = await lay_out(client, nodes=nodes, wires=wires)
    monkeypatch.setattr(layouts, "LARGEST_BESIDE", count)
    assert await lay_out(client, nodes=nodes, wires=wires) == elsewhere


async def test_a_layout_process_that_takes_too_long_is_ended_and_said(client, monkeypatch):
    monkeypatch.setattr(layouts, "LARGEST_BESIDE", 0)
    monkeypatch.setattr(layouts, "PATIENCE_S", 0.01)
    answer = await lay_out(client, status=500, nodes={"a": BOX})
    assert answer["error"]["code"] == "A006" and "not finished" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("body", "code", "where"),
    [
        ({"nodes": {"a": BOX}, "wires": [wire("a", "b")]}, "G009", "/wires/0/to"),
        ({"nodes": {"a": BOX}, "wires": [wire("b", "a")]}, "G009", "/wires/0/from"),
        ({"nodes": {"a": BOX}, "only": ["a", "b"]}, "G009", "/only/1"),
    ],
)
async def test_a_node_that_is_not_there_is_named(client, body, code, where):
    error = (await lay_out(client, status=422, **body))["error"]
    assert (error["code"], error["where"]) == (code, where)
    assert "'b'" in error["message"] and error["remedy"].endswith(".")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"nodes": [BOX]},
        {"nodes": {"a": {"width": 208}}},
        {"nodes": {"a": {**BOX, "width": 0}}},
        {"nodes": {"a": {**BOX, "height": -64}}},
        {"nodes": {"a": {**BOX, "width": 1e9}}},
        {"nodes": {"a": {**BOX, "x": 1e300, "y": 0}}},
        {"nodes": {"a": {**BOX, "colour": "red"}}},
        {"nodes": {"a": BOX}, "wires": [{"from": "a", "to": "a"}]},
        {"nodes": {"a": BOX}, "only": "a"},
    ],
)
async def test_what_is_no_geometry_is_refused(client, body):
    assert (await lay_out(client, status=400, **body))["error"]["code"] == "A004"


async def test_more_nodes_or_wires_than_can_be_laid_out_are_refused(client):
    nodes = {f"n{i}": BOX for i in range(MOST_NODES + 1)}
    error = (await lay_out(client, status=422, nodes=nodes))["error"]
    assert (error["code"], error["where"]) == ("G006", "/nodes")
    text = json.dumps([wire("a", "a")] * 10)[1:-1]
    many = f'{{"nodes": {{"a": {json.dumps(BOX)}}}, "wires": [{text}'
    many += f", {text}" * (layouts.MOST_WIRES // 10) + "]}"
    answer = await client.post(
        "/api/v1/layouts", content=many, headers={"content-type": "application/json"}
    )
    assert answer.json()["error"]["code"] in {"G006", "A003"}


async def test_a_pipeline_without_a_layout_opens_with_places_that_are_in_no_document(client):
    graph = {"format": 1, "name": "p", "nodes": {"load": SAMPLE_NODE, "split": WIRED}}
    pipeline = (await client.post("/api/v1/pipelines", json={"graph": graph})).json()["id"]
    opened = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()
    assert opened["places"] == {"": {"load": {"x": 40, "y": 40}, "split": {"x": 40, "y": 152}}}
    assert "layout" not in opened["graph"] and opened["revision"] == 0
    await send(client, pipeline, operation("1", change("layout/nodes/load", {"x": 400, "y": 0})))
    again = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()
    assert again["places"] == {"": {"split": {"x": 400, "y": 112}}}
    await send(client, pipeline, operation("2", change("layout/nodes/split", {"x": 0, "y": 0})))
    assert (await client.get(f"/api/v1/pipelines/{pipeline}")).json()["places"] == {}


async def test_places_inside_a_subgraph_are_suggested_under_its_name(client):
    inside = {"load": SAMPLE_NODE, "split": WIRED}
    graph = {
        "format": 1,
        "name": "p",
        "nodes": {"use": {"subgraph": "prepare"}},
        "subgraphs": {"prepare": {"nodes": inside, "outputs": {"out": "load.dataset"}}},
        "layout": {"nodes": {"use": {"x": 0, "y": 0}}},
    }
    pipeline = (await client.post("/api/v1/pipelines", json={"graph": graph})).json()["id"]
    places = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()["places"]
    assert places.keys() == {"prepare"} and places["prepare"].keys() == {"load", "split"}


async def test_the_picture_of_a_pipeline_without_a_layout_shows_its_rows(client):
    graph = {"format": 1, "name": "p", "nodes": {"split": WIRED, "load": SAMPLE_NODE}}
    await client.post("/api/v1/pipelines", json={"graph": graph})
    (card,) = (await client.get("/api/v1/pipelines")).json()["pipelines"]
    load, split = card["thumbnail"]["nodes"]
    assert load[0] == split[0] and load[1] < split[1]
