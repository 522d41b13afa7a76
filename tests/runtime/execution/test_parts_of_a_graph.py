"""Breakpoints and "failed and downstream", from the plan to the run and on."""

import json
from pathlib import Path

import pytest

from runtime.errors import InvalidGraphError
from runtime.execution.submission import plan_graph, preview_graph, run_graph
from runtime.index_catalog import IndexCatalog
from runtime.planning import PlanOptions
from runtime.stores import SqliteRunStore

VALUE = {"name": "value", "type": "Value"}


def module(name, *parameters):
    return {
        "id": f"test.{name}",
        "version": "1.0.0",
        "digest": "b3:" + "0" * 64,
        "title": name.title(),
        "category": "test",
        "inputs": [{"name": "values", "type": "Value", "many": True, "optional": True}],
        "outputs": [VALUE],
        "parameters": list(parameters),
        "entry": {
            "executor": f"tests.runtime.execution.executors:{name}",
            "source": "executors.py",
        },
    }


@pytest.fixture
def catalog(tmp_path):
    modules = [
        module("add", {"name": "value", "kind": "int", "default": 0}),
        module("fail_while", {"name": "file", "kind": "string", "default": ""}),
    ]
    index = {"format": 1, "modules": modules, "defaults": {}}
    (tmp_path / "index.json").write_text(json.dumps(index))
    return IndexCatalog(tmp_path / "index.json")


@pytest.fixture
def graph(tmp_path):
    def node(name, source=None, **parameters):
        wires = {"inputs": {"values": [f"{source}.value"]}} if source else {}
        return {
            "module": f"test.{name}", "version": "1.0.0", "parameters": parameters, **wires,
        }  # fmt: skip

    (tmp_path / "broken").touch()
    return {
        "format": 1,
        "name": "parts",
        "nodes": {
            "load": node("add", value=6),
            "clean": node("add", "load", value=2),
            "train": node("fail_while", "clean", file=str(tmp_path / "broken")),
            "score": node("add", "train", value=3),
            "aside": node("add", "load", value=4),
        },
    }


@pytest.fixture
def run(graph, catalog, workspace):
    def run(**options):
        return run_graph(graph, workspace.path, catalog=catalog, options=PlanOptions(**options))

    return run


def statuses(run):
    return {name: step.status for name, step in run.steps.items()}


def test_a_run_that_comes_to_a_breakpoint_completes_so_far_and_goes_on_from_there(run, tmp_path):
    (tmp_path / "broken").unlink()
    stopped = run(stop_before=("train",))
    assert (stopped.status, stopped.detail) == ("completed", "stopped at a breakpoint")
    assert stopped.stopped_before == ("train",)
    waiting = {name for name, step in stopped.steps.items() if step.status == "skipped"}
    assert waiting == {"train", "score"}
    assert {stopped.steps[name].detail for name in waiting} == {"stopped at a breakpoint"}
    went_on = run(from_=stopped.stopped_before)
    assert (went_on.status, went_on.detail) == ("completed", "")
    assert {name for name, step in went_on.steps.items() if step.reused} == {"load", "clean"}
    assert went_on.steps["clean"].reason == "left as it was in run 1"


def test_a_run_of_nothing_but_known_steps_stops_at_a_breakpoint_too(run, tmp_path):
    (tmp_path / "broken").unlink()
    run()
    stopped = run(stop_before=("score",))
    assert (stopped.status, stopped.detail) == ("completed", "stopped at a breakpoint")


def test_a_run_that_fails_before_a_breakpoint_has_failed(run):
    failed = run(stop_before=("score",))
    assert (failed.status, failed.detail) == ("failed", "")
    assert failed.steps["score"].detail == "stopped at a breakpoint"


def test_failed_and_downstream_runs_what_was_not_done_and_keeps_the_rest(run, tmp_path):
    first = run(failure_policy="continue")
    assert statuses(first)["train"] == "failed" and statuses(first)["score"] == "skipped"
    (tmp_path / "broken").unlink()
    again = run(failed=True)
    assert statuses(again) == dict.fromkeys(["load", "clean", "train", "score"], "completed")
    assert again.steps["clean"].reason == "left as it was in run 1"
    assert again.scope.failed and not first.scope.failed


def test_what_failed_before_a_run_of_another_part_is_still_unfinished(run, tmp_path):
    run(failure_policy="continue")
    run(only=("aside",))
    (tmp_path / "broken").unlink()
    assert set(statuses(run(failed=True))) == {"load", "clean", "train", "score"}


def test_when_all_is_done_failed_and_downstream_is_refused(run, tmp_path):
    with pytest.raises(InvalidGraphError, match="L002"):
        run(failed=True)
    (tmp_path / "broken").unlink()
    run()
    with pytest.raises(InvalidGraphError, match="L002"):
        run(failed=True)


def test_a_disabled_node_is_no_failure_that_stays(run, graph, tmp_path):
    (tmp_path / "broken").unlink()
    graph["nodes"]["aside"]["state"] = "disabled"
    run()
    with pytest.raises(InvalidGraphError, match="G012"):
        run(failed=True)
    del graph["nodes"]["aside"]["state"]
    assert statuses(run(failed=True)) == {"load": "completed", "aside": "completed"}


def test_a_plan_of_what_failed_looks_into_the_workspace(run, graph, catalog, workspace):
    run(failure_policy="continue")
    made = plan_graph(graph, catalog, options=PlanOptions(failed=True), workspace=workspace.path)
    assert [step.id for step in made.steps if not step.stored] == ["train", "score"]


def test_a_preview_needs_no_workspace_and_makes_none(graph, catalog, tmp_path):
    nowhere = tmp_path / "nowhere"
    made, seen = preview_graph(graph, nowhere, catalog=catalog)
    assert {step.outcome for step in seen.steps} == {"runs"} and len(made.steps) == 5
    assert not nowhere.exists()


def test_a_preview_of_a_graph_with_a_frozen_node_whose_artifact_is_gone(
    run, graph, catalog, workspace
):
    (Path(graph["nodes"]["train"]["parameters"]["file"])).unlink()
    ran = run()
    digest = ran.steps["clean"].outputs["value"].digest
    graph["nodes"]["clean"]["state"] = {"kind": "frozen", "artifacts": {"value": digest}}
    assert run().steps["clean"].reason == "frozen"
    (workspace.artifacts / "cas" / digest[3:5] / digest[3:]).unlink()
    _, seen = preview_graph(graph, workspace.path, catalog=catalog)
    outcomes = {step.step: step.outcome for step in seen.steps}
    assert outcomes["clean"] == "invalid" and outcomes["load"] == "reused"
    assert [one.code for one in seen.diagnostics] == ["S003"]
    with pytest.raises(InvalidGraphError, match="S003"):
        run()


def test_a_frozen_node_needs_no_inputs_and_keeps_facts_of_its_artifact(
    run, graph, workspace, tmp_path
):
    (tmp_path / "broken").unlink()
    first = run()
    digest = first.steps["train"].outputs["value"].digest
    graph["nodes"]["train"]["state"] = {"kind": "frozen", "artifacts": {"value": digest}}
    assert len({step.outputs["value"].digest for step in first.steps.values()}) == 5
    del graph["nodes"]["train"]["inputs"], graph["nodes"]["clean"]
    again = run(regenerate=True)
    assert again.steps["train"].outputs == first.steps["train"].outputs
    assert again.steps["train"].reused_from == first.id
    store = SqliteRunStore(workspace.runs_db)
    origin = store.origins([digest])[digest]
    store.close()
    assert (origin.run_number, origin.step, origin.port) == (1, "train", "value")
    assert origin.artifact.bytes == 1 and origin.at == first.steps["train"].finished_at
