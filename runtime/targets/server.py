"""The engine's side of a warm worker: requests out, events in, one step at a time."""

import os
import socket
from collections.abc import Callable

import msgspec

from runtime.model import WorkerEvent
from runtime.targets.attempt import Attempt
from runtime.targets.family import Family, Kin
from runtime.targets.lines import LineReader
from runtime.targets.poller import Poller

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(WorkerEvent).decode
_PAGE = os.sysconf("SC_PAGE_SIZE")
Heard = Callable[["WarmWorker", WorkerEvent], None]


class WarmWorker:
    """A worker process that serves many steps.

    Args:
        kin: The family it belongs to.
        folder: The worker's own folder, where its steps write.
        poller: Where its events are waited for.
        heard: Called with each event.
    """

    def __init__(self, kin: Kin, folder: str, *, poller: Poller, heard: Heard) -> None:
        self.kin = kin
        self.folder = folder
        self.family: Family | None = None
        self.pid = 0
        self.pending_signal = 0
        self.attempt: Attempt | None = None
        self.steps = 0
        self.cpu_seconds = 0.0
        self.idle_since = 0.0
        self._poller = poller
        self._heard = heard
        self._socket: socket.socket
        self._lines: LineReader
        self._outgoing = b""
        self._is_open = False

    def connect(self, connection: socket.socket) -> None:
        """Use this socket; the process may not exist yet."""
        self._socket = connection
        self._lines = LineReader(connection)
        self._is_open = True
        self._poller.watch(connection.fileno(), self._listen)

    def take(self, attempt: Attempt) -> None:
        """Hand over a request; the worker prepares it and waits for `go`."""
        self.attempt = attempt
        self._send(_encode(attempt.request) + b"\n")

    def go(self) -> None:
        """Let the module start."""
        self._send(b"go\n")

    def drain(self) -> None:
        """Take what the worker wrote before it ended."""
        while self._is_open and self._readable():
            continue

    def is_bloated(self, limit: int) -> bool:
        """Whether the process holds more memory of its own than that; mapped files do not count."""
        try:
            with open(f"/proc/{self.pid}/statm", "rb") as file:
                resident, shared = map(int, file.read().split()[1:3])
                return (resident - shared) * _PAGE > limit
        except OSError:
            return True

    def close(self) -> None:
        """Hang up; an idle worker ends itself then."""
        if self._is_open:
            self._is_open = False
            self._poller.forget(self._socket.fileno())
            self._socket.close()

    def _send(self, data: bytes) -> None:
        if not self._is_open:
            return
        if not self._outgoing:
            data = self._write(data)
        if data:
            self._outgoing += data
            self._poller.watch_writable(self._socket.fileno(), self._writable)

    def _write(self, data: bytes) -> bytes:
        try:
            return data[self._socket.send(data) :]
        except BlockingIOError:
            return data
        except (BrokenPipeError, ConnectionResetError):
            return b""

    def _writable(self) -> None:
        self._outgoing = self._write(self._outgoing)
        if not self._outgoing:
            self._poller.watch_writable(self._socket.fileno(), None)

    def _listen(self) -> None:
        self._readable()

    def _readable(self) -> bool:
        lines, ended = self._lines.available()
        for line in lines:
            try:
                event = _decode(line)
            except msgspec.DecodeError:
                continue
            self._heard(self, event)
        if ended:
            self.close()
        return bool(lines)
