"""`python -m runtime run`: one JSON document on standard output, exit statuses that mean something."""

import json
import os
import subprocess
import sys

import pytest

EXECUTORS = "tests.runtime.execution.executors"


@pytest.fixture
def place(tmp_path):
    module = {
        "id": "test.add",
        "version": "1.0.0",
        "digest": "b3:" + "0" * 64,
        "title": "Add",
        "category": "test",
        "inputs": [{"name": "values", "type": "Value", "many": True, "optional": True}],
        "outputs": [{"name": "value", "type": "Value"}],
        "parameters": [
            {"name": "value", "kind": "int", "default": 0},
            {"name": "divisor", "kind": "int", "default": 0},
        ],
        "entry": {"executor": f"{EXECUTORS}:add", "source": "x.py", "isolated": False},
    }
    failing = {
        **module,
        "id": "test.fail",
        "title": "Fail",
        "entry": {**module["entry"], "executor": f"{EXECUTORS}:fail"},
    }
    index = {
        "format": 1,
        "modules": [module, failing],
        "defaults": {"test.add": "1.0.0", "test.fail": "1.0.0"},
    }
    (tmp_path / "index.json").write_text(json.dumps(index))
    return tmp_path


def run(place, nodes, *options):
    graph = place / "graph.json"
    graph.write_text(json.dumps({"format": 1, "name": "test", "nodes": nodes}))
    command = [
        sys.executable, "-m", "runtime", "run", str(graph),
        "--catalog", str(place / "index.json"), "--workspace", str(place / "workspace"), *options,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


TWO = {
    "a": {"module": "test.add", "parameters": {"value": 2}},
    "b": {"module": "test.add", "inputs": {"values": ["a.value"]}, "parameters": {"value": 3}},
}


def test_a_run_prints_one_document_and_exits_with_0(place):
    first, second = run(place, TWO, "--json"), run(place, TWO, "--json")
    assert (first.returncode, second.returncode) == (0, 0)
    document = json.loads(first.stdout)
    assert document["status"] == "completed"
    assert document["steps"]["b"]["outputs"]["value"]["bytes"] == 1
    assert document["steps"]["b"]["reason"] == "first run of this module version"
    assert all(step["reused"] for step in json.loads(second.stdout)["steps"].values())


def test_a_failed_run_exits_with_1_and_says_why(place):
    done = run(place, {"a": {"module": "test.fail"}}, "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["steps"]["a"]["error"]["code"] == "M008"


def test_a_wrong_graph_exits_with_2_and_names_the_place(place):
    done = run(place, {"a": {"module": "test.ad"}}, "--json")
    assert done.returncode == 2
    document = json.loads(done.stdout)
    assert document["error"]["code"] == "M001"
    assert document["error"]["where"] == "/nodes/a/module"


def test_a_workspace_that_cannot_be_made_exits_with_3(place):
    (place / "workspace").write_text("in the way")
    done = run(place, TWO, "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (3, "S002")


def test_without_json_a_person_reads_one_line_a_step_on_standard_error(place):
    done = run(place, TWO)
    assert done.stdout == ""
    assert "✓ a" in done.stderr and "completed in" in done.stderr


def test_wrong_usage_prints_how_to_use_it(place):
    done = subprocess.run(
        [sys.executable, "-m", "runtime", "dance"], capture_output=True, text=True
    )
    assert done.returncode == 2 and "python -m runtime run" in done.stderr


def test_the_way_to_the_first_step_imports_nothing_heavy():
    program = (
        "import sys, runtime.__main__ as m; m._start_lean();"
        "import runtime.execution.submission, runtime.execution.report, runtime.index_catalog;"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=dict(os.environ)
    )
    loaded = set(done.stdout.split())
    heavy = {"polars", "numpy", "pandas", "sqlmodel", "networkx", "asyncio", "logging", "inspect",
             "subprocess", "hashlib", "ast"}  # fmt: skip
    assert "runtime.execution.engine" in loaded
    assert loaded & heavy == set()
