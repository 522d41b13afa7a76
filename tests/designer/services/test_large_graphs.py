"""A graph that is too large to be sent still becomes a pipeline: through its file."""

import asyncio
import json

from designer.api.messages import GRAPH_BYTES


def large_graph():
    text = "x" * 900_000
    notes = {f"note_{n}": text for n in range(1 + GRAPH_BYTES // len(text))}
    node = {"module": "custom.none", "version": "1", "parameters": notes}
    return json.dumps({"format": 1, "name": "Large", "nodes": {"load": node}})


async def test_a_graph_above_the_limit_of_a_request_is_taken_from_the_pipelines_folder(
    client, services
):
    text = large_graph()
    assert len(text) > GRAPH_BYTES
    refused = await client.post(
        "/api/v1/pipelines/import", content=text, headers={"content-type": "application/json"}
    )
    assert refused.status_code == 413 and refused.json()["error"]["code"] == "A003"
    assert "'pipelines' folder" in refused.json()["error"]["remedy"]

    (services.workspace.pipelines / "large.json").write_text(text)
    for _ in range(200):
        if "large" in {card.id for card in (await services.pipelines.list()).pipelines}:
            break
        await asyncio.sleep(0.05)
    opened = (await client.get("/api/v1/pipelines/large")).json()
    assert len(json.dumps(opened["graph"])) > GRAPH_BYTES
