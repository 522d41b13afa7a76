"""The process of a program: its arguments, environment, log, metrics and end."""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import modules_library
import runtime
from modules_library.programs.declaration import Declaration
from modules_library.programs.inputs import InputPaths
from modules_library.programs.metrics import METRICS, FollowedMetrics
from modules_library.programs.outputs import OutputPaths
from modules_library.programs.placeholders import filled
from modules_library.sdk.execution import CANCEL_FILE
from runtime.errors import ModuleError
from runtime.model import StepRequest, WorkerEvent

_LOOK_EVERY_S = 0.1
_GRACE_S = 10.0
_TAIL_LINES = 40
_LONGEST_LINE = 400


def arguments_of(
    request: StepRequest, declaration: Declaration, inputs: InputPaths, outputs: OutputPaths
) -> list[str]:
    """The whole command line."""
    values = {f"input.{name}": list(map(str, paths)) for name, paths in inputs.items()}
    values |= {f"output.{name}": [str(path)] for name, path in outputs.items()}
    values |= {
        f"parameter.{name}": [] if value is None else [text_of(value)]
        for name, value in parameter_values(request).items()
    }
    words = filled(declaration.words, values)
    if declaration.kind == "script":
        return [sys.executable, declaration.entry, *words]
    return words


def parameter_values(request: StepRequest) -> dict[str, Any]:
    """The parameters of the step, files as the paths that they have here."""
    return {**request.parameters, **request.files}


def text_of(value: Any) -> str:
    """A parameter's value as an argument: plain text, true or false, a number, JSON of the rest.

    >>> text_of(True), text_of(0.5), text_of(["a"])
    ('true', '0.5', '["a"]')
    """
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def environment_of(
    request: StepRequest, inputs: InputPaths, outputs: OutputPaths
) -> dict[str, str]:
    """The worker's environment and what a program may know of its step."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, **step_environment(request, inputs, outputs), "PATH": path}


def step_environment(
    request: StepRequest, inputs: InputPaths, outputs: OutputPaths
) -> dict[str, str]:
    """What a program may know of its step, and where it finds the SDK."""
    threads = str(request.threads)
    ours = {
        METRICS: f"{request.folder}/metrics.jsonl",
        "DESIGNER_FOLDER": request.folder,
        "DESIGNER_RUN": request.run_id,
        "DESIGNER_STEP": request.step_id,
        "DESIGNER_DEVICE": request.device,
        "DESIGNER_THREADS": threads,
        "OMP_NUM_THREADS": threads,
        "POLARS_MAX_THREADS": threads,
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(_python_path()),
    }
    if request.seed is not None:
        ours["DESIGNER_SEED"] = str(request.seed)
    for name, paths in inputs.items():
        ours[f"DESIGNER_INPUT_{name.upper()}"] = os.pathsep.join(map(str, paths))
    for name, path in outputs.items():
        ours[f"DESIGNER_OUTPUT_{name.upper()}"] = str(path)
    for name, value in parameter_values(request).items():
        if value is not None:
            ours[f"DESIGNER_PARAMETER_{name.upper()}"] = text_of(value)
    return ours


def _python_path() -> list[str]:
    """What the environment names, and behind it where our packages lie, so that the SDK is there."""
    given = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    ours = [str(Path(str(one.__file__)).parents[1]) for one in (modules_library, runtime)]
    return list(dict.fromkeys([*given, *ours]))


def run_processes(
    words: Sequence[str],
    work: Path,
    environments: Sequence[Mapping[str, str]],
    *,
    name: str,
    folder: Path,
    emit: Callable[[WorkerEvent], None],
) -> None:
    """Run a command line to its end, once per environment and all at a time.

    What they print goes to the log of this process. When one fails the others are ended.

    Args:
        words: The program and its arguments.
        work: Its working directory.
        environments: All of the environment of each.
        name: What people call it.
        folder: The attempt's folder.
        emit: Told their metrics and progress.

    Raises:
        ModuleError: M018 when it cannot be started, M019 when one ends with anything but zero.
    """
    running: list[_Running] = []
    with FollowedMetrics(Path(environments[0][METRICS]), emit) as metrics:
        try:
            for environment in environments:
                running.append(_Running(words, work, environment))
            failed = _wait(running, folder / CANCEL_FILE, metrics)
        finally:
            for one in running:
                one.end()
    if failed is not None:
        rank = f" of rank {running.index(failed)}" if len(running) > 1 else ""
        raise _failed(f"'{name}'{rank}", failed.process.returncode, list(failed.tail))


class _Running:
    """A process, and the end of what it wrote to its standard error."""

    def __init__(self, words: Sequence[str], work: Path, environment: Mapping[str, str]) -> None:
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        try:
            self.process = subprocess.Popen(
                words,
                cwd=work,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError as exc:
            raise ModuleError(
                "M018",
                f"'{words[0]}' cannot be started on this machine: {exc.strerror}.",
                remedy="Install it there, or choose a compute target that has it.",
            ) from exc
        assert self.process.stderr is not None
        arguments = (self.process.stderr, self.tail)
        self._reader = threading.Thread(target=_pass_on, args=arguments, daemon=True)
        self._reader.start()

    def end(self) -> None:
        """End it where it has not ended; whoever holds its standard error open is not waited for."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join(timeout=_LOOK_EVERY_S * 10)


def _wait(running: Sequence[_Running], cancel: Path, metrics: FollowedMetrics) -> _Running | None:
    """Wait until all have ended; gives the one that failed first.

    When the step shall stop, or one has failed, SIGTERM ends the others, and SIGKILL a while later.
    """
    failed, killed_at = None, math.inf
    while waiting := [one.process for one in running if one.process.poll() is None]:
        with contextlib.suppress(subprocess.TimeoutExpired):
            waiting[0].wait(_LOOK_EVERY_S)
        metrics.take()
        failed = failed or next((one for one in running if one.process.poll()), None)
        if killed_at == math.inf and (failed is not None or cancel.exists()):
            killed_at = time.monotonic() + _GRACE_S
            for process in waiting:
                process.terminate()
        if time.monotonic() > killed_at:
            for process in waiting:
                process.kill()
    return failed or next((one for one in running if one.process.returncode), None)


def _pass_on(errors: IO[bytes], tail: deque[str]) -> None:
    """Write standard error on to the log, and remember its end."""
    with errors:
        for line in errors:
            os.write(2, line)
            text = line.decode("utf-8", errors="replace").rstrip()
            if text:
                tail.append(text[:_LONGEST_LINE])


def _failed(name: str, status: int, tail: list[str]) -> ModuleError:
    ended = f"was ended by {_signal(-status)}" if status < 0 else f"ended with {status}"
    last = f": {tail[-1]}" if tail else ""
    remedy = "Read the end of its log, then change the module or its input."
    if status == -signal.SIGKILL:
        remedy = "Give the node more memory, or give it less data."
    return ModuleError("M019", f"{name} {ended}{last}", remedy=remedy, standard_error=tail)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
