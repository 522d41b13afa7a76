"""What a forked worker does: serve steps over a socket, or run a single one from its folder."""

import contextlib
import fcntl
import os
import socket
import sys
from collections.abc import Iterator

from runtime.crash_points import crash_point
from runtime.model import StepRequest, WorkerEvent
from runtime.targets.emitter import Emitter
from runtime.targets.lines import LineReader
from runtime.targets.process import adopt_orphans
from runtime.targets.threads import limit_threads
from runtime.worker import (
    LOG,
    LOGGED,
    decode_request,
    encode,
    forget_peak_memory,
    import_executor,
    move_log,
    redirect_output,
    run_folder,
    run_step,
)

_LONG_STEP_S = 0.005
_IN_USE = f"{sys.prefix}.use" if os.path.exists(f"{sys.prefix}/environment.json") else ""
"""Locked by every step that runs in an environment of its own."""


def serve(connection: socket.socket) -> None:
    """Execute steps until the engine closes the socket.

    A request is prepared when it arrives and executed on the line `go`, which the engine sends
    once everything the step builds on is durable; any other line drops it.
    """
    _after_fork()
    adopt_orphans()
    desk = _Desk()
    lines = LineReader(connection)
    while (line := lines.next()) is not None:
        request = decode_request(line)
        trouble = desk.prepare(request)
        if lines.next_soon() != b"go":
            continue
        emitter = Emitter(connection.sendall)
        with _keeping_environment():
            ending = trouble or run_step(request, emitter.emit)
        emitter.flush()
        if desk.clear(request, ending):
            ending.data[LOGGED] = True
        crash_point("worker.before_answer")
        connection.sendall(encode(ending) + b"\n")
        crash_point("worker.after_answer")


class _Desk:
    """A warm worker's own folder: made once, used for one step after the other.

    Making a folder and a log per step would cost more than the step's durable record does. A log
    that was written to moves to the attempt's folder when the step ends.
    """

    def __init__(self) -> None:
        self._folder = ""
        self._is_peak_stale = False

    def prepare(self, request: StepRequest) -> WorkerEvent | None:
        """Get everything ready that can be ready before the module may start."""
        try:
            if request.folder != self._folder:
                os.makedirs(f"{request.folder}/outputs", mode=0o700, exist_ok=True)
                redirect_output(f"{request.folder}/{LOG}")
                self._folder = request.folder
        except OSError as exc:
            from runtime.error_boundary import describe

            return WorkerEvent(
                kind="failed", error=describe(exc, request), data={"fence": request.fence}
            )
        import_executor(request)
        if self._is_peak_stale:
            forget_peak_memory()
        limit_threads(request.threads)
        return None

    def clear(self, request: StepRequest, ending: WorkerEvent) -> bool:
        """Hand the log over if the step wrote one; says whether it did."""
        self._is_peak_stale = ending.data.get("seconds", 0) > _LONG_STEP_S
        facts = os.fstat(1)
        if not facts.st_size and facts.st_nlink == 1:
            return False
        with contextlib.suppress(OSError):
            move_log(request.folder, request.log)
            redirect_output(f"{request.folder}/{LOG}")
        return True


def run_once(folder: str) -> None:
    """Execute the request of one attempt folder and end."""
    _after_fork()
    with _keeping_environment():
        run_folder(folder)


@contextlib.contextmanager
def _keeping_environment() -> Iterator[None]:
    """See to it that nobody removes the environment that a step runs in."""
    if not _IN_USE:
        yield
        return
    descriptor = os.open(_IN_USE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def _after_fork() -> None:
    """Forked siblings must not draw the same random numbers."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
