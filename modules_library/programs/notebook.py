"""Notebooks: parameters in as a cell, every cell in order, the executed notebook out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from modules_library.programs import executing_notebook
from modules_library.programs.declaration import NOTEBOOK_OUTPUT, Declaration
from modules_library.programs.inputs import InputPaths
from modules_library.programs.outputs import OutputPaths
from modules_library.programs.process import parameter_values
from runtime.errors import ModuleError
from runtime.model import StepRequest

ORDER = "notebook.json"
_NEEDED = ("nbclient", "ipykernel")


def notebook_command(
    request: StepRequest,
    declaration: Declaration,
    work: Path,
    inputs: InputPaths,
    outputs: OutputPaths,
) -> list[str]:
    """The command line that executes a notebook, in its working directory.

    Raises:
        ModuleError: M018 without the packages that it takes.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ModuleError(
            "M018",
            f"Notebooks cannot be executed on this machine: {' and '.join(missing)} is missing.",
            remedy="Install designer[notebook] there, or nbclient and ipykernel.",
        )
    order = Path(request.folder) / ORDER
    order.write_text(
        json.dumps(
            {
                "notebook": declaration.entry,
                "executed": os.path.relpath(outputs[NOTEBOOK_OUTPUT], work),
                "assignments": "\n".join(_assignments(request, declaration, work, inputs, outputs)),
            }
        ),
        encoding="utf-8",
    )
    return [sys.executable, "-P", executing_notebook.__file__, str(order)]


def _assignments(
    request: StepRequest,
    declaration: Declaration,
    work: Path,
    inputs: InputPaths,
    outputs: OutputPaths,
) -> Iterator[str]:
    """One line per port and parameter; paths start from the working directory.

    Secrets are not among them: the executed notebook would show them.
    """
    for name, port in declaration.inputs.items():
        paths = [os.path.relpath(path, work) for path in inputs[name]]
        yield f"{name} = {paths if port.many else _first(paths)!r}"
    for name in declaration.outputs:
        yield f"{name} = {os.path.relpath(outputs[name], work)!r}"
    values = parameter_values(request)
    for name, parameter in declaration.parameters.items():
        if parameter.kind != "secret" and name in values:
            yield f"{name} = {values[name]!r}"


def _first(paths: list[str]) -> str | None:
    return paths[0] if paths else None
