"""Starting zygotes and agents: fresh interpreters that know nothing of the engine's memory."""

import os
import signal
import socket
import sys
from typing import NamedTuple

from runtime.crash_points import VARIABLE
from runtime.targets.threads import THREADS

_CONTROL = 3
_INHERITED = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "USER", "LOGNAME", VARIABLE,
)  # fmt: skip
_PROGRAM = "import sys;sys.path[:]=sys.argv[1:];from runtime.targets.zygote import main;main()"
_GPUS = {
    "CUDA_VISIBLE_DEVICES": "",  # a step that holds GPUs is told which before it starts
    "CUDA_DEVICE_ORDER": "PCI_BUS_ID",  # as the driver's library counts them
}
_ELSEWHERE = "import sys;sys.path+=sys.argv[1:];from runtime.targets.zygote import main;main()"


class Interpreter(NamedTuple):
    """The Python of an environment, and the folder where it finds our packages."""

    python: str
    packages: str


OURS = Interpreter("", "")
"""The one that runs this program, with all that it can import."""

_ahead: list[tuple[int, int, socket.socket]] = []


def spawn_ahead(threads: int) -> None:
    """Start a zygote now that will be needed soon: it starts while this program still imports."""
    _ahead.append((threads, *_spawn(threads)))


def spawn(threads: int, interpreter: Interpreter = OURS) -> tuple[int, socket.socket]:
    """A zygote that waits to be told what to import: its pid and our end of its socket."""
    if interpreter != OURS:
        return _start(_ELSEWHERE, socket.SOCK_SEQPACKET, _environment(threads), interpreter)
    for index, (limit, pid, control) in enumerate(_ahead):
        if limit == threads:
            del _ahead[index]
            return pid, control
    return _spawn(threads)


def processors() -> int:
    """How many processors this program may use."""
    return len(os.sched_getaffinity(0))


def _spawn(threads: int) -> tuple[int, socket.socket]:
    return start(_PROGRAM, socket.SOCK_SEQPACKET, _environment(threads))


def start(program: str, kind: int, environment: dict[str, str]) -> tuple[int, socket.socket]:
    """Start a fresh interpreter that finds its end of a socket at descriptor 3.

    Args:
        program: What it runs; it gets our import paths as arguments.
        kind: Of the socket, `socket.SOCK_STREAM` or `socket.SOCK_SEQPACKET`.
        environment: All of its environment.

    Returns:
        Its pid and our end of the socket.
    """
    return _start(program, kind, environment, OURS)


def _start(
    program: str, kind: int, environment: dict[str, str], interpreter: Interpreter
) -> tuple[int, socket.socket]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    if interpreter == OURS:
        own = [path for path in sys.path if path and os.path.isabs(path)]
        words = [sys.executable, "-P", "-s", "-S", "-c", program, *own]
    else:
        words = [interpreter.python, "-P", "-s", "-c", program, interpreter.packages]
    with theirs:
        pid = os.posix_spawn(
            words[0],
            words,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, theirs.fileno(), _CONTROL),
            ],
            setpgroup=0,
            setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD],
            setsigmask=[],
        )
    return pid, ours


def _environment(threads: int) -> dict[str, str]:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment.update(dict.fromkeys(THREADS, str(threads)))
    environment.update(_GPUS)
    environment["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1"
    return environment
