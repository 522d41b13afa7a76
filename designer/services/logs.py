"""Logs of steps for people: lines by number, what is found in them, the whole file."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from designer.services.read_process import Tell
from designer.services.read_worker.log_query import LogQuery
from designer.services.reader import NOT_ARRANGED, Reader
from designer.services.shared_work import NewestOnly
from runtime.errors import RequestError
from runtime.stores.log_file import LONGEST_SHOWN, LogLines

FindLog = Callable[[str, str, int], Awaitable[Path]]


class LogService:
    """Reads logs through the read worker.

    Args:
        find: Gives the file of a run, a step and an attempt (0 for the last).
        reader: The read worker.
    """

    def __init__(self, find: FindLog, reader: Reader) -> None:
        self._find = find
        self._reader = reader
        self._newest = NewestOnly()

    async def lines(
        self,
        run_id: str,
        step: str,
        *,
        first: int = 0,
        count: int = 200,
        attempt: int = 0,
        longest: int = LONGEST_SHOWN,
        query: LogQuery | None = None,
    ) -> bytes:
        """Lines of a log as JSON (`LogLines`); those that fit where there is a query.

        Raises:
            RequestError: R006 for an unknown run or step.
            DataError: D009 for a query that is no regular expression.
        """
        path = await self._find(run_id, step, attempt)
        if not path.exists():
            return msgspec.json.encode(LogLines(first=0, lines=(), total=0))
        asked = {"first": first, "count": count, "longest": longest, "query": query}
        content = await self._reader.ask("log_lines", path, **asked)
        if content == NOT_ARRANGED:
            await self._reader.work("log_search", path, query=query)
            content = await self._reader.ask("log_lines", path, **asked, is_patient=True)
        return content

    async def search(
        self,
        run_id: str,
        step: str,
        query: LogQuery,
        *,
        start: int = 0,
        backwards: bool = False,
        attempt: int = 0,
        view: str = "",
        tell: Tell | None = None,
    ) -> bytes:
        """How many lines fit, and the next from `start` on, as JSON.

        `is_whole` is false where the time was up; asking again goes on from there. A newer search
        of the same `view` takes the place of this one.
        """
        path = await self.file(run_id, step, attempt=attempt)
        work = self._reader.work(
            "log_search", path, query=query, start=start, backwards=backwards, tell=tell
        )
        return await self._newest.do(view, (run_id, step, attempt, query), work)

    async def file(self, run_id: str, step: str, *, attempt: int = 0) -> Path:
        """The whole log. Raises RequestError R006 where the step wrote none."""
        path = await self._find(run_id, step, attempt)
        if not path.exists():
            raise RequestError(
                "R006", f"Step '{step}' wrote no log.", remedy="Choose another step or attempt."
            )
        return path
