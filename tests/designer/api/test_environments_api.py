"""Environments over REST: listed with what uses them, added, built, removed."""

import asyncio

import pytest

from tests.wheels import floor_wheels, make_wheel

ENVIRONMENTS = "/api/v1/environments"


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    folder = floor_wheels(tmp_path_factory.mktemp("wheels") / "wheels")
    make_wheel(folder, "tint", "1.0", tint="VALUE = 'one'\n")
    return folder


@pytest.fixture
async def offline(client, wheels):
    chosen = await client.put(f"{ENVIRONMENTS}/source", json={"wheels": str(wheels)})
    assert chosen.status_code == 200, chosen.text
    return client


async def listed(client):
    return (await client.get(ENVIRONMENTS)).json()


async def test_an_environment_is_locked_and_says_which_nodes_name_it(offline):
    body = {"name": "shades", "requirements": ["tint"]}
    added = await offline.post(ENVIRONMENTS, json=body)
    assert added.status_code == 201 and "tint==1.0" in added.json()["environment"]["locked"]
    node = {"module": "data_transformation.split_data", "run": {"environment": "shades"}}
    graph = {"format": 1, "name": "Mine", "run": {"environment": "shades"}, "nodes": {"a": node}}
    assert (await offline.post("/api/v1/pipelines", json={"graph": graph})).status_code == 201
    (one,) = (await listed(offline))["environments"]
    assert one["built"] is None and not one["is_building"]
    assert [(use["pipeline"], use["node"]) for use in one["nodes"]] == [("Mine", ""), ("Mine", "a")]


async def test_the_designers_own_and_the_ready_ones_are_listed(client):
    answer = await listed(client)
    assert [one["name"] for one in answer["ready"]] == ["data", "boosting", "torch"]
    assert answer["packages"] > 10 and answer["environments"] == []


async def test_what_cannot_be_is_refused_with_a_code(offline):
    async def refused(name, *requirements):
        body = {"name": name, "requirements": requirements}
        answer = await offline.post(ENVIRONMENTS, json=body)
        return answer.status_code, answer.json()["error"]["code"]

    assert await refused("X", "tint") == (422, "E002")
    assert await refused("x", "no-such-package") == (422, "E003")
    await offline.post(ENVIRONMENTS, json={"name": "x", "requirements": ["tint"]})
    assert await refused("x", "tint") == (409, "E005")
    unknown = await offline.post(f"{ENVIRONMENTS}/y/build")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "E001")


@pytest.mark.slow
async def test_it_is_built_in_the_background_and_removed(offline):
    await offline.post(ENVIRONMENTS, json={"name": "shades", "requirements": ["tint"]})
    assert (await offline.post(f"{ENVIRONMENTS}/shades/build")).status_code == 202
    assert (await listed(offline))["environments"][0]["is_building"]
    for _ in range(600):
        (one,) = (await listed(offline))["environments"]
        if one["built"]:
            break
        await asyncio.sleep(0.05)
    assert one["built"]["bytes"] > 0
    assert (await offline.delete(f"{ENVIRONMENTS}/shades")).status_code == 200
    assert (await listed(offline))["environments"] == []


@pytest.mark.slow
async def test_a_build_that_failed_says_why(offline, wheels):
    await offline.post(ENVIRONMENTS, json={"name": "shades", "requirements": ["tint"]})
    (wheels / "tint-1.0-py3-none-any.whl").rename(wheels / "aside")
    try:
        await offline.post(f"{ENVIRONMENTS}/shades/build")
        for _ in range(600):
            (one,) = (await listed(offline))["environments"]
            if one["failure"]:
                break
            await asyncio.sleep(0.05)
    finally:
        (wheels / "aside").rename(wheels / "tint-1.0-py3-none-any.whl")
    assert one["failure"]["code"] == "T009" and "tint" in one["failure"]["message"]
