"""What a step's processes take now: processor, memory and, where there are some, GPUs."""

import os
from collections.abc import Sequence

import msgspec

from runtime.targets.gpu import GpuMeter, GpuUse
from runtime.targets.process import content_of, descendants

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Usage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A reading of one step's processes.

    Attributes:
        cpu_percent: Since the reading before; 100 is one processor.
        cpu_seconds: Since the step began.
        memory_bytes: Resident now; what children share with their parent counts once.
        peak_memory_bytes: The most that was resident so far.
        gpu_percent: How busy the GPUs are with the step, or, where processes are not told apart,
            how busy the devices are that it holds.
        gpu_memory_bytes: What the step holds on them.
        peak_gpu_memory_bytes: The most it was seen to hold.
    """

    cpu_percent: float
    cpu_seconds: float
    memory_bytes: int
    peak_memory_bytes: int
    gpu_percent: float | None = None
    gpu_memory_bytes: int | None = None
    peak_gpu_memory_bytes: int | None = None


class FamilyMeter:
    """Reads one process and its descendants.

    Args:
        pid: The process.
        began: When its step began, by the steady clock.
        cpu_before: Processor seconds it had used for others before.
        gpus: Where GPUs are read.
    """

    def __init__(self, pid: int, *, began: float, cpu_before: float, gpus: GpuMeter) -> None:
        self._pid = pid
        self._gpus = gpus
        self._cpu_before = cpu_before
        self._read_at = began
        self._cpu_read = cpu_before
        self._peak = 0
        self._gpu_peak: int | None = None

    def read(self, now: float, *, gpus: Sequence[int]) -> Usage | None:
        """What is taken now; None when the process is gone.

        Args:
            now: The steady clock.
            gpus: Those that the step holds.
        """
        cpu, memory = _cpu_seconds(self._pid), _memory(self._pid)
        if cpu is None or memory is None:
            return None
        resident, most = memory
        family = [self._pid, *descendants(self._pid)]
        for child in family[1:]:
            own = _own_memory(child)
            resident += own
            most += own
            cpu += _cpu_seconds(child) or 0.0
        self._peak = max(self._peak, most)
        percent = 100 * (cpu - self._cpu_read) / max(now - self._read_at, 1e-3)
        self._read_at, self._cpu_read = now, cpu
        gpu = self._gpu_use(family, gpus)
        return Usage(
            cpu_percent=round(max(0.0, percent), 1),
            cpu_seconds=round(max(0.0, cpu - self._cpu_before), 2),
            memory_bytes=resident,
            peak_memory_bytes=self._peak,
            gpu_percent=gpu.percent if gpu else None,
            gpu_memory_bytes=gpu.memory_bytes if gpu else None,
            peak_gpu_memory_bytes=self._gpu_peak,
        )

    def _gpu_use(self, family: list[int], gpus: Sequence[int]) -> GpuUse | None:
        use = self._gpus.of(family, devices=gpus)
        if use is not None:
            self._gpu_peak = max(self._gpu_peak or 0, use.memory_bytes)
        return use


def held_memory(pid: int, limit: int) -> int:
    """Bytes that a process and its descendants hold for themselves; mapped files do not count.

    What they share among themselves is told apart only where it matters, above the limit, because
    asking the kernel for it takes it long.
    """
    family = [pid, *descendants(pid)]
    held = sum(map(_anonymous, family))
    return held if held <= limit else min(held, sum(map(_share_of_anonymous, family)))


def _anonymous(pid: int) -> int:
    return _sum_of(f"/proc/{pid}/status", (b"RssAnon:", b"RssShmem:"))


def _share_of_anonymous(pid: int) -> int:
    path = f"/proc/{pid}/smaps_rollup"
    return _sum_of(path, (b"Pss_Anon:", b"Pss_Shmem:")) or _anonymous(pid)


def _sum_of(path: str, names: tuple[bytes, ...]) -> int:
    """The sum of lines `name: … kB` of a file of the kernel."""
    lines = (line.split() for line in content_of(path).splitlines())
    return sum(int(line[1]) << 10 for line in lines if line and line[0] in names)


def _cpu_seconds(pid: int) -> float | None:
    """Of a process and those of its children that have ended; None when it is gone."""
    fields = content_of(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    if len(fields) < 15 or fields[0] in (b"Z", b"X"):
        return None
    return sum(map(int, fields[11:15])) / _TICKS


def _memory(pid: int) -> tuple[int, int] | None:
    """Resident bytes now and at most."""
    resident = most = 0
    for line in content_of(f"/proc/{pid}/status").splitlines():
        if line.startswith(b"VmHWM"):
            most = int(line.split()[1]) * 1024
        elif line.startswith(b"VmRSS"):
            resident = int(line.split()[1]) * 1024
            return resident, max(most, resident)
    return None


def _own_memory(pid: int) -> int:
    """Resident bytes that a process does not share."""
    fields = content_of(f"/proc/{pid}/statm").split()
    return (int(fields[1]) - int(fields[2])) * _PAGE if len(fields) > 2 else 0
