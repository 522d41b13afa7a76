"""NVIDIA GPUs, through the driver's own library where it can be loaded; the one place that looks.

A reading may take the driver many milliseconds, so a thread of its own takes one a second for as
long as somebody asks, and whoever asks gets the last one.
"""

import ctypes
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from runtime.model import Gpu

VISIBLE = "CUDA_VISIBLE_DEVICES"
"""The variable that says which GPUs a program may use."""
_LIBRARY = "libnvidia-ml.so.1"
_INTERVAL_S = 1.0
_FORGET_AFTER_S = 5.0
_OK = 0
_TOO_SMALL = 7
_NOT_AVAILABLE = (1 << 64) - 1
_MOST_PROCESSES = 256
_TEXT = 96


class GpuUse(msgspec.Struct, frozen=True, gc=False):
    """How busy a process keeps the GPUs, and what it holds on them."""

    percent: float
    memory_bytes: int


class GpuReading(msgspec.Struct, frozen=True, gc=False):
    """All GPUs at one moment.

    Attributes:
        devices: Of each device, whoever uses it, in the driver's order.
        processes: By process id; empty where the driver does not tell them apart.
    """

    devices: tuple[GpuUse, ...]
    processes: Mapping[int, GpuUse] = {}


class GpuMeter:
    """The newest reading of this machine's GPUs.

    Args:
        connect: Gives a function that takes a reading, or None where there is no GPU.
    """

    def __init__(
        self, connect: Callable[[], Callable[[], GpuReading] | None] | None = None
    ) -> None:
        self._connect = connect or connect_to_driver
        self._reading: GpuReading | None = None
        self._asked_at = 0.0
        self._thread: threading.Thread | None = None
        self._is_absent = False

    def of(self, pids: Iterable[int], *, devices: Sequence[int]) -> GpuUse | None:
        """What these processes take, as of about a second ago; None where that is not known.

        Args:
            pids: A step's processes.
            devices: Those that it holds: they are told of where the driver knows no process of it.
        """
        self._asked_at = time.monotonic()
        self._start()
        reading = self._reading
        if reading is None:
            return None
        found = [reading.processes[pid] for pid in pids if pid in reading.processes]
        if found:
            return GpuUse(sum(use.percent for use in found), sum(use.memory_bytes for use in found))
        held = [reading.devices[number] for number in devices if number < len(reading.devices)]
        if not held:
            return None
        return GpuUse(max(use.percent for use in held), sum(use.memory_bytes for use in held))

    def _start(self) -> None:
        if self._is_absent or (self._thread is not None and self._thread.is_alive()):
            return
        self._thread = threading.Thread(target=self._read, name="gpu-meter", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        read = self._connect()
        self._is_absent = read is None
        while read is not None and time.monotonic() - self._asked_at < _FORGET_AFTER_S:
            self._reading = read()
            time.sleep(_INTERVAL_S)
        self._reading = None


def driver() -> Any | None:
    """The driver's library, or None where there is none. Tests put another one in its place."""
    try:
        return ctypes.CDLL(_LIBRARY)
    except OSError:
        return None


def gpus_here() -> tuple[Gpu, ...]:
    """The GPUs that programs started from this one may use, as `cuda_names` names them."""
    library = driver()
    found = [_gpu(library, device) for device in _devices(library)]
    return tuple([gpu for _, gpu in _visible(found)])


def cuda_names(numbers: Sequence[int]) -> tuple[str, ...]:
    """What `CUDA_VISIBLE_DEVICES` calls GPUs, given their positions in `gpus_here`.

    A program that may itself use only some GPUs hands on only those.
    """
    allowed = os.environ.get(VISIBLE)
    if allowed is None:
        return tuple(map(str, numbers))
    names = [name for name in map(str.strip, allowed.split(",")) if name]
    return tuple([names[number] for number in numbers if number < len(names)])


def device_numbers(names: Iterable[str]) -> tuple[int, ...]:
    """The driver's own numbers of GPUs that CUDA calls so; of one named by its id none."""
    return tuple([int(name) for name in names if name.isdecimal()])


def connect_to_driver() -> Callable[[], GpuReading] | None:
    """A function that reads the GPUs; None where the driver's library or a GPU is missing."""
    return connect_to(driver())


def connect_to(library: Any) -> Callable[[], GpuReading] | None:
    """The same for a library that is loaded; None where it finds no GPU."""
    devices = _devices(library)
    if not devices:
        return None
    since = [ctypes.c_ulonglong(0) for _ in devices]
    return lambda: _reading(library, devices, since)


def _devices(library: Any | None) -> list[Any]:
    count = ctypes.c_uint()
    if library is None or _ask(library, "nvmlInit_v2") != _OK:
        return []
    if _ask(library, "nvmlDeviceGetCount_v2", ctypes.byref(count)) != _OK:
        return []
    devices = [ctypes.c_void_p() for _ in range(count.value)]
    for index, device in enumerate(devices):
        _ask(library, "nvmlDeviceGetHandleByIndex_v2", index, ctypes.byref(device))
    return devices


def _gpu(library: Any, device: Any) -> tuple[str, Gpu]:
    """A GPU's own id, and what it is."""
    name, uuid, facts = (
        ctypes.create_string_buffer(_TEXT),
        ctypes.create_string_buffer(_TEXT),
        _Memory(),
    )
    _ask(library, "nvmlDeviceGetName", device, name, _TEXT)
    _ask(library, "nvmlDeviceGetUUID", device, uuid, _TEXT)
    _ask(library, "nvmlDeviceGetMemoryInfo", device, ctypes.byref(facts))
    gpu = Gpu(name=name.value.decode(errors="replace"), memory_bytes=facts.total)
    return uuid.value.decode(errors="replace"), gpu


def _visible(found: list[tuple[str, Gpu]]) -> list[tuple[str, Gpu]]:
    """Those that this program may use itself, in its order; CUDA stops at a name it cannot find."""
    allowed = os.environ.get(VISIBLE)
    if allowed is None:
        return found
    chosen: list[tuple[str, Gpu]] = []
    for name in map(str.strip, allowed.split(",")):
        named = [
            one
            for number, one in enumerate(found)
            if name and (str(number) == name or (one[0] and one[0].startswith(name)))
        ]
        if len(named) != 1:
            break
        chosen += named
    return chosen


def _ask(library: Any, name: str, *arguments: Any) -> int:
    """Call a function that an older driver may not have; gives its status."""
    function = getattr(library, name, None)
    return int(function(*arguments)) if function is not None else -1


class _Rates(ctypes.Structure):
    _fields_ = [("gpu", ctypes.c_uint), ("memory", ctypes.c_uint)]


class _Memory(ctypes.Structure):
    _fields_ = [(name, ctypes.c_ulonglong) for name in ("total", "free", "used")]


class _Process(ctypes.Structure):
    _fields_ = [
        ("pid", ctypes.c_uint),
        ("memory", ctypes.c_ulonglong),
        ("gpu_instance", ctypes.c_uint),
        ("compute_instance", ctypes.c_uint),
    ]


class _Sample(ctypes.Structure):
    _fields_ = [
        ("pid", ctypes.c_uint),
        ("at", ctypes.c_ulonglong),
        *((name, ctypes.c_uint) for name in ("percent", "memory", "encoder", "decoder")),
    ]


def _reading(library: Any, devices: list[Any], since: list[Any]) -> GpuReading:
    uses: list[GpuUse] = []
    percents: dict[int, float] = {}
    memory: dict[int, int] = {}
    for device, last in zip(devices, since, strict=True):
        rates, facts = _Rates(), _Memory()
        _ask(library, "nvmlDeviceGetUtilizationRates", device, ctypes.byref(rates))
        _ask(library, "nvmlDeviceGetMemoryInfo", device, ctypes.byref(facts))
        uses.append(GpuUse(float(rates.gpu), facts.used))
        for process in _processes(library, device):
            if process.memory != _NOT_AVAILABLE:
                memory[process.pid] = memory.get(process.pid, 0) + process.memory
        for pid, percent in _busy(library, device, last).items():
            percents[pid] = max(percents.get(pid, 0.0), percent)
    processes = {
        pid: GpuUse(percents.get(pid, 0.0), memory.get(pid, 0)) for pid in percents | memory
    }
    return GpuReading(tuple(uses), processes)


def _processes(library: Any, device: Any) -> list[_Process]:
    count = ctypes.c_uint(_MOST_PROCESSES)
    found = (_Process * _MOST_PROCESSES)()
    status = _ask(
        library, "nvmlDeviceGetComputeRunningProcesses_v3", device, ctypes.byref(count), found
    )
    return list(found[: count.value]) if status in (_OK, _TOO_SMALL) else []


def _busy(library: Any, device: Any, since: Any) -> dict[int, float]:
    """Percent by process, the mean of the samples that are new."""
    count = ctypes.c_uint(_MOST_PROCESSES)
    samples = (_Sample * _MOST_PROCESSES)()
    status = _ask(
        library, "nvmlDeviceGetProcessUtilization", device, samples, ctypes.byref(count), since
    )
    values: dict[int, list[int]] = {}
    for sample in samples[: count.value] if status == _OK else ():
        values.setdefault(sample.pid, []).append(sample.percent)
        since.value = max(since.value, sample.at)
    return {pid: sum(found) / len(found) for pid, found in values.items()}
