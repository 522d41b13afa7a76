"""The chain of steps that determined when a run ended."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.execution.critical_path import critical_path, needs_of
from runtime.model import Plan, Run, StepRun
from runtime.model.module_spec import Entry
from runtime.model.plan import Step, StepInput


def planned(name, *needs, after=()):
    return Step(
        id=name,
        label=name,
        module="m.m",
        version="1.0.0",
        digest="",
        entry=Entry(executor="", source=""),
        recipe="",
        inputs=tuple(StepInput(port="p", step=need, output="o") for need in needs),
        after=tuple(after),
    )


def done(name, started, finished, seconds=None, **facts):
    worked = finished - started if seconds is None else seconds
    facts = {"status": "completed", "seconds": worked, **facts}
    return StepRun(step=name, started_at=started, finished_at=finished, **facts)


def path_of(steps, states, *, start=0.0, end=10.0):
    plan = Plan(name="", graph_json="", graph_hash="", steps=tuple(steps))
    run = Run(
        id="r", started_at=start, finished_at=end, steps={state.step: state for state in states}
    )
    return critical_path(run, plan)


def test_the_chain_goes_back_from_the_last_to_end_through_what_each_waited_for():
    steps = [planned("load"), planned("quick", "load"), planned("slow", "load")]
    steps.append(planned("join", "quick", "slow"))
    states = [done("load", 1, 3), done("quick", 3, 4), done("slow", 3, 8, seconds=4)]
    path = path_of(steps, [*states, done("join", 8.5, 9.5)], end=10)
    assert [link.step for link in path.links] == ["load", "slow", "join"]
    assert [(link.waited_s, link.worked_s) for link in path.links] == [(1, 2), (1, 4), (0.5, 1)]
    assert (path.seconds, path.run_seconds) == (9.5, 10)


def test_a_step_that_only_comes_after_another_waits_for_it_as_well():
    path = path_of(
        [planned("write"), planned("read", after=["write"])],
        [done("write", 0, 4), done("read", 4, 6)],
    )
    assert [link.step for link in path.links] == ["write", "read"]


def test_a_failed_run_ends_with_the_step_that_failed():
    failed = done("b", 2, 5, status="failed")
    skipped = StepRun(step="c", status="skipped", finished_at=5)
    path = path_of(
        [planned("a"), planned("b", "a"), planned("c", "b")], [done("a", 0, 2), failed, skipped]
    )
    assert [link.step for link in path.links] == ["a", "b"]


def test_reused_steps_start_no_chain_but_stand_within_one():
    steps = [planned("a"), planned("b", "a"), planned("c", "b"), planned("d", "c")]
    reused = {"reused": True, "seconds": 0.0}
    states = [done("a", 0, 0, **reused), done("b", 0, 4), done("c", 4.5, 4.5, **reused)]
    path = path_of(steps, [*states, done("d", 5, 7)])
    assert [link.step for link in path.links] == ["b", "c", "d"]
    assert path_of(steps[:1], states[:1]).links == ()


def test_a_run_that_goes_on_has_no_chain_yet():
    assert path_of([planned("a")], [done("a", 0, 1)], end=None).links == ()


@st.composite
def runs(draw):
    """Any graph with any times, clocks that jump included."""
    count = draw(st.integers(1, 12))
    times = st.floats(-5, 30, allow_nan=False)
    steps, states = [], []
    for number in range(count):
        earlier = [f"s{other}" for other in range(number)]
        needs = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=3)) if earlier else []
        steps.append(planned(f"s{number}", *needs))
        states.append(
            StepRun(
                step=f"s{number}",
                status="completed",
                started_at=draw(st.none() | times),
                finished_at=draw(st.none() | times),
                seconds=draw(st.none() | st.floats(0, 20)),
                reused=draw(st.booleans()),
            )
        )
    return steps, states


@given(runs(), st.floats(0, 10), st.floats(0, 20))
def test_the_steps_of_a_chain_depend_on_each_other_and_never_outlast_the_run(run, start, length):
    steps, states = run
    path = path_of(steps, states, start=start, end=start + length)
    needs = needs_of(Plan(name="", graph_json="", graph_hash="", steps=tuple(steps)))
    names = [link.step for link in path.links]
    assert all(before in needs[after] for before, after in pairwise(names))
    assert all(link.waited_s >= 0 and link.worked_s >= 0 for link in path.links)
    assert path.seconds <= path.run_seconds
    total = sum(link.waited_s + link.worked_s for link in path.links)
    assert total == pytest.approx(path.seconds, abs=1e-9)
    ended = [s for s in states if not s.reused and None not in (s.started_at, s.finished_at)]
    if ended:
        assert names[-1] == max(ended, key=lambda s: (s.finished_at, s.step)).step
    else:
        assert names == []
