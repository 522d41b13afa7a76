"""Presence: who has a pipeline open and where they are; a crowd is told of itself seldom."""

import pytest

from designer.services.presence import (
    LEAST_PAUSE_S,
    MOST_NAMED,
    PAUSE_FOR_EACH_S,
    Spot,
    Whereabouts,
)
from designer.services.push import PushHub, Subscriber


class Clock:
    """Time that passes when it is told to."""

    def __init__(self):
        self.now_s = 0.0
        self.due = []

    def later(self, pause_s, act):
        self.due.append((self.now_s + pause_s, act))

    def passes(self, seconds):
        until_s = self.now_s + seconds
        while ready := [one for one in self.due if one[0] <= until_s]:
            first = min(ready, key=lambda one: one[0])
            self.due.remove(first)
            self.now_s = first[0]
            first[1]()
        self.now_s = until_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def hub(clock):
    return PushHub(clock.later)


def join(hub, client, name="", pipeline="p"):
    subscriber = Subscriber(pipeline, client, name)
    hub.join(subscriber)
    return subscriber


def told(subscriber):
    """What waits for a page about the others."""
    (message,) = [one for one in subscriber._waiting if one["kind"] == "presence"]
    return message


def test_pages_know_who_else_is_there_and_what_they_have_selected(hub, clock):
    ada, bo = join(hub, "browser.a", "Ada"), join(hub, "browser.b", "Bo")
    spot = Spot(scope="clean", node="split")
    hub.move(bo, Whereabouts(scope="clean", selected=(spot,)))
    clock.passes(1)
    message = told(ada)
    assert message["clients"] == 2
    assert [(one.client, one.name) for one in message["people"]] == [
        ("browser.b", "Bo"),
        ("browser.a", "Ada"),
    ]
    assert message["people"][0].selected == (spot,)


def test_who_leaves_is_gone_and_who_takes_another_name_has_it(hub, clock):
    ada, bo = join(hub, "browser.a", "Ada"), join(hub, "browser.b", "Bo")
    hub.move(ada, name="Ada L.")
    hub.leave(bo)
    clock.passes(1)
    assert [one.name for one in told(ada)["people"]] == ["Ada L."]
    assert told(ada)["clients"] == 1


def test_a_page_that_connected_again_before_the_old_line_died_counts_once(hub, clock):
    join(hub, "browser.a", "Ada")
    again = join(hub, "browser.a", "Ada")
    clock.passes(1)
    assert told(again)["clients"] == 1


def test_many_clicks_within_a_pause_are_one_message(hub, clock):
    sent = []
    ada, bo = join(hub, "a.1"), join(hub, "b.1")
    clock.passes(1)
    ada.offer = sent.append
    for number in range(50):
        hub.move(bo, Whereabouts(selected=(Spot(node=str(number)),)))
    clock.passes(1)
    assert len(sent) == 2, "one at once, one with the newest after the pause"
    assert sent[-1]["people"][0].selected[0].node == "49"


def test_a_crowd_is_told_seldom_and_names_only_those_who_moved_last(hub, clock):
    sent = []
    crowd = [join(hub, f"b{number}.1", f"Person {number}") for number in range(60)]
    clock.passes(2)
    crowd[0].offer = sent.append
    hub.move(crowd[7])
    clock.passes(LEAST_PAUSE_S)
    hub.move(crowd[8])
    assert len(sent) == 1, "the pause of sixty is longer than that"
    clock.passes(60 * PAUSE_FOR_EACH_S)
    assert len(sent) == 2
    assert sent[0]["clients"] == 60 and len(sent[0]["people"]) == MOST_NAMED
    assert sent[0]["people"][0].name == "Person 7"


def test_nothing_is_sent_while_nobody_moves(hub, clock):
    ada = join(hub, "a.1")
    clock.passes(1)
    ada._waiting.clear()
    clock.passes(100)
    assert ada._waiting == []
