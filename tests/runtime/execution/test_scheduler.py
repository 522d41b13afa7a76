"""Whatever happens in whatever order, the scheduler's commands make a legal run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.execution.messages import (
    Begin,
    Block,
    CancelAsked,
    Complete,
    Deferred,
    End,
    Expired,
    Failed,
    Finished,
    Found,
    Grant,
    Lined,
    LookUp,
    Missing,
    Requeue,
    Settle,
    SpaceIsBack,
    Start,
    Stop,
)
from runtime.execution.scheduler import READY, Scheduler
from runtime.execution.shape import shape_of
from tests.runtime.execution.plans import plan, step


def scheduler(*steps, policy="stop"):
    work = plan(*steps, failure_policy=policy)
    return Scheduler(shape_of(work), policy)


def kinds(commands):
    return [type(command).__name__ for command in commands]


def test_a_step_is_looked_up_then_started_then_its_follower_is_looked_up():
    it = scheduler(step("a"), step("b", ["a"]))
    assert it.advance(Begin()) == [LookUp(0)]
    assert it.advance(Missing(0)) == []
    assert it.advance(Grant(0)) == [Start(0)]
    assert it.advance(Finished(0)) == [Complete(0), LookUp(1)]
    assert it.advance(Found(1)) == [Complete(1), End("completed")]


def test_a_step_that_may_not_be_reused_is_not_looked_up():
    it = scheduler(step("a", reuse=False))
    assert it.advance(Begin()) == []
    assert it.advance(Grant(0)) == [Start(0)]


def test_the_longest_remaining_way_starts_first():
    it = scheduler(
        step("short", reuse=False), step("long", reuse=False), step("tail", ["long"], reuse=False)
    )
    it.advance(Begin())
    assert it.first_ready(0) == 1


def test_a_step_in_line_lets_the_next_be_asked_and_starts_when_it_is_served():
    it = scheduler(step("wide", reuse=False), step("narrow", reuse=False))
    it.advance(Begin())
    assert it.first_ready(0) == 0
    assert it.advance(Lined(0)) == []
    assert (it.first_ready(0), it.ready_in(0)) == (1, 1)
    assert it.advance(Grant(0)) == [Start(0)]


def test_a_step_that_waits_for_the_same_step_is_done_with_it_or_is_asked_again():
    it = scheduler(step("a"), step("b"), step("c"))
    it.advance(Begin())
    for index in range(3):
        it.advance(Missing(index))
    it.advance(Grant(0))
    assert it.advance(Deferred(1)) == []
    assert it.advance(Found(2)) == [Complete(2)]
    assert it.ready_in(0) == 0
    it.advance(Missing(1))
    assert it.advance(Grant(1)) == [Start(1)]


def test_slots_that_come_too_late_start_nothing():
    it = scheduler(step("a", reuse=False))
    it.advance(Begin())
    it.advance(Lined(0))
    it.advance(CancelAsked())
    assert it.advance(Grant(0)) == []


def test_a_death_is_tried_once_more_for_free_and_an_error_is_not():
    it = scheduler(step("a", reuse=False))
    it.advance(Begin())
    it.advance(Grant(0))
    assert it.advance(Failed(0, "crash")) == [Requeue(0, "crash")]
    it.advance(Grant(0))
    assert kinds(it.advance(Failed(0, "crash"))) == ["Settle", "End"]


def test_an_attempt_that_never_came_to_run_the_module_costs_no_retry():
    it = scheduler(step("a", reuse=False))
    it.advance(Begin())
    for _ in range(20):
        assert it.advance(Grant(0)) == [Start(0)]
        assert it.advance(Failed(0, "not_started")) == [Requeue(0, "not_started")]


def test_a_step_over_its_limit_is_stopped_and_then_failed():
    it = scheduler(step("a", reuse=False))
    it.advance(Begin())
    it.advance(Grant(0))
    assert it.advance(Expired(0)) == [Stop(0, "timeout")]
    assert it.advance(Failed(0, "crash")) == [Settle(0, "failed"), End("failed")]


def test_a_full_disk_holds_a_step_back_until_there_is_room():
    it = scheduler(step("a", reuse=False))
    it.advance(Begin())
    it.advance(Grant(0))
    assert it.advance(Failed(0, "disk_full")) == [Block(0)]
    assert it.ready_in(0) == 0 and it.advance(Grant(0)) == []
    it.advance(SpaceIsBack())
    assert it.advance(Grant(0)) == [Start(0)]


def test_what_was_done_before_a_restart_is_not_done_again():
    it = scheduler(step("a", reuse=False), step("b", ["a"], reuse=False))
    it.advance(Begin(done=(0,)))
    assert it.advance(Grant(1)) == [Start(1)]


def test_what_had_failed_before_a_restart_stays_failed_and_its_followers_are_skipped():
    it = scheduler(step("a"), step("b", ["a"]), policy="continue")
    assert it.advance(Begin(failed=(0,))) == [Settle(1, "skipped", 0), End("failed")]


def test_a_run_that_was_being_cancelled_when_its_engine_died_ends_as_cancelled():
    it = scheduler(step("a"), step("b", ["a"]))
    assert it.advance(Begin(done=(0,), cancelled=(1,))) == [End("cancelled")]


@st.composite
def graphs(draw):
    count = draw(st.integers(1, 9))
    steps = []
    for index in range(count):
        needs = draw(st.sets(st.integers(0, index - 1), max_size=3)) if index else set()
        steps.append(
            step(
                f"s{index}",
                [f"s{n}" for n in sorted(needs)],
                reuse=draw(st.booleans()),
                retries=draw(st.integers(0, 2)),
            )
        )
    return steps


class World:
    """Answers commands in an order that Hypothesis chooses, and checks each against the rules."""

    def __init__(self, steps, policy, draw):
        self.steps, self.draw = steps, draw
        self.needs = [{int(wire.step[1:]) for wire in one.inputs} for one in steps]
        self.it = scheduler(*steps, policy=policy)
        self.running, self.stopping, self.asked, self.lined = set(), set(), set(), set()
        self.done, self.settled, self.blocked = set(), {}, set()
        self.end = None
        self.cancelled = False

    def tell(self, event):
        assert self.end is None
        for command in self.it.advance(event):
            self.obey(command)

    def obey(self, command):
        match command:
            case LookUp(step=step):
                assert self.steps[step].reuse and self.needs[step] <= self.done
                self.asked.add(step)
            case Start(step=step):
                assert self.needs[step] <= self.done
                assert step not in self.running | self.done | self.settled.keys()
                assert not self.cancelled
                self.running.add(step)
            case Stop(step=step):
                self.running.discard(step)
                self.stopping.add(step)
            case Complete(step=step):
                assert step not in self.done | self.settled.keys()
                self.done.add(step)
            case Requeue():
                assert not self.cancelled
            case Block(step=step):
                self.blocked.add(step)
            case Settle(step=step, status=status):
                assert step not in self.done | self.settled.keys()
                self.settled[step] = status
                self.asked.discard(step)
                self.blocked.discard(step)
            case End(status=status):
                self.end = status

    def waiting_for_slots(self):
        return [s for s, one in enumerate(self.steps) if one.reuse and self.it.state(s) == READY]

    def act(self):
        ready = self.it.first_ready(0) if self.it.ready_in(0) else None
        own = (
            ("grant", "line", "defer")
            if ready is not None and self.steps[ready].reuse
            else ("grant", "line")
        )
        choices = [(action, ready) for action in own] if ready is not None else []
        choices += [("same", s) for s in self.waiting_for_slots()]
        choices += [("grant", s) for s in sorted(self.lined)]
        choices += [("look", s) for s in sorted(self.asked)]
        choices += [("run", s) for s in sorted(self.running | self.stopping)]
        choices += [("expire", s) for s in sorted(self.running)]
        choices += [("room", None)] if self.blocked else []
        choices += [("cancel", None)]
        action, which = self.draw(st.sampled_from(choices))
        match action:
            case "grant":
                self.lined.discard(which)
                self.tell(Grant(which))
                assert (which in self.running) != (which in self.settled)
            case "line":
                self.lined.add(which)
                self.tell(Lined(which))
            case "defer":
                self.asked.add(which)
                self.tell(Deferred(which))
            case "same":
                self.lined.discard(which)
                self.tell(Found(which))
                assert which in self.done
            case "look":
                self.asked.discard(which)
                self.tell(self.draw(st.sampled_from([Found(which), Missing(which)])))
            case "run":
                outcome = self.draw(
                    st.sampled_from(["done", "done", "error", "crash", "disk_full"])
                )
                self.running.discard(which)
                self.stopping.discard(which)
                self.tell(Finished(which) if outcome == "done" else Failed(which, outcome))
            case "expire":
                self.tell(Expired(which))
            case "room":
                self.blocked.clear()
                self.tell(SpaceIsBack())
            case "cancel":
                if self.draw(st.integers(0, 9)) == 0:
                    self.cancelled = True
                    self.tell(CancelAsked())


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data(), graphs(), st.sampled_from(["stop", "continue"]))
def test_every_order_of_events_gives_a_legal_run(data, steps, policy):
    world = World(steps, policy, data.draw)
    world.tell(Begin())
    for _ in range(400):
        if world.end is not None:
            break
        world.act()
    if world.end is None:
        return
    assert world.done | world.settled.keys() == set(range(len(steps)))
    if world.end == "completed":
        assert world.done == set(range(len(steps)))
    failed = {s for s, status in world.settled.items() if status == "failed"}
    if world.end == "failed":
        assert failed
    if policy == "continue" and world.end == "failed":
        for skipped in (s for s, status in world.settled.items() if status == "skipped"):
            assert ancestors(world.needs, skipped) & failed


def ancestors(needs, step):
    found, pending = set(), list(needs[step])
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending += needs[one]
    return found
