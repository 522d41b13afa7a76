"""A module's own example: a function `example` in its file that returns arguments for one call.

    def example():
        return {"dataset": pl.DataFrame({"a": [1, 2, 3]}), "rows": 2}

The same in two parts is `{"inputs": {"dataset": …}, "parameters": {"rows": 2}}`.

It runs in a process of its own when the module is published and when it is tested.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from modules_library.sdk.codecs import write_output
from modules_library.sdk.column_selection import ColumnSelection
from modules_library.sdk.execution import execute
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
_ROOT = Path(__file__).parents[2]


def run_example(spec: ModuleSpec, *, timeout_s: float = TIMEOUT_S) -> None:
    """Run a module's example in a process of its own; nothing happens when it has none.

    Args:
        spec: The module; `entry.source` is an absolute path.
        timeout_s: Seconds that it may take.

    Raises:
        RequestError: M013 with what went wrong.
    """
    if not has_example(Path(spec.entry.source)):
        return
    path = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "modules_library.sdk.example"],
            input=msgspec.json.encode(spec),
            capture_output=True,
            timeout=timeout_s,
            env={**os.environ, "PYTHONPATH": path},
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise _failed(spec, f"it did not end within {timeout_s:g} s") from exc
    if ended.returncode == 0:
        return
    try:
        record = msgspec.json.decode(ended.stdout.splitlines()[-1], type=ErrorRecord)
    except (IndexError, msgspec.DecodeError) as exc:
        last = (ended.stderr.decode(errors="replace").strip().splitlines() or [""])[-1]
        reason = f"its process ended with {ended.returncode}. {last}".strip()
        raise _failed(spec, reason) from exc
    raise _failed(spec, _told(record), frames=list(record.frames))


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
    return run_with(spec, _arguments(spec, loaded.example()), folder)


def run_with(spec: ModuleSpec, arguments: dict[str, Any], folder: Path) -> dict[str, OutputFile]:
    """Execute a module with plain Python values for its ports and parameters."""
    attempt = folder / "attempt"
    attempt.mkdir(parents=True)
    given = {key: value for key, value in arguments.items() if spec.parameter(key)}
    parameters = {p.name: given.get(p.name, p.default) for p in spec.parameters}
    return execute(
        StepRequest(
            run_id="example",
            step_id=spec.id,
            attempt=1,
            fence=1,
            entry=spec.entry,
            module=spec.id,
            version=spec.version,
            digest=spec.digest,
            parameters={key: _json(value) for key, value in parameters.items()},
            inputs=_artifacts(spec, arguments, folder),
            outputs=spec.outputs,
            folder=str(attempt),
        ),
        _ignore,
    )


def _arguments(spec: ModuleSpec, returned: Any) -> dict[str, Any]:
    known = [port.name for port in spec.inputs] + [p.name for p in spec.parameters]
    if not isinstance(returned, dict):
        raise ModuleError(
            "M009",
            f"The example of '{spec.id}' returned {type(returned).__name__}.",
            remedy="Return a dictionary of port and parameter names.",
        )
    if set(returned) == {"inputs", "parameters"} and not set(returned) & set(known):
        returned = {**returned["inputs"], **returned["parameters"]}
    arguments: dict[str, Any] = returned
    for name in arguments:
        if name not in known:
            raise ModuleError(
                "M009",
                f"The example gives '{name}', which is no port or parameter of '{spec.id}'."
                f"{close_matches(str(name), known)}",
                remedy="Correct the name.",
            )
    return arguments


def _artifacts(
    spec: ModuleSpec, arguments: dict[str, Any], folder: Path
) -> dict[str, tuple[InputArtifact, ...]]:
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


def _main() -> int:
    spec = msgspec.json.decode(sys.stdin.buffer.read(), type=ModuleSpec)
    with tempfile.TemporaryDirectory() as folder:
        try:
            run_example_here(spec, Path(folder))
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
    sys.exit(_main())
