"""Facts about processes: whether a pid still names the process it named before."""

import os
import signal


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
