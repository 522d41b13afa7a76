"""The engine's side of a zygote: one per preload family, started when first needed."""

import os
import socket
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from runtime.crash_points import crash_point
from runtime.targets.poller import Poller
from runtime.targets.process import kill_group
from runtime.targets.spawning import OURS, Interpreter, spawn

Forked = Callable[[int], None]
Ended = Callable[[int, int, int], None]


class Kin(NamedTuple):
    """What the workers of one family share: what they have imported, and their interpreter."""

    preload: tuple[str, ...]
    interpreter: Interpreter = OURS


class Family:
    """A zygote process and the workers it forked.

    Args:
        kin: What its workers share.
        poller: Where its answers are waited for.
        threads: Upper limit for thread pools in its workers.
        on_ended: Called with pid, wait status and peak memory when a worker has ended.
        on_lost: Called when the zygote itself has died.
    """

    def __init__(
        self,
        kin: Kin,
        *,
        poller: Poller,
        threads: int,
        on_ended: Ended,
        on_lost: Callable[["Family"], None],
    ) -> None:
        self.kin = kin
        self._poller = poller
        self._on_ended = on_ended
        self._on_lost = on_lost
        self._awaiting: deque[Forked] = deque()
        self.pid, self._control = spawn(threads, kin.interpreter)
        self._control.send(b"l " + " ".join(kin.preload).encode())
        poller.watch(self._control.fileno(), self._answered)

    def fork_server(self, on_forked: Forked) -> socket.socket:
        """Fork a worker that serves many steps; gives our end of its socket."""
        crash_point("spawn.before")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._awaiting.append(on_forked)
            socket.send_fds(self._control, [b"w"], [theirs.fileno()])
        ours.setblocking(False)
        crash_point("spawn.after")
        return ours

    def fork_once(self, folder: str, on_forked: Forked, *, outlives: bool = True) -> None:
        """Fork a worker that runs the one request of an attempt folder."""
        self._awaiting.append(on_forked)
        crash_point("spawn.before_alone")
        self._control.send((b"o " if outlives else b"d ") + os.fsencode(folder))
        crash_point("spawn.after_alone")

    def close(self, *, in_a_hurry: bool = False) -> None:
        """End the zygote, and with it the workers that serve this engine."""
        self._poller.forget(self._control.fileno())
        self._control.close()
        if not in_a_hurry:
            _reap(self.pid)

    def _answered(self) -> None:
        try:
            message = self._control.recv(256)
        except ConnectionResetError:
            message = b""
        if not message:
            self._poller.forget(self._control.fileno())
            self._control.close()
            kill_group(self.pid)
            _reap(self.pid)
            self._on_lost(self)
        elif message[:1] == b"p":
            self._awaiting.popleft()(int(message[2:]))
        elif message[:1] == b"x":
            pid, status, peak = map(int, message[2:].split())
            self._on_ended(pid, status, peak)


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        return
