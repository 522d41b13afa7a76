"""Requests as JSON lines in, answers as JSON lines out; ends with its input.

{"id": 1, "verb": "page", "path": "…", "arguments": {…}}      {"cancel": 1}
{"id": 1, "progress": {…}}
{"id": 1, "answer": {…}}  or  {"id": 1, "error": {"code", "message", "remedy"}}
"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from designer.services.read_worker.memory_watch import watch_memory
from designer.services.read_worker.turns import Abandoned, Progress, Turn
from designer.services.read_worker.verbs import Verbs
from runtime.errors import DataError, DesignerError, InfrastructureError
from runtime.model import ErrorRecord

AT_ONCE = 2


class Request(msgspec.Struct, frozen=True):
    """One request, or the wish to end one."""

    id: int = 0
    verb: str = ""
    path: str = ""
    arguments: dict[str, Any] = {}
    cancel: int = 0


class Server:
    """Answers requests, a few at once.

    Args:
        verbs: What can be asked.
        out: Where answers go.

    Attributes:
        asked: Set with the first request.
    """

    def __init__(self, verbs: Verbs, out: BinaryIO) -> None:
        self._verbs = verbs
        self._out = out
        self._lock = threading.Lock()
        self._turns: dict[int, Turn] = {}
        self.asked = threading.Event()

    def serve(self, lines: BinaryIO) -> None:
        """Serve until the input ends."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for line in lines:
                request = msgspec.json.decode(line, type=Request)
                if request.cancel:
                    self._cancel(request.cancel)
                else:
                    turn = Turn(self._teller(request.id))
                    self._turns[request.id] = turn
                    self.asked.set()
                    pool.submit(self._answer, request, turn)
            for turn in list(self._turns.values()):
                turn.abandon()

    def refuse_all(self, error: DesignerError) -> None:
        """Answer everything that is going on with an error."""
        for request_id in list(self._turns):
            self._write({"id": request_id, "error": error.record})

    def _cancel(self, request_id: int) -> None:
        if (turn := self._turns.get(request_id)) is not None:
            turn.abandon()

    def _answer(self, request: Request, turn: Turn) -> None:
        try:
            turn.check()
            call: Callable[..., Any] = self._verbs.find(request.verb)
            value = call(Path(request.path), turn=turn, **request.arguments)
            answer: dict[str, Any] = {"id": request.id, "answer": value}
        except Abandoned:
            answer = {"id": request.id, "error": ABANDONED}
        except Exception as exc:  # noqa: BLE001 - the boundary: every fault becomes an answer
            answer = {"id": request.id, "error": _record(exc)}
        self._turns.pop(request.id, None)
        self._write(answer)

    def _teller(self, request_id: int) -> Callable[[Progress], None]:
        return lambda progress: self._write({"id": request_id, "progress": progress})

    def _write(self, message: dict[str, Any]) -> None:
        line = msgspec.json.encode(message) + b"\n"
        with self._lock:
            self._out.write(line)
            self._out.flush()


ABANDONED = ErrorRecord(code="A007", message="Nobody waits for this answer any more.")


def _record(exc: Exception) -> ErrorRecord:
    if isinstance(exc, DesignerError):
        return exc.record
    if isinstance(exc, FileNotFoundError):
        error: DesignerError = InfrastructureError(
            "S003", "The artifact is no longer stored.", remedy="Run the pipeline again."
        )
    else:
        error = DataError(
            "S003",
            f"The artifact cannot be read: {type(exc).__name__}: {exc}.",
            remedy="Run the step again.",
        )
    return error.record


def main(kept: str, memory: str = "0") -> None:
    """Serve until the input ends.

    Args:
        kept: Folder for row orders.
        memory: Bytes that may be taken at most; 0 for no limit.
    """
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    server = Server(Verbs(Path(kept)), out)
    if int(memory):
        watch_memory(int(memory), server.refuse_all, server.asked)
    server.serve(sys.stdin.buffer)


if __name__ == "__main__":
    main(*sys.argv[1:])
