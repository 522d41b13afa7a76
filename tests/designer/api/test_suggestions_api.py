"""Suggestions for the next module over REST."""

from tests.designer.running import change


async def test_suggestions_follow_the_workspace_own_pipelines(client):
    async def after_summary():
        answer = (await client.get("/api/v1/suggestions")).json()
        return answer["after"].get("statistical_functions.summarize_data.results_dataset", [])

    assert await after_summary() == []
    nodes = {
        "sum": {"module": "statistical_functions.summarize_data", "version": "1.0.0"},
        "save": {
            "module": "data_input_output.export_data",
            "version": "1.0.0",
            "inputs": {"dataset": "sum.results_dataset"},
        },
    }
    graph = {"format": 1, "name": "One", "nodes": nodes}
    created = (await client.post("/api/v1/pipelines", json={"graph": graph})).json()["id"]
    assert await after_summary() == [["data_input_output.export_data", "dataset", 1]]
    body = {
        "operations": [
            {
                "id": "1",
                "changes": [change("nodes/save/inputs/dataset", before="sum.results_dataset")],
            }
        ]
    }
    await client.post(f"/api/v1/pipelines/{created}/operations", json=body)
    assert await after_summary() == []


async def test_a_fresh_workspace_learns_from_the_samples(client):
    answer = (await client.get("/api/v1/suggestions")).json()
    followers = [
        module
        for module, _, _ in answer["after"]["data_transformation.split_data.results_dataset1"]
    ]
    assert followers[0] == "model_training.train_model"
    assert any(
        "split_data" in module
        for module, _, _ in answer["before"]["model_training.train_model.dataset"]
    )
