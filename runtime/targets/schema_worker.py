"""Our side of the schema worker: a question out, an answer in, and a limit to how long it may take.

The worker is forked from a zygote that has imported the libraries, so that losing one costs an
answer and a few milliseconds.
"""

import os
import select
import socket
import time
from collections.abc import Sequence

import msgspec

from runtime.targets.process import kill_group
from runtime.targets.schema_loop import Answer, Question, encode
from runtime.targets.spawning import spawn

ANSWER_S = 5.0
START_S = 60.0
_CHUNK = 1 << 16
_decode = msgspec.json.Decoder(Answer).decode


class NoAnswerError(Exception):
    """The worker died, took too long or could not say; the question can be asked again."""


class SchemaWorker:
    """Asks a process of its own; used by one thread, which lives as long as it does.

    Args:
        preload: What the process has imported before it is asked.
        answer_s: How long an answer may take.
    """

    def __init__(self, preload: Sequence[str], *, answer_s: float = ANSWER_S) -> None:
        self._preload = tuple(preload)
        self._answer_s = answer_s
        self._zygote: socket.socket | None = None
        self._zygote_pid = 0
        self._worker: socket.socket | None = None
        self.pid = 0

    def start(self) -> None:
        """Begin to have a worker ready, and do not wait until its libraries are imported."""
        if self._worker is None:
            try:
                self._order()
            except OSError:
                self._drop_zygote()
                self._order()

    def ask(self, function: str, argument: msgspec.Struct, *, guarded: bool = True) -> bytes:
        """The answer as JSON.

        Args:
            function: `package.module:name` of the function that answers.
            argument: What it is asked, as it arrives there in JSON.
            guarded: Rather have no answer than one of a process that could change something.

        Raises:
            NoAnswerError: There is none.
        """
        raw = msgspec.Raw(msgspec.json.encode(argument))
        line = encode(Question(function=function, argument=raw, guarded=guarded)) + b"\n"
        answer = _decode(self._exchange(line))
        if answer.fault:
            raise NoAnswerError(answer.fault)
        return bytes(answer.value)

    def close(self) -> None:
        """End the worker and its zygote."""
        self._drop_worker()
        self._drop_zygote()

    def _exchange(self, line: bytes) -> bytes:
        worker = self._ready()
        deadline = time.monotonic() + self._answer_s
        try:
            worker.settimeout(self._answer_s)
            worker.sendall(line)
            parts: list[bytes] = []
            while not parts or not parts[-1].endswith(b"\n"):
                worker.settimeout(max(0.001, deadline - time.monotonic()))
                part = worker.recv(_CHUNK)
                if not part:
                    raise ConnectionResetError
                parts.append(part)
            return b"".join(parts)
        except TimeoutError as exc:
            self._drop_worker()
            raise NoAnswerError(f"no answer within {self._answer_s:g} s") from exc
        except OSError as exc:
            self._drop_worker()
            raise NoAnswerError("the process ended") from exc
        except BaseException:
            self._drop_worker()
            raise

    def _ready(self) -> socket.socket:
        """The worker, once it can answer; what ended while nobody asked is replaced once."""
        if self._worker is not None and self.pid and _has_ended(self._worker):
            self._drop_worker()
        for is_last_try in (False, True):
            try:
                self.start()
                assert self._worker is not None and self._zygote is not None
                if not self.pid:
                    self.pid = _forked_pid(self._zygote)
                return self._worker
            except OSError as exc:
                self._drop_worker()
                self._drop_zygote()
                if is_last_try:
                    raise NoAnswerError("the process could not be started") from exc
        raise AssertionError("the last try returns or raises")

    def _order(self) -> None:
        """Ask the zygote for a worker."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            try:
                socket.send_fds(self._started_zygote(), [b"s"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        self._worker, self.pid = ours, 0

    def _started_zygote(self) -> socket.socket:
        if self._zygote is None:
            self._zygote_pid, self._zygote = spawn(1)
            self._zygote.send(b"l " + " ".join(self._preload).encode())
        return self._zygote

    def _drop_zygote(self) -> None:
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None
            kill_group(self._zygote_pid)
            _reap(self._zygote_pid)

    def _drop_worker(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None
            if self.pid:
                kill_group(self.pid)


def _has_ended(worker: socket.socket) -> bool:
    """Whether the other end is closed: while nothing is asked there is nothing to read."""
    return bool(select.select([worker], [], [], 0)[0])


def _forked_pid(zygote: socket.socket) -> int:
    """The pid of the worker that was asked for; earlier ones' ends may be told before."""
    deadline = time.monotonic() + START_S
    while True:
        if not select.select([zygote], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError
        message = zygote.recv(256)
        if not message:
            raise ConnectionResetError
        if message[:1] == b"p":
            return int(message[2:])


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        return
