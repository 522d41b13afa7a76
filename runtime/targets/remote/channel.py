"""The engine's side of an agent: its process, and JSON lines over a socketpair."""

import os
import socket
from collections.abc import Callable

from runtime.targets.lines import LineReader
from runtime.targets.poller import Poller
from runtime.targets.process import kill_group
from runtime.targets.remote.messages import Message, encode
from runtime.targets.spawning import start

_PROGRAM = (
    "import sys;sys.path[:]=sys.argv[1:];from runtime.targets.remote.agent import main;main()"
)


class AgentChannel:
    """A running agent.

    Args:
        poller: Where its words are waited for.
        heard: Called with each line.
        ended: Called when the agent is gone, though nobody has closed it.
    """

    def __init__(
        self, poller: Poller, heard: Callable[[bytes], None], ended: Callable[[], None]
    ) -> None:
        self._poller = poller
        self._heard = heard
        self._ended = ended
        self._outgoing = b""
        self.pid, self._socket = start(_PROGRAM, socket.SOCK_STREAM, dict(os.environ))
        self._socket.setblocking(False)
        self._lines = LineReader(self._socket)
        self._is_open = True
        poller.watch(self._socket.fileno(), self._listen)

    def send(self, message: Message) -> None:
        """Say something; what the socket does not take at once follows when it does."""
        if not self._is_open:
            return
        waits = bool(self._outgoing)
        self._outgoing += encode(message) + b"\n"
        if not waits:
            self._write()

    def close(self, *, in_a_hurry: bool = False) -> None:
        """Hang up; the agent ends itself then."""
        if not self._is_open:
            return
        self._is_open = False
        self._poller.forget(self._socket.fileno())
        self._socket.close()
        if not in_a_hurry:
            self._reap()

    def _reap(self) -> None:
        """Wait for the process's end; it has nothing to do any more but to hang up itself."""
        descriptor = os.pidfd_open(self.pid)
        try:
            import select

            if not select.select([descriptor], [], [], 3)[0]:
                kill_group(self.pid)
        finally:
            os.close(descriptor)
        os.waitpid(self.pid, 0)

    def _write(self) -> None:
        try:
            self._outgoing = self._outgoing[self._socket.send(self._outgoing) :]
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            self._outgoing = b""  # the end is read from the socket, like every other word
        self._poller.watch_writable(self._socket.fileno(), self._write if self._outgoing else None)

    def _listen(self) -> None:
        lines, is_over = self._lines.available()
        for line in lines:
            self._heard(line)
        if is_over and self._is_open:
            self.close()
            self._ended()
