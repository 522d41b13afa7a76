"""Work that several wait for is done once; what nobody waits for any more is given up."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any

from designer.services.read_process import Tell
from designer.services.read_worker.turns import Progress
from runtime.errors import RequestError

Start = Callable[[Tell], Coroutine[Any, Any, bytes]]


class SharedWork:
    """The work going on, by what identifies it."""

    def __init__(self) -> None:
        self._going: dict[Hashable, _Work] = {}

    async def do(self, key: Hashable, start: Start, tell: Tell | None = None) -> bytes:
        """The result of the work of that key: started now, or joined where it is going on."""
        work = self._going.get(key)
        if work is None:
            work = self._going[key] = _Work(start)
            work.task.add_done_callback(lambda _: self._forget(key, work))
        work.join(tell)
        try:
            return await asyncio.shield(work.task)
        finally:
            if work.leave(tell):
                self._forget(key, work)
                work.task.cancel()

    def _forget(self, key: Hashable, work: "_Work") -> None:
        if self._going.get(key) is work:
            del self._going[key]


class _Work:
    """One piece of work and those who wait for it."""

    def __init__(self, start: Start) -> None:
        self._waiting: list[Tell | None] = []
        self.task = asyncio.create_task(start(self._tell_all))
        self.task.add_done_callback(lambda task: task.cancelled() or task.exception())

    def join(self, tell: Tell | None) -> None:
        self._waiting.append(tell)

    def leave(self, tell: Tell | None) -> bool:
        """Whether the work goes on for nobody now."""
        self._waiting.remove(tell)
        return not self._waiting and not self.task.done()

    def _tell_all(self, progress: Progress) -> None:
        for tell in self._waiting:
            if tell is not None:
                tell(progress)


class NewestOnly:
    """Of the questions of one view, only the newest is worked on."""

    def __init__(self) -> None:
        self._asked: dict[str, tuple[Hashable, set[asyncio.Future[bytes]]]] = {}

    async def do(self, view: str, question: Hashable, work: Awaitable[bytes]) -> bytes:
        """The answer to a question; one that a newer question of its view replaces is given up.

        Args:
            view: What a person looks at; without a name, nothing is replaced.
            question: What is asked; the same one may be asked several times at once.
            work: Finds the answer.

        Raises:
            RequestError: A007 when a newer question came.
        """
        if not view:
            return await work
        task = asyncio.ensure_future(work)
        self._join(view, question, task)
        try:
            return await task
        except asyncio.CancelledError as exc:
            caller = asyncio.current_task()
            if caller is not None and caller.cancelling():
                raise
            raise RequestError(
                "A007",
                "A newer request of the same view took the place of this one.",
                remedy="Wait for the answer to the newer one.",
            ) from exc
        finally:
            self._leave(view, task)

    def _join(self, view: str, question: Hashable, task: asyncio.Future[bytes]) -> None:
        asked, tasks = self._asked.get(view, (question, set()))
        if asked != question:
            for older in tasks:
                older.cancel()
            tasks = set()
        tasks.add(task)
        self._asked[view] = (question, tasks)

    def _leave(self, view: str, task: asyncio.Future[bytes]) -> None:
        _, tasks = self._asked.get(view, (None, set()))
        tasks.discard(task)
        if not tasks:
            self._asked.pop(view, None)
