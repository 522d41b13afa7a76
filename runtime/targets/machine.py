"""What this machine has for steps: processors, memory and GPUs."""

import math
import os
from collections.abc import Iterator

from runtime.model import Gpu, TargetResources
from runtime.targets.spawning import processors

_SYSTEM_SHARE, _SYSTEM_GIB = 0.1, 1.0
_CGROUPS = "/sys/fs/cgroup"


def local_resources() -> TargetResources:
    """All of it."""
    return TargetResources(cpus=processors(), memory_gib=memory_for_steps(), gpus=len(found_gpus()))


def found_gpus() -> tuple[Gpu, ...]:
    """The GPUs that steps here may use, in the order of their numbers."""
    from runtime.targets.gpu import gpus_here

    return gpus_here()


def memory_for_steps() -> float:
    """GiB that steps may share; a tenth, and at least 1 GiB, is left to everything else."""
    total = min([_installed(), *_limits()]) / 2**30
    left = max(total * _SYSTEM_SHARE, min(_SYSTEM_GIB, total / 2))
    return math.floor((total - left) * 10) / 10


def _installed() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _limits() -> Iterator[int]:
    """The limits of the control groups that this process is in (version 2)."""
    try:
        with open("/proc/self/cgroup", encoding="utf-8") as file:
            own = next((line[3:].strip() for line in file if line.startswith("0::")), "")
    except OSError:
        return
    while own:
        try:
            with open(f"{_CGROUPS}{own}/memory.max", encoding="utf-8") as file:
                limit = file.read().strip()
        except OSError:
            limit = "max"
        if limit.isdigit():
            yield int(limit)
        if own == "/":
            return
        own = os.path.dirname(own)
