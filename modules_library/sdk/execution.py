"""Executing one step of an SDK module: inputs read, function called, outputs checked and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from modules_library.sdk.codecs import read_input, write_output
from modules_library.sdk.column_selection import ColumnSelection
from modules_library.sdk.context import StepContext
from modules_library.sdk.loading import PROJECT, LoadedModule, load_module, project_root
from modules_library.sdk.source import Declaration, project_files
from modules_library.sdk.table import ColumnRole, Roles
from runtime.errors import ModuleError
from runtime.model import OutputFile, OutputPort, ParameterSpec, StepRequest, WorkerEvent

CANCEL_FILE = "cancel"
"""A file of this name in the attempt's folder asks the module to stop."""


def execute(request: StepRequest, emit: Callable[[WorkerEvent], None]) -> dict[str, OutputFile]:
    """Execute a step request; what a worker calls for every module written with the SDK.

    Raises:
        DesignerError: D…, M… for what the data or the module gets wrong.
        Exception: Whatever the module's own code raises.
    """
    loaded = load_module(Path(request.entry.source), request.digest)
    arguments = {
        **_inputs(request, loaded.declaration),
        **parameter_arguments(loaded.declaration, request.parameters, request.files),
        **context_arguments(request, loaded.declaration, emit),
    }
    result = loaded.function(**arguments)
    values = by_port(result, request.outputs or _declared(loaded), loaded.declaration)
    inherited = inherited_roles(request)
    folder = Path(request.folder)
    return {
        port.name: write_output(value, port, folder=folder, inherited=inherited)
        for port, value in values
    }


def source_files(request: StepRequest) -> dict[str, Path]:
    """The files that the module of a request consists of, for a worker on another machine.

    They are given by their path below the project's parent folder, the module's own source first;
    there are none for a built-in module, which comes with its package.
    """
    source = Path(request.entry.source)
    root = project_root(source)
    if root is None:
        return {}
    own = source.resolve().relative_to(root.resolve()).as_posix()
    return {f"{PROJECT}/{own}": source} | {
        f"{PROJECT}/{name}": path for name, path in project_files(source, root=root).items()
    }


def _inputs(request: StepRequest, declaration: Declaration) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for port in declaration.inputs:
        artifacts = request.inputs.get(port.name, ())
        if port.many:
            arguments[port.name] = [read_input(artifact, port) for artifact in artifacts]
        elif artifacts:
            arguments[port.name] = read_input(artifacts[0], port)
        elif port.optional:
            arguments[port.name] = None
    return arguments


def parameter_arguments(
    declaration: Declaration, parameters: Mapping[str, Any], files: Mapping[str, str]
) -> dict[str, Any]:
    """The Python values of a node's parameters.

    Args:
        declaration: Which parameters the module has.
        parameters: Their JSON values.
        files: Absolute local paths by parameter name.
    """
    return {
        spec.name: argument_of(spec, parameters[spec.name], files)
        for spec in declaration.parameters
        if spec.name in parameters
    }


def argument_of(spec: ParameterSpec, value: Any, files: Mapping[str, str]) -> Any:
    """The Python value of a parameter's JSON value.

    Raises:
        RequestError: V002 for a column selection that is none.
    """
    if value is None:
        return None
    if spec.kind == "columns":
        return ColumnSelection.from_json(value)
    if spec.kind == "file":
        return Path(files.get(spec.name, value))
    if spec.kind == "float":
        return float(value)
    return list(value) if spec.kind == "list" else value


def context_arguments(
    request: StepRequest, declaration: Declaration, emit: Callable[[WorkerEvent], None]
) -> dict[str, StepContext]:
    """What a module may know of its step, by the arguments that ask for it."""
    if not declaration.contexts:
        return {}
    folder = Path(request.folder)
    context = StepContext(
        seed=request.seed if request.seed is not None else seed_of(declaration, request.parameters),
        device=request.device,
        threads=request.threads,
        run_id=request.run_id,
        step_id=request.step_id,
        source_folder=Path(request.source_folder),
        folder=folder,
        emit=emit,
        is_cancelled=(folder / CANCEL_FILE).exists,
    )
    return dict.fromkeys(declaration.contexts, context)


def seed_of(declaration: Declaration, parameters: Mapping[str, Any]) -> int | None:
    """The value of the first seed parameter; None without one and for a blank one."""
    names = [spec.name for spec in declaration.parameters if spec.kind == "seed"]
    value = parameters.get(names[0]) if names else None
    return value if isinstance(value, int) else None


def by_port(
    result: Any, ports: tuple[OutputPort, ...], declaration: Declaration
) -> list[tuple[OutputPort, Any]]:
    """The returned values beside their ports.

    Raises:
        ModuleError: M009 when the function returned something else than it declares.
    """
    if not declaration.returns_tuple:
        if ports:
            return [(ports[0], result)]
        return []
    if not isinstance(result, tuple) or len(result) != len(ports):
        got = f"{len(result)} values" if isinstance(result, tuple) else type(result).__name__
        names = ", ".join(port.name for port in ports)
        raise ModuleError(
            "M009",
            f"'{declaration.function}' declares the outputs {names}, but returned {got}.",
            remedy="Return the declared NamedTuple with one value per output port.",
            expected=[port.name for port in ports],
            got=got,
        )
    fields = getattr(result, "_fields", None)
    values = dict(zip(fields, result, strict=True)) if fields else None
    if values is not None and set(values) == {port.name for port in ports}:
        return [(port, values[port.name]) for port in ports]
    return list(zip(ports, result, strict=True))


def _declared(loaded: LoadedModule) -> tuple[OutputPort, ...]:
    return tuple(OutputPort(name=p.name, type=p.type) for p in loaded.declaration.outputs)


def inherited_roles(request: StepRequest) -> Roles:
    """Roles of all input tables by column name; an earlier port wins."""
    found: dict[str, ColumnRole] = {}
    tables = [a for many in request.inputs.values() for a in many if a.ref.format == "arrow"]
    if not tables:
        return Roles()
    from modules_library.sdk.codecs.arrow_file import read_roles

    for artifact in reversed(tables):
        found |= read_roles(Path(artifact.path))
    return Roles(found)
