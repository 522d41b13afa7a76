"""Facts about processes: whether a pid still names the process it named before."""

import contextlib
import os
import signal

_SET_CHILD_SUBREAPER = 36
_MOST_THREADS = 256
_MOST_PROCESSES = 256


def start_time(pid: int) -> int:
    """When the process started, in clock ticks since boot; 0 when there is none."""
    try:
        descriptor = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
    except OSError:
        return 0
    try:
        fields = os.read(descriptor, 4096).rpartition(b")")[2].split()
    except OSError:
        return 0
    finally:
        os.close(descriptor)
    return 0 if fields[0] in (b"Z", b"X") else int(fields[19])


def is_same(pid: int, started: int) -> bool:
    """Whether the process `pid` lives and is the one that started then."""
    return started != 0 and start_time(pid) == started


def is_stopped(pid: int) -> bool:
    """Whether a signal or a debugger holds the process."""
    return content_of(f"/proc/{pid}/stat").rpartition(b")")[2].split()[:1] in ([b"T"], [b"t"])


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends: none gets away by a double fork."""
    import ctypes

    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1)


def children(pid: int) -> list[int]:
    """The processes that a process has started or adopted."""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")[:_MOST_THREADS]
    except OSError:
        return []
    return [
        int(child)
        for task in tasks
        for child in content_of(f"/proc/{pid}/task/{task}/children").split()
    ]


def descendants(pid: int) -> list[int]:
    """The same with all generations."""
    found: list[int] = []
    pending = [pid]
    while pending and len(found) < _MOST_PROCESSES:
        of_one = children(pending.pop())
        found += of_one
        pending += of_one
    return found


def kill_family(pid: int) -> None:
    """Kill a process, its group and every descendant, those in sessions of their own too."""
    family = descendants(pid) if pid > 1 else []
    kill_group(pid)
    for one in family:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(one, signal.SIGKILL)


def end_offspring() -> None:
    """Kill every descendant of this process, which has adopted its orphans."""
    while family := descendants(os.getpid()):
        for one in family:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(one, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)


def kill_group(pid: int, number: int = signal.SIGKILL) -> None:
    """Signal a process and every process of its group; a missing one is no error."""
    if pid <= 1:
        return  # for the kernel 0 means our own group
    for send in (os.killpg, os.kill):
        try:
            send(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def oom_kills() -> int:
    """How many processes the kernel has killed for memory since boot."""
    try:
        with open("/proc/vmstat", "rb") as file:
            for line in file:
                if line.startswith(b"oom_kill "):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def content_of(path: str) -> bytes:
    """The first bytes of a file of the kernel's; none where it is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 1 << 14)
    except OSError:
        return b""
    finally:
        os.close(descriptor)
