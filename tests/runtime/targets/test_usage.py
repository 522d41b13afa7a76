"""Readings of processes, and of GPUs through a stand-in for the driver's library."""

# ruff: noqa: N815 - the driver's own names

import ctypes
import os
import subprocess
import sys
import time

import pytest

from runtime.model import Gpu
from runtime.targets.gpu import (
    GpuMeter,
    GpuReading,
    GpuUse,
    connect_to,
    connect_to_driver,
    cuda_names,
    gpus_here,
)
from runtime.targets.usage import FamilyMeter, held_memory
from tests.runtime.targets.fake_driver import FakeDriver

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
    with_child = meter.read(time.monotonic(), gpus=())
    holding.kill()
    holding.wait()
    without = meter.read(time.monotonic(), gpus=())
    assert with_child.memory_bytes - without.memory_bytes > 45 * MB
    assert without.peak_memory_bytes >= with_child.memory_bytes - MB


def test_processor_time_counts_from_where_the_step_began(holding):
    alone = FamilyMeter(holding.pid, began=time.monotonic() - 10, cpu_before=0, gpus=no_gpus())
    used = alone.read(time.monotonic(), gpus=()).cpu_seconds
    later = FamilyMeter(holding.pid, began=time.monotonic() - 10, cpu_before=used, gpus=no_gpus())
    assert later.read(time.monotonic(), gpus=()).cpu_seconds <= 0.02


def test_of_a_process_that_is_gone_there_is_no_reading(holding):
    meter = FamilyMeter(holding.pid, began=time.monotonic(), cpu_before=0, gpus=no_gpus())
    holding.kill()
    holding.wait()
    assert meter.read(time.monotonic(), gpus=(0,)) is None


def test_gpus_are_read_by_process_where_the_driver_tells_them_apart():
    read = connect_to(FakeDriver())
    assert read() == GpuReading((GpuUse(30.0, 1000), GpuUse(60.0, 1000)), {42: GpuUse(30.0, 600)})
    assert read().processes[42] == GpuUse(0.0, 600), "samples count once"


def test_gpus_are_read_as_a_whole_where_it_does_not():
    read = connect_to(FakeDriver(tells_processes=False))
    assert read() == GpuReading((GpuUse(30.0, 1000), GpuUse(60.0, 1000)), {})


class OldDriver(FakeDriver):
    nvmlDeviceGetComputeRunningProcesses_v3 = None
    nvmlDeviceGetProcessUtilization = None


def test_a_driver_without_the_newer_functions_still_tells_of_the_devices():
    assert connect_to(OldDriver())().devices[1] == GpuUse(60.0, 1000)


def test_a_driver_without_gpus_is_none():
    assert connect_to(FakeDriver(devices=0)) is None


def test_without_the_drivers_library_there_is_no_gpu(monkeypatch):
    def missing(name):
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert connect_to_driver() is None


def reading_of(meter, pids):
    """What the meter says once its thread has read."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = meter.of(pids, devices=())
        if found is not None:
            return found
        time.sleep(0.005)
    return None


def test_a_step_is_told_of_its_own_processes_only():
    meter = GpuMeter(lambda: connect_to(FakeDriver()))
    assert reading_of(meter, [7, 42]) == GpuUse(30.0, 600)
    assert meter.of([7], devices=()) is None
    assert meter.of([7], devices=(0,)) == GpuUse(30.0, 1000), "of the device that it holds"
    assert meter.of([7], devices=(0, 1)) == GpuUse(60.0, 2000)


def test_a_meter_without_gpus_looks_once():
    looked = []
    meter = GpuMeter(lambda: looked.append(1))
    for _ in range(50):
        meter.of([1], devices=(0,))
        time.sleep(0.002)
    assert looked == [1]


@pytest.fixture
def eight_gpus(monkeypatch):
    monkeypatch.setattr("runtime.targets.gpu.driver", lambda: FakeDriver(devices=8))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return monkeypatch


def test_the_gpus_of_this_machine_are_listed_with_their_memory(eight_gpus):
    assert gpus_here() == (Gpu(name="NVIDIA Fake", memory_bytes=16 << 30),) * 8
    assert cuda_names([0, 3]) == ("0", "3")


@pytest.mark.parametrize(
    ("allowed", "names"),
    [
        ("5,2", ("5", "2")),
        ("GPU-3,GPU-1", ("GPU-3", "GPU-1")),
        ("1,nothing,2", ("1",)),
        ("", ()),
        ("-1", ()),
    ],
)
def test_a_program_that_may_use_some_gpus_hands_on_only_those(eight_gpus, allowed, names):
    eight_gpus.setenv("CUDA_VISIBLE_DEVICES", allowed)
    assert cuda_names(range(len(gpus_here()))) == names


def test_what_a_step_holds_leaves_out_mapped_files(tmp_path):
    """A table that is read through a mapping is the system's memory, not the step's."""
    data = tmp_path / "table"
    data.write_bytes(bytes(80 << 20))
    code = (
        "import mmap; m = mmap.mmap((f := open({!r}, 'rb')).fileno(), 0, prot=mmap.PROT_READ);"
        "sum(m[::4096]); held = bytearray(30 << 20); print(1, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code.format(str(data))],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
    ) as process:
        process.stdout.readline()
        for limit in (1, 1 << 40):
            assert 30 * MB < held_memory(process.pid, limit) < 60 * MB
        process.stdin.close()
