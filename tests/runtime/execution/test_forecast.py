"""How long a plan would take on the processors there are."""

from collections import defaultdict

import pytest

from runtime.execution.forecast import critical_path, play_through
from runtime.execution.shape import shape_of
from runtime.execution.summary import duration, summary, time_range
from runtime.model import TargetResources
from runtime.model.preview import Forecast
from tests.runtime.execution.plans import plan, step

FAN = plan(step("root"), *[step(f"leaf{n}", ["root"]) for n in range(4)])


def played(made, seconds, *, cpus=2.0, gpus=0, done=(), weights=None):
    return play_through(
        shape_of(made),
        asks=[step.asks for step in made.steps],
        offers=defaultdict(lambda: TargetResources(cpus=int(cpus), memory_gib=8, gpus=gpus)),
        done=done,
        seconds=seconds,
        weights=weights or [0] * len(made.steps),
    )


@pytest.mark.parametrize(("cpus", "expected"), [(1, 9.0), (2, 5.0), (4, 3.0), (64, 3.0)])
def test_steps_share_the_processors(cpus, expected):
    assert played(FAN, [1, 2, 2, 2, 2], cpus=cpus).seconds == expected


def test_what_is_done_takes_no_time_and_no_processor():
    assert played(FAN, [1, 2, 2, 2, 2], done={0, 1, 2}).seconds == 2.0
    assert played(FAN, [1, 2, 2, 2, 2], done={0, 1, 2, 3, 4}).seconds == 0.0


def test_a_step_that_takes_all_processors_waits_for_them():
    made = plan(step("a", cpus=1), step("b", cpus=2))
    assert played(made, [3, 4], cpus=2).seconds == 7.0


def test_a_step_that_asks_for_more_than_there_is_takes_what_there_is():
    assert played(plan(step("a", cpus=64)), [3], cpus=2).seconds == 3.0


def test_steps_share_gpus_and_memory_too():
    training = plan(*[step(f"train{n}", gpus=1) for n in range(4)], step("other"))
    assert played(training, [2, 2, 2, 2, 2], cpus=8, gpus=2).seconds == 4.0
    assert played(training, [2, 2, 2, 2, 9], cpus=8, gpus=1).seconds == 9.0
    joins = plan(*[step(f"join{n}", memory_gib=5) for n in range(3)])
    assert played(joins, [1, 1, 1], cpus=8).seconds == 3.0


def test_memory_of_steps_that_run_at_once_adds_up():
    assert played(FAN, [1, 2, 2, 2, 2], weights=[9, 3, 3, 3, 3]).most_at_once == 9
    assert played(FAN, [1, 2, 2, 2, 2], weights=[1, 3, 3, 3, 3]).most_at_once == 6


def test_the_critical_path_is_the_longest_way_among_the_steps_to_run():
    made = plan(step("a"), step("b"), step("c", ["a"]), step("d", ["b"]), step("e", ["c", "d"]))
    shape = shape_of(made)
    assert critical_path(shape, done=(), seconds=[1, 5, 1, 1, 1]) == (1, 3, 4)
    assert critical_path(shape, done={1, 3}, seconds=[1, 5, 1, 1, 1]) == (0, 2, 4)
    assert critical_path(shape, done={0, 1, 2, 3, 4}, seconds=[1, 5, 1, 1, 1]) == ()


def test_the_summary_says_how_long_and_admits_what_is_not_known():
    known = Forecast(low_s=11, typical_s=12, high_s=13, cpus=2)
    assert summary({"runs": 4, "reused": 5}, known) == "4 run, 5 reused, about 12 s"
    partly = Forecast(low_s=11, typical_s=12, high_s=13, unknown=1, cpus=2)
    assert summary({"runs": 4}, partly) == "4 run, at least 12 s"
    nothing = Forecast(low_s=0, typical_s=0, high_s=0, unknown=1, cpus=2)
    assert summary({"runs": 1}, nothing) == "1 runs, no past run says how long"
    assert summary({"reused": 3}, nothing) == "3 reused"
    assert summary({}, nothing) == "Nothing to run"


def test_a_range_is_told_where_past_runs_differed():
    assert time_range(20, 30, 130) == "20 s to 2 min 10 s"
    assert time_range(3, 3.2, 3.4) == duration(3.2) == "3.2 s"
