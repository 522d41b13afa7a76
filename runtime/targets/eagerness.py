"""Looking for an answer that is about to come before falling asleep over it."""

import time
from collections.abc import Callable
from typing import TypeVar

_Answer = TypeVar("_Answer")
_REST = 20


class Eagerness:
    """Looks again and again for a moment: waking a sleeping process takes longer than a no-op step.

    When the answer did not come in time (a long step, a busy machine) it does not look so eagerly
    the next twenty times.

    Args:
        most_s: How long a moment is.
    """

    def __init__(self, most_s: float) -> None:
        self._most_s = most_s
        self._rest = 0

    def look(self, look: Callable[[], _Answer]) -> _Answer | None:
        """The answer, if it came within the moment."""
        if self._rest:
            self._rest -= 1
            return None
        end = time.perf_counter() + self._most_s
        while time.perf_counter() < end:
            answer = look()
            if answer:
                return answer
        self._rest = _REST
        return None
