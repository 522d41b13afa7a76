"""Our server on a host: it lets a local target over there do the work, and stores what arrives.

Every step runs alone, in a session of its own, and leaves its result in its attempt's folder. So it
goes on when the connection breaks, and the next server, started by the next connection, finds it.
There is one server per workspace: a new one ends the one before, which may hang on a dead network.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import NoReturn

import msgspec

from runtime.model import WorkerEvent
from runtime.targets.attempt import Attempt, Death, Notice, Outcome
from runtime.targets.local import LocalTarget
from runtime.targets.poller import Poller
from runtime.targets.process import is_same, kill_group, start_time
from runtime.targets.remote.blobs import Blobs
from runtime.targets.remote.found import ENVIRONMENTS
from runtime.targets.remote.frames import Frames
from runtime.targets.remote.log_tail import LogTail
from runtime.targets.remote.messages import (
    Absent,
    Adopt,
    AskToStop,
    Chunk,
    Deliver,
    Died,
    Fetch,
    Forget,
    Go,
    Logged,
    Measured,
    Message,
    Noticed,
    Piece,
    Ready,
    Said,
    Stop,
    Stored,
    ToServer,
    Wanted,
    encode,
)
from runtime.targets.spawning import processors
from runtime.worker import PROCESS, write_whole

_READ_BYTES = 1 << 20
_ENOUGH_BYTES = 4 << 20
_TICK_S, _MEASURE_S, _REST_S = 0.1, 1.0, 5.0


class Held:
    """An attempt on this host, from its delivery until it is forgotten."""

    def __init__(self, delivered: Deliver | None, log: LogTail) -> None:
        self.delivered = delivered
        self.log = log
        self.attempt: Attempt | None = None
        self.may_go = False
        self.measured_at = 0.0


class Server:
    """Answers one agent.

    Args:
        home: The folder that it writes in.
        workspace: The workspace that it serves.
    """

    def __init__(self, home: str, workspace: str) -> None:
        self._folder = f"{home}/workspaces/{workspace}"
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        self._blobs = Blobs(home, self._folder)
        self._poller = Poller()
        self._target = LocalTarget(
            self._poller,
            self._report,
            threads=processors(),
            desks=f"{self._folder}/desks",
            environments=f"{home}/{ENVIRONMENTS}",
        )
        self._frames: Frames[ToServer] = Frames(ToServer)
        self._held: dict[int, Held] = {}
        self._outgoing = bytearray()
        self._fetches: list[Iterator[tuple[Piece, bytes]]] = []

    def serve(self, ready: Ready) -> NoReturn:
        """Answer until the agent hangs up."""
        self._send(ready)
        for descriptor in (0, 1):
            os.set_blocking(descriptor, False)
            self._poller.watch(descriptor, self._listen)
        rest_at = 0.0
        while True:
            self._write()
            self._poller.turn(_TICK_S if self._held else _REST_S)
            now = time.monotonic()
            for key, held in list(self._held.items()):
                self._follow(key, held, now)
            if now > rest_at:
                rest_at = now + _REST_S
                self._target.rest(now)

    # -- what the agent says ---------------------------------------------------------------------

    def _listen(self) -> None:
        try:
            data = os.read(0, _READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            os._exit(0)  # the steps go on; the zygotes end with this process
        for message, payload in self._frames.feed(data):
            self._obey(message, payload)

    def _obey(self, message: ToServer, payload: bytes) -> None:
        match message:
            case Deliver():
                log = LogTail(message.request.log, 0)
                self._held[message.id] = Held(message, log)
                self._blobs.make_folders(message.folders)
                self._send(Wanted(id=message.id, blobs=self._blobs.missing(message)))
            case Chunk():
                self._take(message, payload)
            case Go():
                if message.id in self._held:
                    self._held[message.id].may_go = True
                    self._start_what_can()
            case Adopt():
                self._adopt(message)
            case Stop():
                self._stop(message)
            case AskToStop():
                if (attempt := self._attempt(message.id)) is not None:
                    self._target.ask_to_stop(attempt)
            case Fetch():
                self._fetches.append(self._blobs.pieces(message))
            case Forget():
                held = self._held.pop(message.id, None)
                if held is not None:
                    self._blobs.drop_folder(held.log.folder)

    def _take(self, message: Chunk, payload: bytes) -> None:
        is_whole = self._blobs.take(message, payload)
        if is_whole is not None:
            self._send(Stored(digest=message.digest, is_whole=is_whole))
            self._start_what_can()

    def _start_what_can(self) -> None:
        for key, held in self._held.items():
            delivered = held.delivered
            if held.may_go and delivered is not None and not self._blobs.missing(delivered):
                held.delivered = None
                self._start(key, held, delivered)

    def _start(self, key: int, held: Held, delivered: Deliver) -> None:
        try:
            self._blobs.place(delivered)
            held.attempt = self._target.prepare(("", key), delivered.request)
            self._target.go(held.attempt)
        except Exception as exc:  # noqa: BLE001 - the boundary of one step on this host
            from runtime.error_boundary import describe

            error = describe(exc, delivered.request)
            self._send(Said(id=key, event=WorkerEvent(kind="failed", error=error)))

    def _adopt(self, message: Adopt) -> None:
        held = Held(None, LogTail(message.request.log, message.log_bytes))
        held.attempt = self._target.adopt(("", message.id), message.request)
        if held.attempt is not None:
            self._held[message.id] = held
        elif was_claimed(message.request.folder):
            self._tell_log(message.id, held)
            self._send(Died(id=message.id, death=Death()))
        else:
            self._send(Absent(id=message.id))

    def _stop(self, message: Stop) -> None:
        held = self._held.get(message.id)
        if held is None:
            return
        if held.attempt is not None:
            self._target.stop(held.attempt, message.signal)
        else:
            del self._held[message.id]
            self._send(Died(id=message.id, death=Death(status=message.signal)))

    def _attempt(self, key: int) -> Attempt | None:
        held = self._held.get(key)
        return held.attempt if held is not None else None

    # -- what the steps say ----------------------------------------------------------------------

    def _follow(self, key: int, held: Held, now: float) -> None:
        attempt = held.attempt
        if attempt is None or attempt.is_over:
            return
        self._target.follow(attempt)
        self._tell_log(key, held)
        if now - held.measured_at >= _MEASURE_S:
            held.measured_at = now
            usage = self._target.measure(attempt, now)
            if usage is not None:
                self._send(Measured(id=key, usage=usage))

    def _tell_log(self, key: int, held: Held) -> None:
        while data := held.log.more():
            self._send(Logged(id=key, bytes=len(data)), data)

    def _report(self, attempt: Attempt, outcome: Outcome) -> None:
        key = attempt.key[1]
        held = self._held.get(key)
        if held is None:
            return
        if type(outcome) is WorkerEvent:
            if outcome.kind in ("done", "failed"):
                self._tell_log(key, held)
                outcome = self._blobs.keep_outputs(attempt.request, outcome)
            self._send(Said(id=key, event=outcome))
        elif type(outcome) is Death:
            self._tell_log(key, held)
            self._send(Died(id=key, death=outcome))
        elif type(outcome) is Notice:
            self._send(Noticed(id=key, detail=outcome.detail))

    # -- what goes out ---------------------------------------------------------------------------

    def _send(self, message: Message, payload: bytes = b"") -> None:
        self._outgoing += encode(message) + b"\n" + payload

    def _write(self) -> None:
        """Write what the agent takes; pieces of what it fetches come after everything else."""
        while True:
            while self._fetches and len(self._outgoing) < _ENOUGH_BYTES:
                self._send_piece()
            if not self._outgoing:
                self._poller.watch_writable(1, None)
                return
            try:
                del self._outgoing[: os.write(1, self._outgoing)]
            except BlockingIOError:
                self._poller.watch_writable(1, lambda: None)
                return
            except OSError:
                os._exit(0)

    def _send_piece(self) -> None:
        fetch = self._fetches.pop(0)
        found = next(fetch, None)
        if found is not None:
            self._send(*found)
            self._fetches.append(fetch)


def was_claimed(folder: str) -> bool:
    """Whether a process has begun to work on an attempt, whatever became of it."""
    try:
        return os.path.getsize(f"{folder}/{PROCESS}") > 0
    except OSError:
        return False


def main(home: str, workspace: str, packages: dict[str, str]) -> NoReturn:
    """Serve one workspace over standard input and output."""
    os.umask(0o077)
    os.setsid() if os.getpgid(0) != os.getpid() else None
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    folder = f"{home}/workspaces/{workspace}"
    os.makedirs(folder, mode=0o700, exist_ok=True)
    os.chdir(folder)
    _end_the_one_before(f"{folder}/server.json")
    sys.stdout = sys.stderr  # whatever prints must not speak to the agent
    Server(home, workspace).serve(Ready(home=home, packages=packages))


def _end_the_one_before(place: str) -> None:
    try:
        with open(place, "rb") as file:
            before = msgspec.json.decode(file.read(), type=dict[str, int])
    except (OSError, msgspec.DecodeError):
        before = {}
    pid, started = before.get("pid", 0), before.get("start_time", 0)
    if pid != os.getpid() and is_same(pid, started):
        kill_group(pid)
        while is_same(pid, started):
            time.sleep(0.005)
    mine = {"pid": os.getpid(), "start_time": start_time(os.getpid())}
    write_whole(place, msgspec.json.encode(mine))
