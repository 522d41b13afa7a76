"""The command line as people and scripts use it: documents, exit statuses, no tracebacks."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

import designer
from designer.commands.output import print_table
from designer.services.upkeep import collect_workspace
from designer.store import Database
from runtime.model.documents import ErrorDocument, PlanDocument, RunDocument
from runtime.model.graph_json import parse_graph, write_graph
from runtime.stores import Retention, Workspace
from tests.designer.serving.server_process import serving

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "assets/samples"
SCHEMAS = ROOT / "assets/schemas"
GRAPH = {
    "format": 1,
    "name": "Two steps",
    "parameters": {"fraction": {"type": "float", "default": 0.5, "minimum": 0, "maximum": 1}},
    "nodes": {
        "load": {
            "module": "data_input_output.sample_dataset",
            "version": "1.0.0",
            "parameters": {"name": "breast_cancer"},
        },
        "split": {
            "module": "data_transformation.split_data",
            "version": "1.0.0",
            "inputs": {"dataset": "load.dataset"},
            "parameters": {
                "fraction_of_rows_in_the_first_output_dataset": {"$parameter": "fraction"}
            },
        },
    },
}


@pytest.fixture
def workspace(tmp_path):
    return tmp_path / "workspace"


@pytest.fixture
def run(workspace):
    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, "-m", "designer.cli", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=workspace.parent,
            env={**os.environ, "DESIGNER_WORKSPACE": str(workspace), **environment},
        )

    return run


@pytest.fixture
def graph(tmp_path):
    path = tmp_path / "graph.json"
    document = json.loads(json.dumps(GRAPH))
    spec = _split_parameters()
    value = document["nodes"]["split"]["parameters"].popitem()[1]
    document["nodes"]["split"]["parameters"][spec] = value
    path.write_text(json.dumps(document))
    return path


def _split_parameters():
    from modules_library.registry import open_catalog

    spec = open_catalog(None).default("data_transformation.split_data")
    return next(p.name for p in spec.parameters if "fraction" in p.name)


def document_of(done, status=0):
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.count("\n") == 1, "exactly one JSON document on standard output"
    return json.loads(done.stdout)


def test_a_run_prints_one_document_and_the_second_time_everything_is_reused(run, graph):
    first = document_of(run("run", graph, "--json"))
    msgspec.convert(first, RunDocument)
    assert first["status"] == "completed" and set(first["steps"]) == {"load", "split"}
    load = first["steps"]["load"]
    assert not load["reused"] and load["outputs"]["dataset"]["digest"].startswith("b3:")
    second = document_of(run("run", graph, "--json"))
    assert all(step["reused"] for step in second["steps"].values())
    assert second["run_id"] != first["run_id"]
    digests = [step["outputs"] for step in first["steps"].values()]
    assert [step["outputs"] for step in second["steps"].values()] == digests


def test_showing_a_run_says_which_steps_determined_its_end(run, graph):
    document_of(run("run", graph, "--json"))
    path = document_of(run("runs", "show", "1", "--json"))["critical_path"]
    assert [link["step"] for link in path["links"]] == ["load", "split"]
    assert 0 < path["seconds"] <= path["run_seconds"]
    assert run("runs", "show", "1").stdout.splitlines()[-1].endswith(": load, split")


def test_a_parameter_set_on_the_command_line_runs_what_depends_on_it(run, graph):
    document_of(run("run", graph, "--json"))
    done = document_of(run("run", graph, "--json", "--set", "fraction=0.25"))
    assert done["steps"]["load"]["reused"] and not done["steps"]["split"]["reused"]


def test_only_the_part_that_was_asked_for_runs(run, graph):
    done = document_of(run("run", graph, "--json", "--to", "load"))
    assert set(done["steps"]) == {"load"}


def test_people_see_a_line_per_step_and_nothing_on_standard_output(run, graph):
    done = run("run", graph)
    assert done.returncode == 0 and done.stdout == ""
    assert "[load]" in done.stderr and "completed" in done.stderr


def test_a_graph_with_errors_is_a_wrong_request_with_every_diagnostic(run, tmp_path):
    path = tmp_path / "wrong.json"
    nodes = {"split": {"module": "data_transformation.split_data", "version": "1.0.0"}}
    nodes["what"] = {"module": "data_transformation.splitt_data", "version": "1.0.0"}
    path.write_text(json.dumps({"format": 1, "nodes": nodes}))
    done = document_of(run("run", path, "--json"), status=2)
    assert done["error"]["code"] in {"P003", "M001"}
    assert {"P003", "M001"} <= {item["code"] for item in done["diagnostics"]}
    checked = document_of(run("validate", path, "--json"), status=2)
    assert checked["valid"] is False and checked["diagnostics"]
    people = run("validate", path)
    assert people.returncode == 2 and "Did you mean" in people.stderr


def test_validate_names_a_missing_column_before_anything_runs(run, workspace, tmp_path):
    graph = json.loads((SAMPLES / "orders_cleaning.json").read_text())
    graph["nodes"]["orders_once"]["parameters"] = {"key_columns": ["order_idd"]}
    path = tmp_path / "graph.json"
    path.write_text(json.dumps(graph))
    (tmp_path / "data").symlink_to(SAMPLES / "data")
    checked = document_of(run("validate", path, "--json"), status=2)
    (problem,) = checked["diagnostics"]
    assert (problem["code"], problem["where"]) == (
        "D001",
        "/nodes/orders_once/parameters/key_columns",
    )
    assert "Did you mean 'order_id'" in problem["message"]
    assert run("validate", path, "--no-schema").returncode == 0
    assert designer.validate_graph(path, schemas=False) == ()
    assert [item.code for item in designer.validate_graph(path)] == ["D001"]
    assert not workspace.exists(), "validating makes no workspace"


def test_tidy_prints_the_canonical_text_with_a_fresh_layout(run, graph):
    printed = run("tidy", graph)
    assert printed.returncode == 0 and printed.stderr == ""
    laid_out = parse_graph(printed.stdout)
    assert write_graph(laid_out) == printed.stdout
    places = laid_out.layout["nodes"]
    assert places["load"]["x"] == places["split"]["x"]
    assert places["load"]["y"] < places["split"]["y"]
    assert "layout" not in json.loads(graph.read_text())
    assert document_of(run("tidy", graph, "--json")) == json.loads(printed.stdout)


def test_tidy_writes_a_file_in_place_or_elsewhere(run, graph, tmp_path):
    other = tmp_path / "other.json"
    assert document_of(run("tidy", graph, "-o", other, "--json")) == {
        "path": str(other),
        "nodes": 2,
    }
    in_place = run("tidy", graph, "-o", graph)
    assert in_place.returncode == 0 and in_place.stdout == ""
    assert graph.read_text() == other.read_text() != ""
    refused = run("tidy", graph, "-o", tmp_path / "no/folder.json", "--json")
    assert document_of(refused, status=2)["error"]["code"] == "A004"
    graph.write_text('{"format": 1, "nodes": {"Bad Id": {}}}')
    assert document_of(run("tidy", graph, "--json"), status=2)["error"]["code"] == "G010"


def test_a_failing_step_ends_with_status_one(run, graph):
    document = json.loads(graph.read_text())
    document["nodes"]["boom"] = {
        "module": "python_language.execute_python_script",
        "version": "1.0.0",
        "parameters": {
            "python_script": "def azureml_main(dataframe1=None, dataframe2=None):\n    raise ValueError('boom')\n"
        },
    }
    graph.write_text(json.dumps(document))
    failed = document_of(run("run", graph, "--json"), status=1)
    assert failed["status"] == "failed" and failed["steps"]["boom"]["status"] == "failed"
    assert "boom" in failed["steps"]["boom"]["error"]["message"]


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["run", "nothing.json", "--json"], 2, "G001"),
        (["run", SAMPLES / "breast_cancer.json", "--set", "seed", "--json"], 2, "A004"),
        (["run", SAMPLES / "breast_cancer.json", "--to", "nothing", "--json"], 2, "L001"),
        (["run", "--json"], 2, "A004"),
        (["module", "show", "classification.nothing", "--json"], 2, "M001"),
        (["module", "show", "data_transformation.split_data", "9.9.9", "--json"], 2, "M002"),
        (["module", "publish", "custom.nothing", "--json"], 2, "M001"),
        (["module", "new", "Not A Name", "--json"], 2, "M007"),
        (["runs", "show", "77", "--json"], 2, "R006"),
    ],
)
def test_a_request_that_cannot_be_met_says_what_to_do(run, arguments, status, code):
    document = document_of(run(*arguments), status=status)
    msgspec.convert(document, ErrorDocument)
    error = document["error"]
    assert error["code"] == code and error["message"] and error["remedy"]


def test_a_workspace_of_a_newer_designer_is_infrastructure(run, workspace):
    workspace.mkdir()
    (workspace / "workspace.toml").write_text("format = 99\n")
    done = document_of(run("runs", "list", "--json"), status=3)
    assert done["error"]["code"] == "S004"


def test_a_plan_shows_every_step_as_it_would_run(run, graph):
    plan = document_of(run("plan", graph, "--json", "--set", "fraction=0.25"))
    assert plan["parameters"] == {"fraction": 0.25}
    msgspec.convert(plan, PlanDocument)
    jsonschema_rs.validate(json.loads((SCHEMAS / "plan.v1.json").read_text()), plan)
    load, split = plan["steps"]
    assert split["parameters"][_split_parameters()] == 0.25
    assert split["inputs"][0]["step"] == load["id"] == "load"


def test_a_plan_says_what_is_reused_from_where_and_writes_nothing(run, graph, workspace):
    fresh = run("plan", graph)
    assert fresh.returncode == 0 and not workspace.exists()
    assert fresh.stdout.splitlines()[-1] == "2 run, no past run says how long."
    run("run", graph)
    again = run("plan", graph, "--set", "fraction=0.25").stdout
    assert "reused" in again and "made in run 1" in again
    assert "changed from 0.5 to 0.25" in again
    assert designer.preview_graph(graph, workspace).counts == {"reused": 2}


def test_a_plan_shows_what_steps_ask_for_and_refuses_what_can_never_fit(run, graph):
    document = json.loads(graph.read_text())
    document["nodes"]["split"]["run"] = {"cpus": 0.5, "memory_gib": 0.25}
    graph.write_text(json.dumps(document))
    assert "asks for 0.25 GiB of memory, 0.5 of a processor" in run("plan", graph).stdout
    (_, split) = document_of(run("plan", graph, "--json"))["preview"]["steps"]
    assert split["asks"] == {"cpus": 0.5, "memory_gib": 0.25}
    document["nodes"]["split"]["run"] = {"memory_gib": 1 << 20}
    graph.write_text(json.dumps(document))
    refused = document_of(run("run", graph, "--json"), status=2)["error"]
    assert (refused["code"], refused["where"]) == ("L004", "/nodes/split/run")


def test_a_plan_of_a_broken_graph_shows_what_is_right_and_ends_with_status_two(run, graph):
    document = json.loads(graph.read_text())
    document["nodes"]["split"]["inputs"] = {}
    graph.write_text(json.dumps(document))
    done = run("plan", graph)
    assert done.returncode == 2 and "P003" in done.stderr
    assert "▶ Sample Dataset [load]" in done.stdout and "✗ Split Data [split]" in done.stdout
    assert document_of(run("plan", graph, "--json"), status=2)["error"]["code"] == "P003"


def test_a_run_stops_before_a_node_and_says_how_to_go_on(run, graph):
    stopped = run("run", graph, "--stop-before", "split")
    assert stopped.returncode == 0 and "stopped at a breakpoint" in stopped.stderr
    assert f"It goes on with: designer run {graph} --from split" in stopped.stderr
    document = document_of(run("run", graph, "--from", "split", "--json"))
    assert document["steps"]["load"]["reused"] and document["detail"] == ""


def test_when_nothing_failed_there_is_nothing_to_run_again(run, graph):
    assert document_of(run("run", graph, "--failed", "--json"), status=2)["error"]["code"] == "L002"


def test_a_frozen_node_of_a_graph_file_keeps_its_outputs_even_when_all_is_collected(
    run, graph, workspace
):
    refused = document_of(run("freeze", graph, "split", "--json"), status=2)
    assert refused["error"]["code"] == "L003"
    first = document_of(run("run", graph, "--json"))
    frozen = document_of(run("freeze", graph, "split", "--json"))["frozen"]
    outputs = first["steps"]["split"]["outputs"]
    assert frozen == {"split": {port: facts["digest"] for port, facts in outputs.items()}}
    with closing(Database(workspace / "designer.db")) as database:
        nothing_stays = Retention(newest_runs=0, youngest_s=0, grace_s=-1)
        collect_workspace(Workspace(workspace), database, retention=nothing_stays)
    again = document_of(run("run", graph, "--regenerate", "--json"))
    assert again["steps"]["split"]["reason"] == "frozen"
    assert again["steps"]["split"]["outputs"] == outputs
    assert document_of(run("unfreeze", graph, "split", "--json"))["unfrozen"] == ["split"]
    assert "frozen" not in graph.read_text()


def test_runs_are_listed_shown_and_their_logs_printed(run, graph):
    run_id = document_of(run("run", graph, "--json"))["run_id"]
    assert [one["id"] for one in document_of(run("runs", "list", "--json"))["runs"]] == [run_id]
    assert document_of(run("runs", "show", "1", "--json"))["run_id"] == run_id
    assert set(document_of(run("runs", "logs", run_id, "--json"))["logs"]) == {"load", "split"}
    assert document_of(run("runs", "cancel", "1", "--json"))["status"] == "completed"
    assert "completed" in run("runs", "list").stdout


def test_an_output_of_two_runs_is_compared(run, graph):
    document_of(run("run", graph, "--json"))
    document_of(run("run", graph, "--json", "--set", "fraction=0.25"))
    place = ("runs", "compare", "1", "2", "--step", "split", "--port")
    outputs = document_of(run("runs", "show", "1", "--json"))["steps"]["split"]["outputs"]
    port = next(iter(outputs))
    found = document_of(run(*place, port, "--json"))
    assert found["before"] == outputs[port]["digest"] != found["after"]
    rows = found["difference"]["rows"]
    assert rows["before"] - rows["removed"] + rows["added"] == rows["after"] != rows["before"]
    said = run(*place, port)
    assert said.returncode == 0 and f"{rows['removed']:,} removed" in said.stdout
    wrong = document_of(run(*place, "nothing", "--json"), status=2)
    assert wrong["error"]["code"] == "R006"


def test_a_module_goes_through_its_life_on_the_command_line(run):
    assert (
        document_of(run("module", "new", "first_rows", "--json"))["module"] == "custom.first_rows"
    )
    assert (
        document_of(run("module", "test", "custom.first_rows", "--json"))["status"] == "completed"
    )
    published = document_of(run("module", "publish", "custom.first_rows", "--json"))
    assert published["version"] == "1.0.0"
    name = "custom.first_rows"
    message = ("--message", "Use another.", "--json")
    states = document_of(run("module", "deprecate", name, "1.0.0", *message))["versions"]
    assert {one["version"]: one["state"] for one in states}["1.0.0"] == "deprecated"
    document_of(run("module", "disable", name, "1.0.0", "--reason", "wrong", "--json"))
    assert document_of(run("module", "show", name, "1.0.0", "--json"))["state"] == "disabled"
    document_of(run("module", "enable", name, "1.0.0", "--json"))
    assert document_of(run("module", "set-default", name, "1.0.0", "--json"))["default"] == "1.0.0"
    assert name in run("module", "list").stdout
    again = document_of(run("module", "new", "first_rows", "--json"), status=2)
    assert again["error"]["code"] == "M007"


def test_a_script_is_started_tested_published_from_anywhere_and_run(run, tmp_path):
    written = document_of(run("module", "new", "keep_rows", "--kind", "script", "--json"))
    assert written["module"] == "custom.keep_rows"
    assert document_of(run("module", "test", "custom.keep_rows", "--json"))["findings"] == []
    elsewhere = shutil.copytree(written["path"], tmp_path / "elsewhere")
    assert document_of(run("module", "publish", elsewhere, "--json"))["kind"] == "script"
    nodes = {
        "load": GRAPH["nodes"]["load"],
        "keep": {
            "module": "custom.elsewhere",
            "version": "1.0.0",
            "inputs": {"dataset": "load.dataset"},
            "parameters": {"rows": 5},
        },
    }
    (tmp_path / "g.json").write_text(json.dumps({"format": 1, "name": "g", "nodes": nodes}))
    first = document_of(run("run", tmp_path / "g.json", "--json"))["steps"]["keep"]
    assert first["status"] == "completed" and first["metrics"] == {"rows_in": 569}
    again = document_of(run("run", tmp_path / "g.json", "--json"))["steps"]["keep"]
    assert again["reused"] and again["outputs"] == first["outputs"]


def test_a_subgraph_of_a_graph_file_is_published_and_run_as_a_module(run, tmp_path):
    split = {"module": "data_transformation.split_data", "version": "1.0.0"}
    graph = {
        **GRAPH,
        "nodes": {
            "load": GRAPH["nodes"]["load"],
            "use": {"subgraph": "prepare", "inputs": {"raw": "load.dataset"}},
        },
        "subgraphs": {"prepare": {"nodes": {"split": split}, "inputs": {"raw": "split.dataset"}}},
    }
    drawn, using = tmp_path / "drawn.json", tmp_path / "using.json"
    drawn.write_text(json.dumps(graph))
    first = document_of(run("run", drawn, "--json"))
    publish = ("module", "publish", "team.prepare", "--subgraph", f"{drawn}:prepare", "--json")
    spec = document_of(run(*publish))
    assert (spec["id"], spec["version"], spec["kind"]) == ("team.prepare", "1.0.0", "subgraph")
    node = {"module": "team.prepare", "version": "1.0.0", "inputs": {"raw": "load.dataset"}}
    nodes = {"load": GRAPH["nodes"]["load"], "use": node}
    using.write_text(json.dumps({**GRAPH, "nodes": nodes}))
    second = document_of(run("run", using, "--json"))
    assert set(second["steps"]) == set(first["steps"]) == {"load", "use__split"}
    assert all(step["reused"] for step in second["steps"].values())
    for wrong, code in ((f"{drawn}:gone", "G009"), ("prepare", "A004"), ("gone:prepare", "S005")):
        refused = run("module", "publish", "--subgraph", wrong, "--json")
        assert (refused.returncode, json.loads(refused.stdout)["error"]["code"]) == (2, code)


def test_a_broken_draft_says_its_line_wherever_it_is_named(run, workspace):
    (workspace / "modules").mkdir(parents=True)
    (workspace / "modules/broken.py").write_text("def x(:\n")
    for verb in ("show", "test", "publish"):
        refused = run("module", verb, "custom.broken")
        assert refused.returncode == 2
        assert refused.stderr.startswith("M007 ") and "line 1" in refused.stderr


def test_a_list_of_commands_names_what_is_missing_and_a_status_that_is_none_is_refused(run):
    for verb in ("module", "runs"):
        assert "required: COMMAND" in run(verb).stderr
    refused = run("runs", "list", "--status", "faild")
    assert refused.returncode == 2 and "Did you mean 'failed'" in refused.stderr


def test_a_table_keeps_each_row_on_one_line(capsys):
    print_table([("a", "first line\n\tsecond"), ("long", "x")])
    assert capsys.readouterr().out == "a     first line second\nlong  x\n"


def test_a_module_version_in_use_is_not_deleted(run, workspace, tmp_path):
    run("module", "new", "first_rows")
    document_of(run("module", "publish", "custom.first_rows", "--json"))
    nodes = {
        "load": GRAPH["nodes"]["load"],
        "rows": {
            "module": "custom.first_rows",
            "version": "1.0.0",
            "inputs": {"dataset": "load.dataset"},
        },
    }
    path = tmp_path / "uses_it.json"
    path.write_text(json.dumps({"format": 1, "nodes": nodes}))
    document_of(run("run", path, "--json"))
    done = document_of(run("module", "delete", "custom.first_rows", "1.0.0", "--json"), status=2)
    assert done["error"]["code"] == "M012" and "run 1" in done["error"]["message"]


def test_collecting_keeps_what_young_runs_need(run, graph):
    document_of(run("run", graph, "--json"))
    assert document_of(run("collect", "--json")) == {"artifacts": 0, "runs": 0, "bytes": 0}
    again = document_of(run("run", graph, "--json"))
    assert all(step["reused"] for step in again["steps"].values())


def test_the_doctor_looks_at_this_machine(run):
    checks = document_of(run("doctor", "--json"))["checks"]
    assert {check["name"] for check in checks} >= {
        "python",
        "sqlite",
        "disk",
        "workspace",
        "docker",
    }


def test_a_host_that_others_reach_needs_an_explicit_permission(run):
    done = run("--host", "0.0.0.0", "--no-browser")
    assert done.returncode == 2 and "A002" in done.stderr and "--allow-remote" in done.stderr


def test_without_a_name_the_workspace_is_the_one_around_this_folder(run, workspace, graph):
    inner = workspace / "pipelines"
    run("runs", "list")
    done = subprocess.run(
        [sys.executable, "-m", "designer.cli", "doctor", "--json"],
        capture_output=True,
        text=True,
        cwd=inner,
        env={key: value for key, value in os.environ.items() if key != "DESIGNER_WORKSPACE"},
    )
    found = {check["name"]: check["message"] for check in json.loads(done.stdout)["checks"]}
    assert found["workspace"] == str(workspace)


def test_help_and_version_are_printed_on_standard_output(run):
    assert "publish" in run("module", "--help").stdout
    assert run("--version").stdout.startswith("designer 0.")


def test_the_command_line_loads_no_heavy_package_for_help():
    code = (
        "import sys\nfrom designer.cli import run\n"
        "try:\n    run(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'nicegui', 'sqlmodel', 'polars', 'numpy', 'msgspec', 'networkx'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_reused_run_loads_neither_polars_nor_the_database_toolkit(run, graph, workspace):
    document_of(run("run", graph, "--json"))
    code = (
        "import sys\nfrom designer.cli import run\n"
        f"run(['run', {str(graph)!r}, '--json'])\n"
        "heavy = {'nicegui', 'sqlmodel', 'polars', 'numpy', 'asyncio'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    environment = {**os.environ, "DESIGNER_WORKSPACE": str(workspace)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.xdist_group("server")
def test_page_command_line_and_python_give_the_same_artifacts(run, workspace):
    sample = SAMPLES / "breast_cancer.json"

    def digests(steps):
        return {
            (step, port): ref["digest"] if isinstance(ref, dict) else ref.digest
            for step, outputs in steps.items()
            for port, ref in outputs.items()
        }

    with serving(workspace):
        here = designer.run_graph(sample, workspace)
        line = document_of(run("run", sample, "--json", "--regenerate"))
    assert here.status == "completed"
    assert digests({name: step.outputs for name, step in here.steps.items()}) == digests(
        {name: step["outputs"] for name, step in line["steps"].items()}
    )


def test_a_run_that_failed_is_resumed_and_run_again_with_other_values(run, graph, tmp_path):
    there = tmp_path / "there"
    script = f"def azureml_main(table, other):\n    open({str(there)!r})\n    return table"
    document = json.loads(graph.read_text())
    document["nodes"]["script"] = {
        "module": "python_language.execute_python_script",
        "version": "1.0.0",
        "inputs": {"dataset1": "split.results_dataset1"},
        "parameters": {"python_script": script},
    }
    graph.write_text(json.dumps(document))
    assert document_of(run("run", graph, "--json"), status=1)["status"] == "failed"
    there.touch()
    resumed = document_of(run("runs", "resume", "1", "--json"))
    assert resumed["status"] == "completed"
    assert resumed["steps"]["split"]["reason"] == "done in run 1"
    assert document_of(run("runs", "show", "2", "--json"))["resumes"]
    assert document_of(run("runs", "resume", "2", "--json"), status=2)["error"]["code"] == "R010"
    run("target", "price", "local", "36")
    document_of(run("runs", "rerun", "2", "--set", "fraction=0.25", "--json"))
    shown = document_of(run("runs", "show", "3", "--json"))
    assert shown["cost"]["total"] == pytest.approx(shown["cost"]["targets"][0]["seconds"] / 100)
    compared = document_of(run("runs", "compare", "2", "3", "--json"))
    assert compared["parameters"] == {"fraction": [0.5, 0.25]}
    assert {one["step"] for one in compared["steps"]} == {"split", "script"}
