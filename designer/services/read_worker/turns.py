"""One piece of work of the read worker: it says how far it is, and ends where nobody waits for it."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import msgspec

Given = TypeVar("Given")
Made = TypeVar("Made")

QUIET_S = 0.1
"""The same is not said more often than this."""

_AT_ONCE = 2


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a piece of work is.

    Attributes:
        share: Between 0 and 1; absent where it cannot be told.
        text: What is being done.
        part: What is known already of the answer.
    """

    share: float | None = None
    text: str = ""
    part: Any = None


class Abandoned(Exception):  # noqa: N818 - not a fault: nobody waits any more
    """The work was given up because nobody waits for it."""


class Turn:
    """What a piece of work tells, and is told, while it goes on.

    Args:
        say: Called with progress, from any thread, not too often.
    """

    def __init__(self, say: Callable[[Progress], None] = lambda _: None) -> None:
        self._say = say
        self._is_abandoned = threading.Event()
        self._said = ""
        self._said_at = 0.0

    def abandon(self) -> None:
        """Let the work end at its next step."""
        self._is_abandoned.set()

    def check(self) -> None:
        """Raise Abandoned where nobody waits any more."""
        if self._is_abandoned.is_set():
            raise Abandoned

    def tell(self, share: float | None, text: str, part: Any = None) -> None:
        """Say how far the work is; raise Abandoned where nobody waits any more.

        Progress that comes too soon after the last is left out, unless it says something new.
        """
        self.check()
        now = time.monotonic()
        if part is None and text == self._said and now - self._said_at < QUIET_S:
            return
        self._said, self._said_at = text, now
        self._say(Progress(share=share, text=text, part=part))

    def each(
        self, items: Sequence[Given], work: Callable[[Given], Made], text: str
    ) -> Iterator[Made]:
        """Results of every item in order, made a few at a time, with progress between them."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            waiting: list[Future[Made]] = []
            try:
                for index in range(len(items) + _AT_ONCE):
                    if index < len(items):
                        waiting.append(pool.submit(work, items[index]))
                    if index >= _AT_ONCE:
                        yield waiting[index - _AT_ONCE].result()
                        self.tell((index - _AT_ONCE + 1) / len(items), text)
            finally:
                _drop(waiting)


def _drop(waiting: Iterable[Future[Any]]) -> None:
    for future in waiting:
        future.cancel()
