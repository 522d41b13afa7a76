"""What steps get of their target in real runs. GPUs are faked in one place, the driver's library."""

import json
from contextlib import contextmanager

import pytest

from runtime.execution.embedded import run_plan
from runtime.execution.engine import Engine
from runtime.execution.held_now import held_now
from runtime.execution.places import Place
from runtime.execution.report import run_document
from runtime.model import LOCAL, Slots, TargetResources
from runtime.stores import FolderArtifactStore
from runtime.targets.local import LocalTarget
from tests.runtime.execution.plans import plan, step
from tests.runtime.targets.fake_driver import FakeDriver


@pytest.fixture
def two_gpus(monkeypatch):
    monkeypatch.setattr("runtime.targets.gpu.driver", lambda: FakeDriver(devices=2))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def use(name, *needs, call="share", **fields):
    parameters = {"seconds": fields.pop("seconds", 0), "name": name}
    return step(name, needs, call=call, parameters=parameters, **fields)


def given_to(workspace, run, name):
    """What a step found when it ran."""
    store = FolderArtifactStore(workspace.artifacts)
    return json.loads(store.path(run.steps[name].outputs["value"].digest).read_text())


@contextmanager
def engine_of(workspace, *, cpus, publish=None):
    engine = Engine(workspace, cpus=cpus, publish=publish)
    yield engine
    engine.close()


def details_of(workspace, *steps, cpus):
    """Run the steps; give the run and what each said while it waited."""
    details = {}

    def note(events):
        for event in events:
            if event.step and event.data.get("detail"):
                details.setdefault(event.step, []).append(event.data["detail"])

    with engine_of(workspace, cpus=cpus, publish=note) as engine:
        run = engine.submit(plan(*steps))
        while engine.is_live(run.id):
            engine.turn(1)
        return engine.ended(run), details


def test_a_step_sees_its_own_gpus_and_nobody_elses(workspace, two_gpus):
    steps = [use("a", gpus=1, seconds=0.2), use("b", gpus=1, seconds=0.2), use("none"),
             use("own", isolated=True), use("both", gpus=2)]  # fmt: skip
    run = run_plan(plan(*steps), workspace)
    assert run.status == "completed"
    seen = {name: given_to(workspace, run, name) for name in run.steps}
    assert {seen["a"]["gpus"], seen["b"]["gpus"]} == {"0", "1"}
    assert (seen["both"]["gpus"], seen["both"]["device"]) == ("0,1", "cuda:0")
    assert (seen["none"]["gpus"], seen["none"]["device"]) == ("", "cpu")
    assert (seen["own"]["gpus"], seen["own"]["order"]) == ("", "PCI_BUS_ID")
    assert run.steps["both"].slots == Slots(gpus=2, gpu_numbers=(0, 1))
    assert run.steps["none"].slots is None
    assert run_document(run)["steps"]["both"]["slots"] == {"gpus": 2, "gpu_numbers": (0, 1)}


def test_what_used_a_gpu_leaves_no_process_for_the_next_step(workspace, two_gpus):
    run = run_plan(plan(use("a", gpus=1), use("b", "a", gpus=1), use("c", "b")), workspace)
    pids = {given_to(workspace, run, name)["pid"] for name in "abc"}
    assert len(pids) == 3


def test_parts_of_a_gpu_are_used_at_once(workspace, two_gpus):
    run, details = details_of(
        workspace, *[use(name, gpus=0.5, seconds=0.2) for name in ("a", "b")], cpus=4
    )
    assert [given_to(workspace, run, name)["gpus"] for name in ("a", "b")] == ["0", "0"]
    assert details == {}


def test_a_step_waits_for_a_gpu_and_says_who_has_it_while_others_go_on(workspace, two_gpus):
    run, details = details_of(
        workspace,
        use("train", gpus=1, seconds=0.3),
        use("tune", gpus=1, seconds=0.3),
        use("third", gpus=1),
        use("other"),
        cpus=8,
    )
    assert run.status == "completed"
    assert details["third"][0] == "waits for 1 GPU: both are taken by 'train' and 'tune'"
    assert run.steps["third"].detail == ""
    assert run.steps["other"].finished_at < run.steps["third"].started_at


def test_a_step_of_four_processors_takes_four_and_computes_with_four_threads(workspace):
    run, details = details_of(
        workspace,
        use("wide", cpus=4, threads=4, seconds=0.3, isolated=True),
        use("beside", cpus=3, threads=3),
        cpus=6,
    )
    wide = given_to(workspace, run, "wide")
    assert (wide["threads"], wide["omp"]) == (4, "4")
    assert details["beside"] == [
        "waits for 3 processors: 2 of 6 are free, the rest is taken by 'wide'"
    ]


def test_steps_whose_memory_does_not_fit_together_run_one_after_the_other(workspace):
    with engine_of(workspace, cpus=8) as engine:
        target = LocalTarget(
            engine.poller,
            engine.conductor._report,
            threads=1,
            desks=str(workspace.desks),
            environments=str(workspace.built_environments),
        )
        engine.conductor.by_target["box"] = Place(target, TargetResources(cpus=8, memory_gib=4))
        steps = [use(f"s{n}", memory_gib=3, seconds=0.1, target="box") for n in range(3)]
        run = engine.submit(plan(*steps))
        most = 0
        while engine.is_live(run.id):
            held = held_now(engine.store).get("box", Slots(cpus=0))
            most = max(most, held.memory_gib)
            engine.turn(1)
        assert engine.ended(run).status == "completed"
    assert most == 3


def test_a_step_that_never_fits_fails_and_keeps_nobody_waiting(workspace, two_gpus):
    """Its target was declared with less after the run was planned."""
    run = run_plan(plan(use("huge", gpus=3), use("other"), failure_policy="continue"), workspace)
    error = run.steps["huge"].error
    assert (error.code, run.steps["other"].status) == ("L004", "completed")
    assert error.message == "'huge' asks for 3 GPUs, but 'local' has 2 GPUs."


def test_a_wide_step_of_one_run_is_not_starved_by_the_small_ones_of_another(workspace):
    with engine_of(workspace, cpus=2) as engine:
        small = [use(f"s{n}", seconds=0.03, reuse=False) for n in range(40)]
        many = engine.submit(plan(*small))
        engine.turn(0.01)
        wide = engine.submit(plan(use("wide", cpus=2, reuse=False)))
        while engine.is_live(wide.id):
            engine.turn(1)
        done = [one.status for one in engine.conductor.live[many.id].steps].count("completed")
        assert done < 10
        engine.cancel(many.id)


def test_a_cancelled_step_leaves_the_line(workspace, two_gpus):
    with engine_of(workspace, cpus=8) as engine:
        first = engine.submit(plan(use("train", gpus=2, seconds=30, reuse=False)))
        second = engine.submit(plan(use("tune", gpus=1, reuse=False)))
        place = engine.conductor.by_target[LOCAL]
        assert [waiter.label for waiter in place.slots.line] == ["tune"]
        engine.cancel(second.id)
        assert not engine.is_live(second.id)
        engine.cancel(first.id)
        while engine.is_busy:
            engine.turn(1)
        assert (place.slots.line, place.slots.free_gpus, place.slots.free_cpus) == ([], 2, 8)
