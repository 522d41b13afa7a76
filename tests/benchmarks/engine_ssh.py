"""Steps on a host over SSH, here on the loopback: a warm step, and 1 GB beside `scp`."""

import os
import shutil
import subprocess
import time

from runtime.model import ArtifactRef
from runtime.model.digest import digest_file
from tests.benchmarks.measuring import folder, measures_itself, medians, table
from tests.conftest import PARTS
from tests.runtime.targets.target_bench import remote_bench
from tests.ssh_host import SshHost

STEPS, ROUNDS, SIZE = 40, 3, 1 << 30


def main():
    is_there, sentence = PARTS["ssh"]
    if not is_there() or shutil.which("scp") is None:
        print(f"left out: {sentence}")
        return
    with folder() as place:
        host = SshHost(place / "host").start()
        bench = remote_bench(place, host.target())
        try:
            measure(place, host, bench)
        finally:
            bench.close()
            host.stop()


def measure(place, host, bench):
    numbers = iter(range(1, 1_000_000))

    def step(call="add", inputs=()):
        number = next(numbers)
        request = bench.request(call, attempt=number, inputs=inputs, value=number)
        started = time.perf_counter()
        outcome = bench.run(request)
        taken = time.perf_counter() - started
        assert outcome.kind == "done", outcome
        return taken

    step()
    peer = "log in by `ssh host true`"
    warm = medians(
        STEPS,
        **{
            peer: lambda: run("ssh", *ssh_options(host), "-p", host.port, "127.0.0.1", "true"),
            "warm step on the host": measures_itself(step),
        },
    )
    table(warm, unit="ms", peer=peer, goal={"warm step on the host": "≤ 60 ms"})

    def send():
        ref = new_artifact(place, bench, next(numbers))
        taken = step("file_size", [ref])
        bench.artifacts.remove(ref.digest)
        return taken

    source = place / "source"
    write_random(source)
    copies = medians(
        ROUNDS,
        **{
            "scp of 1 GB": lambda: run(
                "scp", "-q", *ssh_options(host), "-P", host.port, source, f"127.0.0.1:{place}/copy"
            ),
            "step that 1 GB is sent for": measures_itself(send),
        },
    )
    goal = {"step that 1 GB is sent for": "≤ 1.11 (0.9 of its speed)"}
    table(copies, unit="s", per=1, peer="scp of 1 GB", goal=goal)
    ref = new_artifact(place, bench, next(numbers))
    first, again = step("file_size", [ref]), step("file_size", [ref])
    print(f"  {'the same step when the host has it':44s} {again:10.3f} s  (first {first:.2f} s)")


def new_artifact(place, bench, number):
    """An artifact of 1 GB that the host has not seen."""
    path = place / "artifact"
    shutil.copyfile(place / "source", path)
    with path.open("r+b") as file:
        file.write(str(number).encode())
    ref = ArtifactRef(type="Value", digest=digest_file(path), bytes=SIZE, format="json")
    bench.artifacts.adopt(path, ref, durable=False)
    return ref


def ssh_options(host):
    return [
        "-i", str(host.key_file), "-o", "StrictHostKeyChecking=no",
        "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
    ]  # fmt: skip


def run(*command):
    subprocess.run([*map(str, command)], check=True, stdout=subprocess.DEVNULL)


def write_random(path):
    with path.open("wb") as file:
        for _ in range(64):
            file.write(os.urandom(SIZE // 64))


if __name__ == "__main__":
    main()
