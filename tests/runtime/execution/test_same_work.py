"""The same step at the same time is computed once; whoever waits holds nothing and never waits for ever."""

from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.execution.engine import Engine
from runtime.execution.same_work import SameWork
from tests.runtime.execution.plans import plan, step


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "ledger"


@contextmanager
def engine_of(workspace, *, cpus=2, publish=None):
    engine = Engine(workspace, cpus=cpus, publish=publish)
    yield engine
    engine.close()


def work(name, ledger, *, seconds=0.08, **fields):
    parameters = {"ledger": str(ledger), "seconds": seconds}
    return step(name, call="remember", parameters=parameters, **fields)


def finish(engine, *runs):
    while any(engine.is_live(run.id) for run in runs):
        engine.turn(1)
    return [engine.store.run(run.id) for run in runs]


def starts(ledger):
    return ledger.read_text().count("start")


def test_two_runs_compute_the_same_step_once(workspace, ledger):
    with engine_of(workspace) as engine:
        first = engine.submit(plan(work("a", ledger)))
        second = engine.submit(plan(work("b", ledger), step("next", ["b"])))
        waiting = second.steps["b"]
        first, second = finish(engine, first, second)
    assert (waiting.status, waiting.detail) == ("queued", "waits for the same step of run 1")
    assert starts(ledger) == 1
    taken = second.steps["b"]
    assert (taken.reused, taken.reused_from, taken.detail) == (True, first.id, "")
    assert taken.reason == "the same step was running in run 1"
    assert taken.outputs == first.steps["a"].outputs
    assert second.steps["next"].status == "completed"


def test_two_steps_of_one_run_are_computed_once_also_when_only_one_has_room(workspace, ledger):
    with engine_of(workspace, cpus=1) as engine:
        names = ("a", "b", "c")
        (run,) = finish(engine, engine.submit(plan(*[work(n, ledger, cpus=1) for n in names])))
    assert starts(ledger) == 1
    assert [run.steps[name].reused for name in names] == [False, True, True]


def test_what_waits_in_line_for_slots_leaves_it(workspace, ledger):
    with engine_of(workspace, cpus=2) as engine:
        (run,) = finish(engine, engine.submit(plan(work("a", ledger, cpus=2),
                                                   work("b", ledger, cpus=2), step("c"))))  # fmt: skip
    assert starts(ledger) == 1 and run.status == "completed"


@pytest.mark.parametrize("reuse", [(True, False), (False, True), (False, False)])
def test_a_step_that_may_not_be_reused_waits_for_nobody_and_nobody_for_it(workspace, ledger, reuse):
    with engine_of(workspace) as engine:
        finish(engine, *[engine.submit(plan(work("a", ledger, reuse=one))) for one in reuse])
    assert starts(ledger) == 2


def test_a_result_counts_before_it_is_committed(workspace, ledger, monkeypatch):
    monkeypatch.setattr("runtime.execution.engine._LONGEST_DELAY_S", 60)
    hold = step("hold", call="hang", parameters={"seconds": 0.2})
    with engine_of(workspace) as engine:
        first = engine.submit(plan(work("a", ledger, seconds=0), hold))
        while engine.conductor.live[first.id].steps[0].status != "completed":
            engine.turn(1)
        assert engine.store.run(first.id).steps["a"].status != "completed"
        second = engine.submit(plan(work("a", ledger, seconds=0)))
        finish(engine, first, second)
    assert starts(ledger) == 1


@pytest.mark.slow
def test_when_the_running_one_is_cancelled_the_next_runs_itself(workspace, tmp_path):
    go = tmp_path / "go"
    work = step("a", call="wait_for_file", parameters={"file": str(go)})
    with engine_of(workspace) as engine:
        runs = [engine.submit(plan(work)) for _ in range(3)]
        engine.cancel(runs[0].id)
        finish(engine, runs[0])
        go.touch()
        first, second, third = finish(engine, *runs)
    assert first.status == "cancelled"
    assert (second.steps["a"].reused, third.steps["a"].reused) == (False, True)
    assert third.steps["a"].reused_from == second.id


def test_when_the_running_one_fails_each_waiter_runs_itself(workspace):
    with engine_of(workspace) as engine:
        runs = [engine.submit(plan(step("a", call="fail"))) for _ in range(2)]
        first, second = finish(engine, *runs)
    assert [run.steps["a"].attempts for run in (first, second)] == [1, 1]
    assert (first.status, second.status) == ("failed", "failed")


def test_a_waiter_is_cancelled_and_the_running_one_goes_on(workspace, ledger):
    with engine_of(workspace) as engine:
        first, second = [engine.submit(plan(work("a", ledger))) for _ in range(2)]
        engine.cancel(second.id)
        assert not engine.is_live(second.id)
        (first,) = finish(engine, first)
    assert first.status == "completed"


def test_after_the_engine_died_the_step_is_computed_once_more_and_shared(workspace, ledger):
    engine = Engine(workspace, cpus=2)
    runs = [engine.submit(plan(work("a", ledger, seconds=0.05))) for _ in range(2)]
    engine.start_over()
    runs = finish(engine, *runs)
    engine.close()
    assert sorted(run.steps["a"].reused for run in runs) == [False, True]
    assert all(run.status == "completed" for run in runs)


KEYS = [("run", n) for n in range(4)]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["beg", "fail", "fin", "drop"]), st.sampled_from(KEYS))))
def test_whoever_wants_a_result_is_told_of_every_end(acts):
    """Nobody is left behind who waits while nobody computes."""
    same, waiting, computing = SameWork(), set(), None
    for key in KEYS:
        assert same.want("f", key) is None
    wanting = set(KEYS)
    for act, key in acts:
        if key not in wanting:
            continue
        if act == "beg" and key not in waiting and key != computing:
            if same.computed_by("f"):
                waiting.add(key)
            else:
                same.begin("f", key)
                computing = key
        elif act == "fail" and key == computing:
            assert waiting <= set(same.fail("f", key))
            waiting, computing = set(), None
        elif act == "fin" and key == computing:
            assert wanting - {key} == set(same.finish("f", key))
            return
        elif act == "drop" and key != computing:
            same.forget("f", key)
            wanting.discard(key)
            waiting.discard(key)
        assert computing or not waiting
        assert same.computed_by("f") == computing


def test_what_a_power_cut_took_is_computed_again_also_where_it_was_reused(workspace, ledger):
    engine = Engine(workspace, cpus=2)
    after = step("after", ["a"], call="hang")
    runs = [engine.submit(plan(work("a", ledger), *more)) for more in ((), (after,))]
    while engine.conductor.live[runs[1].id].steps[1].status != "running":
        engine.turn(1)
    digest = engine.store.run(runs[1].id).steps["a"].outputs["value"].digest
    engine.artifacts.remove(digest)
    engine.start_over()
    record = engine.conductor.live[runs[1].id].steps[0]
    engine.close()
    assert (record.reused, record.status) == (False, "running")
