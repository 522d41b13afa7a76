"""Readings of processes, and of GPUs through a stand-in for the driver's library."""

# ruff: noqa: N802, N815 - the driver's own names

import ctypes
import os
import subprocess
import sys
import time

import pytest

from runtime.targets.gpu import GpuMeter, GpuReading, GpuUse, connect_to, connect_to_driver
from runtime.targets.usage import FamilyMeter

MB = 1 << 20
HOLDING = "import time; held = bytearray(50 << 20); print(1, flush=True); time.sleep(60)"


def no_gpus():
    return GpuMeter(lambda: None)


@pytest.fixture
def holding():
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()


def test_a_reading_counts_children_and_what_they_hold(holding):
    meter = FamilyMeter(os.getpid(), began=time.monotonic(), cpu_before=0, gpus=no_gpus())
    with_child = meter.read(time.monotonic(), wants_gpus=False)
    holding.kill()
    holding.wait()
    without = meter.read(time.monotonic(), wants_gpus=False)
    assert with_child.memory_bytes - without.memory_bytes > 45 * MB
    assert without.peak_memory_bytes >= with_child.memory_bytes - MB


def test_processor_time_counts_from_where_the_step_began(holding):
    alone = FamilyMeter(holding.pid, began=time.monotonic() - 10, cpu_before=0, gpus=no_gpus())
    used = alone.read(time.monotonic(), wants_gpus=False).cpu_seconds
    later = FamilyMeter(holding.pid, began=time.monotonic() - 10, cpu_before=used, gpus=no_gpus())
    assert later.read(time.monotonic(), wants_gpus=False).cpu_seconds <= 0.02


def test_of_a_process_that_is_gone_there_is_no_reading(holding):
    meter = FamilyMeter(holding.pid, began=time.monotonic(), cpu_before=0, gpus=no_gpus())
    holding.kill()
    holding.wait()
    assert meter.read(time.monotonic(), wants_gpus=True) is None


class FakeDriver:
    """The functions of the driver's library, over two GPUs that process 42 works on."""

    def __init__(self, *, devices=2, tells_processes=True):
        self._devices = devices
        self._tells_processes = tells_processes

    def nvmlInit_v2(self):
        return 0

    def nvmlDeviceGetCount_v2(self, count):
        count._obj.value = self._devices
        return 0

    def nvmlDeviceGetHandleByIndex_v2(self, index, device):
        device._obj.value = index + 1
        return 0

    def nvmlDeviceGetUtilizationRates(self, device, rates):
        rates._obj.gpu = 30 * device.value
        return 0

    def nvmlDeviceGetMemoryInfo(self, device, memory):
        memory._obj.used = 1000
        return 0

    def nvmlDeviceGetComputeRunningProcesses_v3(self, device, count, processes):
        if not self._tells_processes:
            return 3
        processes[0].pid, processes[0].memory = 42, 300
        processes[1].pid, processes[1].memory = 43, (1 << 64) - 1
        count._obj.value = 2
        return 0

    def nvmlDeviceGetProcessUtilization(self, device, samples, count, since):
        if not self._tells_processes:
            return 3
        new = [sample for sample in ((100, 20), (200, 40)) if sample[0] > since.value]
        for index, (at, percent) in enumerate(new):
            samples[index].pid, samples[index].at, samples[index].percent = 42, at, percent
        count._obj.value = len(new)
        return 0


def test_gpus_are_read_by_process_where_the_driver_tells_them_apart():
    read = connect_to(FakeDriver())
    assert read() == GpuReading(GpuUse(60.0, 2000), {42: GpuUse(30.0, 600)})
    assert read().processes[42] == GpuUse(0.0, 600), "samples count once"


def test_gpus_are_read_as_a_whole_where_it_does_not():
    read = connect_to(FakeDriver(tells_processes=False))
    assert read() == GpuReading(GpuUse(60.0, 2000), {})


class OldDriver(FakeDriver):
    nvmlDeviceGetComputeRunningProcesses_v3 = None
    nvmlDeviceGetProcessUtilization = None


def test_a_driver_without_the_newer_functions_still_tells_of_the_devices():
    assert connect_to(OldDriver())().devices == GpuUse(60.0, 2000)


def test_a_driver_without_gpus_is_none():
    assert connect_to(FakeDriver(devices=0)) is None


def test_without_the_drivers_library_there_is_no_gpu(monkeypatch):
    def missing(name):
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert connect_to_driver() is None


def reading_of(meter, pids, *, wants_devices=False):
    """What the meter says once its thread has read."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = meter.of(pids, wants_devices=wants_devices)
        if found is not None:
            return found
        time.sleep(0.005)
    return None


def test_a_step_is_told_of_its_own_processes_only():
    meter = GpuMeter(lambda: connect_to(FakeDriver()))
    assert reading_of(meter, [7, 42]) == GpuUse(30.0, 600)
    assert meter.of([7], wants_devices=False) is None
    assert meter.of([7], wants_devices=True) == GpuUse(60.0, 2000)


def test_a_meter_without_gpus_looks_once():
    looked = []
    meter = GpuMeter(lambda: looked.append(1))
    for _ in range(50):
        meter.of([1], wants_devices=True)
        time.sleep(0.002)
    assert looked == [1]
