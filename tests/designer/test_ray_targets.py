"""Pipelines on a Ray cluster: the same artifacts, the same reuse, lost nodes, nothing accepted twice."""

import json
from pathlib import Path

import pytest

import designer
from runtime.execution.embedded import hosted_engine
from runtime.stores import Workspace
from runtime.targets.process import start_time
from runtime.targets.target_file import TargetFile
from tests.designer.test_other_targets import digests, places, turn_until
from tests.runtime.execution.plans import plan, step

pytestmark = [pytest.mark.ray, pytest.mark.slow, pytest.mark.xdist_group("ray")]

SAMPLE = Path(__file__).parents[2] / "assets/samples/breast_cancer.json"


@pytest.fixture
def workspace(tmp_path, ray_cluster):
    made = Workspace(tmp_path / "workspace")
    TargetFile(made.path).add(ray_cluster.target())
    return made


def words(ledger):
    return [line.split()[0] for line in ledger.read_text().splitlines()]


def test_targets_mix_in_one_run_and_their_results_are_those_of_this_machine(workspace, tmp_path):
    document = json.loads(SAMPLE.read_text())
    for name in ("split", "train_forest", "evaluate"):
        document["nodes"][name]["run"] = {"target": "cluster"}
    mixed = designer.run_graph(document, workspace.path)
    assert sorted(set(places(mixed).values())) == ["cluster", "local"]
    here = designer.run_graph(SAMPLE, workspace.path)
    assert all(one.reused and one.reused_from == mixed.id for one in here.steps.values())
    assert digests(mixed) == digests(designer.run_graph(SAMPLE, tmp_path / "other"))


def test_a_node_that_is_lost_in_the_middle_of_a_step_costs_one_attempt(workspace, ray_cluster):
    lost = ray_cluster.add_node(num_cpus=1, num_gpus=4)
    ledger = workspace.path / "ledger"
    slow = step(
        "slow",
        call="linger",
        target="cluster",
        gpus=4,
        parameters={"ledger": str(ledger), "value": 2},
    )
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(plan(slow, step("after", ["slow"], target="cluster")))
        turn_until(engine, ledger.exists)
        ray_cluster.kill(lost)
        other = ray_cluster.add_node(num_cpus=1, num_gpus=4)
        turn_until(engine, lambda: not engine.is_live(run.id))
        ended = engine.store.run(run.id)
        events = list(engine.store.events(after=0, run_id=run.id))
    ray_cluster.kill(other)
    ray_cluster.settle()
    assert ended.status == "completed" and ended.steps["slow"].attempts == 2
    done = [one for one in events if one.step == "slow" and one.status == "completed"]
    assert len(done) == 1 and words(ledger) == ["start", "start", "end"]


def test_a_killed_engine_finds_the_step_in_the_cluster_again(workspace):
    ledger = workspace.path / "ledger"
    slow = step(
        "slow",
        call="remember",
        target="cluster",
        parameters={"ledger": str(ledger), "seconds": 3, "value": 2},
    )
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(plan(slow, step("after", ["slow"], target="cluster")))
        turn_until(engine, ledger.exists)
    with hosted_engine(workspace, None) as engine:
        engine.resume()
        turn_until(engine, lambda: not engine.is_live(run.id))
        ended = engine.store.run(run.id)
    assert ended.status == "completed" and ended.steps["slow"].attempts == 1
    assert words(ledger) == ["start", "end"]


def test_a_cancelled_run_leaves_nothing_in_the_cluster(workspace):
    ledger = workspace.path / "ledger"
    made = plan(step("family", call="family", target="cluster", parameters={"ledger": str(ledger)}))
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(made)
        turn_until(engine, ledger.exists)
        family = list(map(int, ledger.read_text().split()))
        engine.cancel(run.id)
        turn_until(engine, lambda: not engine.is_live(run.id))
        turn_until(engine, lambda: not any(map(start_time, family)))
        assert engine.store.run(run.id).status == "cancelled"


def test_steps_that_build_on_nothing_run_on_the_nodes_at_once(workspace):
    ledger = workspace.path / "ledger"
    meeting = {"ledger": str(ledger), "others": 2}
    steps = [
        step(f"step{n}", call="meet", target="cluster", parameters={**meeting, "number": n})
        for n in range(2)
    ]
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(plan(*steps))
        turn_until(engine, lambda: not engine.is_live(run.id))
        assert engine.store.run(run.id).status == "completed"
