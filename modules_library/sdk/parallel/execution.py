"""Executing a module for every mini-batch of an input: cut, carried out in parallel, put together."""

from __future__ import annotations

import contextlib
import importlib
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec

from modules_library.sdk.execution import CANCEL_FILE
from modules_library.sdk.parallel.batch_process import STOPPED, BatchProcess
from modules_library.sdk.parallel.joining import failed_batches, join
from modules_library.sdk.parallel.settings import FAILED, PROGRAM, called, once
from modules_library.sdk.parallel.splitting import Batch, split
from runtime.errors import ModuleError
from runtime.model import ErrorRecord, InputArtifact, OutputFile, StepRequest, WorkerEvent

PLACE = "batches"
"""Where the mini-batches have their folders, below the attempt's."""

_LOOK_EVERY_S = 0.2
_replace = msgspec.structs.replace
Emit = Callable[[WorkerEvent], None]
Made = dict[str, OutputFile]


def execute(request: StepRequest, emit: Emit) -> Made:
    """Execute a step request whose module is called for one mini-batch after the other.

    Raises:
        ModuleError: M020 when more mini-batches fail than may; the list of them comes along.
    """
    port, size = batches_of(request)
    folder = Path(request.folder)
    (artifact,) = request.inputs[port]
    batches = list(split(artifact, size, folder / PLACE / "in"))
    done, failed = _Map(request, port, emit).carry_out(batches)
    listed = failed_batches(failed, folder=folder)
    allowed = int(request.parameters["error_threshold"])
    if len(failed) > (allowed if allowed >= 0 else len(batches) - 1) or not done:
        raise _too_many(failed, len(batches), listed)
    made = {FAILED: listed}
    for output in request.outputs:
        if output.name != FAILED:
            paths = [done[batch][output.name] for batch in batches if batch in done]
            made[output.name] = join(paths, output, folder=folder)
    shutil.rmtree(folder / PLACE, ignore_errors=True)
    return made


def source_files(request: StepRequest) -> dict[str, Path]:
    """The files of the module, for a worker on another machine."""
    module = importlib.import_module(called(request.entry).executor.partition(":")[0])
    found: dict[str, Path] = module.source_files(request)
    return found


def batches_of(request: StepRequest) -> tuple[str, int]:
    """The port that is cut, and how many rows or files a mini-batch has."""
    source = Path(request.entry.source)
    if called(request.entry).executor == PROGRAM:
        from modules_library.programs.declaration import read_program

        program = read_program(source).declaration
        declared = program.parallel if program else None
    else:
        from modules_library.sdk.source import read_declaration

        text = source.read_bytes().decode("utf-8-sig")
        function = read_declaration(text).declaration
        declared = function.metadata.parallel if function else None
    if declared is None:
        raise ModuleError(
            "M005",
            f"'{source.name}' has changed since this run was planned.",
            remedy="Run the pipeline again.",
        )
    return declared.input, int(request.parameters["batch_size"])


class _Map:
    """The mini-batches of one step on their way."""

    def __init__(self, request: StepRequest, port: str, emit: Emit) -> None:
        self._port = port
        self._emit = emit
        self._folder = Path(request.folder)
        self._tries = 1 + int(request.parameters["batch_retries"])
        self._allowed = int(request.parameters["error_threshold"])
        self._count = int(request.parameters.get("processes") or max(1, request.threads))
        threads = max(1, request.threads // self._count)
        self._processes = [BatchProcess(threads) for _ in range(self._count)]
        self._idle: SimpleQueue[BatchProcess] = SimpleQueue()
        self._is_over = threading.Event()
        self._request = _replace(once(request), threads=threads, memory_bytes=None)
        for process in self._processes:
            self._idle.put(process)

    def carry_out(
        self, batches: list[Batch]
    ) -> tuple[dict[Batch, dict[str, Path]], dict[Batch, ErrorRecord]]:
        """Paths of the outputs of those that are done, and the errors of those that failed."""
        done: dict[Batch, dict[str, Path]] = {}
        failed: dict[Batch, ErrorRecord] = {}
        with self._pool() as pool:
            waiting = {pool.submit(self._batch, batch): batch for batch in batches}
            for future in self._ended(waiting):
                result = future.result()
                batch = waiting[future]
                if isinstance(result, ErrorRecord):
                    failed[batch] = result
                else:
                    done[batch] = result
                self._tell_progress(len(done) + len(failed), len(batches))
                if len(failed) > self._allowed >= 0:
                    break
        return done, failed

    def _ended(self, waiting: dict[Future[Any], Batch]) -> Iterator[Future[Any]]:
        """Those that have ended, as they end; no more when the step is asked to stop."""
        open_ones = set(waiting)
        while open_ones and not (self._folder / CANCEL_FILE).exists():
            ended, open_ones = wait(open_ones, _LOOK_EVERY_S, FIRST_COMPLETED)
            yield from ended

    @contextlib.contextmanager
    def _pool(self) -> Iterator[ThreadPoolExecutor]:
        """The threads that hand mini-batches out; whatever happens, nothing goes on behind them."""
        with ThreadPoolExecutor(self._count) as pool:
            try:
                yield pool
            finally:
                self._is_over.set()
                for process in self._processes:
                    process.close()
        for process in self._processes:
            process.forget()

    def _batch(self, batch: Batch) -> dict[str, Path] | ErrorRecord:
        error = STOPPED
        for number in range(1, self._tries + 1):
            if self._is_over.is_set():
                break
            folder = self._folder / PLACE / str(batch.number) / str(number)
            outcome = self._once(self._asked(batch.artifact, folder), batch.number)
            if isinstance(outcome, WorkerEvent) and outcome.kind == "done":
                return {name: folder / one.path for name, one in outcome.outputs.items()}
            known = outcome.error if isinstance(outcome, WorkerEvent) else outcome
            error = known or error
        return error

    def _once(self, asked: StepRequest, number: int) -> WorkerEvent | ErrorRecord:
        process = self._idle.get()
        try:
            return process.carry_out(asked, lambda event: self._tell(event, number))
        finally:
            self._idle.put(process)

    def _asked(self, artifact: InputArtifact, folder: Path) -> StepRequest:
        inputs = {**self._request.inputs, self._port: (artifact,)}
        return _replace(self._request, inputs=inputs, folder=str(folder))

    def _tell(self, event: WorkerEvent, number: int) -> None:
        """A metric of a mini-batch is a point of a series; its own progress is nobody's business."""
        value = event.data.get("value")
        if event.kind == "metric" and isinstance(value, int | float) and "index" not in event.data:
            self._emit(_replace(event, data={**event.data, "index": number}))

    def _tell_progress(self, ended: int, total: int) -> None:
        data = {"share": ended / total, "text": f"{ended} of {total} mini-batches"}
        self._emit(WorkerEvent(kind="progress", data=data))


def _too_many(failed: dict[Batch, ErrorRecord], total: int, listed: OutputFile) -> ModuleError:
    if not failed:
        return ModuleError("M020", "The step was stopped.", remedy="Run the pipeline again.")
    batch = min(failed, key=lambda one: one.number)
    first = failed[batch]
    error = ModuleError(
        "M020",
        f"{len(failed)} of {total} mini-batches failed; number {batch.number}, from "
        f"{batch.first or 'nothing'} on: {first.code} {first.message}",
        remedy="Look at the failed batches, then change the module, its input, or how many may fail.",
    )
    error.outputs = {FAILED: listed}
    return error
