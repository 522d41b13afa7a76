"""The local target: steps in processes of this machine.

Built-in modules run in warm workers that serve many steps; people's own code runs in a process per
step that outlives the engine. One process's death is one step's death.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from runtime.errors import InfrastructureError
from runtime.model import StepRequest, WorkerEvent
from runtime.targets.attempt import Attempt, Notice, Report
from runtime.targets.endings import KernelKills, death_of
from runtime.targets.family import Family, Kin
from runtime.targets.poller import Poller
from runtime.targets.process import is_same, is_stopped, kill_family, kill_group, start_time
from runtime.targets.server import WarmWorker
from runtime.targets.spawning import Interpreter
from runtime.worker import (
    CANCEL,
    EVENTS,
    LOG,
    LOGGED,
    PROCESS,
    REQUEST,
    RESULT,
    encode,
    move_log,
    write_whole,
)

if TYPE_CHECKING:
    from runtime.targets.builds import Builds
    from runtime.targets.gpu import GpuMeter
    from runtime.targets.usage import FamilyMeter, Usage

_decode_event = msgspec.json.Decoder(WorkerEvent).decode
_WORKER_IDLE_S = 60.0
_FAMILY_IDLE_S = 600.0
_ZYGOTE_TRIES = 5
_MOST_STEPS = 500
_MOST_GROWTH_BYTES = 512 << 20


class LocalTarget:
    """Runs step requests in local processes.

    Args:
        poller: Where processes are waited for.
        report: Called with each event of a step, last with its `done`, `failed` or `Death`.
        threads: Upper limit for thread pools in workers.
        desks: Folder for the warm workers' own folders; what an earlier engine left is removed.
        environments: Folder of the environments that are built for steps.
        outlives: Whether steps that run alone go on when this process ends.
    """

    keeps_steps = False

    def __init__(
        self,
        poller: Poller,
        report: Report,
        *,
        threads: int,
        desks: str,
        environments: str,
        outlives: bool = True,
    ) -> None:
        _clear(desks)
        self._desks = desks
        self._desks_made = 0
        self._poller = poller
        self._report = report
        self._threads = threads
        self._outlives = outlives
        self._environments = environments
        self._builds: Builds | None = None
        self._families: dict[Kin, Family] = {}
        self._used: dict[Kin, float] = {}
        self._idle: list[WarmWorker] = []
        self._warm: dict[Attempt, WarmWorker] = {}
        self._by_pid: dict[int, WarmWorker | Attempt] = {}
        self._alone: set[Attempt] = set()
        self._gpus: GpuMeter | None = None
        self._kernel = KernelKills()

    # -- the way of an attempt -------------------------------------------------------------------

    def prepare(self, key: tuple[str, int], request: StepRequest) -> Attempt:
        """Get everything ready without starting the module: `go` starts it."""
        if request.gpu_numbers:
            request = msgspec.structs.replace(request, gpu_names=_gpu_names(request))
        attempt = Attempt(key, request)
        if request.environment is None or not self._made_builds().must_wait(attempt):
            self._get_ready(attempt)
        return attempt

    def _made_builds(self) -> "Builds":
        """What builds environments, made when a step first needs one."""
        if self._builds is None:
            from runtime.targets.builds import Builds

            self._builds = Builds(
                self._environments,
                poller=self._poller,
                report=self._report,
                start_step=self._start_late,
            )
        return self._builds

    def _is_dropped(self, attempt: Attempt) -> bool:
        """Whether the attempt was still waiting for its environment; it is over then."""
        if self._builds is None or not self._builds.drop(attempt):
            return False
        self._finish_soon(attempt, was_started=False)
        return True

    def _get_ready(self, attempt: Attempt) -> None:
        request = attempt.request
        if request.runs_alone:
            os.makedirs(f"{request.folder}/outputs", mode=0o700, exist_ok=True)
            write_whole(f"{request.folder}/{REQUEST}", encode(request))
        else:
            worker = self._warm_worker(self._kin(request))
            request = msgspec.structs.replace(request, folder=worker.folder)
            attempt.request = request
            self._warm[attempt] = worker
            worker.take(attempt)

    def _start_late(self, attempt: Attempt) -> None:
        """Start an attempt whose environment is there now."""
        try:
            self._get_ready(attempt)
        except (OSError, InfrastructureError):
            self._finish_soon(attempt, was_started=False)
        else:
            self.go(attempt)

    def _kin(self, request: StepRequest) -> Kin:
        """The family that a request's worker belongs to."""
        environment, preload = request.environment, request.entry.preload
        if environment is None:
            return Kin(preload)
        from runtime.targets.package_links import package_links

        home = self._environments
        packages = package_links(f"{home}/packages", request.entry.executor)
        return Kin(preload, Interpreter(environment.interpreter(home), packages))

    def go(self, attempt: Attempt) -> None:
        """Start the module."""
        if self._builds is not None and self._builds.let_go(attempt):
            return
        attempt.began = time.monotonic()
        worker = self._warm.get(attempt)
        if worker is not None:
            worker.go()
            return
        self._alone.add(attempt)
        try:
            attempt.family = self._forking(
                self._kin(attempt.request),
                lambda family: family.fork_once(
                    attempt.request.folder,
                    lambda pid: self._forked_alone(attempt, pid),
                    outlives=self._outlives,
                ),
            )
        except (OSError, InfrastructureError):
            self._finish_soon(attempt, was_started=False)

    def stop(self, attempt: Attempt, number: int = signal.SIGKILL) -> None:
        """Signal the step's process group, or do so as soon as the process exists."""
        if self._is_dropped(attempt):
            return
        worker, pid = self._warm.get(attempt), self._pid(attempt)
        if pid and number == signal.SIGKILL:
            attempt.is_killed = True
            kill_family(pid)
        elif pid:
            kill_group(pid, number)
        elif worker is not None:
            worker.pending_signal = number
        else:
            attempt.pending_signal = number

    def ask_to_stop(self, attempt: Attempt) -> None:
        """Leave a marker file for modules that look whether they shall end."""
        attempt.is_asked_to_stop = True
        if self._is_dropped(attempt):
            return
        with contextlib.suppress(OSError):
            (attempt.folder / CANCEL).touch()

    @property
    def has_processes(self) -> bool:
        """Whether any worker or zygote is alive."""
        return bool(self._families or self._by_pid) or (
            self._builds is not None and self._builds.is_busy
        )

    def adopt(self, key: tuple[str, int], request: StepRequest) -> Attempt | None:
        """Take over a step that was started by an engine that is gone.

        Gives None when there is nothing to take over; nobody can start that attempt afterwards.
        """
        attempt = Attempt(key, request)
        process = self._claimed(attempt)
        if process is None:
            return None
        pid, started = process
        if is_same(pid, started):
            attempt.pid = pid
            self._watch_process(attempt)
        elif not (attempt.folder / RESULT).exists():
            return None
        else:
            self._finish_soon(attempt)
        return attempt

    def follow(self, attempt: Attempt) -> None:
        """Make what a running step has written since visible: its log, its events."""
        if attempt.is_over:
            return
        if attempt.request.memory_bytes is not None:
            self._watch_memory(attempt)
        if attempt in self._warm:
            _show_log(attempt)
            return
        for event in _new_events(attempt):
            self._report(attempt, event)

    def measure(self, attempt: Attempt, now: float) -> "Usage | None":
        """What the step's process and its descendants take now."""
        from runtime.targets.gpu import device_numbers

        self._kernel.look(now)
        if attempt.meter is None:
            attempt.meter = self._meter(attempt)
        if attempt.meter is None or attempt.is_over:
            return None
        self._look_whether_frozen(attempt)
        return attempt.meter.read(now, gpus=device_numbers(attempt.request.gpu_names))

    def _watch_memory(self, attempt: Attempt) -> None:
        """End a step that holds more than its limit."""
        from runtime.targets.usage import held_memory

        pid, limit = self._pid(attempt), attempt.request.memory_bytes or 0
        if not pid or attempt.over_limit_bytes:
            return
        held = held_memory(pid, limit)
        if held > limit:
            attempt.over_limit_bytes = held
            kill_family(pid)

    def _pid(self, attempt: Attempt) -> int:
        worker = self._warm.get(attempt)
        return worker.pid if worker is not None else attempt.pid

    def _look_whether_frozen(self, attempt: Attempt) -> None:
        pid = self._pid(attempt)
        is_frozen = is_stopped(pid)
        if is_frozen != attempt.is_frozen:
            attempt.is_frozen = is_frozen
            detail = f"frozen: process {pid} is stopped; kill -CONT {pid} lets it go on"
            self._report(attempt, Notice(detail=detail if is_frozen else ""))

    def _meter(self, attempt: Attempt) -> "FamilyMeter | None":
        from runtime.targets.gpu import GpuMeter
        from runtime.targets.usage import FamilyMeter

        worker, pid = self._warm.get(attempt), self._pid(attempt)
        if not pid:
            return None
        self._gpus = self._gpus or GpuMeter()
        cpu_before = worker.cpu_seconds if worker is not None else 0.0
        return FamilyMeter(pid, began=attempt.began, cpu_before=cpu_before, gpus=self._gpus)

    # -- idle and end ----------------------------------------------------------------------------

    def rest(self, now: float) -> None:
        """Let go of workers and zygotes that nobody has used for a while."""
        self._kernel.look(now)
        for worker in [w for w in self._idle if now - w.idle_since > _WORKER_IDLE_S]:
            self._idle.remove(worker)
            worker.close()
        busy = {w.kin for w in self._by_pid.values() if isinstance(w, WarmWorker)}
        busy |= {self._kin(attempt.request) for attempt in self._alone}
        for kin in [one for one in self._families if one not in busy]:
            if now - self._used[kin] > _FAMILY_IDLE_S:
                self._families.pop(kin).close()

    def warm_up(self, preload: tuple[str, ...]) -> None:
        """Start the zygote of a family before it is needed."""
        self._family(Kin(preload))

    def close(self, *, in_a_hurry: bool = False) -> None:
        """End all warm workers; steps that run alone go on."""
        if self._builds is not None:
            self._builds.close()
        for worker in {*self._idle, *self._warm.values()}:
            worker.close()
        for family in self._families.values():
            family.close(in_a_hurry=in_a_hurry)
        self._families.clear()

    # -- warm workers ----------------------------------------------------------------------------

    def _warm_worker(self, kin: Kin) -> WarmWorker:
        for worker in reversed(self._idle):
            if worker.kin == kin:
                self._idle.remove(worker)
                return worker
        self._desks_made += 1
        folder = f"{self._desks}/{self._desks_made}"
        worker = WarmWorker(kin, folder, poller=self._poller, heard=self._heard)
        worker.family = self._forking(
            kin,
            lambda family: worker.connect(
                family.fork_server(lambda pid: self._forked(worker, pid))
            ),
        )
        return worker

    def _forked(self, worker: WarmWorker, pid: int) -> None:
        worker.pid = pid
        self._by_pid[pid] = worker
        if worker.pending_signal:
            kill_group(pid, worker.pending_signal)

    def _heard(self, worker: WarmWorker, event: WorkerEvent) -> None:
        attempt = worker.attempt
        if attempt is None:
            return
        if event.kind in ("done", "failed"):
            self._give_back(worker, attempt, event)
        self._report(attempt, event)

    def _give_back(self, worker: WarmWorker, attempt: Attempt, event: WorkerEvent) -> None:
        attempt.is_over = True
        attempt.is_silent = LOGGED not in event.data
        self._warm.pop(attempt, None)
        worker.attempt = None
        worker.idle_since = time.monotonic()
        worker.steps += 1
        worker.cpu_seconds += event.cpu_seconds or 0.0
        grown = (event.peak_memory_bytes or 0) > _MOST_GROWTH_BYTES and worker.is_bloated(
            _MOST_GROWTH_BYTES
        )
        is_spoilt = event.kind == "failed" or attempt.is_asked_to_stop
        if is_spoilt or grown or worker.steps >= _MOST_STEPS:
            worker.close()
        else:
            self._idle.append(worker)

    # -- steps that run alone --------------------------------------------------------------------

    def _forked_alone(self, attempt: Attempt, pid: int) -> None:
        attempt.pid = pid
        attempt.started = start_time(pid)
        self._by_pid[pid] = attempt
        if attempt.pending_signal:
            kill_group(pid, attempt.pending_signal)

    def _finish_alone(
        self,
        attempt: Attempt,
        status: int | None,
        *,
        peak_memory_bytes: int | None = None,
        was_started: bool = True,
    ) -> None:
        if attempt.is_over:
            return
        self.follow(attempt)
        attempt.is_over = True
        self._alone.discard(attempt)
        if attempt.pid:
            kill_group(attempt.pid)
        outcome = _result(attempt) or death_of(
            attempt,
            status,
            peak_memory_bytes=peak_memory_bytes,
            was_started=was_started,
            kernel=self._kernel,
        )
        self._report(attempt, outcome)

    def _watch_process(self, attempt: Attempt) -> None:
        self._alone.add(attempt)
        try:
            descriptor = os.pidfd_open(attempt.pid)
        except ProcessLookupError:
            self._finish_alone(attempt, None)
            return

        def ended() -> None:
            self._poller.forget(descriptor)
            os.close(descriptor)
            self._finish_alone(attempt, None)

        self._poller.watch(descriptor, ended)

    def _finish_soon(self, attempt: Attempt, *, was_started: bool = True) -> None:
        """Report an end that is known already, but from the loop, like any other."""
        self._alone.add(attempt)
        read, write = os.pipe()
        os.close(write)

        def ended() -> None:
            self._poller.forget(read)
            os.close(read)
            self._finish_alone(attempt, None, was_started=was_started)

        self._poller.watch(read, ended)

    def _claimed(self, attempt: Attempt) -> tuple[int, int] | None:
        """Pid and start time of the process that claimed the attempt; else claim it away."""
        path = attempt.folder / PROCESS
        with contextlib.suppress(FileExistsError, FileNotFoundError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        try:
            facts = msgspec.json.decode(path.read_bytes())
            return int(facts["pid"]), int(facts["start_time"])
        except (OSError, msgspec.DecodeError, KeyError, TypeError, ValueError):
            return None

    # -- zygotes ---------------------------------------------------------------------------------

    def _forking(self, kin: Kin, fork: Callable[[Family], None]) -> Family:
        """Fork from a family's zygote; one that has just died is replaced."""
        for _ in range(_ZYGOTE_TRIES):
            family = self._family(kin)
            try:
                fork(family)
            except (BrokenPipeError, ConnectionResetError):
                if self._families.get(kin) is family:
                    del self._families[kin]
            else:
                return family
        raise InfrastructureError(
            "R003",
            f"The process that loads {', '.join(kin.preload) or 'nothing'} keeps dying.",
            remedy="Look at the runner's log for what its libraries say.",
        )

    def _family(self, kin: Kin) -> Family:
        self._used[kin] = time.monotonic()
        family = self._families.get(kin)
        if family is None:
            family = self._families[kin] = Family(
                kin,
                poller=self._poller,
                threads=self._threads,
                on_ended=self._ended,
                on_lost=self._lost,
            )
        return family

    def _ended(self, pid: int, status: int, peak_memory_bytes: int) -> None:
        who = self._by_pid.pop(pid, None)
        if isinstance(who, Attempt):
            self._finish_alone(who, status, peak_memory_bytes=peak_memory_bytes)
        elif who is not None:
            self._worker_ended(who, status, peak_memory_bytes)

    def _worker_ended(
        self, worker: WarmWorker, status: int | None, peak_memory_bytes: int | None = None
    ) -> None:
        worker.drain()
        attempt, worker.attempt = worker.attempt, None
        if worker in self._idle:
            self._idle.remove(worker)
        worker.close()
        kill_group(worker.pid)
        if attempt is not None:
            self._warm.pop(attempt, None)
            attempt.is_over = True
            with contextlib.suppress(OSError):
                move_log(worker.folder, attempt.log)
            death = death_of(
                attempt,
                status,
                peak_memory_bytes=peak_memory_bytes,
                was_started=bool(worker.pid),
                kernel=self._kernel,
            )
            self._report(attempt, death)
        _clear(worker.folder)

    def _lost(self, family: Family) -> None:
        """A zygote has died: its warm workers go with it, steps that run alone go on."""
        if self._families.get(family.kin) is family:
            del self._families[family.kin]
        workers = {who for who in self._by_pid.values() if isinstance(who, WarmWorker)}
        for worker in workers | set(self._warm.values()):
            if worker.family is family:
                self._by_pid.pop(worker.pid, None)
                if worker.pid:
                    kill_group(worker.pid)
                self._worker_ended(worker, None)
        for attempt in [one for one in self._alone if one.family is family]:
            self._by_pid.pop(attempt.pid, None)
            process = self._claimed(attempt)
            if process is None:
                self._finish_alone(attempt, None, was_started=False)
            else:
                attempt.pid = process[0]
                self._watch_process(attempt)


def _clear(folder: str) -> None:
    if os.path.isdir(folder):
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


def _show_log(attempt: Attempt) -> None:
    """Give the log of a warm worker, once it holds something, its final name as well."""
    own = f"{attempt.request.folder}/{LOG}"
    with contextlib.suppress(OSError):
        if os.stat(own).st_size and not os.path.exists(attempt.log):
            os.makedirs(os.path.dirname(attempt.log), mode=0o700, exist_ok=True)
            os.link(own, attempt.log)


def _new_events(attempt: Attempt) -> list[WorkerEvent]:
    try:
        with open(attempt.folder / EVENTS, "rb") as file:
            file.seek(attempt.events_read)
            whole = file.read().rpartition(b"\n")[0]
    except FileNotFoundError:
        return []
    if not whole:
        return []
    attempt.events_read += len(whole) + 1
    return [event for line in whole.split(b"\n") if (event := decoded(line)) is not None]


def decoded(line: bytes) -> WorkerEvent | None:
    """A worker's line as an event; None when it is not one (a worker's word is not trusted)."""
    try:
        return _decode_event(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _gpu_names(request: StepRequest) -> tuple[str, ...]:
    from runtime.targets.gpu import cuda_names

    return cuda_names(request.gpu_numbers)


def _result(attempt: Attempt) -> WorkerEvent | None:
    try:
        event = decoded((attempt.folder / RESULT).read_bytes())
    except OSError:
        return None
    if event is None or event.data.get("fence") != attempt.request.fence:
        return None
    return event
