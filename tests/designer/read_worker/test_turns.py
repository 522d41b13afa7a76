"""Work that says how far it is, and ends where nobody waits."""

import threading

import pytest

from designer.services.read_worker.turns import Abandoned, Turn


def test_results_come_in_the_order_of_the_items_however_long_each_takes():
    first_may_end = threading.Event()

    def work(item):
        if item == 0:
            first_may_end.wait(5)
        else:
            first_may_end.set()
        return item * 10

    assert list(Turn().each(range(6), work, "Counting")) == [0, 10, 20, 30, 40, 50]


def test_abandoned_work_stops_at_its_next_step():
    turn = Turn()
    done = []

    def work(item):
        done.append(item)
        if item == 1:
            turn.abandon()

    with pytest.raises(Abandoned):
        list(turn.each(range(100), work, "Counting"))
    assert len(done) < 10


def test_a_fault_in_one_item_ends_the_work():
    with pytest.raises(ZeroDivisionError):
        list(Turn().each([1, 0], lambda item: 1 / item, "Dividing"))


def test_the_same_is_not_said_too_often_but_what_is_new_always():
    told = []
    turn = Turn(told.append)
    turn.tell(0.1, "Sorting")
    turn.tell(0.2, "Sorting")
    turn.tell(0.3, "Sorting", {"a": 1})
    turn.tell(0.4, "Filtering")
    assert [progress.share for progress in told] == [0.1, 0.3, 0.4]
