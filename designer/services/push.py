"""Pushing changes to open pages: at once on the leading edge, then in batches of 50 ms.

The runner batches by 100 ms already; a window of the same length here would add its own to that.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from designer.services.presence import Later, Presence, Whereabouts, on_the_loop, present

Message = dict[str, Any]
Send = Callable[[str], Awaitable[None]]

BATCH_S = 0.05
MOST_WAITING = 20_000
_LISTS = {
    "run": "events",
    "operations": "operations",
    "schemas": "nodes",
    "comments": "threads",
}
_FOR_LISTS = frozenset({"run", "files"})


class PushOverflow(Exception):  # noqa: N818 - ends one connection, nothing is wrong
    """A client reads too slowly; it reconnects and starts from the current state."""


class Subscriber:
    """One open page: what waits for it, merged by kind so that it stays small.

    Args:
        pipeline_id: Only this pipeline's messages; None for those of all.
        client: The browser tab.
        name: Who works there.
    """

    def __init__(self, pipeline_id: str | None = None, client: str = "", name: str = "") -> None:
        self.pipeline_id = pipeline_id
        self.client = client
        self.name = name
        self.whereabouts = Whereabouts()
        self.moved = 0
        self._waiting: list[Message] = []
        self._size = 0
        self._ready = asyncio.Event()

    def offer(self, message: Message, *, first: bool = False) -> None:
        """Take a message; a list of the same kind grows, a state of the same kind is replaced.

        Args:
            message: What to tell.
            first: Tell it before what waits already.
        """
        key = _LISTS.get(message["kind"])
        self._size += len(message[key]) if key else 1
        self._ready.set()
        if self._size > MOST_WAITING:
            return
        for index, other in enumerate(self._waiting):
            if other["kind"] == message["kind"]:
                merged = {**message, key: other[key] + message[key]} if key else message
                self._waiting[index] = merged
                return
        self._waiting.insert(0 if first else len(self._waiting), message)

    async def deliver(self, send: Send) -> None:
        """Send what comes until the connection ends.

        Raises:
            PushOverflow: More is waiting than a page could take.
        """
        while True:
            await self._ready.wait()
            if self._size > MOST_WAITING:
                raise PushOverflow
            batch, self._waiting, self._size = self._waiting, [], 0
            self._ready.clear()
            for message in batch:
                await send(msgspec.json.encode(message).decode())
            await asyncio.sleep(BATCH_S)


class PushHub:
    """Who listens, and the way to tell them. Used from the event loop only.

    Args:
        later: Does something after a pause.
    """

    def __init__(self, later: Later = on_the_loop) -> None:
        self._subscribers: set[Subscriber] = set()
        self._presence = Presence(self._tell_presence, later)
        self._moves = itertools.count(1)

    def join(self, subscriber: Subscriber) -> None:
        """Start telling a page."""
        self._subscribers.add(subscriber)
        self._changed(subscriber)

    def leave(self, subscriber: Subscriber) -> None:
        """Stop telling it."""
        self._subscribers.discard(subscriber)
        if subscriber.pipeline_id is not None:
            self._presence.changed(subscriber.pipeline_id)

    def move(
        self, subscriber: Subscriber, whereabouts: Whereabouts | None = None, name: str = ""
    ) -> None:
        """Somebody is elsewhere, or has another name."""
        subscriber.whereabouts = whereabouts or subscriber.whereabouts
        subscriber.name = name or subscriber.name
        self._changed(subscriber)

    def publish(self, message: Message, pipeline_id: str | None = None) -> None:
        """Tell those who look at the pipeline, for runs and files also those who look at all.

        Without a pipeline everybody is told.
        """
        is_for_lists = message["kind"] in _FOR_LISTS
        for subscriber in self._subscribers:
            everybody = pipeline_id is None or (is_for_lists and subscriber.pipeline_id is None)
            if everybody or subscriber.pipeline_id == pipeline_id:
                subscriber.offer(message)

    def count(self, pipeline_id: str | None = None) -> int:
        """How many pages look at the pipeline."""
        return sum(one.pipeline_id == pipeline_id for one in self._subscribers)

    def _changed(self, subscriber: Subscriber) -> None:
        subscriber.moved = next(self._moves)
        if subscriber.pipeline_id is not None:
            self._presence.changed(subscriber.pipeline_id)

    def _tell_presence(self, pipeline_id: str) -> int:
        here = [one for one in self._subscribers if one.pipeline_id == pipeline_id]
        self.publish(present(here), pipeline_id)
        return len(here)
