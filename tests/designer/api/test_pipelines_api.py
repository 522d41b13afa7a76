"""Pipelines over REST: created, edited by operations, named, restored, binned."""

import json

import pytest

from tests.designer.running import SAMPLE_NODE, SPLIT_NODE, change, operation, send


async def new_pipeline(client, **body):
    answer = await client.post("/api/v1/pipelines", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def test_a_new_pipeline_has_a_readable_id_and_is_in_the_list(client):
    assert await new_pipeline(client, name="My first pipeline!") == "my_first_pipeline"
    assert await new_pipeline(client, name="My first pipeline!") == "my_first_pipeline_2"
    listed = (await client.get("/api/v1/pipelines")).json()["pipelines"]
    assert {card["id"] for card in listed} == {"my_first_pipeline", "my_first_pipeline_2"}
    assert listed[0]["node_count"] == 0 and listed[0]["last_run"] is None


async def test_operations_are_answered_with_revision_and_diagnostics(client):
    pipeline = await new_pipeline(client, name="p")
    answer = await send(
        client,
        pipeline,
        operation("1", change("nodes/load", SAMPLE_NODE)),
        operation("2", change("nodes/split", SPLIT_NODE)),
    )
    assert [result["status"] for result in answer["results"]] == ["accepted", "accepted"]
    assert answer["revision"] == 2
    assert {(d["code"], d["where"]) for d in answer["diagnostics"]} == {
        ("P003", "/nodes/split/inputs/dataset")
    }
    wired = operation("3", change("nodes/split/inputs/dataset", "load.dataset"))
    assert (await send(client, pipeline, wired))["diagnostics"] == []


async def test_the_opened_pipeline_brings_the_specs_of_its_modules(client):
    pipeline = await new_pipeline(client, name="p")
    await send(client, pipeline, operation("1", change("nodes/load", SAMPLE_NODE)))
    opened = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()
    assert opened["graph"]["nodes"]["load"]["parameters"] == {"name": "breast_cancer"}
    assert opened["modules"]["data_input_output.sample_dataset@1.0.0"]["title"] == "Sample Dataset"
    assert opened["read_only"] is False and opened["last_run"] is None


async def test_an_operation_sent_twice_is_applied_once(client):
    pipeline = await new_pipeline(client, name="p")
    first = operation("1", change("nodes/load", SAMPLE_NODE))
    await send(client, pipeline, first)
    answer = await send(client, pipeline, first)
    assert [result["status"] for result in answer["results"]] == ["duplicate"]
    assert answer["revision"] == 1


async def test_a_change_of_a_node_that_is_gone_is_refused_and_the_rest_of_the_batch_goes_in(client):
    pipeline = await new_pipeline(client, name="p")
    answer = await send(
        client,
        pipeline,
        operation("1", change("nodes/gone/label", "x")),
        operation("2", change("description", "kept")),
    )
    refused, accepted = answer["results"]
    assert refused["status"] == "refused" and refused["diagnostics"][0]["code"] == "G009"
    assert accepted["status"] == "accepted"


async def test_an_operation_that_would_make_the_graph_unreadable_is_refused_alone(client):
    pipeline = await new_pipeline(client, name="p")
    answer = await send(
        client,
        pipeline,
        operation("1", change("description", "before")),
        operation("2", change("nodes/load", {"module": 7})),
        operation("3", change("nodes/Bad Id", SAMPLE_NODE)),
        operation("4", change("name", "after")),
    )
    assert [one["status"] for one in answer["results"]] == [
        "accepted",
        "refused",
        "refused",
        "accepted",
    ]
    opened = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()["graph"]
    assert (opened["name"], opened["description"], opened["nodes"]) == ("after", "before", {})


async def test_the_same_path_edited_by_two_keeps_the_last_and_names_both_sides(client):
    pipeline = await new_pipeline(client, name="p")
    theirs = operation("1", change("description", "theirs"), client="other tab")
    await send(client, pipeline, theirs)
    answer = await send(client, pipeline, operation("2", change("description", "yours")))
    conflict = answer["results"][0]["conflicts"][0]
    assert conflict.pop("at") > 0 and conflict.pop("author")
    sides = {"path": ["description"], "theirs": "theirs", "yours": "yours"}
    assert conflict == {**sides, "client": "other tab", "revision": 1}
    log = (await client.get(f"/api/v1/pipelines/{pipeline}/operations?after=1")).json()
    assert log["operations"][0]["conflicts"][0]["theirs"] == "theirs"


async def test_what_one_knew_already_or_changed_oneself_is_no_conflict(client):
    pipeline = await new_pipeline(client, name="p")
    await send(client, pipeline, operation("1", change("description", "x"), client="other tab"))
    knowing = operation("2", change("description", "y", before="not so"), base=1)
    own = operation("3", change("description", "z", before="not so"))
    unsaid = operation("4", change("description", "w"), client="third", base=None)
    for one in (knowing, own, unsaid):
        assert "conflicts" not in (await send(client, pipeline, one))["results"][0]


async def test_an_edit_never_lands_on_another_node_that_has_the_name_now(client):
    pipeline = await new_pipeline(client, name="p")
    await send(client, pipeline, operation("1", change("nodes/load", SAMPLE_NODE), client="a.1"))
    await send(
        client,
        pipeline,
        operation("2", change("nodes/load", before=SAMPLE_NODE), client="b.1", base=1),
        operation("3", change("nodes/load", SAMPLE_NODE), client="b.1", base=2),
        operation("4", change("nodes/split", SPLIT_NODE), client="b.1", base=2),
    )
    late = [
        operation("5", change("nodes/load/label", "Mine"), client="a.1", base=1),
        operation("6", change("nodes/split/inputs/dataset", "load.dataset"), client="c.1", base=1),
        operation("7", change("nodes/load/label", "Theirs"), client="b.1", base=2),
        operation("8", change("nodes/load/label", "Seen"), client="a.1", base=3),
    ]
    answer = await send(client, pipeline, *late)
    verdicts = [one["status"] for one in answer["results"]]
    assert verdicts == ["refused", "refused", "accepted", "accepted"]
    assert answer["results"][0]["diagnostics"][0]["code"] == "G009"


async def test_two_tabs_that_make_the_same_node_id_both_keep_their_node(client):
    pipeline = await new_pipeline(client, name="p")
    await send(client, pipeline, operation("1", change("nodes/load", SAMPLE_NODE)))
    other = {**SAMPLE_NODE, "parameters": {"name": "wine"}}
    answer = await send(
        client,
        pipeline,
        operation("2", change("nodes/load", other)),
        operation("3", change("nodes/load/label", "Mine")),
    )
    assert answer["results"][0]["renamed"] == {"load": "load_2"}
    nodes = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()["graph"]["nodes"]
    assert nodes["load"] == SAMPLE_NODE
    assert nodes["load_2"]["label"] == "Mine"
    again = await send(
        client,
        pipeline,
        operation("2", change("nodes/load", other)),
        operation("4", change("nodes/load/label", "Still mine")),
    )
    assert again["results"][0]["renamed"] == {"load": "load_2"}
    nodes = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()["graph"]["nodes"]
    assert nodes["load_2"]["label"] == "Still mine" and "label" not in nodes["load"]


async def test_the_log_can_be_read_from_any_revision(client):
    pipeline = await new_pipeline(client, name="p")
    for number in range(4):
        await send(client, pipeline, operation(str(number), change("description", str(number))))
    log = (await client.get(f"/api/v1/pipelines/{pipeline}/operations?after=2")).json()
    assert log["revision"] == 4
    assert [(one["id"], one["revision"]) for one in log["operations"]] == [("2", 3), ("3", 4)]
    assert log["operations"][0]["changes"][0]["before"] == "1"


async def test_an_earlier_revision_comes_back_as_one_more_operation(client):
    pipeline = await new_pipeline(client, name="p")
    await send(client, pipeline, operation("1", change("nodes/load", SAMPLE_NODE)))
    named = await client.post(f"/api/v1/pipelines/{pipeline}/revisions", json={"name": "Good"})
    assert named.status_code == 201
    delete = operation("2", change("nodes/load", before=SAMPLE_NODE), change("name", "q"))
    await send(client, pipeline, delete)
    answer = await client.post(f"/api/v1/pipelines/{pipeline}/restore", json={"revision": 1})
    assert answer.json()["revision"] == 3
    opened = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()["graph"]
    assert opened["nodes"] == {"load": SAMPLE_NODE} and opened["name"] == "p"
    history = (await client.get(f"/api/v1/pipelines/{pipeline}/revisions")).json()["revisions"]
    assert [(one["revision"], one["name"]) for one in history] == [
        (3, ""),
        (2, ""),
        (1, "Good"),
        (1, ""),
    ]


@pytest.mark.parametrize("revision", [9, -1, 10**30])
async def test_a_revision_that_never_was_cannot_be_restored(client, revision):
    pipeline = await new_pipeline(client, name="p")
    log = await client.get(f"/api/v1/pipelines/{pipeline}/operations?after={revision}")
    assert log.status_code == 200 and log.json()["operations"] == []
    answer = await client.post(f"/api/v1/pipelines/{pipeline}/restore", json={"revision": revision})
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "S006"


async def test_renaming_keeps_the_id_and_is_an_operation(client):
    pipeline = await new_pipeline(client, name="Old")
    await client.patch(f"/api/v1/pipelines/{pipeline}", json={"name": "New"})
    opened = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()
    assert (opened["id"], opened["name"], opened["revision"]) == ("old", "New", 1)


async def test_a_deleted_pipeline_is_in_the_bin_and_comes_back_whole(client):
    pipeline = await new_pipeline(client, name="p")
    await send(client, pipeline, operation("1", change("nodes/load", SAMPLE_NODE)))
    await client.delete(f"/api/v1/pipelines/{pipeline}")
    gone = await client.get(f"/api/v1/pipelines/{pipeline}")
    assert gone.status_code == 404 and gone.json()["error"]["code"] == "S005"
    assert (await client.get("/api/v1/pipelines")).json()["pipelines"] == []
    in_bin = (await client.get("/api/v1/pipelines?bin=true")).json()["pipelines"]
    assert [card["id"] for card in in_bin] == [pipeline]
    await client.post(f"/api/v1/pipelines/{pipeline}/undelete")
    opened = (await client.get(f"/api/v1/pipelines/{pipeline}")).json()
    assert list(opened["graph"]["nodes"]) == ["load"] and opened["revision"] == 1


async def test_a_copy_has_its_own_history(client):
    pipeline = await new_pipeline(client, name="p")
    await send(client, pipeline, operation("1", change("nodes/load", SAMPLE_NODE)))
    copy = (await client.post(f"/api/v1/pipelines/{pipeline}/duplicate")).json()["id"]
    opened = (await client.get(f"/api/v1/pipelines/{copy}")).json()
    assert (opened["name"], opened["revision"]) == ("p (copy)", 0)
    assert list(opened["graph"]["nodes"]) == ["load"]


async def test_the_file_of_a_pipeline_can_be_imported_again(client):
    pipeline = await new_pipeline(client, sample="breast_cancer")
    text = (await client.get(f"/api/v1/pipelines/{pipeline}/file")).text
    answer = await client.post(
        "/api/v1/pipelines/import", content=text, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 201
    other = answer.json()["id"]
    assert other != pipeline
    assert (await client.get(f"/api/v1/pipelines/{other}/file")).text == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "G001"),
        ('{"format": 99, "nodes": {}}', "G002"),
        ('{"format": 1, "nodez": {}}', "G003"),
        ("[" * 100_000, "G006"),
        ('{"format": 1, "nodes": {"a": {"module": "m", "parameters": {"x": NaN}}}}', "G007"),
    ],
)
async def test_a_broken_graph_file_is_refused_with_every_problem(client, text, code):
    answer = await client.post(
        "/api/v1/pipelines/import", content=text, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert code in {item["code"] for item in answer.json()["diagnostics"]}


async def test_a_graph_file_of_more_than_five_megabytes_is_refused(client):
    text = json.dumps({"format": 1, "nodes": {}, "description": "x" * (5 << 20)})
    answer = await client.post(
        "/api/v1/pipelines/import", content=text, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413 and answer.json()["error"]["code"] == "A003"


async def test_a_sample_brings_its_data_beside_the_pipeline_file(client, services):
    await new_pipeline(client, sample="orders_cleaning")
    assert (services.workspace.pipelines / "data/orders.csv").stat().st_size > 100
    planned = await client.post("/api/v1/plans", json={"pipeline_id": "orders_cleaning"})
    assert "V005" not in planned.text, "a file of the sample is missing"


async def test_an_unknown_sample_is_refused_with_the_nearest_one(client):
    answer = await client.post("/api/v1/pipelines", json={"sample": "breast_cancr"})
    assert answer.status_code == 404
    assert "breast_cancer" in answer.json()["error"]["message"]


async def test_a_body_that_does_not_fit_is_malformed(client):
    answer = await client.post("/api/v1/pipelines", json={"nmae": "x"})
    assert answer.status_code == 400 and answer.json()["error"]["code"] == "A004"


async def test_an_address_without_anything_says_so(client):
    answer = await client.get("/api/v1/pipelinez")
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "A005"


async def test_a_fault_of_ours_is_told_without_a_traceback(client, services, monkeypatch):
    async def broken():
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(services.pipelines, "list", broken)
    answer = await client.get("/api/v1/pipelines")
    assert answer.status_code == 500 and answer.json()["error"]["code"] == "A006"
    assert "secret detail" not in answer.text
