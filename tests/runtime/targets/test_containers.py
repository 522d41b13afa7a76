"""What containers are made of, decided without an engine: limits, GPUs, archives, readings."""

import io
import tarfile

import msgspec
import pytest

from runtime.model import Entry, StepRequest
from runtime.targets.containers.archive import Entry as Packed
from runtime.targets.containers.archive import packed, tree, unpack
from runtime.targets.containers.carrier import death_of, is_what_it_says
from runtime.targets.containers.engine import State, reader_of
from runtime.targets.containers.limits import environment, for_step
from runtime.targets.containers.meter import ContainerMeter

REQUEST = StepRequest(
    run_id="r",
    step_id="s",
    attempt=1,
    fence=1,
    entry=Entry(executor="a:b", source="a.py"),
    module="m",
    version="1",
    digest="b3:0",
    folder="/f",
)


def host(cpus=8, **asked):
    request = msgspec.structs.replace(REQUEST, **asked)
    return for_step(request, network="none", cpus=cpus)


def test_a_step_may_do_nothing_that_it_did_not_ask_for():
    made = host()
    assert made["cap_drop"] == ["ALL"] and made["security_opt"] == ["no-new-privileges"]
    assert made["read_only"] and made["network_mode"] == "none" and made["pids_limit"] == 512
    assert "device_requests" not in made and "mem_limit" not in made


def test_a_step_gets_what_it_asked_for_and_no_more_processors_than_there_are():
    assert host(threads=4)["nano_cpus"] == 4_000_000_000
    assert host(threads=4, cpus=2)["nano_cpus"] == 2_000_000_000
    limited = host(memory_bytes=1 << 30)
    assert limited["mem_limit"] == limited["memswap_limit"] == 1 << 30


def test_gpus_are_asked_for_by_device():
    (asked,) = host(gpu_numbers=(1,))["device_requests"]
    assert asked == {"DeviceIDs": ["1"], "Capabilities": [["gpu"]]}


def test_a_container_counts_its_gpus_from_zero_and_has_none_that_nobody_asked_for():
    held = environment(msgspec.structs.replace(REQUEST, gpu_numbers=(1, 3)))
    assert held["CUDA_VISIBLE_DEVICES"] == "0,1" and "NVIDIA_VISIBLE_DEVICES" not in held
    none = environment(REQUEST)
    assert (none["CUDA_VISIBLE_DEVICES"], none["NVIDIA_VISIBLE_DEVICES"]) == ("", "void")


@pytest.mark.parametrize(
    ("exit_code", "out_of_memory", "signal", "status"),
    [(137, False, 9, None), (143, False, 15, None), (3, False, None, 3), (137, True, 9, None)],
)
def test_an_exit_code_says_how_a_step_died(exit_code, out_of_memory, signal, status):
    death = death_of(State("", True, False, exit_code, out_of_memory), 1 << 30)
    assert (death.signal, death.exit_status) == (signal, status)
    assert death.out_of_memory == out_of_memory


def archive_of(*entries):
    return reader_of(packed(entries, user=7))


def test_a_folder_comes_out_of_an_archive_as_it_went_in(tmp_path):
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    (source / "inner/big").write_bytes(bytes(1000))
    (source / ".manifest.json").write_text("{}")
    names = [entry.name for entry in tree(source, "made")]
    assert names[-1] == "made/.manifest.json"
    came = unpack(archive_of(*tree(source, "made")), tmp_path / "place", most_bytes=2000)
    assert came == 1002 and (tmp_path / "place/inner/big").read_bytes() == bytes(1000)


def test_private_entries_belong_to_the_step_and_others_to_nobody():
    data = b"".join(packed([Packed("a", data=b"x", is_private=True), Packed("b")], user=7))
    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        assert [(one.uid, one.mode & 0o222) for one in opened] == [(7, 0o200), (0, 0)]


@pytest.mark.parametrize(
    "entry",
    [
        Packed("made/../../../etc/passwd", data=b"x"),
        Packed("made", link="/etc/passwd"),
        Packed("made", data=bytes(100)),
    ],
)
def test_what_leads_out_or_is_more_than_was_said_is_refused(tmp_path, entry):
    with pytest.raises(ValueError, match=r"does not belong|is no file"):
        unpack(archive_of(entry), tmp_path / "place", most_bytes=50)


def test_a_link_is_never_what_its_digest_says(tmp_path):
    (tmp_path / "link").symlink_to("/etc/hostname")
    assert not is_what_it_says(tmp_path / "link", "b3:0")


def test_a_reading_leaves_out_what_the_kernel_would_drop_first():
    meter = ContainerMeter()
    memory = {"usage": 300, "stats": {"total_inactive_file": 100}}

    def said(seconds):
        return {
            "cpu_stats": {"cpu_usage": {"total_usage": seconds * 10**9}},
            "memory_stats": memory,
        }

    meter.read(said(1), 10.0)
    reading = meter.read(said(2), 12.0)
    assert (reading.cpu_percent, reading.memory_bytes, reading.cpu_seconds) == (50.0, 200, 2.0)
