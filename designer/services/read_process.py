"""One read worker process: started, asked, told to stop a piece of work, ended."""

import asyncio
import contextlib
import itertools
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from designer.services.read_worker.turns import Progress
from runtime.errors import DataError, DesignerError, InfrastructureError
from runtime.model import ErrorRecord

Tell = Callable[[Progress], None]

GRACE_S = 0.3
"""How long abandoned work may take to notice before its process is ended."""

_LONGEST_LINE = 256 << 20


class Answer(msgspec.Struct, frozen=True):
    """One line from the process."""

    id: int
    answer: msgspec.Raw = msgspec.Raw(b"null")
    error: ErrorRecord | None = None
    progress: Progress | None = None


class ReadProcess:
    """A read worker; one that has ended stays so.

    Args:
        process: The running process.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._tells: dict[int, Tell] = {}
        self._ids = itertools.count(1)
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, kept: Path, *, most_memory: int = 0) -> "ReadProcess":
        """Start one that keeps row orders in a folder."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "designer.services.read_worker",
            str(kept),
            str(most_memory),
            stdin=PIPE,
            stdout=PIPE,
            limit=_LONGEST_LINE,
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.returncode is None and not self._listener.done()

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits for it."""
        return bool(self._waiting)

    async def ask(
        self,
        request: dict[str, Any],
        *,
        patience_s: float,
        tell: Tell | None = None,
        is_shared: bool = False,
    ) -> bytes:
        """The answer as JSON.

        A caller that is cancelled lets the work end: at its next step, or with the process unless
        that is shared with others.

        Raises:
            DesignerError: What the worker found wrong, or S003 when it died or took too long.
        """
        request_id = next(self._ids)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = future
        if tell is not None:
            self._tells[request_id] = tell
        try:
            self._write({"id": request_id, **request})
            answer = await asyncio.wait_for(asyncio.shield(future), patience_s)
        except TimeoutError as exc:
            await self._abandon(request_id, future)
            raise _lost("did not answer in time") from exc
        except OSError as exc:
            raise _lost("ended before it had answered") from exc
        except asyncio.CancelledError:
            if is_shared:
                self._cancel(request_id)
            else:
                await asyncio.shield(self._abandon(request_id, future))
            raise
        finally:
            self._waiting.pop(request_id, None)
            self._tells.pop(request_id, None)
        return _content(answer)

    async def end(self) -> None:
        """End it at once."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        await asyncio.gather(self._listener, return_exceptions=True)

    def let_go(self) -> None:
        """Let it end by itself: nothing more will be asked."""
        with contextlib.suppress(OSError, RuntimeError):
            self._input.close()

    async def _abandon(self, request_id: int, future: asyncio.Future[Answer]) -> None:
        self._cancel(request_id)
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(asyncio.shield(future), GRACE_S)
            return
        await self.end()

    def _cancel(self, request_id: int) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            self._write({"cancel": request_id})

    def _write(self, message: dict[str, Any]) -> None:
        self._input.write(msgspec.json.encode(message) + b"\n")

    @property
    def _input(self) -> asyncio.StreamWriter:
        assert self._process.stdin is not None
        return self._process.stdin

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            async for line in self._process.stdout:
                self._take(msgspec.json.decode(line, type=Answer))
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(BrokenPipeError())

    def _take(self, answer: Answer) -> None:
        if answer.progress is not None:
            if (tell := self._tells.get(answer.id)) is not None:
                tell(answer.progress)
            return
        future = self._waiting.get(answer.id)
        if future is not None and not future.done():
            future.set_result(answer)


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
