"""What a step's container may take and do."""

from typing import Any

from runtime.model import StepRequest
from runtime.targets.gpu import VISIBLE

_MOST_PROCESSES = 512
_MOST_LOG = "64m"
_SHARED_MEMORY_BYTES = 1 << 30
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
SCRATCH = {"/tmp": "rw,nosuid,nodev,mode=1777"}


def confined(*, network: str) -> dict[str, Any]:
    """What holds for every container of ours: no privileges, nothing to write but `/tmp`."""
    return {
        "network_mode": network,
        "read_only": True,
        "tmpfs": SCRATCH,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "pids_limit": _MOST_PROCESSES,
        "init": True,
        "log_config": {"Type": "json-file", "Config": {"max-size": _MOST_LOG}},
    }


def for_step(request: StepRequest, *, network: str, cpus: int) -> dict[str, Any]:
    """What holds for a step's container.

    Args:
        request: Its threads, memory and GPUs are the limits.
        network: The network it is in.
        cpus: Processors that the engine has.
    """
    host = confined(network=network)
    host["nano_cpus"] = min(max(request.threads, 1), cpus) * 10**9
    host["shm_size"] = _SHARED_MEMORY_BYTES
    if request.memory_bytes:
        host["mem_limit"] = host["memswap_limit"] = request.memory_bytes
        host["shm_size"] = min(_SHARED_MEMORY_BYTES, request.memory_bytes // 2)
    if request.gpu_numbers:
        devices = list(map(str, request.gpu_numbers))
        host["device_requests"] = [{"DeviceIDs": devices, "Capabilities": [["gpu"]]}]
    return host


def environment(request: StepRequest) -> dict[str, str]:
    """The variables that a step's process sees, beside those of its image.

    A container counts the GPUs that it was given from 0. One that was given none gets none of an engine
    whose containers see them all, either.
    """
    gpus = {VISIBLE: ",".join(map(str, range(len(request.gpu_numbers))))}
    if not request.gpu_numbers:
        gpus["NVIDIA_VISIBLE_DEVICES"] = "void"
    return {
        **dict.fromkeys(_THREADS, str(max(1, request.threads))),
        **gpus,
        "HOME": "/tmp",
        "USER": "step",
        "LOGNAME": "step",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
