"""Pipelines in containers: the same artifacts as here, reuse both ways, retries after a kill."""

import json
from pathlib import Path

import pytest

import designer
from runtime.execution.embedded import hosted_engine, run_plan
from runtime.stores import Workspace
from runtime.targets.target_file import TargetFile
from tests.designer.test_other_targets import digests, places, turn_until
from tests.runtime.execution.plans import plan, step

pytestmark = [pytest.mark.docker, pytest.mark.slow]

SAMPLE = Path(__file__).parents[2] / "assets/samples/orders_cleaning.json"


@pytest.fixture
def workspace(tmp_path, docker_engine):
    made = Workspace(tmp_path / "workspace")
    TargetFile(made.path).add(docker_engine.target())
    return made


def test_targets_mix_in_one_run_with_the_same_artifacts_and_reuse_both_ways(
    workspace, docker_engine, tmp_path
):
    TargetFile(workspace.path).add(docker_engine.target("far", copies=True))
    document = json.loads(SAMPLE.read_text())
    for node in document["nodes"].values():
        if "path" in node.get("parameters", {}):
            node["parameters"]["path"] = str(SAMPLE.parent / node["parameters"]["path"])
    where = {
        "customers_once": "engine",
        "tidy_customers": "far",
        "join": "far",
        "revenue": "engine",
    }
    where |= {"import_orders": "engine", "import_customers": "far"}
    for name, target in where.items():
        document["nodes"][name]["run"] = {"target": target}
    mixed = designer.run_graph(document, workspace.path)
    here = designer.run_graph(SAMPLE, tmp_path / "other")
    assert digests(mixed) == digests(here)
    assert {name: one for name, one in places(mixed).items() if one != "local"} == where
    again = designer.run_graph(SAMPLE, workspace.path)
    assert all(one.reused and one.target == "local" for one in again.steps.values())


def test_a_container_that_is_killed_in_the_middle_costs_one_attempt(workspace, docker_engine):
    slow = step("slow", call="talk", target="engine", parameters={"seconds": 2}, retries=1)
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(plan(slow, step("after", ["slow"], target="engine")))
        turn_until(engine, docker_engine.containers)
        docker_engine.docker("kill", *docker_engine.containers())
        turn_until(engine, lambda: not engine.is_live(run.id))
        ended = engine.store.run(run.id)
    assert ended.status == "completed" and ended.steps["slow"].attempts == 2, ended.steps["slow"]


def test_a_killed_engine_finds_the_container_again(workspace, docker_engine):
    slow = step("slow", call="talk", target="engine", parameters={"seconds": 3})
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(plan(slow))
        turn_until(engine, docker_engine.containers)
        before = docker_engine.containers()
    with hosted_engine(workspace, None) as engine:
        engine.resume()
        turn_until(engine, lambda: engine.is_live(run.id))
        assert docker_engine.containers() == before
        turn_until(engine, lambda: not engine.is_live(run.id))
        ended = engine.store.run(run.id)
    assert ended.status == "completed" and ended.steps["slow"].attempts == 1


def test_a_cancelled_run_leaves_no_container(workspace, docker_engine):
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(plan(step("hang", call="hang", target="engine")))
        turn_until(engine, docker_engine.containers)
        engine.cancel(run.id)
        turn_until(engine, lambda: not engine.is_live(run.id))
        assert engine.store.run(run.id).status == "cancelled"
    assert docker_engine.containers() == []


def test_memory_that_ran_out_is_said_to_be_that(workspace):
    hungry = step(
        "hungry",
        call="fill_scratch",
        target="engine",
        parameters={"megabytes": 300},
        memory_gib=0.125,
    )
    run = run_plan(plan(hungry), workspace)
    assert run.status == "failed" and run.steps["hungry"].error.code == "R002"
