"""Pushing: at once on the leading edge, batched behind it, bounded for slow readers."""

import asyncio
import json
import time

import pytest

from designer.services.push import BATCH_S, MOST_WAITING, PushHub, PushOverflow, Subscriber


class Page:
    """A page that notes what arrives and when."""

    def __init__(self):
        self.messages = []
        self.times = []

    async def send(self, text):
        self.messages.append(json.loads(text))
        self.times.append(time.monotonic())


async def test_the_first_message_goes_out_at_once_and_the_next_ones_together():
    page, subscriber = Page(), Subscriber("p")
    task = asyncio.create_task(subscriber.deliver(page.send))
    started = time.monotonic()
    subscriber.offer({"kind": "run", "events": [0]})
    await asyncio.sleep(0.02)
    for number in range(1, 50):
        subscriber.offer({"kind": "run", "events": [number]})
    await asyncio.sleep(BATCH_S + 0.05)
    task.cancel()
    assert [message["events"] for message in page.messages] == [[0], list(range(1, 50))]
    assert page.times[0] - started < 0.02
    assert page.times[1] - page.times[0] < BATCH_S + 0.04


async def test_a_state_that_changes_again_before_it_is_sent_is_sent_once():
    page, subscriber = Page(), Subscriber("p")
    for number in range(3):
        subscriber.offer({"kind": "diagnostics", "items": [number]})
    task = asyncio.create_task(subscriber.deliver(page.send))
    await asyncio.sleep(0.02)
    task.cancel()
    assert page.messages == [{"kind": "diagnostics", "items": [2]}]


async def test_operations_that_wait_keep_their_order_and_the_newest_revision():
    page, subscriber = Page(), Subscriber("p")
    subscriber.offer({"kind": "operations", "revision": 1, "operations": ["a"]})
    subscriber.offer({"kind": "operations", "revision": 2, "operations": ["b"]})
    task = asyncio.create_task(subscriber.deliver(page.send))
    await asyncio.sleep(0.02)
    task.cancel()
    assert page.messages == [{"kind": "operations", "revision": 2, "operations": ["a", "b"]}]


async def test_two_comment_threads_that_change_together_both_arrive():
    page, subscriber = Page(), Subscriber("p")
    for thread in ("a", "b", "a"):
        subscriber.offer({"kind": "comments", "threads": [thread]})
    task = asyncio.create_task(subscriber.deliver(page.send))
    await asyncio.sleep(0.02)
    task.cancel()
    assert page.messages == [{"kind": "comments", "threads": ["a", "b", "a"]}]


async def test_a_page_that_never_reads_is_let_go_instead_of_filling_the_memory():
    subscriber = Subscriber("p")
    for number in range(MOST_WAITING + 10):
        subscriber.offer({"kind": "run", "events": [number]})
    with pytest.raises(PushOverflow):
        await subscriber.deliver(Page().send)


async def test_pages_hear_of_their_own_pipeline_and_the_overview_of_every_run():
    hub, one, other, overview = PushHub(), Subscriber("one"), Subscriber("other"), Subscriber()
    for subscriber in (one, other, overview):
        hub.join(subscriber)
    hub.publish({"kind": "run", "events": ["e"]}, "one")
    hub.publish({"kind": "operations", "revision": 1, "operations": ["o"]}, "one")
    hub.publish({"kind": "modules", "generation": 2})

    def kinds(subscriber):
        return {message["kind"] for message in subscriber._waiting} - {"presence"}

    assert kinds(one) == {"run", "operations", "modules"}
    assert kinds(other) == {"modules"}
    assert kinds(overview) == {"run", "modules"}
