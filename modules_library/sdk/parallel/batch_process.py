"""A process that is handed one mini-batch after the other, and lives as long as they let it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from runtime.model import ErrorRecord, StepRequest, WorkerEvent
from runtime.worker import run_step

_PROGRAM = (
    "import sys;sys.path[:]=sys.argv[1:];"
    "from modules_library.sdk.parallel.batch_process import main;main()"
)
STOPPED = ErrorRecord(code="R004", message="The step was stopped before the mini-batch was done.")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
_encode = msgspec.json.Encoder().encode
_event = msgspec.json.Decoder(WorkerEvent)
_request = msgspec.json.Decoder(StepRequest)


class BatchProcess:
    """Our end of it; started when it is first needed, and again when it has died.

    Args:
        threads: Upper limit for its thread pools.
    """

    def __init__(self, threads: int) -> None:
        self._threads = str(threads)
        self._lock = threading.Lock()
        self._is_closed = False
        self._process: subprocess.Popen[bytes] | None = None

    def carry_out(
        self, request: StepRequest, tell: Callable[[WorkerEvent], None]
    ) -> WorkerEvent | ErrorRecord:
        """Execute a mini-batch; gives its last event, or an error when the process died of it."""
        with self._lock:
            if self._is_closed:
                return STOPPED
            process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.write(_encode(request) + b"\n")
            process.stdin.flush()
        for line in process.stdout:
            event = _event.decode(line)
            if event.kind in ("done", "failed"):
                return event
            tell(event)
        status = process.wait()
        with self._lock:
            self.forget()
        return ErrorRecord(
            code="R003",
            message=f"The process of the mini-batch died with {status}.",
            remedy="Read the log; a library may have crashed, or memory ran out.",
        )

    def close(self) -> None:
        """End the process, at once and whatever it does; none is started any more."""
        with self._lock:
            self._is_closed = True
            if self._process is not None:
                self._process.kill()

    def forget(self) -> None:
        """Give back what an ended process leaves behind."""
        process, self._process = self._process, None
        if process is None:
            return
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _start(self) -> subprocess.Popen[bytes]:
        paths = [path for path in sys.path if path and os.path.isabs(path)]  # noqa: PTH117
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-c", _PROGRAM, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **dict.fromkeys(_THREADS, self._threads)},
        )
        return self._process


def main() -> None:
    """The process: requests come in line by line, events go out; what is printed goes to the log."""
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)

    def tell(event: Any) -> None:
        events.write(_encode(event) + b"\n")

    for line in sys.stdin.buffer:
        request = _request.decode(line)
        os.makedirs(request.folder, exist_ok=True)  # noqa: PTH103
        os.chdir(request.folder)
        tell(run_step(request, tell))
