"""Compute targets over REST: listed, added at first contact, tested, removed."""

import sys

import msgspec
import pytest

TARGETS = "/api/v1/targets"


def body(host, **settings):
    target = msgspec.to_builtins(host.target(**settings))
    del target["settings"]["host_key"], target["resources"]
    return {"target": target}


async def test_this_machine_is_a_target_and_can_run_steps(client):
    (local,) = (await client.get(TARGETS)).json()["targets"]
    assert local["target"]["name"] == "local" and local["fingerprint"] == ""
    assert local["target"]["resources"]["memory_gib"] > 0 and local["taken"] == {"cpus": 0}
    report = (await client.post(f"{TARGETS}/local/test")).json()
    assert report["can_run"] and report["cpus"] == local["target"]["resources"]["cpus"]


async def test_what_cannot_be_is_refused_with_a_code(client):
    unknown = await client.post(f"{TARGETS}/gpu-box/test")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "T001")
    unusable = await client.post(TARGETS, json={"target": {"name": "X", "kind": "ssh"}})
    assert (unusable.status_code, unusable.json()["error"]["code"]) == (422, "T002")
    kind = await client.post(TARGETS, json={"target": {"name": "x", "kind": "moon"}})
    assert (kind.status_code, kind.json()["error"]["code"]) == (400, "A004")
    assert (await client.delete(f"{TARGETS}/local")).json()["error"]["code"] == "T002"


@pytest.mark.ssh
@pytest.mark.slow
async def test_a_host_is_added_with_its_key_pinned_and_what_it_offers(client, ssh_host):
    added = await client.post(TARGETS, json=body(ssh_host))
    assert added.status_code == 201, added.text
    answer = added.json()
    assert answer["fingerprint"].startswith("SHA256:")
    assert answer["target"]["settings"]["host_key"].startswith("ssh-ed25519 ")
    assert answer["target"]["resources"]["cpus"] == answer["report"]["cpus"] >= 1
    assert answer["report"]["can_run"] and answer["report"]["python"] == sys.executable
    taken = await client.post(TARGETS, json=body(ssh_host))
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "T008")
    assert [one["target"]["name"] for one in (await client.get(TARGETS)).json()["targets"]] == [
        "local",
        "box",
    ]
    assert (await client.delete(f"{TARGETS}/box")).status_code == 200
    assert (await client.post(f"{TARGETS}/box/test")).status_code == 404


@pytest.mark.ssh
@pytest.mark.slow
async def test_a_key_that_is_not_the_one_people_know_is_refused_and_nothing_is_kept(
    client, ssh_host
):
    refused = await client.post(TARGETS, json={**body(ssh_host), "fingerprint": "SHA256:other"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "T004")
    assert len((await client.get(TARGETS)).json()["targets"]) == 1


@pytest.mark.ssh
@pytest.mark.slow
async def test_a_host_that_shows_another_key_later_is_never_accepted(client, ssh_host):
    await client.post(TARGETS, json=body(ssh_host))
    ssh_host.stop()
    ssh_host.new_host_key()
    ssh_host.start()
    refused = await client.post(f"{TARGETS}/box/test")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "T004")


@pytest.mark.ssh
@pytest.mark.slow
async def test_a_host_that_lets_nobody_in_or_is_not_there_says_so(client, ssh_host):
    (ssh_host.folder / "authorized_keys").write_text("")
    refused = await client.post(TARGETS, json=body(ssh_host))
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "T006")
    ssh_host.stop()
    away = await client.post(TARGETS, json=body(ssh_host))
    assert (away.status_code, away.json()["error"]["code"]) == (503, "T003")


@pytest.mark.ssh
@pytest.mark.slow
async def test_a_host_on_which_our_worker_does_not_start_says_what_stopped_it(client, ssh_host):
    ssh_host.home.write_text("a file where the designer would write")
    added = (await client.post(TARGETS, json=body(ssh_host))).json()
    (problem,) = added["report"]["problems"]
    assert not added["report"]["can_run"] and problem["code"] == "T007"
    assert "NotADirectoryError" in problem["message"]


@pytest.mark.ssh
@pytest.mark.slow
async def test_a_host_without_a_usable_python_is_added_and_says_why_no_step_can_run(
    client, ssh_host
):
    added = (await client.post(TARGETS, json=body(ssh_host, python="/nowhere/python"))).json()
    assert not added["report"]["can_run"]
    assert [problem["code"] for problem in added["report"]["problems"]] == ["T007"]
