"""What a forked worker does: serve steps over a socket, or run a single one from its folder."""

import os
import socket
import sys

from runtime.error_boundary import describe
from runtime.model import StepRequest, WorkerEvent
from runtime.targets.emitter import Emitter
from runtime.targets.lines import LineReader
from runtime.targets.threads import limit_threads
from runtime.worker import (
    decode_request,
    encode,
    forget_peak_memory,
    prepare,
    run_folder,
    run_step,
)

_NOWHERE = "/dev/null"


def serve(connection: socket.socket) -> None:
    """Execute steps until the engine closes the socket.

    A request is prepared when it arrives and executed on the line `go`, which the engine sends
    once everything the step builds on is durable; any other line drops it.
    """
    _after_fork()
    lines = LineReader(connection)
    while (line := lines.next()) is not None:
        request = decode_request(line)
        trouble = _prepare(request)
        if lines.next() == b"go":
            emitter = Emitter(connection.sendall)
            ending = trouble or run_step(request, emitter.emit)
            emitter.flush()
            connection.sendall(encode(ending) + b"\n")
        _release_log()


def run_once(folder: str) -> None:
    """Execute the request of one attempt folder and end."""
    _after_fork()
    run_folder(folder)


def _prepare(request: StepRequest) -> WorkerEvent | None:
    try:
        prepare(request)
    except OSError as exc:
        return WorkerEvent(
            kind="failed", error=describe(exc, request), data={"fence": request.fence}
        )
    forget_peak_memory()
    limit_threads(request.threads)
    return None


def _release_log() -> None:
    descriptor = os.open(_NOWHERE, os.O_WRONLY)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)


def _after_fork() -> None:
    """Forked siblings must not draw the same random numbers."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
