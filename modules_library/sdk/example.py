"""A module's own example: a function `example` in its file that gives one call's arguments.

    def example():
        frame = pl.DataFrame({"a": [1, 2, 3]})
        return {"inputs": {"dataset": frame}, "parameters": {"rows": 2}}

The same in two parts is `{"inputs": {"dataset": …}, "parameters": {"rows": 2}}`.

It runs in a process of its own when the module is published and when it is tested.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from modules_library.sdk.codecs import write_output
from modules_library.sdk.column_selection import ColumnSelection
from modules_library.sdk.interpreter import interpreter_of
from modules_library.sdk.loading import load_module
from modules_library.sdk.source import read_declaration
from modules_library.sdk.table import Roles
from runtime.error_boundary import describe
from runtime.errors import ModuleError, RequestError, close_matches
from runtime.model import (
    ErrorRecord,
    InputArtifact,
    ModuleSpec,
    OutputFile,
    OutputPort,
    StepRequest,
    WorkerEvent,
)

TIMEOUT_S = 120.0


def run_example(spec: ModuleSpec, *, timeout_s: float = TIMEOUT_S) -> None:
    """Run a module's example in a process of its own; nothing happens when it has none.

    Args:
        spec: The module; `entry.source` is an absolute path.
        timeout_s: Seconds that it may take.

    Raises:
        RequestError: M013 with what went wrong.
    """
    if has_example(Path(spec.entry.source)):
        run_example_apart("modules_library.sdk.example", spec, timeout_s=timeout_s)


def run_example_apart(program: str, spec: ModuleSpec, *, timeout_s: float = TIMEOUT_S) -> None:
    """Let one of our programs run a module's example.

    Raises:
        RequestError: M013 with what went wrong.
    """
    ended = run_apart(program, spec, timeout_s=timeout_s)
    if ended.returncode == 0:
        return
    try:
        record = msgspec.json.decode(ended.stdout.splitlines()[-1], type=ErrorRecord)
    except (IndexError, msgspec.DecodeError) as exc:
        last = (ended.stderr.decode(errors="replace").strip().splitlines() or [""])[-1]
        reason = f"its process ended with {ended.returncode}. {last}".strip()
        raise _failed(spec, reason) from exc
    raise _failed(spec, _told(record), frames=list(record.frames))


def run_apart(
    program: str, spec: ModuleSpec, *, timeout_s: float
) -> subprocess.CompletedProcess[bytes]:
    """Hand a spec to one of our programs in a process of its own.

    Raises:
        RequestError: M013 when it does not end in time, E003 for requirements without a solution.
        InfrastructureError: T009 when the environment that it needs cannot be built.
    """
    python, path = interpreter_of(spec)
    try:
        return subprocess.run(
            [python, "-m", program],
            input=msgspec.json.encode(spec),
            capture_output=True,
            timeout=timeout_s,
            env={**os.environ, "PYTHONPATH": path},
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise _failed(spec, f"it did not end within {timeout_s:g} s") from exc


def has_example(source: Path) -> bool:
    """Whether a source file has an example; told without running it."""
    declaration = read_declaration(source.read_bytes().decode("utf-8-sig")).declaration
    return declaration is not None and declaration.has_example


def run_example_here(spec: ModuleSpec, folder: Path) -> dict[str, OutputFile]:
    """Run a module's example in this process, through the same door as every step.

    Raises:
        ModuleError: M009 when the example does not return arguments of the module.
        Exception: Whatever the module raises.
    """
    loaded = load_module(Path(spec.entry.source), spec.digest)
    if loaded.example is None:
        raise ModuleError(
            "M009", f"'{spec.id}' has no example.", remedy="Write a function 'example'."
        )
    return run_call(spec, call_of(spec, loaded.example()), folder)


@dataclass(frozen=True)
class Call:
    """Plain Python values for the ports and parameters of one call."""

    inputs: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)


Executor = Callable[[StepRequest, Callable[[WorkerEvent], None]], dict[str, OutputFile]]


def run_call(spec: ModuleSpec, call: Call, folder: Path) -> dict[str, OutputFile]:
    """Execute a module with plain Python values, through the same door as every step."""
    package, _, name = spec.entry.executor.partition(":")
    executor: Executor = getattr(importlib.import_module(package), name)
    attempt = folder / "attempt"
    attempt.mkdir(parents=True)
    return executor(
        StepRequest(
            run_id="example",
            step_id=spec.id,
            attempt=1,
            fence=1,
            entry=spec.entry,
            module=spec.id,
            version=spec.version,
            digest=spec.digest,
            parameters=json_parameters(spec, call),
            inputs=input_artifacts(spec, call.inputs, folder),
            outputs=spec.outputs,
            folder=str(attempt),
            source_folder=str(folder),
        ),
        _ignore,
    )


def json_parameters(spec: ModuleSpec, call: Call) -> dict[str, Any]:
    """Every parameter with its JSON value."""
    values = {p.name: call.parameters.get(p.name, p.default) for p in spec.parameters}
    return {name: _json(value) for name, value in values.items()}


def call_of(spec: ModuleSpec, returned: Any) -> Call:
    """What an example returned, checked against the module's names.

    Raises:
        ModuleError: M009 when it is not arguments of this module.
    """
    if not isinstance(returned, dict) or not set(returned) <= {"inputs", "parameters"}:
        raise ModuleError(
            "M009",
            f"The example of '{spec.id}' does not return inputs and parameters.",
            remedy='Return {"inputs": {…}, "parameters": {…}}.',
        )
    call = Call(dict(returned.get("inputs", {})), dict(returned.get("parameters", {})))
    _check_names(call.inputs, [port.name for port in spec.inputs], "input")
    _check_names(call.parameters, [item.name for item in spec.parameters], "parameter")
    return call


def _check_names(given: dict[str, Any], known: list[str], kind: str) -> None:
    for name in given:
        if name not in known:
            raise ModuleError(
                "M009",
                f"The example gives '{name}', which is no {kind} of the module."
                f"{close_matches(str(name), known)}",
                remedy="Correct the name.",
            )


def input_artifacts(
    spec: ModuleSpec, arguments: dict[str, Any], folder: Path
) -> dict[str, tuple[InputArtifact, ...]]:
    """Plain Python values as stored artifacts by input port."""
    found: dict[str, tuple[InputArtifact, ...]] = {}
    for port in spec.inputs:
        value = arguments.get(port.name)
        if value is None:
            continue
        values = list(value) if port.many else [value]
        found[port.name] = tuple(
            _artifact(item, port.name, port.type, folder / "inputs" / f"{port.name}_{number}")
            for number, item in enumerate(values)
        )
    return found


def _artifact(value: Any, name: str, type_: str, folder: Path) -> InputArtifact:
    port = OutputPort(name=name, type=type_)
    made = write_output(value, port, folder=folder, inherited=Roles())
    return InputArtifact(ref=made.ref, path=str(folder / made.path))


def _json(value: Any) -> Any:
    if isinstance(value, ColumnSelection):
        return value.to_json()
    return str(value) if isinstance(value, Path) else value


def _ignore(event: WorkerEvent) -> None:
    """An example has nobody who listens."""


def _told(record: ErrorRecord) -> str:
    place = record.frames[-1] if record.frames else None
    where = f" (line {place['line']}: {place['text']})" if place else ""
    return f"{record.code} {record.message}{where}"


def _failed(spec: ModuleSpec, reason: str, **details: Any) -> RequestError:
    return RequestError(
        "M013",
        f"The example of '{spec.id}' failed: {reason}",
        remedy="Correct the module or its example, then publish again.",
        **details,
    )


def answer(run: Callable[[ModuleSpec, Path], object]) -> int:
    """Run an example for `run_example_apart`: the spec comes in, the record of an error goes out."""
    spec = msgspec.json.decode(sys.stdin.buffer.read(), type=ModuleSpec)
    with tempfile.TemporaryDirectory() as folder:
        try:
            run(spec, Path(folder))
        except BaseException as exc:  # noqa: BLE001 - the boundary around people's code
            request = StepRequest(
                run_id="",
                step_id="",
                attempt=1,
                fence=1,
                entry=spec.entry,
                module=spec.id,
                version=spec.version,
                digest=spec.digest,
                folder=folder,
            )
            sys.stdout.flush()
            sys.stdout.buffer.write(b"\n" + msgspec.json.encode(describe(exc, request)) + b"\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(answer(run_example_here))
