"""When the engine has to look at something again: time limits, second signals, ticks."""

import signal
import time
from collections.abc import Iterator

from runtime.execution.slot_table import Key

_TICK_S = 0.1
_REST_S = 5.0
_DISK_RETRY_S = 1.0
_TERM_S, _KILL_S = 0.5, 5.0


class Timekeeper:
    """Everything that falls due, by the monotonic clock."""

    def __init__(self) -> None:
        self._deadlines: dict[Key, float] = {}
        self._signals: dict[Key, list[tuple[float, int]]] = {}
        self._next_tick = 0.0
        self._next_rest = 0.0
        self._disk_retry_at: float | None = None

    def limit(self, key: Key, seconds: float) -> None:
        """A step may run so long from now."""
        self._deadlines[key] = time.monotonic() + seconds

    def insist(self, key: Key) -> None:
        """A step was asked to end: TERM follows soon, KILL some seconds later."""
        now = time.monotonic()
        self._signals[key] = [(now + _TERM_S, signal.SIGTERM), (now + _KILL_S, signal.SIGKILL)]

    def forget(self, key: Key) -> None:
        """The step has ended."""
        self._deadlines.pop(key, None)
        self._signals.pop(key, None)

    def retry_disk(self) -> None:
        """Look soon whether the disk has room again."""
        self._disk_retry_at = time.monotonic() + _DISK_RETRY_S

    def wait(
        self, most_s: float | None, *, is_following: bool, has_processes: bool
    ) -> float | None:
        """Seconds until something falls due, at most `most_s`; None for as long as it takes."""
        if not (self._deadlines or self._signals or is_following or self._disk_retry_at):
            if not has_processes:
                return most_s
            return _REST_S if most_s is None else min(most_s, _REST_S)
        times = [*self._deadlines.values(), *(due[0][0] for due in self._signals.values())]
        if is_following:
            times.append(self._next_tick)
        if self._disk_retry_at is not None:
            times.append(self._disk_retry_at)
        wait = max(0.0, min(times) - time.monotonic())
        return wait if most_s is None else min(wait, most_s)

    def expired(self, now: float) -> list[Key]:
        """Steps that are over their limit; each is told once."""
        if not self._deadlines:
            return []
        over = [key for key, at in self._deadlines.items() if at <= now]
        for key in over:
            del self._deadlines[key]
        return over

    def signals(self, now: float) -> Iterator[tuple[Key, int]]:
        """Signals that are due."""
        for key in [key for key, due in self._signals.items() if due[0][0] <= now]:
            (_, number), *rest = self._signals.pop(key)
            if rest:
                self._signals[key] = rest
            yield key, number

    def start_ticking(self) -> None:
        """The first step starts: look at its log a tick from now."""
        self._next_tick = time.monotonic() + _TICK_S

    def is_tick(self, now: float) -> bool:
        """Whether it is time to look at the logs."""
        if now < self._next_tick:
            return False
        self._next_tick = now + _TICK_S
        return True

    def is_rest(self, now: float) -> bool:
        """Whether it is time to let idle processes go."""
        if now < self._next_rest:
            return False
        self._next_rest = now + _REST_S
        return True

    def is_disk_retry(self, now: float) -> bool:
        """Whether it is time to look at the disk again; told once."""
        if self._disk_retry_at is None or now < self._disk_retry_at:
            return False
        self._disk_retry_at = None
        return True
