"""The warm processes that read artifacts: started when first asked, ended when nobody asks.

One answers what is quick, so that pages never wait; what takes time goes to others, one piece of
work at a time each, and is given up with its last caller.
"""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from designer.services.read_process import ReadProcess, Tell
from designer.services.read_worker.turns import Progress
from designer.services.shared_work import SharedWork
from runtime.errors import InfrastructureError

IDLE_S = 300.0
ANSWER_S = 120.0
WORK_S = 1800.0
AT_ONCE = 2
MEMORY_SHARE = 0.4
NOT_ARRANGED = b"null"
_TRIES = 3


class Reader:
    """Asks read workers; a dead one is replaced and costs only what it was doing.

    Args:
        kept: Folder for row orders, emptied now; a temporary one without it.
        idle_s: After how long without questions the processes are ended.
        most_memory: Bytes that one piece of work may take; by default a share of the machine's.
    """

    def __init__(
        self, kept: Path | None = None, *, idle_s: float = IDLE_S, most_memory: int | None = None
    ) -> None:
        self._kept = kept or Path(tempfile.gettempdir()) / f"designer-rows-{os.getpid()}"
        shutil.rmtree(self._kept, ignore_errors=True)
        self._most_memory = machine_memory() if most_memory is None else most_memory
        self._idle_s = idle_s
        self._quick: ReadProcess | None = None
        self._resting: list[ReadProcess] = []
        self._working: set[ReadProcess] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._starting = asyncio.Lock()
        self._shared = SharedWork()
        self._timer: asyncio.TimerHandle | None = None

    async def ask(self, verb: str, path: Path, **arguments: Any) -> bytes:
        """The answer to what is quick, as JSON.

        Raises:
            DesignerError: What the worker found wrong with the artifact, or S003 when it died.
        """
        async with self._starting:
            if self._quick is None or not self._quick.is_alive:
                self._quick = await ReadProcess.start(self._kept)
            process = self._quick
        try:
            request = _request(verb, path, arguments)
            return await process.ask(request, patience_s=ANSWER_S, is_shared=True)
        finally:
            self._rest()

    async def work(
        self, verb: str, path: Path, *, tell: Tell | None = None, **arguments: Any
    ) -> bytes:
        """The answer to what takes time, as JSON; its progress is told meanwhile.

        The same work is done once for all who wait for it, and given up when nobody does.

        Raises:
            DesignerError: What the worker found wrong with the artifact, S003 when it died,
                S007 when it took too much memory.
        """
        request = _request(verb, path, arguments)
        key = msgspec.json.encode(request)
        return await self._shared.do(key, lambda tell: self._work(request, tell), tell)

    async def prepared(
        self, verb: str, path: Path, *, query: Any, tell: Tell | None, **arguments: Any
    ) -> bytes:
        """The answer to a quick verb, after the rows were arranged where that takes time."""
        for _ in range(_TRIES):
            content = await self.ask(verb, path, query=query, **arguments)
            if content != NOT_ARRANGED:
                return content
            await self.work("arrange", path, query=query, tell=tell)
        raise InfrastructureError(
            "S003",
            "The order of the rows was lost as soon as it was found.",
            remedy="Look at fewer tables at the same time, then ask again.",
        )

    async def stop(self) -> None:
        """End the processes."""
        if self._timer is not None:
            self._timer.cancel()
        processes = [*self._resting, *self._working, *([self._quick] if self._quick else [])]
        self._resting, self._quick = [], None
        await asyncio.gather(*(process.end() for process in processes))

    async def _work(self, request: dict[str, Any], tell: Tell) -> bytes:
        if self._slots.locked():
            tell(Progress(text="Waiting for other work"))
        async with self._slots:
            process = await self._rested()
            self._working.add(process)
            try:
                return await process.ask(request, patience_s=WORK_S, tell=tell)
            finally:
                self._working.discard(process)
                if process.is_alive:
                    self._resting.append(process)
                self._rest()

    async def _rested(self) -> ReadProcess:
        while self._resting:
            process = self._resting.pop()
            if process.is_alive:
                return process
        return await ReadProcess.start(self._kept, most_memory=self._most_memory)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._idle_s, self._let_go)

    def _let_go(self) -> None:
        if self._quick is not None and not self._quick.is_busy:
            self._quick.let_go()
            self._quick = None
        while self._resting:
            self._resting.pop().let_go()


def machine_memory() -> int:
    """Bytes that one piece of work may take on this machine."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return int(whole * MEMORY_SHARE)


def _request(verb: str, path: Path, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"verb": verb, "path": str(path), "arguments": arguments}
