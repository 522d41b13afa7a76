"""The example of a program: files of its folder by input port, and parameters.

    [example]
    inputs = { dataset = "example/rows.csv" }
    parameters = { rows = 2 }

It runs when the module is published and when it is tested, in a process of its own.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from modules_library.programs.declaration import Declaration, read_program
from modules_library.sdk.artifacts import File, Folder, ImageFolder
from modules_library.sdk.codecs.documents import read_document
from modules_library.sdk.conformance import Finding, check_spec
from modules_library.sdk.example import Call, answer, run_call, run_example_apart
from runtime.model import ModuleSpec, OutputFile


def run_example(spec: ModuleSpec) -> None:
    """Run a program's example in a process of its own; nothing happens when it has none.

    Raises:
        RequestError: M013 with what went wrong.
    """
    if _declaration(spec).example is not None:
        run_example_apart("modules_library.programs.example", spec)


def check_program(spec: ModuleSpec) -> tuple[Finding, ...]:
    """Check a program against the rules of modules, and that its example gives the same twice."""
    found = check_spec(spec)
    if _declaration(spec).example is None:
        return found
    digests = []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            try:
                outputs = run_example_here(spec, Path(folder))
            except Exception as exc:  # noqa: BLE001 - whatever the author's code does is a finding
                return (*found, Finding("example", f"The call failed: {exc}"))
        digests.append({name: output.ref.digest for name, output in outputs.items()})
    if digests[0] != digests[1]:
        finding = Finding("same result", "Two calls with the same arguments gave other artifacts.")
        return (*found, finding)
    return found


def run_example_here(spec: ModuleSpec, folder: Path) -> dict[str, OutputFile]:
    """Run the example through the same door as every step.

    Raises:
        DesignerError: Whatever the program gets wrong.
    """
    example = _declaration(spec).example
    assert example is not None, "asked only where there is one"
    home = Path(spec.entry.source).parent
    inputs: dict[str, Any] = {}
    for port in spec.inputs:
        if port.name in example.inputs:
            value = _value(home / example.inputs[port.name], port.type)
            inputs[port.name] = [value] if port.many else value
    return run_call(spec, Call(inputs, example.parameters), folder)


def _declaration(spec: ModuleSpec) -> Declaration:
    declaration = read_program(Path(spec.entry.source)).declaration
    assert declaration is not None, "its spec was just read"
    return declaration


def _value(path: Path, type_: str) -> Any:
    """A file of the folder as the value that a port takes."""
    import polars as pl

    match type_:
        case "Table":
            if path.suffix == ".csv":
                return pl.read_csv(path, infer_schema_length=None, try_parse_dates=True)
            return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_ipc(path)
        case "File" | "Any":
            return File(path, path.name)
        case "Folder":
            return Folder(path)
        case "ImageFolder":
            return ImageFolder(path)
        case "Model":
            from modules_library.sdk.artifacts import Model

            return Model.load(path)
    return read_document(path, type_)


if __name__ == "__main__":
    sys.exit(answer(run_example_here))
