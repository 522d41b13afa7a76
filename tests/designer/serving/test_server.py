"""The whole server over real sockets: pages, runs, artifacts, two tabs, killing it."""

import io
import json
import subprocess
import sys
import time

import httpx
import pytest

from tests.designer.running import SAMPLE_NODE, change, operation
from tests.designer.serving.server_process import serving, wait_for_latest_run, wait_for_run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server") / "workspace") as server:
        yield server


@pytest.fixture
def client(server):
    with server.client() as client:
        yield client


@pytest.fixture(scope="module")
def finished_run(server):
    with server.client() as client:
        assert client.post("/api/v1/pipelines", json={"sample": "breast_cancer"}).status_code == 201
        answer = client.post("/api/v1/runs", json={"pipeline_id": "breast_cancer"})
        assert answer.status_code == 201, answer.text
        return wait_for_run(client, answer.json()["run"]["id"])


def new_pipeline(client, name):
    return client.post("/api/v1/pipelines", json={"name": name}).json()["id"]


def send(client, pipeline, *operations):
    body = {"operations": operations}
    answer = client.post(f"/api/v1/pipelines/{pipeline}/operations", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_sample_runs_and_everything_about_the_run_can_be_asked(client, finished_run):
    run_id = finished_run["id"]
    assert finished_run["status"] == "completed"
    listed = client.get("/api/v1/runs?pipeline_id=breast_cancer&status=completed").json()["runs"]
    assert [run["id"] for run in listed] == [run_id]
    canvas = client.get(f"/api/v1/runs/{run_id}/graph").json()
    assert canvas["read_only"] and canvas["last_run"]["id"] == run_id
    assert set(canvas["graph"]["nodes"]) == set(finished_run["steps"])
    card = client.get("/api/v1/pipelines").json()["pipelines"][-1]
    assert card["last_run"]["status"] == "completed" and card["thumbnail"]["wires"]
    usage = client.get("/api/v1/modules/data_transformation.split_data/usage").json()
    assert usage["pipelines"][0]["id"] == "breast_cancer" and usage["runs"]


def table_of(run, step="load"):
    return next(
        ref["digest"] for ref in run["steps"][step]["outputs"].values() if ref["type"] == "Table"
    )


def test_a_table_is_read_in_pages_sorted_and_searched(client, finished_run):
    digest = table_of(finished_run)
    page = client.get(f"/api/v1/artifacts/{digest}/page?offset=560&limit=100").json()
    assert page["total"] == 569 and len(page["rows"]) == 9
    name = page["columns"][0]["name"]
    ordered = client.get(
        f"/api/v1/artifacts/{digest}/page", params={"sort": name, "descending": True, "limit": 50}
    ).json()
    values = [row[0] for row in ordered["rows"]]
    assert values == sorted(values, reverse=True)
    needle = str(values[0])
    found = client.get(f"/api/v1/artifacts/{digest}/page", params={"search": needle}).json()
    assert 0 < found["total"] < 569
    assert all(any(needle in str(cell) for cell in row) for row in found["rows"])
    unknown = client.get(f"/api/v1/artifacts/{digest}/page", params={"sort": "agee"})
    assert unknown.status_code == 422 and unknown.json()["error"]["code"] == "D001"


def test_a_profile_describes_every_column_and_is_kept(server, client, finished_run):
    digest = table_of(finished_run)
    profile = client.get(f"/api/v1/artifacts/{digest}/profile").json()
    assert profile["rows"] == 569
    number = next(column for column in profile["columns"] if column["type"] == "number")
    assert number["min"] <= number["quantiles"]["0.5"] <= number["max"]
    assert sum(number["histogram"]["counts"]) == 569 - number["nulls"]
    assert (server.workspace / "cache/profiles/2" / f"{digest[3:]}.json").exists()
    assert client.get(f"/api/v1/artifacts/{digest}/profile").json() == profile


def test_reports_and_models_are_shown_as_documents(client, finished_run):
    kinds = {}
    for step in finished_run["steps"].values():
        for ref in step["outputs"].values():
            kinds.setdefault(ref["type"], ref["digest"])
    report = client.get(f"/api/v1/artifacts/{kinds['Report']}/document").json()
    assert report["models"][0]["metrics"]
    model = client.get(f"/api/v1/artifacts/{kinds['Model']}/document").json()
    assert model["learner"]
    table = client.get(f"/api/v1/artifacts/{kinds['Model']}/page")
    assert table.status_code == 404 and table.json()["error"]["code"] == "S003"


@pytest.mark.parametrize(
    ("kind", "start"), [("csv", b"mean"), ("parquet", b"PAR1"), ("arrow", b"ARROW1")]
)
def test_a_table_is_downloaded_as_an_attachment(client, finished_run, kind, start):
    digest = table_of(finished_run)
    answer = client.get(
        f"/api/v1/artifacts/{digest}/download", params={"format": kind, "name": "a/b"}
    )
    assert answer.content.startswith(start)
    assert answer.headers["content-disposition"] == f'attachment; filename="a_b.{kind}"'


@pytest.mark.parametrize(
    "digest", ["b3:00", "..%2f..%2fetc%2fpasswd", "b3:" + "0" * 64, "b3:" + "0" * 63 + "/"]
)
def test_only_digests_of_stored_artifacts_open_anything(client, digest):
    assert client.get(f"/api/v1/artifacts/{digest}").status_code == 404


def test_the_log_of_a_step_is_read_in_parts(client, finished_run):
    address = f"/api/v1/runs/{finished_run['id']}/steps/load/log"
    log = client.get(address).json()
    assert log["end"] and log["next"] >= log["offset"] == 0
    assert client.get(address.replace("load", "nothing")).json()["error"]["code"] == "R006"


def test_a_graph_that_cannot_run_is_answered_with_every_diagnostic(client):
    pipeline = new_pipeline(client, "cannot run")
    split = {"module": "data_transformation.split_data", "version": "1.0.0"}
    send(client, pipeline, operation("1", change("nodes/split", split)))
    answer = client.post("/api/v1/runs", json={"pipeline_id": pipeline})
    assert answer.status_code == 422
    assert "P003" in {item["code"] for item in answer.json()["diagnostics"]}


def test_both_tabs_hear_of_every_operation_and_of_the_run(server, client):
    pipeline = new_pipeline(client, "two tabs")
    with server.push(pipeline) as one, server.push(pipeline) as two:
        assert json.loads(one.recv(5))["kind"] == "hello"
        send(client, pipeline, operation("1", change("nodes/load", SAMPLE_NODE)))
        for tab in (one, two):
            message = wait_for(tab, "operations")
            assert message["operations"][0]["id"] == "1" and message["revision"] == 1
        run = client.post("/api/v1/runs", json={"pipeline_id": pipeline}).json()["run"]
        for tab in (one, two):
            assert run_ends(tab, run["id"])


def wait_for(tab, kind, seconds=10.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        message = json.loads(tab.recv(seconds))
        if message["kind"] == kind:
            return message
    raise AssertionError(f"no {kind}")


def run_ends(tab, run_id):
    while True:
        for event in wait_for(tab, "run", 30)["events"]:
            if (
                event["run_id"] == run_id
                and event["kind"] == "run"
                and event["status"] == "completed"
            ):
                return True


def test_a_push_channel_of_a_pipeline_that_is_not_there_is_closed(server):
    with server.push("nothing") as tab, pytest.raises(Exception, match="4404"):
        tab.recv(5)


def test_an_uploaded_file_lies_beside_the_pipelines_under_a_plain_name(server, client):
    content = b"a,b\n1,2\n" * 1000
    answer = client.post("/api/v1/files", files={"file": ("../../ev il.csv", io.BytesIO(content))})
    assert answer.status_code == 201 and answer.json() == {"path": "data/ev_il.csv"}
    again = client.post("/api/v1/files", files={"file": ("ev il.csv", io.BytesIO(b"x"))})
    assert again.json() == {"path": "data/ev_il_2.csv"}
    assert (server.workspace / "pipelines/data/ev_il.csv").read_bytes() == content
    bad = client.post("/api/v1/files", json={"file": "/etc/passwd"})
    assert bad.status_code == 415


def test_a_module_written_into_the_folder_is_offered_without_being_asked_for(server, client):
    with server.push() as tab:
        wait_for(tab, "hello")
        source = (
            "from typing import NamedTuple\nimport polars as pl\n"
            "from modules_library.sdk import module\n\n"
            "class Result(NamedTuple):\n    result: pl.DataFrame\n\n"
            '@module(version="1.0.0", title="First Rows")\n'
            "def first_rows(dataset: pl.DataFrame, *, rows: int = 3) -> Result:\n"
            '    """Keep the first rows."""\n    return Result(dataset.head(rows))\n'
        )
        (server.workspace / "modules/first_rows.py").write_text(source)
        wait_for(tab, "modules")
    card = client.get("/api/v1/modules/custom.first_rows").json()
    assert card["versions"][0]["version"] == "draft"
    published = client.post("/api/v1/modules/custom.first_rows/publish", json={})
    assert published.status_code == 201, published.text
    version = client.get("/api/v1/modules/custom.first_rows/1.0.0").json()
    assert "first_rows" in version["source_html"] and "<script" not in version["source_html"]
    state = {"action": "disable", "version": "1.0.0", "message": "wrong"}
    card = client.post("/api/v1/modules/custom.first_rows/state", json=state).json()
    assert {v["version"]: v["state"] for v in card["versions"]}["1.0.0"] == "disabled"
    refused = client.post("/api/v1/modules/custom.first_rows/default", json={"version": "1.0.0"})
    assert refused.status_code == 409 and refused.json()["error"]["code"] == "M014"
    enabled = {"action": "enable", "version": "1.0.0"}
    client.post("/api/v1/modules/custom.first_rows/state", json=enabled)
    assert client.get("/api/v1/modules/custom.first_rows").json()["default"] == "1.0.0"


def test_nicegui_is_behind_the_guard_too(server):
    with httpx.Client(base_url=server.url) as stranger:
        for path in (
            "/_nicegui/3.18.0/static/nicegui.js",
            "/_nicegui_ws/socket.io/?EIO=4&transport=polling",
        ):
            assert stranger.get(path).status_code == 401, path
        assert stranger.get("/", headers={"accept": "text/html"}).status_code == 303
    with server.client() as client:
        page = client.get("/pipelines/nothing-here", headers={"origin": "http://evil.test"})
        assert page.status_code == 403
        poll = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
        assert client.get(poll).status_code == 200
        assert client.get(poll, headers={"origin": "null"}).status_code == 403


def test_a_second_designer_on_the_workspace_opens_the_running_one(server):
    done = subprocess.run(
        [sys.executable, "-m", "designer.cli", "--no-browser", "--workspace", server.workspace],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert f"{server.url}/login?token=" in done.stderr


def test_killing_the_server_loses_nothing_that_was_acknowledged(tmp_path):
    workspace = tmp_path / "workspace"
    acknowledged = []
    with serving(workspace) as server, server.client() as client:
        pipeline = new_pipeline(client, "p")
    for life in range(3):
        with serving(workspace) as server, server.client() as client:
            for number in range(5 + life):
                name = f"n{life}_{number}"
                send(client, pipeline, operation(name, change(f"nodes/{name}", SAMPLE_NODE)))
                acknowledged.append(name)
            server.kill()
    with serving(workspace) as server, server.client() as client:
        opened = client.get(f"/api/v1/pipelines/{pipeline}").json()
        assert sorted(opened["graph"]["nodes"]) == sorted(acknowledged)
        assert opened["revision"] == len(acknowledged)
        again = send(client, pipeline, operation("n0_0", change("nodes/n0_0", SAMPLE_NODE)))
        assert again["results"][0]["status"] == "duplicate"


def test_interrupting_the_server_writes_the_files_and_ends_cleanly(tmp_path):
    workspace = tmp_path / "workspace"
    with serving(workspace) as server:
        with server.client() as client:
            pipeline = new_pipeline(client, "p")
            send(client, pipeline, operation("1", change("description", "last words")))
        assert server.interrupt() == 0
        assert "last words" in (workspace / f"pipelines/{pipeline}.json").read_text()
        assert "Traceback" not in server.output()


def test_the_demo_brings_the_samples_and_has_run_one(tmp_path):
    with serving(tmp_path / "workspace", "demo") as server, server.client() as client:
        assert server.page == "/pipelines/breast_cancer"
        listed = client.get("/api/v1/pipelines").json()["pipelines"]
        assert {"breast_cancer", "diabetes", "wine_clusters", "orders_cleaning"} <= {
            card["id"] for card in listed
        }
        assert wait_for_latest_run(client, "breast_cancer")["status"] == "completed"


def test_the_editor_page_is_served_to_a_signed_in_browser(tmp_path):
    with serving(tmp_path / "workspace", "demo") as server:
        with httpx.Client(base_url=server.url, follow_redirects=True) as browser:
            page = browser.get(f"/login?token={server.login_token}&next={server.page}")
        assert page.status_code == 200 and "pipeline-editor" in page.text
        assert page.headers["cache-control"] == "no-store"
