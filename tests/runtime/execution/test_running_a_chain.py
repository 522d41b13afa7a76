import pytest

from runtime.execution.embedded import hosted_engine, run_plan
from runtime.stores.changes import StepChanged
from tests.runtime.execution.plans import chain, plan, step


@pytest.mark.parametrize("isolated", [False, True])
def test_a_chain_runs_to_its_end(workspace, isolated):
    run = run_plan(chain(4, isolated=isolated), workspace)
    assert run.status == "completed"
    assert [step.status for step in run.steps.values()] == ["completed"] * 4
    digest = run.steps["s3"].outputs["value"].digest
    assert (workspace.artifacts / "cas" / digest[3:5] / digest[3:]).read_text() == "4"


def test_a_second_run_reuses_everything_and_says_from_where(workspace):
    first = run_plan(chain(4), workspace)
    second = run_plan(chain(4), workspace)
    assert all(step.reused for step in second.steps.values())
    assert {step.reused_from for step in second.steps.values()} == {first.id}
    assert second.steps["s3"].reason == "nothing changed since run 1"


@pytest.mark.parametrize("isolated", [False, True])
def test_no_step_starts_before_what_it_needs_is_durable(workspace, isolated):
    def one(name, needs=()):
        parameters = {"database": str(workspace.runs_db), "needs": needs}
        return step(
            name, needs, call="find_parents_completed", isolated=isolated, parameters=parameters
        )

    fan = [one(f"fan{n}", ["root"]) for n in range(6)]
    joins = [one(f"join{n}", [f"fan{n}", f"fan{n + 1}"]) for n in range(5)]
    run = run_plan(plan(one("root"), *fan, *joins, one("end", ["join0", "join4"])), workspace)
    assert run.status == "completed", run.error


def test_steps_that_need_nothing_new_do_not_wait_for_a_commit(workspace):
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(plan(step("a", reuse=False), step("b", reuse=False)))
        assert not engine.conductor.prepared
        assert len(engine.conductor.running) == min(2, engine.conductor.places.local.cpus)
        engine.conductor.live[run.id].change_step(0, 0.0, {"status": "completed"})
        child = step("c", ["a"])
        assert engine.conductor.live[run.id].builds_on_news(child)
        assert not engine.conductor.live[run.id].builds_on_news(step("d", ["b"]))


def test_closing_the_engine_keeps_what_has_happened(workspace):
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(plan(*[step(f"s{n}", parameters={"value": n}) for n in range(30)]))
        completed = []
        while not completed:
            engine.turn()
            live = engine.conductor.live[run.id]
            completed = [one.step for one in live.steps if one.status == "completed"]
    with hosted_engine(workspace, None) as engine:
        stored = engine.store.step_runs(run.id)
        assert {stored[name].status for name in completed} == {"completed"}


def test_a_step_that_changes_twice_before_a_commit_is_written_once(workspace):
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(plan(step("a", call="hang", parameters={"seconds": 0.2})))
        live = engine.conductor.live[run.id]
        live.change_step(0, 1.0, {"detail": "first"})
        live.change_step(0, 2.0, {"status": "completed"})
        changes, events = live.take_changes(0)
        written = [change for change in changes if isinstance(change, StepChanged)]
        assert [(one.before, one.record.status) for one in written] == [
            (("running", 1), "completed")
        ]
        assert [event.data for event in events] == [{"detail": "first"}, {"status": "completed"}]
