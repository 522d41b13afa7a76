"""Tiny executors that stand in for modules: what a worker calls in these tests."""

import contextlib
import importlib
import json
import mmap
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from runtime.errors import ModuleError
from runtime.model import ArtifactRef, OutputFile, WorkerEvent
from runtime.model.digest import digest_bytes


def add(request, emit):
    """Sum of the inputs and the parameter `value`, written to every declared output."""
    total = request.parameters.get("value", 0)
    for artifacts in request.inputs.values():
        total += sum(json.loads(Path(a.path).read_text()) for a in artifacts)
    return give(request, total)


def give(request, value):
    outputs = {}
    data = json.dumps(value).encode()
    for port in request.outputs:
        path = f"{request.folder}/outputs/{port.name}"
        with open(path, "wb") as file:
            file.write(data)
        ref = ArtifactRef(type="Value", digest=digest_bytes(data), bytes=len(data), format="json")
        outputs[port.name] = OutputFile(ref=ref, path=path)
    return outputs


def nothing(request, emit):
    return {}


def remember(request, emit):
    """Like `add`, and leaves lines in the ledger file of the step itself."""
    _ledger(request, "start")
    time.sleep(request.parameters.get("seconds", 0))
    outputs = add(request, emit)
    _ledger(request, "end")
    return outputs


def _ledger(request, word):
    line = f"{word} {request.step_id} {request.attempt} {time.time()}\n"
    descriptor = os.open(request.parameters["ledger"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, line.encode())
    os.fsync(descriptor)
    os.close(descriptor)


def find_parents_completed(request, emit):
    """Fail unless everything the step reads is recorded as completed in the run database."""
    database = Path(request.parameters["database"])
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT step, status FROM step").fetchall()
    missing = [name for name in request.parameters["needs"] if (name, "completed") not in rows]
    if missing:
        raise RuntimeError(f"started before {missing} were durable")
    return give(request, 1)


def fail_with_remains(request, emit):
    """Fail the first `times` attempts, and leave the output `value` all the same."""
    if request.attempt > request.parameters.get("times", 99):
        return give(request, "whole")
    error = ModuleError("M019", "It failed.", remedy="Repair it.")
    error.outputs = {"value": give(request, "half")["value"]}
    raise error


def fail(request, emit):
    password = "hunter2"
    divisor = request.parameters.get("divisor", 0)
    return give(request, len(password) / divisor)


def fail_until(request, emit):
    if request.attempt < request.parameters["attempt"]:
        raise ValueError(f"attempt {request.attempt}")
    return give(request, request.attempt)


def kill_itself(request, emit):
    if request.attempt <= request.parameters.get("times", 99):
        os.kill(os.getpid(), signal.SIGKILL)
    return give(request, request.attempt)


def exit_now(request, emit):
    os._exit(3)


def exit_politely(request, emit):
    raise SystemExit(4)


def hang(request, emit):
    time.sleep(request.parameters.get("seconds", 3600))
    return give(request, 0)


def allocate(request, emit):
    blocks = []
    while True:
        blocks.append(bytearray(16 << 20))


def flood(request, emit):
    line = b"x" * 1023 + b"\n"
    for _ in range(request.parameters["megabytes"]):
        os.write(1, line * 1024)
    return give(request, request.parameters["megabytes"])


def garbage(request, emit):
    return {"nonsense": 1}


def talk(request, emit):
    print("hello from the step")
    emit(WorkerEvent(kind="progress", data={"share": 0.5, "text": "half"}))
    emit(WorkerEvent(kind="metric", data={"name": "loss", "value": 0.25}))
    for index in range(3):
        emit(WorkerEvent(kind="metric", data={"name": "curve", "value": index, "index": index}))
    time.sleep(request.parameters.get("seconds", 0))
    return give(request, 1)


def disk_full_once(request, emit):
    if request.attempt == 1:
        raise OSError(28, "No space left on device")
    return give(request, 1)


def pid(request, emit):
    return give(request, os.getpid())


def environment(request, emit):
    return give(request, sorted(os.environ))


def share(request, emit):
    """What the step was given: its GPUs, its threads, its process."""
    time.sleep(request.parameters.get("seconds", 0))
    return give(
        request,
        {
            "gpus": os.environ.get("CUDA_VISIBLE_DEVICES"),
            "order": os.environ.get("CUDA_DEVICE_ORDER"),
            "device": request.device,
            "threads": request.threads,
            "omp": os.environ.get("OMP_NUM_THREADS"),
            "pid": os.getpid(),
        },
    )


def fill(request, emit):
    """Hold more and more memory, here or in a child, slowly enough to be watched."""
    mib = request.parameters["to_mib"]
    if request.parameters["in_child"]:
        subprocess.run([sys.executable, "-c", FILLER, str(mib)], check=True)
    else:
        exec(FILLER, {"mib": mib})
    return give(request, 1)


FILLER = """
import sys, time
blocks, mib = [], globals().get("mib") or int(sys.argv[1])
while len(blocks) < mib // 8:
    blocks.append(b"x" * (8 << 20))
    time.sleep(0.01)
"""


def reserve(request, emit):
    """Ask for much more memory than the step touches, as libraries do."""
    held = [bytearray(8 << 20), mmap.mmap(-1, request.parameters["mib"] << 20)]
    time.sleep(0.3)
    return give(request, len(held))


def want_too_much_at_once(request, emit):
    return give(request, len(bytearray(64 << 30)))


def abort_for_memory(request, emit):
    """As a native library ends the process that gets no memory."""
    os.write(2, b"memory allocation of 8589934592 bytes failed\n")
    os.abort()


def big(request, emit):
    return give(request, "x" * request.parameters["bytes"])


def burn(request, emit):
    """Take processor time and memory for a while, in this process and in a child of it."""
    child = subprocess.Popen([sys.executable, "-c", BURNER, str(request.parameters["seconds"])])
    held = bytearray(request.parameters.get("megabytes", 0) << 20)
    until = time.monotonic() + request.parameters["seconds"]
    while time.monotonic() < until:
        held[: 1 << 12] = os.urandom(min(len(held), 1 << 12))
    child.wait()
    if request.parameters.get("dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    return give(request, 1)


BURNER = """
import sys, time
held = bytearray(40 << 20)
until = time.monotonic() + float(sys.argv[1])
while time.monotonic() < until:
    held[:4096] = bytes(4096)
"""


def fail_while(request, emit):
    """Fail for as long as a file is there."""
    if Path(request.parameters["file"]).exists():
        raise RuntimeError("not yet")
    return give(request, 1)


def family(request, emit):
    """Start a child that would live on, write down both, and wait."""
    child = subprocess.Popen(["sleep", "3600"])
    ledger = Path(request.parameters["ledger"])
    ledger.with_suffix(".part").write_text(f"{os.getpid()} {child.pid}")
    ledger.with_suffix(".part").rename(ledger)
    time.sleep(3600)


def until_asked(request, emit):
    """Wait until the engine asks for the end."""
    until = time.monotonic() + 60
    while not Path(request.folder, "cancel").exists():
        if time.monotonic() > until:
            raise TimeoutError("nobody asked")
        time.sleep(0.01)
    return give(request, "asked")


def read_file(request, emit):
    path = Path(request.files["path"])
    return give(request, [path.name, path.read_text()])


def count(request, emit):
    for number in range(request.parameters["numbers"]):
        print(number)
        time.sleep(0.05)
    return give(request, 1)


def read_input(request, emit):
    (artifact,) = request.inputs["dataset"]
    return give(request, len(Path(artifact.path).read_bytes()))


def file_size(request, emit):
    (artifact,) = request.inputs["dataset"]
    return give(request, Path(artifact.path).stat().st_size)


def python(request, emit):
    return give(request, sys.executable)


def allocate_in_a_child(request, emit):
    """Let a child take more memory than the step may have together."""
    program = "import sys; held = b'x' * (int(sys.argv[1]) << 20); print(len(held))"
    megabytes = str(request.parameters["megabytes"])
    subprocess.run([sys.executable, "-c", program, megabytes], preexec_fn=_unlimited, check=True)
    return give(request, 1)


def fill_scratch(request, emit):
    """Write to `/tmp`, which takes memory where it has no disk."""
    with open("/tmp/filled", "wb") as file:
        for _ in range(request.parameters["megabytes"]):
            file.write(b"x" * (1 << 20))
    return give(request, 1)


def _unlimited():
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def confinement(request, emit):
    """What this process may do, as the kernel says."""
    import socket

    status = Path("/proc/self/status").read_text()
    facts = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
    groups = dict(line.split(":")[1:] for line in Path("/proc/self/cgroup").read_text().split())
    return give(
        request,
        {
            "user": os.getuid(),
            "capabilities": int(facts["CapEff"], 16) | int(facts["CapBnd"], 16),
            "no_new_privileges": facts["NoNewPrivs"] == "1",
            "groups": len(groups),
            "interfaces": sorted(name for _, name in socket.if_nameindex()),
            "writable": [p for p in ("/", "/etc", "/usr", "/designer") if os.access(p, os.W_OK)],
            "scratch": os.access("/tmp", os.W_OK),
        },
    )


def spread(request, emit):
    """Start children until no more may be."""
    children = []
    try:
        for _ in range(1000):
            children.append(subprocess.Popen(["sleep", "60"]))
    except OSError:
        pass
    for child in children:
        child.kill()
    return give(request, len(children))


def change_input(request, emit):
    (artifact,) = request.inputs["dataset"]
    try:
        Path(artifact.path).write_text("changed")
    except OSError as exc:
        return give(request, exc.errno)
    return give(request, 0)


def mislead(request, emit):
    """Put links to a file of somebody else wherever the engine may write."""
    victim = request.parameters["victim"]
    outputs = give(request, 1)
    os.rename(f"{request.folder}/outputs", f"{request.folder}/hidden")
    os.symlink(os.path.dirname(victim), f"{request.folder}/outputs")
    for name in ("out.log", "cancel", "events.jsonl"):
        os.symlink(victim, f"{request.folder}/{name}")
    print("hello", flush=True)
    return outputs


def lie(request, emit):
    """Say that an output is a file that is not ours."""
    outputs = give(request, 1)
    for output in outputs.values():
        os.unlink(output.path)
        os.symlink("/etc/hostname", output.path)
    return outputs


def wait_for_file(request, emit):
    while not Path(request.parameters["file"]).exists():
        time.sleep(0.01)
    return give(request, request.attempt)


def imported(request, emit):
    """The `VALUE` of a module that the designer's own environment lacks, and whose Python it is."""
    module = importlib.import_module(request.parameters["name"])
    wait_for = request.parameters.get("wait_for")
    while wait_for and not os.path.exists(wait_for):
        time.sleep(0.01)
    return give(request, [module.VALUE, sys.executable])


def paths(request, emit):
    return give(request, sys.path)


def linger(request, emit):
    """Like `remember`, but its first attempt does not come to its end."""
    _ledger(request, "start")
    time.sleep(3600 if request.attempt == 1 else 0)
    _ledger(request, "end")
    return add(request, emit)


def meet(request, emit):
    """Wait until so many steps of the run are here at once."""
    _ledger(request, "start")
    until = time.monotonic() + 60
    while (
        len(Path(request.parameters["ledger"]).read_text().splitlines())
        < request.parameters["others"]
    ):
        if time.monotonic() > until:
            raise TimeoutError("nobody came")
        time.sleep(0.02)
    return give(request, 1)
