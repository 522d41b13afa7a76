"""Schemas and what is foreseen to go wrong: over REST, pushed, without holding edits up."""

import asyncio
import json
import os
import signal

import pytest

from designer.services import schema_source
from designer.services.push import Subscriber
from modules_library.registry import Registry
from tests.designer.running import (
    SPLIT_NODE,
    change,
    client_of,
    operation,
    running_app,
    send,
)

pytestmark = pytest.mark.slow

HEADER = ",".join(f"c{number}" for number in range(30))
ROWS = "\n".join(",".join(["0.5"] * 30) + ",yes" for _ in range(100))
LOAD = operation(
    "load",
    change(
        "nodes/load",
        {
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": f"{HEADER},target\n{ROWS}\n"},
        },
    ),
)
SPLIT = operation(
    "split",
    change("nodes/split", {**SPLIT_NODE, "inputs": {"dataset": "load.dataset"}}),
)


class Page:
    """An open page: its schemas, and what it is told."""

    def __init__(self, services, client, pipeline):
        self.client, self.pipeline = client, pipeline
        self.told = []
        self.subscriber = Subscriber(pipeline, "tab")
        services.push.join(self.subscriber)
        self.task = asyncio.create_task(self.subscriber.deliver(self._hear))

    async def _hear(self, text):
        self.told.append(json.loads(text))

    def nodes_told(self):
        return dict(
            entry
            for message in self.told
            if message["kind"] == "schemas"
            for entry in message["nodes"]
        )

    def diagnostics(self):
        items = [m["items"] for m in self.told if m["kind"] == "diagnostics"]
        return [(item["code"], item["where"]) for item in items[-1]] if items else None

    async def schemas(self):
        """The answer once it is about the newest edit."""
        while True:
            answer = await self.client.get(f"/api/v1/pipelines/{self.pipeline}/schemas")
            assert answer.status_code == 200, answer.text
            if answer.json()["is_current"]:
                return answer.json()

    async def until(self, is_so):
        while not is_so():
            await asyncio.sleep(0.01)

    async def send(self, *operations):
        return await send(self.client, self.pipeline, *operations)


@pytest.fixture(autouse=True)
def few_libraries(monkeypatch):
    """A worker that is started for every test imports what all questions need only."""
    monkeypatch.setattr(schema_source, "PRELOAD", schema_source.FLOOR)


@pytest.fixture
async def page(services, client):
    created = await client.post("/api/v1/pipelines", json={"name": "p"})
    page = Page(services, client, created.json()["id"])
    yield page
    page.task.cancel()


def names(schemas, node, port="dataset"):
    table = schemas["nodes"][node]["outputs"][port]
    return [column["name"] for column in table["columns"]]


async def test_the_columns_on_every_wire_are_known_without_a_run(page):
    await page.send(LOAD, SPLIT)
    schemas = await page.schemas()
    assert schemas["revision"] == 2
    assert len(names(schemas, "load")) == 31
    assert names(schemas, "split", "results_dataset2") == names(schemas, "load")
    table = schemas["nodes"]["split"]["outputs"]["results_dataset1"]
    assert table["type"] == "Table" and table["rows"] == 50
    assert table["columns"][-1] == {"name": "target", "type": "String"}


async def test_an_edit_is_answered_first_and_what_it_changes_is_pushed(page):
    await page.send(LOAD, SPLIT)
    await page.schemas()
    page.told.clear()
    wrong = operation("3", change("nodes/split/parameters", {"stratify_by": "tarjet"}))
    answer = await page.send(wrong)
    assert answer["diagnostics"] == [], "nobody waited for it"
    where = "/nodes/split/parameters/stratify_by"
    await page.until(lambda: page.diagnostics() == [("D001", where)])
    told = page.nodes_told()
    assert told == {"split": {"inputs": {"dataset": ["load.dataset"]}}}, "only what changed"
    again = await page.send(operation("4", change("description", "x")))
    assert [(item["code"], item["where"]) for item in again["diagnostics"]] == [("D001", where)]
    await page.send(operation("5", change("nodes/split/parameters", {})))
    await page.until(lambda: page.diagnostics() == [])


async def test_a_file_that_arrives_later_is_looked_at_when_it_is_there(page):
    module = {"module": "data_input_output.import_data", "version": "1.0.0"}
    node = {**module, "parameters": {"path": "data/late.csv"}}
    await page.send(operation("1", change("nodes/load", node)))
    assert not (await page.schemas())["nodes"].get("load", {}).get("outputs")
    await page.until(lambda: page.diagnostics())
    assert [where for _, where in page.diagnostics()] == ["/nodes/load/parameters/path"]
    form = {"file": ("late.csv", b"when,what\n2024-01-01,a\n")}
    answer = await page.client.post("/api/v1/files", files=form)
    assert answer.json()["path"] == "data/late.csv"
    await page.until(lambda: page.diagnostics() == [])
    assert names(await page.schemas(), "load", "results_dataset") == ["when", "what"]


async def test_a_node_that_is_gone_is_pushed_as_such(page):
    await page.send(LOAD, SPLIT)
    await page.schemas()
    node = SPLIT["changes"][0]["after"]
    await page.send(operation("3", change("nodes/split", before=node)))
    await page.until(lambda: page.nodes_told().get("split", "told") is None)


async def test_nothing_is_found_out_for_pipelines_that_nobody_looks_at(services, client):
    created = await client.post("/api/v1/pipelines", json={"name": "p"})
    await send(client, created.json()["id"], LOAD, SPLIT)
    await asyncio.sleep(0.1)
    assert services.foresight._source is None


async def test_what_was_found_out_once_is_known_to_the_next_designer_at_once(tmp_path):
    async with running_app(tmp_path / "ws") as app, client_of(app) as client:
        created = await client.post("/api/v1/pipelines", json={"sample": "orders_cleaning"})
        page = Page(app.state.services, client, created.json()["id"])
        first = await page.schemas()
        page.task.cancel()
    async with running_app(tmp_path / "ws") as app, client_of(app) as client:
        foresight = app.state.services.foresight
        page = Page(app.state.services, client, created.json()["id"])
        again = await client.get(f"/api/v1/pipelines/{page.pipeline}/schemas")
        page.task.cancel()
        assert again.json()["nodes"] == first["nodes"]
        assert foresight._source.worker.pid == 0, "no module was asked"


async def test_a_worker_that_is_killed_costs_one_answer_at_most(services, page):
    await page.send(LOAD, SPLIT)
    await page.schemas()
    worker = services.foresight._source.worker
    first = worker.pid
    os.kill(first, signal.SIGKILL)
    await page.send(operation("3", change("nodes/split/parameters", {"fraction": 0.25})))
    await page.send(operation("4", change("nodes/split/parameters", {"fraction": 0.75})))
    schemas = await page.schemas()
    assert schemas["nodes"]["split"]["outputs"]["results_dataset1"]["rows"] == 75
    assert worker.pid != first


async def test_a_new_version_of_a_module_changes_what_is_known(services, page, tmp_path):
    await page.send(LOAD)
    source = '''
from modules_library.sdk import *

@module(version="{version}")
def cut(dataset: Table) -> Table:
    """Keep some columns."""
    return dataset.with_frame(dataset.frame.select("target", {columns}))
'''
    path = tmp_path / "workspace" / "modules" / "cut.py"

    def publish(version, columns):
        path.write_text(source.format(version=version, columns=columns))
        with_registry = Registry(tmp_path / "workspace")
        with_registry.publish(path, make_default=True)
        with_registry.close()

    await asyncio.to_thread(publish, "1.0.0", "'c1'")
    await services.modules.reload()
    node = {"module": "custom.cut", "version": "default", "inputs": {"dataset": "load.dataset"}}
    await page.send(operation("2", change("nodes/cut", node)))
    assert names(await page.schemas(), "cut", "result") == ["target", "c1"]
    await asyncio.to_thread(publish, "2.0.0", "'c2', 'c1'")
    await services.modules.reload()
    assert names(await page.schemas(), "cut", "result") == ["target", "c2", "c1"]


CANARY = '''
from pathlib import Path
Path({place!r}).write_text("imported")
from modules_library.sdk import *

@module(version="1.0.0")
def bird(dataset: Table) -> Table:
    """Leave a trace."""
    Path({place!r}).write_text("called")
    return dataset
'''


@pytest.fixture
def canary(tmp_path):
    """A module that leaves a file when its code runs in any way."""
    place = tmp_path / "canary"
    path = tmp_path / "workspace" / "modules" / "bird.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CANARY.format(place=str(place)))
    return place


async def test_the_code_of_a_draft_never_runs_before_a_person_runs_it(services, page, canary):
    from modules_library.registry.catalog import refresh_drafts

    await asyncio.to_thread(refresh_drafts, services.workspace.path)
    await services.modules.reload()
    node = {"module": "custom.bird", "version": "draft", "inputs": {"dataset": "load.dataset"}}
    answer = await page.send(LOAD, operation("2", change("nodes/bird", node)))
    assert answer["diagnostics"] == []
    known = (await page.schemas())["nodes"]["bird"]
    assert "outputs" not in known and known["why"] == "A draft is not run before you press Run."
    assert not canary.exists()


async def test_the_code_that_a_graph_brings_along_never_runs_before_a_person_runs_it(
    page, tmp_path
):
    canary = tmp_path / "canary"
    trace = f"open({str(canary)!r}, 'w').close()"
    script = f"{trace}\ndef azureml_main(dataframe1=None, dataframe2=None):\n    {trace}\n"
    node = {
        "module": "python_language.execute_python_script",
        "version": "1.0.0",
        "inputs": {"dataset1": "load.dataset"},
        "parameters": {"python_script": script},
    }
    await page.send(LOAD, operation("2", change("nodes/script", node)))
    known = (await page.schemas())["nodes"]["script"]
    assert "outputs" not in known and known["why"] == "Its code is not run before you press Run."
    assert not canary.exists()


async def test_a_published_module_is_asked_but_can_leave_no_trace(services, page, canary):
    def publish():
        registry = Registry(services.workspace.path)
        registry.publish(services.workspace.modules / "bird.py", make_default=True)
        registry.close()

    await asyncio.to_thread(publish)
    canary.unlink(missing_ok=True)
    await services.modules.reload()
    node = {"module": "custom.bird", "version": "1.0.0", "inputs": {"dataset": "load.dataset"}}
    await page.send(LOAD, operation("2", change("nodes/bird", node)))
    known = (await page.schemas())["nodes"]["bird"]
    assert "outputs" not in known
    assert not canary.exists()


async def test_a_query_that_never_ends_costs_its_own_answer_only(services, page, monkeypatch):
    services.foresight._opened().worker._answer_s = 3.0
    endless = (
        "with recursive n as (select 1 as i union all select i + 1 from n where i > 0) "
        "select count(*) from n"
    )
    node = {
        "module": "data_transformation.apply_sql_transformation",
        "version": "1.0.0",
        "inputs": {"t1": "load.dataset"},
        "parameters": {"sql_query_script": endless},
    }
    await page.send(LOAD, operation("2", change("nodes/endless", node)), SPLIT)
    schemas = await page.schemas()
    assert "outputs" not in schemas["nodes"]["endless"]
    assert len(names(schemas, "split", "results_dataset1")) == 31


async def test_there_are_no_schemas_of_a_pipeline_that_does_not_exist(client):
    answer = await client.get("/api/v1/pipelines/nothing/schemas")
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "S005"
