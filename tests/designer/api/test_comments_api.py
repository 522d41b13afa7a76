"""Comment threads over REST: on nodes and the pipeline, answered, settled, edited by their author."""

import json

import pytest

from designer.services.push import Subscriber
from tests.designer.running import SAMPLE_NODE, change, operation, send

COMMENTS = "/api/v1/pipelines/p/comments"
ANNA, BEN = {"Designer-Author": "Anna"}, {"Designer-Author": "Ben"}


@pytest.fixture
async def thread(client):
    await client.post("/api/v1/pipelines", json={"name": "p"})
    await send(client, "p", operation("1", change("nodes/load", SAMPLE_NODE)))
    body = {"text": "  Is this *all* the data?  ", "node": "load"}
    started = await client.post(COMMENTS, json=body, headers=ANNA)
    assert started.status_code == 201
    return started.json()


async def threads(client):
    return (await client.get(COMMENTS)).json()["threads"]


async def test_a_thread_says_who_where_and_what(client, thread):
    assert (thread["node"], thread["scope"], thread["node_title"]) == ("load", "", "Sample Dataset")
    (comment,) = thread["comments"]
    assert (comment["author"], comment["text"]) == ("Anna", "Is this *all* the data?")
    assert thread["resolved_at"] is None and await threads(client) == [thread]


async def test_threads_are_answered_settled_and_opened_again_by_an_answer(client, thread):
    path = f"{COMMENTS}/{thread['id']}"
    answered = await client.post(path, json={"text": "It is."}, headers=BEN)
    assert [one["author"] for one in answered.json()["comments"]] == ["Anna", "Ben"]
    settled = await client.patch(path, json={"is_resolved": True}, headers=BEN)
    assert settled.json()["resolved_at"] > 0 and settled.json()["resolved_by"] == "Ben"
    again = await client.post(path, json={"text": "Really?"}, headers=ANNA)
    assert again.json()["resolved_at"] is None
    reopened = await client.patch(path, json={"is_resolved": False})
    assert reopened.json()["resolved_by"] == ""


async def test_only_its_author_edits_and_deletes_a_comment(client, thread):
    path = f"{COMMENTS}/{thread['id']}/{thread['comments'][0]['id']}"
    for refused in (
        await client.patch(path, json={"text": "No."}, headers=BEN),
        await client.delete(path, headers=BEN),
    ):
        assert refused.status_code == 403 and refused.json()["error"]["code"] == "A008"
    edited = await client.patch(path, json={"text": "Is it?"}, headers=ANNA)
    comment = edited.json()["comments"][0]
    assert comment["text"] == "Is it?" and comment["edited_at"] > 0
    deleted = (await client.delete(path, headers=ANNA)).json()["comments"][0]
    assert deleted["text"] == "" and deleted["deleted_at"] > 0
    gone = await client.patch(path, json={"text": "Back."}, headers=ANNA)
    assert gone.json()["error"]["code"] == "S009"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": " "}, "A004"),
        ({"text": "x" * 10_001}, "A004"),
        ({"text": "x", "node": "gone"}, "G009"),
        ({"text": "x", "node": "load", "scope": "gone"}, "G009"),
    ],
)
async def test_what_cannot_be_a_comment_is_refused(client, thread, body, code):
    refused = await client.post(COMMENTS, json=body)
    assert refused.json()["error"]["code"] == code
    assert len(await threads(client)) == 1


async def test_a_thread_that_is_not_there_has_its_code(client, thread):
    for answer in (
        await client.post(f"{COMMENTS}/nothing", json={"text": "x"}),
        await client.patch(f"{COMMENTS}/nothing", json={"is_resolved": True}),
        await client.delete(f"{COMMENTS}/nothing/nothing"),
    ):
        assert answer.status_code == 404 and answer.json()["error"]["code"] == "S009"


async def test_a_thread_stays_when_its_node_is_deleted_and_is_no_part_of_the_graph(client, thread):
    await send(client, "p", operation("2", change("nodes/load", before=SAMPLE_NODE)))
    assert [one["node_title"] for one in await threads(client)] == ["Sample Dataset"]
    assert "data?" not in (await client.get("/api/v1/pipelines/p/file")).text


async def test_open_pages_are_told_of_every_comment(client, services, thread):
    page = Subscriber("p")
    services.push.join(page)
    await client.post(f"{COMMENTS}/{thread['id']}", json={"text": "It is."}, headers=BEN)
    (told,) = [message for message in page._waiting if message["kind"] == "comments"]
    assert [one.text for one in told["threads"][0].comments][-1] == "It is."


async def test_a_name_has_no_line_breaks_and_an_end(client, thread):
    headers = {"Designer-Author": "A%0AB%1B%5B31m" + "x" * 200}
    answered = await client.post(f"{COMMENTS}/{thread['id']}", json={"text": "x"}, headers=headers)
    author = answered.json()["comments"][-1]["author"]
    assert author.startswith("A B [31mx") and len(author) == 60
    assert json.dumps(author).count("\\") == 0
