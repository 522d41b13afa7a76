"""Tags and notes of runs: over REST, from the command line, in the list, and gone with the run."""

import json
import sqlite3
from contextlib import closing

import polars as pl
import pytest

from designer.cli import run as command_line
from designer.services.run_marks import searched
from designer.store import RunMarkStore
from tests.designer.running import client_of, running_app
from tests.stored_runs import StoredRuns

GRAPH = {
    "format": 1,
    "name": "One step",
    "nodes": {
        "load": {
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": "a\n1\n"},
        }
    },
}


@pytest.fixture
def runs(tmp_path):
    """A workspace with an older and a newer run; gives its path and their ids."""
    stored = StoredRuns(tmp_path / "workspace")
    table = stored.table(pl.DataFrame({"a": [1]}))
    stored.pipeline("p", GRAPH)
    ids = [stored.run("p", {"load": {"dataset": table}}, age_s=age) for age in (100, 10)]
    stored.close()
    return tmp_path / "workspace", *ids


@pytest.fixture
async def served(runs):
    workspace, older, newer = runs
    async with running_app(workspace) as app, client_of(app) as client:
        yield client, app.state.services, older, newer


async def mark(client, run_id, **body):
    return await client.post(f"/api/v1/runs/{run_id}/marks", json=body)


async def test_tags_are_given_and_taken_away_and_runs_are_found_by_them(served):
    client, _, older, newer = served
    await mark(client, older, add=["Baseline", "paper"])
    await mark(client, newer, add=["baseline"])
    changed = await mark(client, older, add=["paper"], remove=["nothing"])
    assert changed.json()["tags"] == ["baseline", "paper"], "kept in lower case, once"

    async def found(*tags):
        answer = (await client.get("/api/v1/runs", params={"tag": list(tags)})).json()
        return [run["id"] for run in answer["runs"]], answer["marks"]

    assert (await found("baseline"))[0] == [newer, older]
    assert (await found("baseline", "PAPER"))[0] == [older], "all of the tags that are named"
    assert (await found("other")) == ([], {})
    assert (await found())[1][older]["tags"] == ["baseline", "paper"]
    assert (await client.get("/api/v1/run_tags")).json() == {"baseline": 2, "paper": 1}
    await mark(client, older, remove=["paper"])
    assert (await found("paper"))[0] == []


async def test_a_note_says_who_wrote_it_and_stays_until_it_is_emptied(served):
    client, _, older, newer = served
    written = (await mark(client, older, note="  Before the\r\nnew data. ")).json()
    assert written["note"] == "Before the\nnew data." and written["note_by"]
    await mark(client, older, add=["x"])
    kept = (await client.get(f"/api/v1/runs/{older}/marks")).json()
    assert (kept["note"], kept["tags"]) == ("Before the\nnew data.", ["x"])
    assert (await mark(client, older, note="")).json()["note"] == ""
    assert (await client.get(f"/api/v1/runs/{newer}/marks")).json()["tags"] == []


@pytest.mark.parametrize(
    "body",
    [{"add": ["two words"]}, {"add": ["x" * 61]}, {"add": [""]}, {"note": "x" * 10_001}]
    + [{"add": [f"t{number}" for number in range(51)]}],
)
async def test_what_cannot_be_a_mark_is_refused_as_a_whole(served, body):
    client, _, older, _ = served
    refused = await mark(client, older, **{"add": ["good"], **body})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "A004")
    assert (await client.get(f"/api/v1/runs/{older}/marks")).json()["tags"] == []
    assert (await mark(client, "nowhere", add=["x"])).json()["error"]["code"] == "R006"


async def test_a_run_that_is_gone_takes_its_marks_with_it_at_collection(served):
    client, services, older, newer = served
    for run_id in (older, newer):
        await mark(client, run_id, add=["x"], note="n")
    with closing(sqlite3.connect(services.workspace.runs_db)) as runs_db, runs_db:
        runs_db.execute("DELETE FROM run WHERE id=?", (older,))
    await services.collect()
    left = await services.database.do(lambda session: RunMarkStore(session).marked())
    assert left == {newer}


def test_the_command_line_tags_notes_lists_and_shows(runs, monkeypatch, capsys):
    workspace, older, newer = runs
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(workspace))

    def told(*arguments, status=0):
        assert command_line(["runs", *arguments]) == status
        return capsys.readouterr().out

    assert json.loads(told("list", "--json"))["marks"] == {}
    assert told("tag", "1", "+Baseline", "+old") == "baseline old\n"
    assert json.loads(told("tag", "1", "-old", "+paper", "--json"))["tags"] == ["baseline", "paper"]
    assert told("tag", "1", "-paper") == "baseline\n"
    assert told("tag", "1") == "baseline\n"
    assert told("note", "1", "Before the new data") == "Before the new data\n"
    assert told("note", "1") == "Before the new data\n"
    listed = json.loads(told("list", "--tag", "BASELINE", "--json"))
    assert [run["id"] for run in listed["runs"]] == [older]
    assert "baseline" in told("list") and "baseline" not in told("list", "--tag", "other")
    shown = told("show", "1")
    assert "Tags: baseline" in shown and "Note: Before the new data" in shown
    assert "Tags" not in told("show", "2")
    assert json.loads(told("show", "1", "--json"))["marks"]["note_by"]
    assert told("note", "1", "") == "\n"
    wrong = json.loads(told("tag", "1", "paper", "--json", status=2))
    assert wrong["error"]["code"] == "A004"
    assert newer != older


def test_a_search_is_names_and_tags():
    assert searched("tag:A forest  tag:b tag:a") == ("forest", ("a", "b"))
    assert searched("two  words") == ("two  words", ())
    assert searched("tag:") == ("", ())
