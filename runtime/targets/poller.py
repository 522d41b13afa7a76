"""One epoll for everything the engine waits for: descriptors and who is called for each."""

import select
from collections.abc import Callable

from runtime.targets.eagerness import Eagerness

_MOMENT_S = 0.0001
Callback = Callable[[], None]


class Poller:
    """Calls what was registered for a descriptor when there is something to read from it."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._readers: dict[int, Callback] = {}
        self._writers: dict[int, Callback] = {}
        self._eagerness = Eagerness(_MOMENT_S)

    def watch(self, descriptor: int, readable: Callback) -> None:
        """Call `readable` whenever the descriptor can be read or has ended."""
        self._readers[descriptor] = readable
        self._epoll.register(descriptor, select.EPOLLIN)

    def watch_writable(self, descriptor: int, writable: Callback | None) -> None:
        """Call `writable` too while the watched descriptor takes data; None stops that."""
        if writable is None:
            self._writers.pop(descriptor, None)
            self._epoll.modify(descriptor, select.EPOLLIN)
        else:
            self._writers[descriptor] = writable
            self._epoll.modify(descriptor, select.EPOLLIN | select.EPOLLOUT)

    def forget(self, descriptor: int) -> None:
        """Stop watching a descriptor."""
        if self._readers.pop(descriptor, None) is not None:
            self._writers.pop(descriptor, None)
            self._epoll.unregister(descriptor)

    def turn(self, timeout_s: float | None) -> None:
        """Wait for something, at most `timeout_s`, and call who is concerned."""
        self._handle(self._epoll.poll(timeout_s))

    def turn_now(self) -> bool:
        """Call who is concerned by what is there already; false when there is nothing."""
        ready = self._epoll.poll(0)
        self._handle(ready)
        return bool(ready)

    def turn_soon(self, timeout_s: float | None) -> None:
        """The same when an answer is about to come: look for it a moment before falling asleep."""
        ready = self._eagerness.look(lambda: self._epoll.poll(0))
        self._handle(self._epoll.poll(timeout_s) if ready is None else ready)

    def _handle(self, ready: list[tuple[int, int]]) -> None:
        for descriptor, events in ready:
            if events & select.EPOLLOUT and (writer := self._writers.get(descriptor)):
                writer()
            if events & ~select.EPOLLOUT and (reader := self._readers.get(descriptor)):
                reader()

    def close(self) -> None:
        """Release the epoll."""
        self._epoll.close()
