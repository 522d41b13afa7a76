"""The worker: executes one step request wherever it is.

The module's executor is imported by name and called; everything it raises is caught here, at the
one boundary, and becomes an `ErrorRecord` that keeps the author's own lines. Standard output and
error of the process go to the attempt's log by descriptor, so printing never waits for anybody.

`python -m runtime.worker FOLDER` executes the `request.json` of an attempt folder and leaves
`result.json` there.
"""

import contextlib
import importlib
import io
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec

from runtime.crash_points import crash_point
from runtime.model import OutputFile, StepRequest, WorkerEvent

Emit = Callable[[WorkerEvent], None]
Executor = Callable[[StepRequest, Emit], dict[str, OutputFile]]

REQUEST, RESULT, PROCESS, EVENTS, LOG, CANCEL = (
    "request.json",
    "result.json",
    "process.json",
    "events.jsonl",
    "out.log",
    "cancel",
)
LOGGED = "logged"
"""In the data of a warm worker's last event: the step has printed something."""
encode = msgspec.json.Encoder().encode
decode_request = msgspec.json.Decoder(StepRequest).decode
_READ_PEAK_FROM_S = 0.005
_SHARE_OF_MEMORY = 0.8
_LARGEST_FILE = 10 << 30
_HEADROOM = 1 << 30


def run_step(request: StepRequest, emit: Emit) -> WorkerEvent:
    """Execute the step; gives its last event, `done` or `failed`, and never raises."""
    started, cpu_before = time.perf_counter(), _cpu_seconds()
    try:
        with _memory_limit(request.memory_bytes):
            outputs = _executor(request.entry.executor)(request, emit)
        _check(outputs, request)
        ending = WorkerEvent(kind="done", outputs=outputs)
    except BaseException as exc:  # noqa: BLE001 - the boundary around people's code
        from runtime.error_boundary import describe
        from runtime.errors import StepError

        made = dict(exc.outputs) if isinstance(exc, StepError) else {}
        ending = WorkerEvent(kind="failed", error=describe(exc, request), outputs=made)
    _flush()
    seconds = time.perf_counter() - started
    return msgspec.structs.replace(
        ending,
        data={"fence": request.fence, "seconds": seconds},
        peak_memory_bytes=_peak_memory(seconds),
        cpu_seconds=round(_cpu_seconds() - cpu_before, 6),
    )


def redirect_output(path: str) -> None:
    """Send standard output and error to the end of a file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)


def import_executor(request: StepRequest) -> None:
    """Import the module's executor ahead of the step; trouble shows when it is called."""
    with contextlib.suppress(Exception):
        _executor(request.entry.executor)


def _executor(name: str) -> Executor:
    module, _, function = name.partition(":")
    loaded = sys.modules.get(module) or importlib.import_module(module)
    executor: Executor = getattr(loaded, function)
    return executor


def _check(outputs: Any, request: StepRequest) -> None:
    from runtime.errors import ModuleError

    declared = {port.name for port in request.outputs}
    if not isinstance(outputs, dict) or set(outputs) != declared:
        got = sorted(outputs) if isinstance(outputs, dict) else type(outputs).__name__
        raise ModuleError(
            "M009",
            f"'{request.module}' declares the outputs {sorted(declared)}, but gave {got}.",
            remedy="Return every output that the module declares.",
        )


@contextlib.contextmanager
def _memory_limit(limit: int | None) -> Any:
    """Refuse one huge piece of memory at once, before it can be filled.

    What the step really holds is watched by its target. Libraries reserve much that they never
    touch, threads their stacks and allocators their arenas, so reserved memory cannot be the limit.
    """
    if limit is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = _reserved() + 2 * limit + _HEADROOM
    if soft != resource.RLIM_INFINITY:
        allowed = min(allowed, soft)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _reserved() -> int:
    """Bytes of private memory that this process has asked for so far."""
    with contextlib.suppress(OSError, ValueError, IndexError), open("/proc/self/statm") as file:
        return int(file.read().split()[5]) * resource.getpagesize()
    return 0


def _cpu_seconds() -> float:
    """Processor time of this process and of its children that have ended."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _peak_memory(seconds: float) -> int:
    if seconds > _READ_PEAK_FROM_S:
        with (
            contextlib.suppress(OSError, ValueError, IndexError),
            open("/proc/self/status") as file,
        ):
            for line in file:
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def forget_peak_memory() -> None:
    """Start measuring the peak of memory anew."""
    with contextlib.suppress(OSError):
        descriptor = os.open("/proc/self/clear_refs", os.O_WRONLY)
        os.write(descriptor, b"5")
        os.close(descriptor)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def run_folder(folder: str) -> None:
    """Execute the request in an attempt folder unless somebody else has claimed the attempt."""
    from runtime.targets.emitter import Emitter
    from runtime.targets.process import adopt_orphans, end_offspring

    with open(f"{folder}/{REQUEST}", "rb") as file:
        request = decode_request(file.read())
    crash_point("worker.before_claim")
    if not claim(folder):
        return
    crash_point("worker.after_claim")
    adopt_orphans()
    redirect_output(f"{folder}/{LOG}")
    show_each_line()
    _use_own_share(request)
    os.chdir(folder)
    limit_by_default()
    descriptor = os.open(f"{folder}/{EVENTS}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    emitter = Emitter(lambda data: write_all(descriptor, data))
    ending = run_step(request, emitter.emit)
    emitter.flush()
    end_offspring()
    crash_point("worker.before_result")
    write_whole(f"{folder}/{RESULT}", encode(ending))
    crash_point("worker.after_result")


def _use_own_share(request: StepRequest) -> None:
    """Let libraries that have not looked yet find this step's GPUs and threads, and no others."""
    from runtime.targets.threads import THREADS, limit_threads

    os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(request.gpu_names)
    threads = str(request.threads)
    if os.environ.get(THREADS[0]) != threads:
        os.environ.update(dict.fromkeys(THREADS, threads))
        limit_threads(request.threads)


def show_each_line() -> None:
    """Whoever follows the log sees what was printed now, not when some kilobytes are together."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)


def limit_by_default() -> None:
    """People's own code may take most of the free memory and write large files, but not all."""
    for what, most in (
        (resource.RLIMIT_DATA, int(_free_memory() * _SHARE_OF_MEMORY)),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        if most < hard or hard == resource.RLIM_INFINITY:
            resource.setrlimit(what, (most, hard))


def _free_memory() -> int:
    with open("/proc/meminfo", "rb") as file:
        for line in file:
            if line.startswith(b"MemAvailable"):
                return int(line.split()[1]) * 1024
    return 1 << 40


def claim(folder: str) -> bool:
    """Claim an attempt for this process; false when it was claimed already.

    The engine claims an attempt too, when it gives it up after a restart, so that a process that
    comes late does nothing.
    """
    from runtime.targets.process import start_time

    pid = os.getpid()
    mine = f"{folder}/.{PROCESS}.{pid}"
    write_whole(mine, encode({"pid": pid, "start_time": start_time(pid)}))
    try:
        os.link(mine, f"{folder}/{PROCESS}")
    except FileExistsError:
        return False
    finally:
        os.unlink(mine)
    return True


def write_whole(path: str, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    temporary = f"{path}.part"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    write_all(descriptor, data)
    os.close(descriptor)
    crash_point("output.before_rename")
    os.rename(temporary, path)


def move_log(folder: str, place: str) -> None:
    """Move the log of a worker's folder to where the attempt's log belongs."""
    own = f"{folder}/{LOG}"
    os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
    os.rename(own, place)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(own)  # a rename between two names of one file leaves both


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it, however little the descriptor takes at once."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    run_folder(sys.argv[1])
