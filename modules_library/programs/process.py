"""The process of a program: its arguments, environment, log, metrics and end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
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
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
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
    return {**os.environ, **ours}


def _python_path() -> list[str]:
    """What the environment names, and behind it where our packages lie, so that the SDK is there."""
    given = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    ours = [str(Path(str(one.__file__)).parents[1]) for one in (modules_library, runtime)]
    return list(dict.fromkeys([*given, *ours]))


def run_process(
    words: Sequence[str],
    work: Path,
    environment: Mapping[str, str],
    *,
    name: str,
    folder: Path,
    emit: Callable[[WorkerEvent], None],
) -> None:
    """Run a command line to its end; what it prints goes to the log of this process.

    Args:
        words: The program and its arguments.
        work: Its working directory.
        environment: All of its environment.
        name: What people call it.
        folder: The attempt's folder.
        emit: Told its metrics and progress.

    Raises:
        ModuleError: M018 when it cannot be started, M019 when it ends with anything but zero.
    """
    with FollowedMetrics(Path(environment[METRICS]), emit) as metrics:
        process = _started(words, work, environment)
        assert process.stderr is not None
        tail: deque[str] = deque(maxlen=_TAIL_LINES)
        reader = threading.Thread(target=_pass_on, args=(process.stderr, tail), daemon=True)
        reader.start()
        _wait(process, folder / CANCEL_FILE, metrics)
        reader.join(timeout=_LOOK_EVERY_S * 10)
    if process.returncode:
        raise _failed(name, process.returncode, list(tail))


def _started(
    words: Sequence[str], work: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
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


def _wait(process: subprocess.Popen[bytes], cancel: Path, metrics: FollowedMetrics) -> None:
    """Wait for the end; who wants the step to stop is passed on as SIGTERM."""
    is_told = False
    while True:
        try:
            process.wait(_LOOK_EVERY_S)
            return
        except subprocess.TimeoutExpired:
            metrics.take()
        if not is_told and cancel.exists():
            process.terminate()
            is_told = True


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
    return ModuleError("M019", f"'{name}' {ended}{last}", remedy=remedy, standard_error=tail)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
