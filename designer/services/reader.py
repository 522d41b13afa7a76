"""The warm process that reads artifacts: started when first asked, ended when nobody asks."""

import asyncio
import contextlib
import itertools
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import msgspec

from runtime.errors import DataError, DesignerError, InfrastructureError
from runtime.model import ErrorRecord

IDLE_S = 300.0
ANSWER_S = 120.0
_LONGEST_LINE = 256 << 20


class Answer(msgspec.Struct, frozen=True):
    """One line from the process."""

    id: int
    answer: msgspec.Raw = msgspec.Raw(b"null")
    error: ErrorRecord | None = None


class Reader:
    """Asks the read worker; a dead one is replaced and costs only what it was doing.

    Args:
        idle_s: After how long without questions the process is ended.
    """

    def __init__(self, *, idle_s: float = IDLE_S) -> None:
        self._idle_s = idle_s
        self._process: Process | None = None
        self._listener: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._ids = itertools.count(1)
        self._timer: asyncio.TimerHandle | None = None
        self._starting = asyncio.Lock()

    async def ask(self, verb: str, path: Path, **arguments: Any) -> bytes:
        """The answer as JSON.

        Raises:
            DesignerError: What the worker found wrong with the artifact, or S003 when it died.
        """
        process = await self._running()
        request_id = next(self._ids)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = future
        request = {"id": request_id, "verb": verb, "path": str(path), "arguments": arguments}
        try:
            _input(process).write(msgspec.json.encode(request) + b"\n")
            answer = await asyncio.wait_for(future, ANSWER_S)
        except (OSError, TimeoutError) as exc:
            raise _lost("did not answer") from exc
        finally:
            self._waiting.pop(request_id, None)
            self._rest()
        return _content(answer)

    async def stop(self) -> None:
        """End the process."""
        if self._timer is not None:
            self._timer.cancel()
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if self._listener is not None:
            await asyncio.gather(self._listener, return_exceptions=True)

    async def _running(self) -> Process:
        async with self._starting:
            if self._process is None or self._process.returncode is not None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "designer.services.read_worker",
                    stdin=PIPE,
                    stdout=PIPE,
                    limit=_LONGEST_LINE,
                    start_new_session=True,
                )
                self._listener = asyncio.create_task(self._listen(self._process))
            return self._process

    async def _listen(self, process: Process) -> None:
        assert process.stdout is not None
        try:
            async for line in process.stdout:
                answer = msgspec.json.decode(line, type=Answer)
                future = self._waiting.get(answer.id)
                if future is not None and not future.done():
                    future.set_result(answer)
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(BrokenPipeError())

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._idle_s, self._let_go)

    def _let_go(self) -> None:
        if self._process is not None and not self._waiting:
            _input(self._process).close()
            self._process = None


def _input(process: Process) -> asyncio.StreamWriter:
    assert process.stdin is not None
    return process.stdin


def _content(answer: Answer) -> bytes:
    if answer.error is not None:
        record = answer.error
        kind = InfrastructureError if record.code.startswith("S") else DataError
        raise kind(record.code, record.message, remedy=record.remedy)
    return bytes(answer.answer)


def _lost(what: str) -> DesignerError:
    return InfrastructureError(
        "S003",
        f"The process that reads artifacts {what}.",
        remedy="Ask again; if it happens again, the artifact may be too large for this machine.",
    )
