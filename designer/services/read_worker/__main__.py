"""Requests as JSON lines in, answers as JSON lines out; ends with its input.

{"id": 1, "verb": "page", "path": "…", "arguments": {…}}
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

from designer.services.read_worker import documents, tables
from runtime.errors import DataError, DesignerError, InfrastructureError
from runtime.model import ErrorRecord

VERBS: dict[str, Callable[..., Any]] = {
    "page": tables.page,
    "profile": tables.profile,
    "export": tables.export,
    "document": documents.document,
}
AT_ONCE = 2


class Request(msgspec.Struct, frozen=True):
    """One request."""

    id: int
    verb: str
    path: str
    arguments: dict[str, Any] = {}


def main() -> None:
    """Serve until the input ends."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    turn = threading.Lock()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for line in sys.stdin.buffer:
            pool.submit(_serve, msgspec.json.decode(line, type=Request), out, turn)


def _serve(request: Request, out: BinaryIO, turn: threading.Lock) -> None:
    try:
        value = VERBS[request.verb](Path(request.path), **request.arguments)
        line = msgspec.json.encode({"id": request.id, "answer": value})
    except Exception as exc:  # noqa: BLE001 - the boundary: every fault becomes an answer
        line = msgspec.json.encode({"id": request.id, "error": _record(exc)})
    with turn:
        out.write(line + b"\n")
        out.flush()


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


if __name__ == "__main__":
    main()
