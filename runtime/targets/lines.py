"""JSON lines over a stream socket: cut into lines, whatever pieces they arrive in."""

import select
import socket

from runtime.targets.eagerness import Eagerness

_CHUNK = 1 << 16
_MOMENT_S = 0.0005


class LineReader:
    """Lines from a socket.

    Args:
        source: A stream socket, blocking or not.
    """

    def __init__(self, source: socket.socket) -> None:
        self._source = source
        self._rest = b""
        self._lines: list[bytes] = []
        self._eagerness = Eagerness(_MOMENT_S)
        self._poll = select.poll()
        self._poll.register(source, select.POLLIN)

    def next(self) -> bytes | None:
        """The next line, waiting for it; None at the end of the stream."""
        while not self._lines:
            if not self._receive():
                return None
        return self._lines.pop(0)

    def next_soon(self) -> bytes | None:
        """The next line, which is about to come: look for it some time before falling asleep.

        Waking a sleeping process takes longer than a durable write leaves it idle.
        """
        if not self._lines:
            self._eagerness.look(lambda: self._poll.poll(0))
        return self.next()

    def available(self) -> tuple[list[bytes], bool]:
        """Lines that are there without waiting, and whether the stream has ended."""
        try:
            is_open = self._receive()
        except BlockingIOError:
            is_open = True
        lines, self._lines = self._lines, []
        return lines, not is_open

    def _receive(self) -> bool:
        try:
            data = self._source.recv(_CHUNK)
        except (ConnectionResetError, BrokenPipeError):
            return False
        if not data:
            return False
        parts = data.split(b"\n")
        parts[0] = self._rest + parts[0]
        self._rest = parts.pop()
        self._lines += parts
        return True
