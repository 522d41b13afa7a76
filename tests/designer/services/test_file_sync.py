"""`pipelines/<id>.json`: written when an edit has settled, merged when somebody else changed it."""

import asyncio
import json
import sqlite3

import pytest

from designer.document.operations import Change, Operation
from designer.services import file_sync
from designer.services.push import Subscriber
from runtime.errors import InfrastructureError
from runtime.model.graph_json import write_graph
from tests.designer.running import SAMPLE_NODE, running_app


async def until(condition, seconds=5.0):
    for _ in range(int(seconds / 0.05)):
        if await condition() if asyncio.iscoroutinefunction(condition) else condition():
            return True
        await asyncio.sleep(0.05)
    return False


def edit(name, *path, after):
    return Operation(id=name, changes=(Change(path=path, after=after),))


@pytest.mark.slow
async def test_the_file_is_written_within_two_seconds_of_the_last_edit(services):
    await services.pipelines.create("p")
    path = services.workspace.pipelines / "p.json"
    await services.pipelines.apply("p", [edit("1", "nodes", "load", after=SAMPLE_NODE)])
    assert await until(lambda: path.exists() and "load" in path.read_text(), 2.0)
    assert path.read_text() == await services.revisions.file_text("p", "now")


async def test_a_named_version_writes_the_file_at_once(services):
    await services.pipelines.create("p")
    await services.revisions.name("p", "Good")
    assert (services.workspace.pipelines / "p.json").exists()


async def test_a_change_of_the_file_is_merged_with_the_edits_here(services):
    await services.pipelines.create("p")
    await services.revisions.name("p", "base")
    path = services.workspace.pipelines / "p.json"
    document = json.loads(path.read_text())
    await services.pipelines.apply("p", [edit("1", "description", after="edited here")])
    document["nodes"]["load"] = SAMPLE_NODE
    path.write_text(json.dumps(document))

    async def is_merged():
        return "load" in (await services.pipelines.get("p")).graph["nodes"]

    assert await until(is_merged)
    assert (await services.pipelines.get("p")).graph["description"] == "edited here"
    assert await until(lambda: "edited here" in path.read_text() and "load" in path.read_text())
    history = (await services.revisions.list("p")).revisions
    assert "Change of the file" in {entry.label for entry in history}


async def test_an_edit_made_while_the_file_is_being_written_is_not_taken_for_a_part_of_it(
    services, monkeypatch
):
    await services.pipelines.create("p")
    await services.revisions.name("p", "base")
    path = services.workspace.pipelines / "p.json"
    loop = asyncio.get_running_loop()

    def write_slowly(graph):
        text = write_graph(graph)
        late = services.pipelines.apply("p", [edit("late", "description", after="late")])
        asyncio.run_coroutine_threadsafe(late, loop).result(5)
        return text

    services.pipelines.saver = None
    monkeypatch.setattr(file_sync, "write_graph", write_slowly)
    await services.files.save("p")
    monkeypatch.undo()
    document = json.loads(path.read_text())
    assert "description" not in document
    path.write_text(json.dumps({**document, "nodes": {"load": SAMPLE_NODE}}))
    await services.files.take_over(path)
    opened = await services.pipelines.get("p")
    assert opened.graph["description"] == "late" and "load" in opened.graph["nodes"]


async def test_a_file_that_somebody_wrote_a_moment_ago_is_merged_before_it_is_written(services):
    await services.pipelines.create("p")
    await services.revisions.name("p", "base")
    path = services.workspace.pipelines / "p.json"
    document = json.loads(path.read_text())
    await services.pipelines.apply("p", [edit("1", "description", after="edited here")])
    path.write_text(json.dumps({**document, "nodes": {"load": SAMPLE_NODE}}))
    await services.files.save("p")
    merged = json.loads(path.read_text())
    assert merged["description"] == "edited here" and "load" in merged["nodes"]


async def test_two_changes_of_the_file_in_a_row_take_nothing_from_the_edits_here(services):
    await services.pipelines.create("p")
    await services.revisions.name("p", "base")
    path = services.workspace.pipelines / "p.json"
    document = json.loads(path.read_text())
    await services.pipelines.apply("p", [edit("1", "description", after="edited here")])
    path.write_text(json.dumps({**document, "nodes": {"load": SAMPLE_NODE}}))
    await services.files.take_over(path)
    changed = json.loads(path.read_text())
    changed["nodes"]["load"]["label"] = "Mine"
    path.write_text(json.dumps(changed))
    await services.files.take_over(path)
    opened = await services.pipelines.get("p")
    assert opened.graph["description"] == "edited here"
    assert opened.graph["nodes"]["load"]["label"] == "Mine"


async def test_an_earlier_file_that_is_put_back_is_a_change_like_any_other(services):
    await services.pipelines.create("p")
    await services.revisions.name("p", "base")
    path = services.workspace.pipelines / "p.json"
    earlier = path.read_text()
    await services.pipelines.apply("p", [edit("1", "description", after="new")])
    await services.files.save("p")
    path.write_text(path.read_text().replace("new", "newer"))
    await services.files.take_over(path)
    path.write_text(earlier)
    await services.files.take_over(path)
    assert "description" not in (await services.pipelines.get("p")).graph


async def test_the_file_of_a_pipeline_in_the_bin_brings_it_back_when_somebody_puts_it_there(
    services,
):
    await services.pipelines.create("p")
    await services.revisions.name("p", "base")
    path = services.workspace.pipelines / "p.json"
    text = path.read_text()
    await services.pipelines.delete("p")
    assert await until(lambda: not path.exists())
    path.write_text(text)

    async def is_back():
        return "p" in {card.id for card in (await services.pipelines.list()).pipelines}

    assert await until(is_back)


async def test_a_new_pipeline_does_not_write_over_a_file_that_is_no_graph(services):
    path = services.workspace.pipelines / "p.json"
    path.write_text("by hand, unfinished")
    await services.pipelines.create("p")
    await services.files.save("p")
    assert path.with_name("p.json.broken").read_text() == "by hand, unfinished"


@pytest.mark.slow
async def test_a_broken_file_is_reported_and_the_pipeline_stays(services):
    await services.pipelines.create("p")
    await services.revisions.name("p", "base")
    path = services.workspace.pipelines / "p.json"
    path.write_text("<<<<<<< HEAD")

    async def is_reported():
        return any(item.code == "G001" for item in await services.pipelines.diagnostics("p"))

    assert await until(is_reported)
    await services.pipelines.apply("p", [edit("1", "description", after="goes on")])
    assert await until(lambda: "goes on" in path.read_text())
    assert path.with_name("p.json.broken").read_text() == "<<<<<<< HEAD"
    assert not await is_reported()


async def test_a_file_that_appears_becomes_a_pipeline(services):
    path = services.workspace.pipelines / "from_git.json"
    path.write_text(json.dumps({"format": 1, "name": "From git", "nodes": {"load": SAMPLE_NODE}}))

    async def is_there():
        return "from_git" in {card.id for card in (await services.pipelines.list()).pipelines}

    assert await until(is_there)


async def test_a_file_that_is_no_graph_is_listed_as_a_problem_until_it_is_mended_or_gone(
    services, client
):
    folder = services.workspace.pipelines
    told, page = [], Subscriber()
    services.push.join(page)

    async def send(text):
        told.append(json.loads(text)["kind"])

    async def problems():
        return (await client.get("/api/v1/pipelines")).json()["problems"]

    async def files_with_problems():
        return [one["file"] for one in await problems()]

    async def are_both_told():
        return await files_with_problems() == ["a.json", "b.json"]

    listening = asyncio.create_task(page.deliver(send))
    (folder / "a.json").write_text('{"format": 1,\n<<<<')
    (folder / "b.json").write_text("nonsense")
    assert await until(are_both_told)
    first = (await problems())[0]["diagnostics"][0]
    assert first["code"] == "G001" and "line 2" in first["message"]
    assert await until(lambda: "files" in told)

    (folder / "b.json").rename(folder / "b.txt")
    (folder / "a.json").write_text(json.dumps({"format": 1, "name": "Mended", "nodes": {}}))

    async def is_settled():
        listed = (await client.get("/api/v1/pipelines")).json()
        return [card["id"] for card in listed["pipelines"]] == ["a"] and not listed["problems"]

    assert await until(is_settled)
    listening.cancel()


async def test_a_file_that_is_no_graph_and_is_removed_is_no_problem_any_more(tmp_path):
    (tmp_path / "pipelines").mkdir()
    path = tmp_path / "pipelines/x.json"
    path.write_text("{")
    async with running_app(tmp_path) as app:
        pipelines = app.state.services.pipelines
        assert [one.file for one in (await pipelines.list()).problems] == ["x.json"]
        path.unlink()

        async def is_gone():
            return not (await pipelines.list()).problems

        assert await until(is_gone)


async def test_what_changed_while_nobody_looked_is_taken_over_at_the_next_start(tmp_path):
    async with running_app(tmp_path) as app:
        pipelines = app.state.services.pipelines
        await pipelines.create("p")
        await pipelines.apply("p", [edit("1", "nodes", "load", after=SAMPLE_NODE)])
    path = tmp_path / "pipelines/p.json"
    document = json.loads(path.read_text())
    document["description"] = "from another machine"
    path.write_text(json.dumps(document))
    async with running_app(tmp_path) as app:
        opened = await app.state.services.pipelines.get("p")
        assert opened.graph["description"] == "from another machine"
        assert list(opened.graph["nodes"]) == ["load"]


async def test_a_crash_between_writing_the_file_and_noting_it_is_no_change_from_outside(tmp_path):
    async with running_app(tmp_path) as app:
        pipelines = app.state.services.pipelines
        await pipelines.create("p")
        await pipelines.apply("p", [edit("1", "description", after="one")])
        await app.state.services.revisions.name("p", "saved")
        store = app.state.services.files
        text = await app.state.services.revisions.file_text("p", "now")
        await pipelines.apply("p", [edit("2", "description", after="two")])
        from runtime.model.digest import digest_bytes

        await store._remember("p", "", 0)
        await store._announce("p", digest_bytes(text.encode()), 1)
        pipelines.saver = None
    async with running_app(tmp_path) as app:
        opened = await app.state.services.pipelines.get("p")
        assert opened.graph["description"] == "two" and opened.revision == 2


@pytest.mark.slow
async def test_a_pipeline_in_the_bin_has_no_file(services):
    await services.pipelines.create("p")
    await services.revisions.name("p", "base")
    path = services.workspace.pipelines / "p.json"
    await services.pipelines.delete("p")
    assert await until(lambda: not path.exists())
    await services.pipelines.undelete("p")
    assert await until(path.exists)


async def test_a_file_of_an_odd_name_becomes_one_pipeline_with_a_usable_id(tmp_path):
    folder = tmp_path / "pipelines"
    folder.mkdir()
    (folder / "My File.json").write_text(json.dumps({"format": 1, "name": "x", "nodes": {}}))
    for _ in range(2):
        async with running_app(tmp_path) as app:
            listed = (await app.state.services.pipelines.list()).pipelines
            assert [card.id for card in listed] == ["my_file"]
    assert [path.name for path in folder.glob("*.json")] == ["my_file.json"]


async def test_what_a_killed_process_left_half_written_is_removed_at_the_next_start(tmp_path):
    leftovers = [tmp_path / "pipelines/.a.tmp", tmp_path / "pipelines/data/.b.part"]
    for path in leftovers:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    async with running_app(tmp_path):
        assert not any(path.exists() for path in leftovers)


async def test_one_damaged_pipeline_does_not_keep_the_others_from_opening(tmp_path):
    async with running_app(tmp_path) as app:
        await app.state.services.pipelines.create("good")
        await app.state.services.pipelines.create("bad")
    with sqlite3.connect(tmp_path / "designer.db") as connection:
        connection.execute("UPDATE snapshot SET document = '{' WHERE pipeline_id = 'bad'")
    (tmp_path / "pipelines/bad.json").unlink()
    async with running_app(tmp_path) as app:
        pipelines = app.state.services.pipelines
        assert {card.id for card in (await pipelines.list()).pipelines} == {"good", "bad"}
        assert (await pipelines.get("good")).name == "good"
        with pytest.raises(InfrastructureError, match="S002"):
            await pipelines.get("bad")
