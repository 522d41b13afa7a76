"""Pipelines on a host over SSH: the same artifacts, the same reuse, nothing carried out twice."""

import json
import time
from pathlib import Path

import pytest

import designer
from modules_library.registry import open_catalog
from runtime.errors import InvalidGraphError
from runtime.execution.embedded import hosted_engine, run_plan
from runtime.execution.submission import plan_graph
from runtime.planning import PlanOptions
from runtime.stores import Workspace
from runtime.targets.target_file import TargetFile
from tests.runtime.execution.plans import plan, step

pytestmark = [pytest.mark.ssh, pytest.mark.slow]

SAMPLES = Path(__file__).parents[2] / "assets/samples"
ON_BOX = PlanOptions(target="box")


@pytest.fixture
def workspace(tmp_path, ssh_host):
    made = Workspace(tmp_path / "workspace")
    TargetFile(made.path).add(ssh_host.target())
    return made


def digests(run):
    assert run.status == "completed", run.error
    return {
        (name, port): ref.digest
        for name, step in run.steps.items()
        for port, ref in step.outputs.items()
    }


def places(run):
    return {name: one.target for name, one in run.steps.items()}


def test_the_sample_pipeline_gives_the_same_artifacts_there_as_here(workspace, tmp_path):
    sample = SAMPLES / "breast_cancer.json"
    there = designer.run_graph(sample, workspace.path, options=ON_BOX)
    assert set(places(there).values()) == {"box"}
    assert digests(there) == digests(designer.run_graph(sample, tmp_path / "other"))


def test_what_was_done_on_one_target_is_reused_on_the_other(workspace):
    sample = SAMPLES / "breast_cancer.json"
    there = designer.run_graph(sample, workspace.path, options=ON_BOX)
    here = designer.run_graph(sample, workspace.path)
    assert all(one.reused and one.reused_from == there.id for one in here.steps.values())
    assert {one.target for one in here.steps.values()} == {"local"}


def test_targets_mix_in_one_run_and_artifacts_move_by_themselves(workspace):
    document = json.loads((SAMPLES / "breast_cancer.json").read_text())
    document["nodes"]["train_forest"]["run"] = {"target": "box"}
    document["nodes"]["evaluate"]["run"] = {"target": "box"}
    run = designer.run_graph(document, workspace.path)
    assert run.status == "completed"
    assert {name for name, target in places(run).items() if target == "box"} == {
        "train_forest",
        "evaluate",
    }


def test_a_target_that_nobody_declared_is_said_before_anything_runs(workspace):
    with pytest.raises(InvalidGraphError) as caught:
        designer.run_graph(
            SAMPLES / "breast_cancer.json", workspace.path, options=PlanOptions(target="bax")
        )
    (problem,) = caught.value.diagnostics
    assert problem.code == "T001" and "'box'" in problem.message and problem.remedy


MODULE = '''
from modules_library.sdk import *
import polars as pl
from strange.arithmetic import times

@module(version="1.0.0")
def scale(dataset: pl.DataFrame, *, factor: int = 3) -> pl.DataFrame:
    """Multiply every number."""
    return dataset.with_columns(pl.col(pl.Int64) * times(factor))
'''


def test_peoples_own_modules_and_files_come_along(workspace):
    modules = workspace.path / "modules"
    (modules / "strange").mkdir(parents=True)
    (modules / "strange/__init__.py").write_text("")
    (modules / "strange/arithmetic.py").write_text("def times(factor):\n    return factor\n")
    (modules / "scale.py").write_text(MODULE)
    cities = workspace.pipelines / "small cities.csv"
    cities.write_text("name,people\nBergen,2\nOulu,1\n")
    catalog = open_catalog(workspace.path)
    (scale,) = [name for name in catalog.module_ids() if name.endswith("scale")]
    graph = {
        "format": 1,
        "nodes": {
            "load": {
                "module": "data_input_output.import_data",
                "version": "1.0.0",
                "parameters": {"path": str(cities)},
            },
            "scale": {
                "module": scale,
                "version": catalog.versions(scale)[0].version,
                "inputs": {"dataset": "load.results_dataset"},
            },
        },
    }
    run = designer.run_graph(graph, workspace.path, options=ON_BOX)
    assert run.status == "completed", run.error or [s.error for s in run.steps.values()]
    import polars as pl

    (ref,) = run.steps["scale"].outputs.values()
    table = pl.read_ipc(workspace.artifacts / "cas" / ref.digest[3:5] / ref.digest[3:])
    assert table["people"].to_list() == [6, 3]


def test_a_killed_engine_finds_the_step_on_the_host_again(workspace):
    ledger = workspace.path / "ledger"
    slow = step(
        "slow",
        call="remember",
        target="box",
        parameters={"ledger": str(ledger), "seconds": 3, "value": 2},
    )
    made = plan(slow, step("after", ["slow"], target="box"))
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(made)
        turn_until(engine, ledger.exists)
    with hosted_engine(workspace, None) as engine:
        engine.resume()
        turn_until(engine, lambda: not engine.is_live(run.id))
        ended = engine.store.run(run.id)
    assert ended.status == "completed" and ended.steps["slow"].attempts == 1
    assert [line.split()[0] for line in ledger.read_text().splitlines()] == ["start", "end"]


def test_a_cancelled_run_leaves_nothing_on_the_host(workspace):
    ledger = workspace.path / "ledger"
    made = plan(step("family", call="family", target="box", parameters={"ledger": str(ledger)}))
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(made)
        turn_until(engine, ledger.exists)
        family = list(map(int, ledger.read_text().split()))
        engine.cancel(run.id)
        turn_until(engine, lambda: not engine.is_live(run.id))
        turn_until(
            engine,
            lambda: (
                not any(
                    Path(f"/proc/{pid}/cmdline").exists()
                    and Path(f"/proc/{pid}/cmdline").read_bytes()
                    for pid in family
                )
            ),
        )
        assert engine.store.run(run.id).status == "cancelled"


def test_a_host_that_shows_another_key_gets_no_step(workspace, ssh_host):
    ssh_host.stop()
    ssh_host.new_host_key()
    ssh_host.start()
    run = run_plan(plan(step("a", target="box")), workspace)
    assert run.status == "failed" and run.steps["a"].error.code == "T004"
    assert not (ssh_host.home / "packages").exists()


def test_steps_here_go_on_while_a_host_does_not_answer(workspace, ssh_host):
    ssh_host.stop()
    there = step("there", target="box")
    here = [step(f"here{n}", parameters={"value": n}) for n in range(20)]
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(plan(there, *here))
        live = engine.conductor.live[run.id]
        turn_until(
            engine,
            lambda: (
                [one.status for one in live.steps].count("completed") == len(here)
                and live.steps[0].detail == "unreachable"
            ),
        )
        ssh_host.start()
        turn_until(engine, lambda: not engine.is_live(run.id))
        assert engine.store.run(run.id).status == "completed"


def test_a_removed_target_fails_the_step_with_what_to_do(workspace):
    made = plan_graph(
        SAMPLES / "breast_cancer.json",
        open_catalog(workspace.path),
        options=ON_BOX,
        workspace=workspace.path,
    )
    TargetFile(workspace.path).remove("box")
    run = run_plan(made, workspace)
    assert run.status == "failed" and run.error.code == "T001" and run.error.remedy


def turn_until(engine, is_true, seconds=60):
    until = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < until, "it did not become true"
        engine.turn(0.05)
