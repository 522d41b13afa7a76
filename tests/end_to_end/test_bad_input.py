"""Every bad input: a code, a place and a remedy; nothing is lost, and everything lives on.

Through the real command line and a real designer over HTTP, as a person would meet it.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from tests.designer.running import change, operation
from tests.designer.serving.server_process import serving, wait_for_run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bad_input")]

LOAD = {
    "module": "data_input_output.sample_dataset",
    "version": "1.0.0",
    "parameters": {"name": "breast_cancer"},
}
TABLE = "x,y\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(20))
DEEP = 100_000


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("bad") / "workspace") as server:
        yield server


@pytest.fixture(scope="module")
def client(server):
    with server.client() as client:
        yield client


@pytest.fixture(autouse=True)
def the_same_processes_live_on(server):
    """The designer and the engine are the ones that were there before, and they answer."""
    engine = server.workspace / "engine.lock"
    before = engine.read_text() if engine.exists() else ""
    yield
    assert server.process.poll() is None, server.output()
    with server.client() as client:
        assert client.get("/api/v1/pipelines").status_code == 200
    assert before in ("", engine.read_text())


def designer(*arguments):
    """The command line; gives its status and its one JSON document."""
    done = subprocess.run(
        [sys.executable, "-m", "designer.cli", *map(str, arguments), "--json"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def node(module, parameters=None, **inputs):
    facts = {"module": module, "version": "1.0.0"}
    return facts | {
        key: value for key, value in (("inputs", inputs), ("parameters", parameters)) if value
    }


def graph(**nodes):
    return {"format": 1, "nodes": nodes}


def duplicates(source):
    return node("data_transformation.remove_duplicate_rows", dataset=source)


def told(problem):
    """Whether a problem says what, and what to do about it in a sentence."""
    return problem["code"] and problem["message"] and problem["remedy"].endswith((".", "?"))


# --- the graph file -------------------------------------------------------------------------

UNREADABLE = {
    "empty": ("", "G001", ""),
    "broken": ('{"format": 1, "nodes": {', "G001", ""),
    "not text": (b"\x89PNG\r\n\x1a\n\x00\xff", "G001", ""),
    "in UTF-16": ('{"format": 1}'.encode("utf-16"), "G001", ""),
    "a list": ("[1, 2]", "G005", ""),
    "of a newer format": ('{"format": 99, "nodes": {}}', "G002", "/format"),
    "with unknown keys": (
        '{"format": 1, "nodes": {"a": {"module": "a.b", "versoin": "1.0.0"}}}',
        "G003",
        "/nodes/a/versoin",
    ),
    "with duplicate keys": (
        '{"format": 1, "nodes": {"a": {"module": "a.b"}, "a": {"module": "c.d"}}}',
        "G004",
        "/nodes/a",
    ),
    "nested 100,000 levels deep": (
        '{"format": 1, "x-deep": ' + "[" * DEEP + "]" * DEEP + "}",
        "G006",
        "",
    ),
    "with a text of 5 MB": (
        '{"format": 1, "description": "' + "x" * 5_000_000 + '"}',
        "G006",
        "/description",
    ),
    "with a number of 5,000 digits": ('{"format": 1, "x-n": ' + "9" * 5000 + "}", "G006", ""),
    "with NaN": (
        '{"format": 1, "nodes": {"a": {"module": "a.b", "parameters": {"p": NaN}}}}',
        "G007",
        "/nodes/a/parameters/p",
    ),
    "with a number beyond all": (
        '{"format": 1, "nodes": {"a": {"module": "a.b", "parameters": {"p": 1e999}}}}',
        "G007",
        "/nodes/a/parameters/p",
    ),
    "with an id that would be code": (
        '{"format": 1, "nodes": {"__proto__": {"module": "a.b"}}}',
        "G010",
        "/nodes/__proto__",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_graph_that_cannot_be_read_is_refused_with_its_place(case, client, tmp_path):
    text, code, where = UNREADABLE[case]
    content = text if isinstance(text, bytes) else text.encode()
    file = tmp_path / "graph.json"
    file.write_bytes(content)
    pipelines = client.get("/api/v1/pipelines").json()["pipelines"]

    for verb in ("validate", "run"):
        status, answer = designer(verb, file, "--workspace", tmp_path / "workspace")
        assert status == 2
        assert (answer["error"]["code"], answer["error"]["where"]) == (code, where)
        assert all(map(told, answer["diagnostics"]))
    refused = client.post("/api/v1/pipelines/import", content=content, headers=JSON)
    assert refused.status_code == 422
    assert (refused.json()["error"]["code"], refused.json()["error"]["where"]) == (code, where)
    assert client.get("/api/v1/pipelines").json()["pipelines"] == pipelines
    assert file.read_bytes() == content


JSON = {"content-type": "application/json"}
UNRUNNABLE = {
    "a cycle": (
        graph(a=duplicates("b.results_dataset"), b=duplicates("a.results_dataset")),
        "G008",
        "/nodes/a",
    ),
    "a wire from nowhere": (
        graph(a=duplicates("gone.results_dataset")),
        "G009",
        "/nodes/a/inputs/dataset",
    ),
    "an unknown port": (
        graph(load=LOAD, a=duplicates("load.datasat")),
        "P001",
        "/nodes/a/inputs/dataset",
    ),
    "a wire between types that do not fit": (
        graph(f=node("classification.two_class_decision_forest"), a=duplicates("f.untrained_model")),
        "P002",
        "/nodes/a/inputs/dataset",
    ),
    "an unknown module": (
        graph(a=node("data_input_output.sample_datset")),
        "M001",
        "/nodes/a/module",
    ),
    "an unknown version": (graph(a=LOAD | {"version": "7.0.0"}), "M002", "/nodes/a/version"),
    "text where a number must be": (
        graph(load=LOAD, a=node("data_transformation.split_data", {"fraction": "many"},
                                dataset="load.dataset")),
        "V002",
        "/nodes/a/parameters/fraction",
    ),
    "a file that is not there": (
        graph(a=node("data_input_output.import_data", {"path": "data/gone.csv"})),
        "V005",
        "/nodes/a/parameters/path",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNRUNNABLE)
def test_a_graph_that_cannot_run_is_kept_and_says_where(case, client, tmp_path):
    document, code, where = UNRUNNABLE[case]
    file = tmp_path / "graph.json"
    file.write_text(json.dumps(document))

    status, answer = designer("run", file, "--workspace", tmp_path / "workspace")
    assert status == 2
    assert (code, where) in [(item["code"], item["where"]) for item in answer["diagnostics"]]
    assert all(map(told, answer["diagnostics"]))

    imported = client.post("/api/v1/pipelines/import", content=file.read_bytes(), headers=JSON)
    assert imported.status_code == 201
    pipeline = imported.json()["id"]
    refused = client.post("/api/v1/runs", json={"pipeline_id": pipeline})
    assert refused.status_code == 422
    assert (code, where) in [(d["code"], d["where"]) for d in refused.json()["diagnostics"]]
    kept = client.get(f"/api/v1/pipelines/{pipeline}").json()
    assert set(kept["graph"]["nodes"]) == set(document["nodes"])
    assert kept["last_run"] is None


def test_a_graph_of_5_megabytes_is_taken_edited_and_given_back(client):
    nodes = {
        f"n{i}": duplicates(f"n{i - 1}.results_dataset") | {"label": "x" * 80}
        for i in range(1, 22_000)
    }
    content = json.dumps(graph(n0=LOAD, **nodes)).encode()
    assert 4_900_000 < len(content) < 5 << 20

    imported = client.post("/api/v1/pipelines/import", content=content, headers=JSON)
    assert imported.status_code == 201
    pipeline = imported.json()["id"]
    edit = operation("rename", change("nodes/n5/label", "new", before="x" * 80))
    (result,) = edited(client, pipeline, edit)["results"]
    assert result["status"] == "accepted"
    shown = client.get(f"/api/v1/pipelines/{pipeline}").json()["graph"]["nodes"]
    assert len(shown) == 22_000 and shown["n5"]["label"] == "new"

    beyond = content + b" " * (5 << 20)
    refused = client.post("/api/v1/pipelines/import", content=beyond, headers=JSON)
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "A003")
    client.delete(f"/api/v1/pipelines/{pipeline}")


# --- edits ----------------------------------------------------------------------------------


def edited(client, pipeline, *operations):
    answer = client.post(
        f"/api/v1/pipelines/{pipeline}/operations",
        json={"operations": list(operations)},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def draft(client):
    """A pipeline with one node, `load`."""
    created = client.post("/api/v1/pipelines", json={"name": "Draft", "graph": graph(load=LOAD)})
    return created.json()["id"]


def nested(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


REFUSED_EDITS = {
    "of a node that is gone": (change("nodes/gone/label", "x"), "G009", "/nodes/gone/label"),
    "with an unknown key": (change("nodes/load/modul", "x"), "G003", "/nodes/load/modul"),
    "with a bad id": (change("nodes/Bad Id", LOAD), "G010", "/nodes/Bad Id"),
    "of the format": (change("format", 9), "G005", "/format"),
    "that puts a text for a node": (change("nodes/b", "text"), "G005", "/nodes/b"),
    "with a text too long": (change("description", "x" * 2_000_000), "G006", "/description"),
    "too deep": (
        change("nodes/load/parameters/name", nested(80)),
        "G006",
        "/nodes/load/parameters/name",
    ),
}


@pytest.mark.parametrize("case", REFUSED_EDITS)
def test_an_edit_that_breaks_the_graph_is_refused_and_the_draft_stays(case, client, draft):
    one, code, where = REFUSED_EDITS[case]
    before = client.get(f"/api/v1/pipelines/{draft}").json()["graph"]
    (result,) = edited(client, draft, operation("edit", one))["results"]
    assert result["status"] == "refused"
    problem = result["diagnostics"][0]
    assert problem["code"] == code and problem["where"].startswith(where) and told(problem)
    assert client.get(f"/api/v1/pipelines/{draft}").json()["graph"] == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"\xff\xfe",
        b'{"operations": "x"}',
        b'{"operations": [NaN]}',
        b'{"operations": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    ],
    ids=["empty", "garbage", "no text", "wrong type", "NaN", "deep"],
)
def test_a_body_that_is_no_edit_is_refused_and_the_draft_stays(client, draft, body):
    before = client.get(f"/api/v1/pipelines/{draft}").json()
    refused = client.post(f"/api/v1/pipelines/{draft}/operations", content=body, headers=JSON)
    assert refused.status_code in (200, 400)
    if refused.status_code == 400:
        error = refused.json()["error"]
        assert error["code"] == "A004" and told(error)
    assert client.get(f"/api/v1/pipelines/{draft}").json()["graph"] == before["graph"]


def test_two_tabs_both_keep_their_edits_and_the_later_one_hears_of_a_clash(client, draft):
    name = "nodes/load/parameters/name"
    mine = operation("mine", change(name, "wine", before="breast_cancer"), client="first")
    other = operation("other", change("nodes/more", LOAD), client="second")
    theirs = operation("theirs", change(name, "iris", before="breast_cancer"), client="second")

    edited(client, draft, mine)
    edited(client, draft, other)
    (late,) = edited(client, draft, theirs)["results"]
    again = edited(client, draft, mine)["results"][0]

    (conflict,) = late["conflicts"]
    assert (conflict["path"], conflict["client"]) == (name.split("/"), "first")
    assert (conflict["theirs"], conflict["yours"]) == ("wine", "iris")
    assert again["status"] == "duplicate"
    nodes = client.get(f"/api/v1/pipelines/{draft}").json()["graph"]["nodes"]
    assert set(nodes) == {"load", "more"} and nodes["load"]["parameters"]["name"] == "iris"
    log = client.get(f"/api/v1/pipelines/{draft}/operations").json()["operations"]
    assert len(log) == 3, "what was overwritten is in the history"


def test_two_tabs_that_add_a_node_of_the_same_name_get_both(client, draft):
    edited(client, draft, operation("1", change("nodes/split", duplicates("load.dataset"))))
    second = operation("2", change("nodes/split", LOAD), client="b")
    (result,) = edited(client, draft, second)["results"]
    nodes = client.get(f"/api/v1/pipelines/{draft}").json()["graph"]["nodes"]
    assert set(nodes) == {"load", "split", result["renamed"]["split"]}


# --- data -----------------------------------------------------------------------------------


def upload(client, name, content):
    answer = client.post("/api/v1/files", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    return answer.json()["path"]


def run(client, document, **options):
    """Run a graph to its end."""
    pipeline = client.post("/api/v1/pipelines", json={"graph": document}).json()["id"]
    started = client.post("/api/v1/runs", json={"pipeline_id": pipeline, "options": options})
    assert started.status_code == 201, started.text
    return wait_for_run(client, started.json()["run"]["id"], 120)


def reading(path, **parameters):
    return node("data_input_output.import_data", {"path": path, **parameters})


BAD_FILES = {
    "empty.csv": (b"", "D003", {"file": "empty.csv"}, {}),
    "ragged.csv": (b"a,b\n1,2\n3,4,5\n6\n", "D003", {"row": 3}, {}),
    "open_quote.csv": (b'a,b\n"1,2\n3,4\n', "D003", {"row": 2}, {}),
    "semicolons.csv": (b"a;b\n1;2\n3;4\n", "D003", {"try_delimiter": ";"}, {"delimiter": "Comma"}),
    "mixed.csv": (
        b"a,b\n1,x\n2,y\nthree,z\n4,w\n",
        "D004",
        {"column": "a", "row": 3},
        {"mixed_columns": "Stop"},
    ),
    "latin.csv": ("name\nJosé\n".encode("latin-1"), "D011", {"line": 2}, {}),
    "zeros.csv": (b"a,b\n1,\x002\n", "D003", {"position": 6}, {}),
    "picture.csv": (bytes(range(256)) * 20, "D003", {}, {}),
    "cut.parquet": (b"PAR1garbage", "D003", {"file": "cut.parquet"}, {}),
    "cut.arrow": (b"ARROW1\0\0junk", "D003", {"file": "cut.arrow"}, {}),
    "cut.xlsx": (b"PK\x03\x04junk", "D003", {"file": "cut.xlsx"}, {}),
    "broken.jsonl": (b'{"a": 1}\n{"a":\n', "D003", {"line": 2}, {}),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_table_says_what_is_wrong_and_where(name, client):
    content, code, place, parameters = BAD_FILES[name]
    path = upload(client, name, content)
    ended = run(
        client, graph(load=reading(path, **parameters), beside=LOAD), failure_policy="continue"
    )
    error = ended["steps"]["load"]["error"]
    assert error["code"] == code and told(error)
    assert place.items() <= error["details"].items()
    assert ended["steps"]["beside"]["status"] == "completed", "the other step's result is there"


def test_a_file_of_half_numbers_is_read_as_text_with_a_warning_that_names_the_row(client, server):
    path = upload(client, "half.csv", b"a\n1\n2\nthree\n")
    ended = run(client, graph(load=reading(path)))
    assert ended["status"] == "completed"
    digest = ended["steps"]["load"]["outputs"]["results_dataset"]["digest"]
    page = client.get(f"/api/v1/artifacts/{digest}/page").json()
    assert [row[0] for row in page["rows"]] == ["1", "2", "three"]
    warning = ended["steps"]["load"]["metrics"]["warning_1"]
    assert "'a'" in str(warning) and "three" in str(warning)


def test_a_delimiter_is_found_and_a_header_alone_is_a_table_without_rows(client):
    semicolons = upload(client, "found.csv", b"a;b\n1;2\n")
    header = upload(client, "header.csv", b"a,b\n")
    ended = run(client, graph(one=reading(semicolons), two=reading(header)))
    summaries = [ended["steps"][s]["outputs"]["results_dataset"]["summary"] for s in ("one", "two")]
    assert summaries == [{"rows": 1, "columns": 2}, {"rows": 0, "columns": 2}]


def entered(text):
    return node("data_input_output.enter_data_manually", {"data": text})


def trained(label, source="data.dataset"):
    inputs = {"dataset": source, "untrained_model": "learner.untrained_model"}
    return node("model_training.train_model", {"label_column": label}, **inputs)


LOGISTIC = node("classification.two_class_logistic_regression")
NO_ROWS = node(
    "data_transformation.apply_sql_transformation",
    {"sql_query_script": "SELECT * FROM t1 WHERE x > 1000"},
    t1="data.dataset",
)
BAD_TABLES = {
    "no rows after a filter": (
        graph(data=entered(TABLE), none=NO_ROWS, learner=LOGISTIC,
              bad=trained("y", "none.results_dataset")),
        "D002",
        {},
    ),
    "the label missing": (
        graph(data=entered(TABLE), learner=LOGISTIC, bad=trained("target")),
        "D005",
        {"column": "target", "port": "dataset"},
    ),
    "one class only": (
        graph(data=entered(TABLE.replace("b", "a")), learner=LOGISTIC, bad=trained("y")),
        "D006",
        {"column": "y"},
    ),
    "text where a number must be": (
        graph(data=entered(TABLE), bad=node("data_transformation.normalize_data",
                                            {"columns": ["y"]}, dataset="data.dataset")),
        "D004",
        {"column": "y", "port": "dataset"},
    ),
    "a label of text for a regression": (
        graph(data=entered(TABLE), learner=node("regression.linear_regression"), bad=trained("y")),
        "D004",
        {"column": "y"},
    ),
    "a column that is not there": (
        graph(data=entered(TABLE), bad=node("data_transformation.select_columns_in_dataset",
                                            {"columns": ["z"]}, dataset="data.dataset")),
        "D001",
        {"column": "z"},
    ),
    "SQL that is none": (
        graph(data=entered(TABLE), bad=node("data_transformation.apply_sql_transformation",
                                            {"sql_query_script": "SELCT 1"}, t1="data.dataset")),
        "D009",
        {"line": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_TABLES)
def test_a_table_that_does_not_fit_fails_at_its_node_and_the_others_keep_their_results(
    case, client
):
    document, code, place = BAD_TABLES[case]
    ended = run(client, document)
    assert ended["status"] == "failed"
    steps = ended["steps"]
    error = steps["bad"]["error"]
    assert error["code"] == code and told(error)
    assert place.items() <= error["details"].items()
    assert all(step["status"] == "completed" for name, step in steps.items() if name != "bad")


def test_the_command_line_says_the_same_of_bad_data_with_status_1(tmp_path):
    (tmp_path / "ragged.csv").write_bytes(b"a,b\n1,2\n3,4,5\n")
    (tmp_path / "graph.json").write_text(json.dumps(graph(load=reading("ragged.csv"))))
    status, answer = designer("run", tmp_path / "graph.json", "--workspace", tmp_path / "workspace")
    assert status == 1
    (step,) = answer["steps"].values()
    assert (step["status"], step["error"]["code"]) == ("failed", "D003")
    assert step["error"]["details"]["row"] == 3


def test_a_csv_of_100_megabytes_is_read_and_paged(client, server):
    row = b"1234567,0.123456789,some words of text\n"
    rows = (100 << 20) // len(row) // 100 * 100

    def chunks():
        yield b"number,share,words\n"
        for _ in range(100):
            yield row * (rows // 100)

    folder = server.workspace / "pipelines/data"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "large.csv").open("wb") as file:
        file.writelines(chunks())
    ended = run(client, graph(load=reading("data/large.csv")))
    (folder / "large.csv").unlink()
    assert ended["status"] == "completed", ended["steps"]["load"]["error"]
    output = ended["steps"]["load"]["outputs"]["results_dataset"]
    assert output["summary"] == {"rows": rows, "columns": 3}
    page = client.get(f"/api/v1/artifacts/{output['digest']}/page?offset=2000000&limit=2").json()
    assert page["total"] == output["summary"]["rows"] and len(page["rows"]) == 2


@pytest.mark.parametrize(
    "body", [b"", b"--XX\r\n", b"abc"], ids=["empty", "cut", "no form"]
)  # fmt: skip
def test_an_upload_that_is_no_form_leaves_nothing_behind(client, server, body):
    folder = server.workspace / "pipelines/data"
    before = set(folder.iterdir()) if folder.exists() else set()
    kind = {"content-type": "multipart/form-data; boundary=XX"}
    refused = client.post("/api/v1/files", content=body, headers=kind)
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "A004" and told(refused.json()["error"])
    assert (set(folder.iterdir()) if folder.exists() else set()) == before


# --- modules --------------------------------------------------------------------------------

HEAD = """import os
import sys
import time
from typing import NamedTuple

import polars as pl

from modules_library.sdk import module


class Result(NamedTuple):
    result: pl.DataFrame


@module(version="1.0.0")
def work(*, number: int = 1) -> Result:
    \"\"\"Work.\"\"\"
"""
FIRST_LINE = HEAD.count("\n") + 1
GOOD = "    return Result(pl.DataFrame({'a': [number]}))\n"


def written(server, client, name, text):
    """Write a module's source and wait until the designer has noticed."""
    folder = server.workspace / "modules"
    folder.mkdir(exist_ok=True)
    text = text if isinstance(text, bytes) else text.encode()
    (folder / f"{name}.py").write_bytes(text)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        answer = client.get(f"/api/v1/modules/custom.{name}")
        if answer.status_code == 200:
            return answer.json()
        time.sleep(0.05)
    raise AssertionError(f"{name} did not appear")


BROKEN_SOURCES = {
    "syntax": ("x = 1\ndef broken(:\n", 2),
    "signature": (HEAD.replace("*, number: int = 1", "number") + GOOD, 16),
    "parameter": (HEAD.replace("number: int = 1", "number: complex = 1") + GOOD, 16),
    "encoding": (b"# \xff\xfe\n", 1),
}


@pytest.mark.parametrize("name", BROKEN_SOURCES)
def test_a_module_that_cannot_be_read_says_file_and_line_on_its_card_and_at_its_node(
    name, client, server, tmp_path
):
    text, line = BROKEN_SOURCES[name]
    card = written(server, client, name, text)
    assert (card["error"]["code"], card["error"]["where"]) == ("M007", f"{name}.py:{line}")
    assert told(card["error"])

    document = graph(bad={"module": f"custom.{name}", "version": "draft"}, good=LOAD)
    pipeline = client.post("/api/v1/pipelines", json={"graph": document}).json()["id"]
    refused = client.post("/api/v1/runs", json={"pipeline_id": pipeline})
    assert refused.status_code == 422
    error = refused.json()["error"]
    assert (error["code"], error["where"]) == ("M007", "/nodes/bad/module")
    assert f"{name}.py, line {line}" in error["message"]
    only_good = client.post(
        "/api/v1/pipelines", json={"graph": graph(good=LOAD)}
    ).json()["id"]  # fmt: skip
    assert client.post("/api/v1/runs", json={"pipeline_id": only_good}).status_code == 201

    (tmp_path / "graph.json").write_text(json.dumps(document))
    status, answer = designer("run", tmp_path / "graph.json", "--workspace", server.workspace)
    assert (status, answer["error"]["code"]) == (2, "M007")


def at_line(file, line, code="M008", words=""):
    return {"code": code, "file": file, "line": line, "words": words}


BAD_MODULES = {
    "raises": ("    return {}['b']\n", {}, at_line("raises.py", FIRST_LINE, words="KeyError: 'b'")),
    "odd_letters": (
        "    raise ValueError('half \\udc80 letter')\n",
        {},
        at_line("odd_letters.py", FIRST_LINE, words="ValueError: half"),
    ),
    "without_end": (
        "    raise ValueError('x' * 50_000_000)\n",
        {},
        at_line("without_end.py", FIRST_LINE),
    ),
    "recurses": (
        "    return work()\n",
        {},
        at_line("recurses.py", FIRST_LINE, words="RecursionError"),
    ),
    "imports": (
        "    import not_there_at_all\n",
        {},
        at_line("imports.py", FIRST_LINE, words="not_there_at_all"),
    ),
    "never_returns": (
        "    while True:\n        time.sleep(0.05)\n",
        {"timeout_s": 1.0},
        {"code": "R001", "words": "1 s"},
    ),
    "spins": ("    while True:\n        pass\n", {"timeout_s": 1.0}, {"code": "R001"}),
    "exits": ("    sys.exit(3)\n", {}, at_line("exits.py", FIRST_LINE, "M010", "sys.exit(3)")),
    "exits_at_once": ("    os._exit(3)\n", {}, {"code": "M010", "words": "status 3"}),
    "dies": ("    os.kill(os.getpid(), 11)\n", {}, {"code": "R003", "words": "signal 11"}),
    "allocates": (
        "    kept = []\n    while True:\n        kept.append(bytearray(b'x') * (16 << 20))\n",
        {"memory_gib": 0.5},
        {"code": "R002", "words": "0.5 GiB"},
    ),
    "returns_text": ("    return Result('text')\n", {}, {"code": "M009", "words": "'result'"}),
    "returns_nothing": ("    return None\n", {}, {"code": "M009", "words": "NoneType"}),
}


@pytest.mark.parametrize("name", BAD_MODULES)
def test_a_module_that_misbehaves_fails_alone_with_its_code_and_line(name, client, server):
    body, limits, expected = BAD_MODULES[name]
    assert written(server, client, name, HEAD + body)["error"] is None
    bad = {"module": f"custom.{name}", "version": "draft"} | ({"run": limits} if limits else {})
    after = duplicates("bad.result")

    ended = run(client, graph(bad=bad, after=after, beside=LOAD), failure_policy="continue")

    steps = ended["steps"]
    error = steps["bad"]["error"]
    assert error["code"] == expected["code"] and told(error)
    assert expected.get("words", "") in error["message"]
    assert len(error["message"]) <= 2000
    if "file" in expected:
        frame = error["frames"][-1]
        assert (os.path.basename(frame["file"]), frame["line"]) == (
            expected["file"],
            expected["line"],
        )
    assert (steps["after"]["status"], steps["after"]["error"]["code"]) == ("skipped", "R005")
    assert steps["beside"]["status"] == "completed"


def test_a_module_that_prints_200_megabytes_completes_with_all_of_its_log(client, server):
    body = "    line = 'x' * 999 + '\\n'\n    for _ in range(200_000):\n        sys.stdout.write(line)\n"
    written(server, client, "prints", HEAD + body + GOOD)
    ended = run(client, graph(a={"module": "custom.prints", "version": "draft"}))
    assert ended["status"] == "completed"
    log = f"/api/v1/runs/{ended['id']}/steps/a/log"
    first = client.get(f"{log}?offset=0&limit=1000").json()
    assert first["text"].startswith("xxx") and first["truncated"]
    last = client.get(f"{log}?offset={200_000_000 - 2000}&limit=2000").json()
    assert last["end"] and last["text"] == ("x" * 999 + "\n") * 2


def test_a_module_that_is_broken_and_mended_runs_again(client, server):
    written(server, client, "mended", HEAD + GOOD)
    document = graph(a={"module": "custom.mended", "version": "draft"})
    assert run(client, document)["status"] == "completed"
    (server.workspace / "modules/mended.py").write_text("def broken(:\n")
    pipeline = client.post("/api/v1/pipelines", json={"graph": document}).json()["id"]

    def start():
        return client.post("/api/v1/runs", json={"pipeline_id": pipeline})

    deadline = time.monotonic() + 30
    while (refused := start()).status_code == 201 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert refused.json()["error"]["code"] == "M007"
    (server.workspace / "modules/mended.py").write_text(HEAD + GOOD.replace("'a'", "'b'"))
    while (started := start()).status_code != 201 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert wait_for_run(client, started.json()["run"]["id"])["status"] == "completed"


# --- the disk -------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 48 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounting a small file system needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(file):
    with suppress(OSError), file.open("wb", buffering=0) as sink:
        while True:
            sink.write(b"x" * 4096)


def test_a_full_disk_refuses_with_a_code_loses_nothing_and_goes_on_when_there_is_room(small_disk):
    with serving(small_disk / "workspace") as full, full.client() as client:
        created = client.post("/api/v1/pipelines", json={"graph": graph(load=LOAD)})
        draft = created.json()["id"]
        refused = client.post("/api/v1/files", files={"file": ("a.csv", b"a\n1\n")})
        assert (refused.status_code, refused.json()["error"]["code"]) == (507, "S001")
        fill(small_disk / "filler")

        revision, last = 0, None
        for number in range(2000):
            edit = operation(f"e{number}", change("description", f"{number} " + "x" * 10_000))
            last = client.post(f"/api/v1/pipelines/{draft}/operations", json={"operations": [edit]})
            if last.status_code != 200:
                break
            revision = last.json()["revision"]
        assert (last.status_code, last.json()["error"]["code"]) == (507, "S001")
        assert told(last.json()["error"])
        assert client.get(f"/api/v1/pipelines/{draft}").json()["revision"] == revision

        (small_disk / "filler").unlink()
        again = client.post(f"/api/v1/pipelines/{draft}/operations", json={"operations": [edit]})
        assert again.json()["results"][0]["status"] == "accepted"
        started = client.post("/api/v1/runs", json={"pipeline_id": draft})
        assert wait_for_run(client, started.json()["run"]["id"])["status"] == "completed"
