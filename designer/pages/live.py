"""Pages that follow what happens: runs as they go, modules as they change."""

import logging
from collections.abc import Awaitable, Callable, Collection

import msgspec
from nicegui import background_tasks, ui

from designer.services.push import Message, PushHub, PushOverflow, Subscriber

__all__ = ["follow"]

logger = logging.getLogger(__name__)

Take = Callable[[Message], Awaitable[None]]


def follow(push: PushHub, kinds: Collection[str], take: Take) -> None:
    """Call back with every message of these kinds for as long as the page is open.

    Args:
        push: Where messages come from.
        kinds: `run`, `files`, `modules`.
        take: Called at most ten times a second for each kind.
    """
    follower = _Follower(push, kinds, take)
    task = background_tasks.create(follower.listen(), name="follow for a page")

    def end() -> None:
        task.cancel()
        follower.leave()

    ui.context.client.on_delete(end)


class _Follower:
    def __init__(self, push: PushHub, kinds: Collection[str], take: Take) -> None:
        self._push = push
        self._kinds = kinds
        self._take = take
        self._subscriber = self._join()

    async def listen(self) -> None:
        """Take what comes; whoever was too slow starts again from now."""
        while True:
            try:
                await self._subscriber.deliver(self._send)
            except PushOverflow:
                self.leave()
                self._subscriber = self._join()

    def leave(self) -> None:
        self._push.leave(self._subscriber)

    def _join(self) -> Subscriber:
        subscriber = Subscriber()
        self._push.join(subscriber)
        return subscriber

    async def _send(self, text: str) -> None:
        message = msgspec.json.decode(text)
        if message["kind"] not in self._kinds:
            return
        try:
            await self._take(message)
        except Exception:
            logger.exception("a page could not follow")
