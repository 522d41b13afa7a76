"""Answers that take time: progress as lines for those who ask for it, given up when nobody waits.

A client that accepts `application/x-ndjson` gets lines of `{"progress": {"share", "text", "part"}}`
and at the end `{"answer": …}` or `{"error": {…}}`, unless the answer is there before the first line
is due; then, and for all others, it is plain JSON.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from designer.api.messages import error_response, facts_of, fault
from designer.services.read_process import Tell
from designer.services.read_worker.turns import Progress
from runtime.errors import DesignerError

LINES = "application/x-ndjson"
FIRST_LINE_S = 0.15

Work = Callable[[Tell], Coroutine[Any, Any, bytes]]


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of an answer that takes time."""

    progress: Progress | None = None
    answer: msgspec.Raw | None = None
    error: Any = None


class WaitingResponse(Response):
    """The answer of some work, which ends with the connection.

    Args:
        request: What is answered.
        work: Gives the answer as JSON.
    """

    def __init__(self, request: Request, work: Work) -> None:
        super().__init__(media_type="application/json")
        self._takes_lines = LINES in request.headers.get("accept", "")
        self._work = work
        self._progress: asyncio.Queue[Progress] = asyncio.Queue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or stop working when the client has gone."""
        work = asyncio.create_task(self._work(self._progress.put_nowait))
        gone = asyncio.create_task(_disconnected(receive))
        try:
            await self._serve(work, gone, scope, receive, send)
        finally:
            for task in (work, gone):
                task.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)

    async def _serve(
        self,
        work: asyncio.Task[bytes],
        gone: asyncio.Task[None],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        wait_s = FIRST_LINE_S if self._takes_lines else None
        await asyncio.wait({work, gone}, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            await _whole(work)(scope, receive, send)
        elif not gone.done():
            await self._send_lines(work, gone, send)

    async def _send_lines(
        self, work: asyncio.Task[bytes], gone: asyncio.Task[None], send: Send
    ) -> None:
        headers = [(b"content-type", LINES.encode()), (b"content-encoding", b"identity")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        while not work.done() and not gone.done():
            more = asyncio.ensure_future(self._progress.get())
            await asyncio.wait({work, gone, more}, return_when=asyncio.FIRST_COMPLETED)
            if more.done():
                await _send_line(send, Line(progress=more.result()))
            more.cancel()
        if work.done():
            await _send_line(send, _last_line(work), is_last=True)


async def _send_line(send: Send, line: Line, *, is_last: bool = False) -> None:
    body = msgspec.json.encode(line) + b"\n"
    await send({"type": "http.response.body", "body": body, "more_body": not is_last})


def _whole(work: asyncio.Task[bytes]) -> Response:
    outcome = _outcome(work)
    if isinstance(outcome, DesignerError):
        return error_response(outcome)
    return Response(outcome, media_type="application/json")


def _last_line(work: asyncio.Task[bytes]) -> Line:
    outcome = _outcome(work)
    if isinstance(outcome, DesignerError):
        return Line(error=facts_of(outcome))
    return Line(answer=msgspec.Raw(outcome))


def _outcome(work: asyncio.Task[bytes]) -> bytes | DesignerError:
    exc = work.exception()
    if exc is None:
        return work.result()
    if isinstance(exc, DesignerError):
        return exc
    assert isinstance(exc, Exception)
    return fault(exc)


async def _disconnected(receive: Receive) -> None:
    """Ends when the client has gone."""
    with contextlib.suppress(OSError):
        while (await receive())["type"] != "http.disconnect":
            pass
