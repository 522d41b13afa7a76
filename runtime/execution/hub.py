"""The runner's socket: takes requests, pushes events to everybody who follows."""

import os
import socket
import struct
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from runtime.errors import DesignerError
from runtime.execution.protocol import Reply, Request, decode_request, encode
from runtime.model import ErrorRecord, RunEvent
from runtime.targets.lines import LineReader
from runtime.targets.poller import Poller

_BATCH_S = 0.1
_MOST_WAITING_BYTES = 32 << 20
_EVENTS_PER_LINE = 500
_SUPERSEDED = ("progress", "meter")
Answer = Callable[[Request, "Connection"], Reply]


class Hub:
    """Listens on a Unix socket inside the engine's loop.

    Events go out at once when nothing went out in the last 100 ms, and else in one batch when
    those are over.

    Args:
        path: Where to listen; a socket left there by a dead engine is replaced.
        poller: The engine's.
        answer: Gives the reply to a request.
    """

    def __init__(self, path: Path, *, poller: Poller, answer: Answer) -> None:
        self._poller = poller
        self._answer = answer
        self._connections: set[Connection] = set()
        self._waiting: list[RunEvent] = []
        self._last_push = 0.0
        self._path = path
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self._socket.bind(str(path))
        os.chmod(path, 0o600)
        self._socket.listen(64)
        poller.watch(self._socket.fileno(), self._accept)

    @property
    def clients(self) -> int:
        """How many clients are connected."""
        return len(self._connections)

    def publish(self, events: Sequence[RunEvent]) -> None:
        """Push events to the followers."""
        self._waiting += events
        self.push_due()

    def push_due(self) -> None:
        """Push what waits if its time has come."""
        if self._waiting and time.monotonic() - self._last_push >= _BATCH_S:
            self._last_push = time.monotonic()
            events, self._waiting = newest_progress(self._waiting), []
            self._push(events)

    def wait(self) -> float | None:
        """Seconds until something is due; None when nothing is."""
        if not self._waiting:
            return None
        return max(0.0, self._last_push + _BATCH_S - time.monotonic())

    def close(self) -> None:
        """Hang up on everybody and stop listening."""
        self._push(self._waiting)
        for connection in list(self._connections):
            connection.close()
        self._poller.forget(self._socket.fileno())
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _push(self, events: list[RunEvent]) -> None:
        followers = [connection for connection in self._connections if connection.follows]
        if not followers:
            return
        for start in range(0, len(events), _EVENTS_PER_LINE):
            line = encode(Reply(events=tuple(events[start : start + _EVENTS_PER_LINE]))) + b"\n"
            for connection in followers:
                connection.send(line)

    def _accept(self) -> None:
        connected, _ = self._socket.accept()
        connected.setblocking(False)
        if _peer_user(connected) not in (os.getuid(), 0):
            connected.close()
            return
        self._connections.add(Connection(connected, self._poller, self._asked, self._left))

    def _asked(self, connection: "Connection", line: bytes) -> None:
        number = 0
        try:
            request = decode_request(line)
            number = request.id
            reply = self._answer(request, connection)
        except DesignerError as exc:
            reply = Reply(error=exc.record)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            reply = Reply(
                error=ErrorRecord(
                    code="G005",
                    message=f"Not a request: {exc}.",
                    remedy="Send one request of the protocol per line.",
                )
            )
        except Exception as exc:  # noqa: BLE001 - one client's request must not end all runs
            reply = Reply(error=_fault(exc))
        connection.send(encode(msgspec.structs.replace(reply, id=number)) + b"\n")

    def _left(self, connection: "Connection") -> None:
        self._connections.discard(connection)


class Connection:
    """One client of the runner."""

    def __init__(
        self,
        connected: socket.socket,
        poller: Poller,
        asked: Callable[["Connection", bytes], None],
        left: Callable[["Connection"], None],
    ) -> None:
        self.follows = False
        self._socket = connected
        self._poller = poller
        self._asked = asked
        self._left = left
        self._lines = LineReader(connected)
        self._outgoing = bytearray()
        self._is_open = True
        poller.watch(connected.fileno(), self._readable)

    def send(self, data: bytes) -> None:
        """Send without ever waiting; a client that does not read is let go."""
        if not self._is_open:
            return
        was_empty = not self._outgoing
        self._outgoing += data
        if was_empty:
            self._flush()
            if self._outgoing:
                self._poller.watch_writable(self._socket.fileno(), self._writable)
        if len(self._outgoing) > _MOST_WAITING_BYTES:
            self.close()

    def close(self) -> None:
        """Hang up."""
        if self._is_open:
            self._is_open = False
            self._poller.forget(self._socket.fileno())
            self._socket.close()
            self._left(self)

    def _readable(self) -> None:
        lines, ended = self._lines.available()
        for line in lines:
            self._asked(self, line)
        if ended:
            self.close()

    def _writable(self) -> None:
        self._flush()
        if self._is_open and not self._outgoing:
            self._poller.watch_writable(self._socket.fileno(), None)

    def _flush(self) -> None:
        try:
            while self._outgoing:
                del self._outgoing[: self._socket.send(self._outgoing)]
        except BlockingIOError:
            return
        except OSError:
            self.close()


def newest_progress(events: Sequence[RunEvent]) -> list[RunEvent]:
    """Leave out progress and readings that a later one of the same step in the batch supersedes."""
    newest = {
        (event.run_id, event.step, event.kind): number
        for number, event in enumerate(events)
        if event.kind in _SUPERSEDED
    }
    return [
        event
        for number, event in enumerate(events)
        if newest.get((event.run_id, event.step, event.kind), number) == number
    ]


def _fault(exc: Exception) -> ErrorRecord:
    """What one client is told about a fault of ours; the log has the traceback."""
    import logging  # only when something is off

    logging.getLogger(__name__).error("a request could not be answered", exc_info=exc)
    return ErrorRecord(
        code="R008",
        message=f"The engine failed on this request ({type(exc).__name__}).",
        remedy="Try again; runner.log has the details.",
    )


def _peer_user(connected: socket.socket) -> int:
    credentials = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    user: int = struct.unpack("3i", credentials)[1]
    return user
