"""A pipeline's history over REST: named versions, restore, comparison, conflicts."""

import json

import pytest

from tests.designer.running import SAMPLE_NODE, SPLIT_NODE, change, operation, send

P = "/api/v1/pipelines/p"


@pytest.fixture
async def pipeline(client):
    created = await client.post("/api/v1/pipelines", json={"name": "p"})
    assert created.json()["id"] == "p"
    await send(client, "p", operation("1", change("nodes/load", SAMPLE_NODE)))


async def named(client, name, **more):
    return await client.post(f"{P}/revisions", json={"name": name, **more})


async def graph_of(client, **query):
    return json.loads((await client.get(f"{P}/file", params=query)).text)


async def test_a_named_version_stays_what_it_was_whatever_is_drawn_later(client, pipeline):
    assert (await named(client, "Baseline", description="As sent.")).status_code == 201
    before = (await client.get(f"{P}/file", params={"version": "Baseline"})).text
    await send(client, "p", operation("2", change("nodes/split", SPLIT_NODE)))
    assert "split" in (await graph_of(client))["nodes"]
    assert (await client.get(f"{P}/file", params={"version": "Baseline"})).text == before
    assert (await client.get(f"{P}/states/Baseline")).json()["graph"]["nodes"] == {
        "load": SAMPLE_NODE
    }


async def test_an_earlier_revision_can_be_named_afterwards(client, pipeline):
    await send(client, "p", operation("2", change("nodes/split", SPLIT_NODE)))
    version = (await named(client, "Before split", revision=1)).json()
    assert (version["revision"], version["name"]) == (1, "Before split")
    assert "split" not in (await graph_of(client, version="Before split"))["nodes"]
    missing = await named(client, "Never", revision=9)
    assert missing.json()["error"]["code"] == "S006"


@pytest.mark.parametrize("name", ["", "  ", "12", "now", "run:4", "a..b", "p@1", "x" * 101])
async def test_a_name_that_could_mean_something_else_is_refused(client, pipeline, name):
    refused = await named(client, name)
    assert refused.status_code == 409 and refused.json()["error"]["code"] == "S008"


async def test_no_two_versions_have_one_name(client, pipeline):
    first = (await named(client, "Good")).json()
    assert (await named(client, " Good ")).json()["error"]["code"] == "S008"
    second = (await named(client, "Better")).json()
    words = {"name": "Good", "description": ""}
    taken = await client.patch(f"{P}/versions/{second['version_id']}", json=words)
    assert taken.json()["error"]["code"] == "S008"
    words = {"name": "Good", "description": "The one we sent."}
    same = await client.patch(f"{P}/versions/{first['version_id']}", json=words)
    assert same.json()["description"] == "The one we sent."
    absent = await client.patch(f"{P}/versions/99", json=words)
    assert absent.json()["error"]["code"] == "S006"


async def test_a_version_is_restored_by_its_name_as_one_more_operation(client, pipeline):
    await named(client, "Baseline")
    await send(client, "p", operation("2", change("nodes/load", before=SAMPLE_NODE)))
    answer = await client.post(f"{P}/restore", json={"version": "Baseline"})
    assert answer.json()["revision"] == 3
    assert (await graph_of(client))["nodes"].keys() == {"load"}
    history = (await client.get(f"{P}/revisions")).json()["revisions"]
    assert [entry["label"] for entry in history] == [
        "Restore 'Baseline'",
        "2",
        "Baseline",
        "1",
    ]


async def test_a_version_that_is_misspelt_names_those_that_are_close(client, pipeline):
    await named(client, "Baseline")
    error = (await client.get(f"{P}/states/Baselin")).json()["error"]
    assert error["code"] == "S006" and "Baseline" in error["message"]


async def test_the_history_says_who_did_what_and_goes_back_page_by_page(client, pipeline):
    headers = {"Designer-Author": "Anna%20M%C3%BCller%0A"}
    body = {"operations": [operation("2", change("description", "hers"), client="a.1")]}
    await client.post(f"{P}/operations", json=body, headers=headers)
    newest, first = (await client.get(f"{P}/revisions")).json()["revisions"]
    assert (newest["author"], newest["client"]) == ("Anna Müller", "a.1")
    assert first["author"] != "Anna Müller"
    earlier = (await client.get(f"{P}/revisions?before=2")).json()["revisions"]
    assert [entry["revision"] for entry in earlier] == [1]


async def test_two_states_are_compared_in_words_and_by_place(client, pipeline):
    await named(client, "Baseline")
    wine = change("nodes/load/parameters/name", "wine", before="breast_cancer")
    await send(
        client,
        "p",
        operation(
            "2", change("nodes/split", {**SPLIT_NODE, "inputs": {"dataset": "load.dataset"}})
        ),
        operation("3", wine),
        operation("4", change("layout/nodes/load", {"x": 8, "y": 8})),
        operation("5", change("layout/nodes/load", {"x": 80, "y": 8})),
    )
    compared = (await client.get(f"{P}/compare", params={"before": "Baseline"})).json()
    assert (compared["before"]["title"], compared["after"]["title"]) == ("'Baseline'", "now")
    told = [
        (one["kind"], one["title"], [detail["text"] for detail in one["details"]])
        for one in compared["comparison"]["differences"]
    ]
    assert told == [
        ("changed", "Sample Dataset", ["parameter name breast_cancer → wine"]),
        ("added", "Split Data", ["input dataset Sample Dataset.dataset"]),
    ]
    assert compared["comparison"]["wires"][0]["source"] == "load.dataset"
    assert "data_transformation.split_data@1.0.0" in compared["modules"]
    between = (await client.get(f"{P}/compare", params={"before": "4", "after": "5"})).json()
    assert between["comparison"] == {"differences": [], "wires": [], "moved": {"": ["load"]}}


async def test_a_conflict_is_listed_with_both_sides_until_its_place_changes_again(client, pipeline):
    def label(name, text, **more):
        return operation(name, change("nodes/load/label", text), **more)

    await send(client, "p", label("2", "Theirs", client="b.1", base=1))
    mine = label("3", "Mine", client="a.1", base=1)
    headers = {"Designer-Author": "Anna"}
    await client.post(f"{P}/operations", json={"operations": [mine]}, headers=headers)
    (conflict,) = (await client.get(f"{P}/conflicts")).json()["conflicts"]
    assert (conflict["yours"], conflict["theirs"]) == ("Mine", "Theirs")
    assert (conflict["author"], conflict["theirs_client"]) == ("Anna", "b.1")
    assert conflict["path"] == ["nodes", "load", "label"] and conflict["theirs_at"] > 0
    await send(client, "p", label("4", "Both", client="b.1", base=3))
    assert (await client.get(f"{P}/conflicts")).json() == {"conflicts": []}


async def test_two_people_who_move_one_node_have_no_conflict(client, pipeline):
    def move(name, x, **more):
        return operation(name, change("layout/nodes/load", {"x": x, "y": 0}), **more)

    await send(client, "p", move("2", 8, client="b.1", base=1), move("3", 16, client="a.1", base=1))
    assert (await client.get(f"{P}/conflicts")).json() == {"conflicts": []}


@pytest.mark.parametrize("number", [-1, 2**63, 2**127])
async def test_a_number_that_no_revision_or_version_has_is_an_answer_not_a_fault(
    client, pipeline, number
):
    refused = [
        await client.patch(f"{P}/versions/{number}", json={"name": "Baseline"}),
        await named(client, "Baseline", revision=number),
        await client.post(f"{P}/restore", json={"revision": number}),
    ]
    assert [answer.status_code for answer in refused] == [404, 404, 404]
    assert {answer.json()["error"]["code"] for answer in refused} == {"S006"}
    listed = await client.get(f"{P}/revisions", params={"before": number})
    assert listed.status_code == 200 and len(listed.json()["revisions"]) == (number > 0)
