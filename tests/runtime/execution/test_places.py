"""Several targets in one engine: each shares out its own processors, and keeps what it promises."""

from runtime.execution.embedded import hosted_engine, run_plan
from runtime.execution.messages import Begin, Grant, Missing, Start
from runtime.execution.places import AbsentTarget, Place
from runtime.execution.scheduler import Scheduler
from runtime.execution.shape import shape_of
from runtime.model import TargetResources
from runtime.stores import SqliteRunStore
from runtime.targets.attempt import Attempt
from tests.runtime.execution.plans import plan, step


class KeepingTarget(AbsentTarget):
    """Keeps its steps; notes what the database says of each when it is let go."""

    keeps_steps = True

    def __init__(self, workspace):
        super().__init__("box")
        self._workspace = workspace
        self.prepared = []
        self.recorded = []

    def prepare(self, key, request):
        self.prepared.append(request.step_id)
        return Attempt(key, request)

    def go(self, attempt):
        store = SqliteRunStore(self._workspace.runs_db)
        self.recorded.append(store.step_runs(attempt.key[0])[attempt.request.step_id].status)
        store.close()


def test_no_step_starts_on_a_target_that_keeps_it_before_that_is_recorded(workspace):
    target = KeepingTarget(workspace)
    with hosted_engine(workspace, None) as engine:
        engine.conductor.by_target["box"] = Place(target, TargetResources(cpus=1))
        engine.submit(plan(step("a", target="box", reuse=False)))
    assert target.recorded == ["running"]


def test_a_full_target_keeps_no_other_from_working(workspace):
    target = KeepingTarget(workspace)
    there = [step(f"there{n}", target="box", reuse=False) for n in range(3)]
    here = [step(f"here{n}", parameters={"value": n}, reuse=False) for n in range(5)]
    with hosted_engine(workspace, None) as engine:
        engine.conductor.by_target["box"] = Place(target, TargetResources(cpus=2))
        run = engine.submit(plan(*there, *here))
        live = engine.conductor.live[run.id]
        while sum(one.status == "completed" for one in live.steps) < len(here):
            engine.turn(1)
    assert target.prepared == ["there0", "there1"]


def test_steps_wait_for_their_own_target_only():
    made = plan(step("a"), step("b", target="box"), step("c"))
    scheduler = Scheduler(shape_of(made), "stop")
    scheduler.advance(Begin())
    for index in range(3):
        scheduler.advance(Missing(index))
    assert (scheduler.ready_in(0), scheduler.ready_in(1)) == (2, 1)
    assert (scheduler.first_ready(0), scheduler.first_ready(1)) == (0, 1)
    assert scheduler.advance(Grant(1)) == [Start(1)]
    assert (scheduler.ready_in(0), scheduler.ready_in(1)) == (2, 0)


def test_a_target_that_is_gone_fails_its_steps_with_what_to_do(workspace):
    run = run_plan(plan(step("a", target="box"), step("b", parameters={"value": 1})), workspace)
    assert run.steps["a"].error.code == "T001" and run.steps["a"].error.remedy
