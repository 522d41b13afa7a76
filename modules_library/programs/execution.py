"""Executing one step of a program: inputs as paths, a process of its own, outputs from paths."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from modules_library.programs.declaration import DECLARATION, Declaration, read_program
from modules_library.programs.folder import files_of, folder_digest
from modules_library.programs.inputs import INPUTS, input_paths
from modules_library.programs.notebook import notebook_command
from modules_library.programs.outputs import (
    MADE,
    executed_notebook,
    output_paths,
    taken_outputs,
)
from modules_library.programs.process import arguments_of, environment_of, run_processes
from modules_library.programs.ranks import ranked
from modules_library.sdk.execution import inherited_roles
from runtime.errors import ModuleError
from runtime.model import OutputFile, StepRequest, WorkerEvent

WORK = "work"
"""The working directory, below the attempt's folder: a copy of the module's own folder."""

SENT = "program"
"""Where the folder lies among the sources that a host is sent."""


def execute(request: StepRequest, emit: Callable[[WorkerEvent], None]) -> dict[str, OutputFile]:
    """Execute a step request; what a worker calls for every script, command and notebook.

    Raises:
        DesignerError: D008, M005, M009, M016, M018 or M019.
    """
    source, folder = Path(request.entry.source), Path(request.folder)
    declaration = _declaration(source)
    work = copy_folder(source.parent, folder / WORK, request)
    inputs = input_paths(request, declaration, folder)
    outputs = output_paths(declaration, folder)
    environment = environment_of(request, inputs, outputs)
    try:
        if declaration.kind == "notebook":
            words = notebook_command(request, declaration, work, inputs, outputs)
        else:
            words = arguments_of(request, declaration, inputs, outputs)
        name = declaration.entry or words[0]
        count = int(request.parameters["processes"]) if declaration.distributed else 1
        environments = ranked(environment, count)
        run_processes(words, work, environments, name=name, folder=folder, emit=emit)
    except ModuleError as exc:
        exc.outputs = executed_notebook(request, outputs)
        raise
    taken = taken_outputs(request, declaration, outputs, inherited_roles(request))
    for place in (work, folder / INPUTS, folder / MADE):
        shutil.rmtree(place, ignore_errors=True)
    return taken


def source_files(request: StepRequest) -> dict[str, Path]:
    """The files of the module's folder, for a worker on another machine, its `module.toml` first."""
    source = Path(request.entry.source)
    files = files_of(source.parent)
    return {f"{SENT}/{name}": files[name] for name in sorted(files, key=_declaration_first)}


def _declaration_first(name: str) -> tuple[bool, str]:
    return name != DECLARATION, name


def _declaration(source: Path) -> Declaration:
    reading = read_program(source)
    if reading.declaration is not None:
        return reading.declaration
    first = reading.problems[0]
    raise ModuleError(first.code, first.message, remedy=first.remedy, where=first.where)


def copy_folder(folder: Path, work: Path, request: StepRequest) -> Path:
    """A copy that the step may write to; what begins with `#!` can be executed there.

    Raises:
        ModuleError: M005 when the folder has changed since the run was planned.
    """
    for name, file in files_of(folder).items():
        target = work / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        with target.open("rb") as opened:
            if opened.read(2) == b"#!":
                target.chmod(0o700)
    if request.digest and folder_digest(work) != request.digest:
        raise ModuleError(
            "M005",
            f"The folder of '{request.module}' has changed since this run was planned.",
            remedy="Run the pipeline again.",
        )
    return work
