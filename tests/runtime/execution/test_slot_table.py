"""Slots of one target: never given twice, never withheld for ever."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.execution.slot_table import SlotTable
from runtime.execution.waiting_words import why
from runtime.model import Slots, TargetResources


def table(*, cpus=8, memory_gib=16.0, gpus=2):
    return SlotTable(TargetResources(cpus=cpus, memory_gib=memory_gib, gpus=gpus))


def take(it, name, **asks):
    """Let a step have what it asks for now."""
    slots = it.chosen(Slots(**asks))
    assert not it.lacks(slots)
    it.take((name, 0), slots, label=name, run=1)
    return slots.gpu_numbers


def wait(it, name, *, run=1, **asks):
    it.join((name, 0), Slots(**asks), label=name, run=run)
    return it.line[-1]


def served(it):
    """Those in line that start now."""
    names = []
    waiting = {waiter.key: waiter.asks for waiter in it.line}
    for key in it.serve(lambda _: True):
        it.take(key, it.chosen(waiting[key]), label=key[0], run=1)
        names.append(key[0])
    return names


def test_gpus_are_given_by_number_and_come_back():
    it = table(gpus=3)
    assert (take(it, "a", gpus=1), take(it, "b", gpus=2)) == ((0,), (1, 2))
    assert it.lacks(Slots(gpus=1)) == {"gpus"}
    it.give_back(("a", 0))
    assert take(it, "c", gpus=1) == (0,)


def test_parts_of_a_gpu_share_the_fullest_one_so_that_whole_ones_stay_whole():
    it = table(gpus=2)
    assert take(it, "a", gpus=0.5) == take(it, "b", gpus=0.25) == take(it, "c", gpus=0.25) == (0,)
    assert take(it, "d", gpus=1) == (1,)
    assert it.lacks(Slots(gpus=0.1)) == {"gpus"}


def test_three_thirds_fill_a_gpu():
    it = table(gpus=1)
    for name in "abc":
        take(it, name, gpus=1 / 3)
    assert it.lacks(Slots(gpus=0.1)) == {"gpus"}


def test_a_waiting_step_lets_others_pass_that_need_nothing_of_what_it_is_short_of():
    it = table(gpus=1)
    take(it, "train", gpus=1)
    wait(it, "tune", gpus=1)
    assert it.has_room(Slots(cpus=2)) and not it.has_room(Slots(gpus=0.5))
    it.give_back(("train", 0))
    assert served(it) == ["tune"]


def test_small_steps_that_keep_coming_starve_no_big_one():
    it = table(cpus=4, gpus=0)
    for n in range(4):
        take(it, f"small{n}")
    wait(it, "big", cpus=4)
    for n in range(4):
        assert served(it) == []
        it.give_back((f"small{n}", 0))
        assert it.has_room(Slots()) is False, "or a small one takes what the big one waits for"
    assert served(it) == ["big"]


def test_a_step_short_of_two_kinds_in_turn_still_starts():
    """It keeps back every kind that it was ever short of, or the two would dodge it for ever."""
    it = table(gpus=1, memory_gib=8)
    take(it, "memory", memory_gib=8)
    wait(it, "both", gpus=1, memory_gib=8)
    take(it, "gpu", gpus=1)
    it.give_back(("memory", 0))
    assert served(it) == []
    assert not it.has_room(Slots(memory_gib=1)) and not it.has_room(Slots(gpus=0.5))
    it.give_back(("gpu", 0))
    assert served(it) == ["both"]


def test_a_step_that_no_longer_wants_to_start_leaves_the_line():
    it = table(gpus=1)
    take(it, "train", gpus=1)
    wait(it, "gone", gpus=1)
    assert list(it.serve(lambda _: False)) == [] and it.line == []


def test_nobody_gets_more_processors_than_there_are():
    assert table(cpus=2).fitted(Slots(cpus=16)).cpus == 2


def test_of_more_than_one_gpu_only_whole_ones_are_given():
    assert table().fitted(Slots(gpus=1.5)).gpus == 2


@pytest.mark.parametrize(
    ("taken", "asks", "reason"),
    [
        ({"train": {"gpus": 1}, "tune": {"gpus": 1}}, {"gpus": 1},
         "waits for 1 GPU: both are taken by 'train' and 'tune'"),
        ({"train": {"gpus": 1}}, {"gpus": 2},
         "waits for 2 GPUs: 1 of 2 is free, the rest is taken by 'train'"),
        ({"join": {"memory_gib": 12}}, {"memory_gib": 8},
         "waits for 8 GiB of memory: 4 of 16 GiB are free, the rest is taken by 'join'"),
        ({n: {"cpus": 2} for n in "abcd"}, {"cpus": 4},
         "waits for 4 processors: all 8 are taken by 'a', 'b', 'c' and 1 more"),
        ({"all": {"gpus": 2, "cpus": 7}}, {"gpus": 1, "cpus": 2},
         "waits for 1 GPU: both are taken by 'all', and for 2 processors: "
         "1 of 8 is free, the rest is taken by 'all'"),
    ],
)  # fmt: skip
def test_a_waiting_step_says_for_what_and_who_has_it(taken, asks, reason):
    it = table()
    for name, slots in taken.items():
        take(it, name, **slots)
    assert why(it, wait(it, "waiting", **asks)) == reason


def test_a_whole_gpu_is_not_said_to_be_free_where_only_parts_of_two_are():
    it = table(gpus=2)
    it.take(("a", 0), Slots(gpus=0.5, gpu_numbers=(0,)), label="a", run=1)
    it.take(("b", 0), Slots(gpus=0.5, gpu_numbers=(1,)), label="b", run=1)
    reason = why(it, wait(it, "waiting", gpus=1))
    assert reason == "waits for 1 GPU: both are taken by 'a' and 'b'"


def test_a_step_behind_another_says_behind_whom():
    it = table(gpus=2)
    take(it, "train", gpus=1)
    wait(it, "big", gpus=2)
    assert why(it, wait(it, "small", gpus=1)) == "waits for 1 GPU: 'big' comes first"


def test_a_holder_of_another_run_is_named_with_its_run():
    it = table(gpus=1)
    take(it, "train", gpus=1)
    assert "by 'train' of run 1" in why(it, wait(it, "tune", run=2, gpus=1))


ASKS = st.builds(
    Slots,
    cpus=st.sampled_from([0.5, 1, 1, 1, 2, 4]),
    memory_gib=st.sampled_from([0, 0, 1, 4, 8]),
    gpus=st.sampled_from([0, 0, 0, 0.25, 0.5, 1, 2]),
)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1 << 32), st.lists(ASKS, min_size=1, max_size=25))
def test_slots_are_never_given_twice_and_everything_starts_at_last(seed, wishes):
    """Whoever comes when, and whoever ends when: all that fits starts, within what there is."""
    it, chance = table(cpus=4, memory_gib=8, gpus=2), random.Random(seed)
    coming, running, started = dict(enumerate(wishes)), [], []

    def start(number):
        it.take(("r", number), it.chosen(wishes[number]), label=str(number), run=1)
        running.append(number)
        started.append(number)
        held = [holder.slots for holder in it.holders.values()]
        assert sum(one.cpus for one in held) <= 4 and sum(one.memory_gib for one in held) <= 8
        for gpu in range(2):
            assert sum(min(one.gpus, 1) for one in held if gpu in one.gpu_numbers) <= 1
        assert all(len(one.gpu_numbers) == -(-one.gpus // 1) for one in held)

    while coming or running or it.line:
        if coming and chance.random() < 0.5:
            number = chance.choice(sorted(coming))
            asks = wishes[number]
            if it.has_room(asks):
                del coming[number]
                start(number)
            elif it.stands_in_line(asks):
                del coming[number]
                it.join(("r", number), asks, label=str(number), run=1)
        elif running:
            ended = chance.choice(running)
            running.remove(ended)
            it.give_back(("r", ended))
        for _, number in it.serve(lambda _: True):
            start(number)
        assert running or not it.line, "those in line wait for nobody"
    assert sorted(started) == list(range(len(wishes)))
    assert (it.free_cpus, it.free_memory_gib, it.free_gpus) == pytest.approx((4, 8, 2))
