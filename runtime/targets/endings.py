"""How the end of a step's process is judged: whether memory was the reason."""

import signal

from runtime.targets.attempt import Attempt, Death
from runtime.targets.process import oom_kills

_WINDOW_S = 3.0
_TAIL_BYTES = 4096
_COMPLAINTS = (b"memory allocation of", b"std::bad_alloc")
"""What native libraries print before they abort for want of memory (Rust, C++)."""


class KernelKills:
    """Which deaths the kernel's killings for memory explain.

    The kernel counts whom it kills, but does not say who it was. A kill explains one death, and none
    that comes later than some seconds: it was somebody else's then.
    """

    def __init__(self) -> None:
        self._explained = self._counted = oom_kills()
        self._counted_at = 0.0

    def look(self, now: float) -> None:
        """Forget kills that are too old to explain what ends from now on."""
        if now - self._counted_at >= _WINDOW_S:
            self._explained = max(self._explained, self._counted)
            self._counted, self._counted_at = oom_kills(), now

    def explain_one(self) -> bool:
        """Whether there was a kill that explains a death now."""
        if oom_kills() <= self._explained:
            return False
        self._explained += 1
        return True


def death_of(
    attempt: Attempt,
    status: int | None,
    *,
    peak_memory_bytes: int | None,
    was_started: bool,
    kernel: KernelKills,
) -> Death:
    """What is reported of a process that left no result.

    Args:
        attempt: What it worked on.
        status: Its wait status, None when nobody could ask for it.
        peak_memory_bytes: The most it held, where the kernel said so.
        was_started: Whether it came to the point of running the module.
        kernel: The killings for memory so far.
    """
    how = status & 0x7F if status is not None else 0
    is_foreign_kill = how == signal.SIGKILL and not attempt.is_killed
    return Death(
        status=status,
        out_of_memory=bool(attempt.over_limit_bytes)
        or (is_foreign_kill and kernel.explain_one())
        or (how == signal.SIGABRT and _complains(attempt.log)),
        held_bytes=attempt.over_limit_bytes,
        peak_memory_bytes=peak_memory_bytes,
        was_started=was_started,
    )


def _complains(log: str) -> bool:
    """Whether the last that a process printed is that it got no memory."""
    try:
        with open(log, "rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            tail = file.read()
    except OSError:
        return False
    return any(complaint in tail for complaint in _COMPLAINTS)
