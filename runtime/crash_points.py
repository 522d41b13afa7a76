"""Named points at which tests let a program die; elsewhere a call that does nothing.

`DESIGNER_CRASH_AT="completion.before_commit kill 3 1 /tmp/mark"` kills every program that comes to
the point for the fourth time, until one has died: each death leaves a file `/tmp/mark.0`, and so on.
The ways to die are those of real life: a signal that nobody can catch (`kill`), one that is caught
(`term`), the end of the process without a word to Python (`exit`), a fault of ours (`raise`).
"""

import os
import signal

VARIABLE = "DESIGNER_CRASH_AT"


class CrashPointReached(RuntimeError):  # noqa: N818 - it is what happened, nobody handles it
    """The fault that a test asked for."""


class _Wanted:
    """What the variable asks for.

    Args:
        text: Point, way, how many passes go by, how many deaths, and where those are marked.
    """

    def __init__(self, text: str) -> None:
        self._point, self._way, passes, deaths, self._mark = text.split(" ", 4)
        self._passes = int(passes)
        self._deaths = int(deaths)

    def pass_by(self, point: str) -> None:
        if point != self._point:
            return
        self._passes -= 1
        if self._passes < 0 and self._is_marked():
            self._die()

    def _is_marked(self) -> bool:
        for number in range(self._deaths):
            try:
                os.close(os.open(f"{self._mark}.{number}", os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            return True
        return False

    def _die(self) -> None:
        match self._way:
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "term":
                os.kill(os.getpid(), signal.SIGTERM)
            case "exit":
                os._exit(70)
            case _:
                raise CrashPointReached(f"crash point '{self._point}'")


def _pass_by(point: str) -> None:
    """A program comes to a named point."""


crash_point = _Wanted(os.environ[VARIABLE]).pass_by if VARIABLE in os.environ else _pass_by
