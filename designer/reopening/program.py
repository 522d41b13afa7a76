"""The folder of a reopened script, command or notebook: laid out as an attempt's folder is."""

import shutil
from pathlib import Path

import msgspec

from designer.reopening.batch import narrowed
from designer.reopening.placing import copy_files, place_inputs
from designer.reopening.program_start import Start, debugging, run_script
from designer.reopening.readme import readme
from designer.reopening.request import asked_for, request_of, secrets_of
from designer.reopening.script import head_lines
from designer.reopening.source import changed
from designer.reopening.subject import Subject
from modules_library.programs.declaration import (
    DECLARATION,
    NOTEBOOK_OUTPUT,
    Declaration,
    read_program,
)
from modules_library.programs.execution import WORK, copy_folder
from modules_library.programs.inputs import InputPaths, input_paths
from modules_library.programs.notebook import notebook_command
from modules_library.programs.outputs import MADE, output_paths
from modules_library.programs.process import arguments_of, step_environment
from modules_library.programs.ranks import ranked
from modules_library.sdk.reopened import secret_variable
from runtime.errors import DesignerError
from runtime.model import StepRequest
from runtime.stores.artifact_store import FolderArtifactStore

_STORED = "stored"
_replace = msgspec.structs.replace


def write_program(subject: Subject, artifacts: FolderArtifactStore, folder: Path) -> dict[str, str]:
    """Put in place what the program had; gives the texts that go beside it, by path."""
    declaration = _declaration(subject)
    request, said = _request(subject, declaration, artifacts, folder)
    _copy_folder(subject, folder, request)
    inputs = input_paths(request, _silent(declaration), folder)
    _move_mounted(inputs)
    shutil.rmtree(folder / _STORED, ignore_errors=True)
    start = _start(subject, declaration, request, inputs)
    executed = _copy_executed(subject, declaration, artifacts, folder)
    source = f"{WORK}/{declaration.entry or DECLARATION}"
    secrets = asked_for(_secrets(subject, declaration))
    how = [*_how(declaration, executed, start), *said]
    texts = {
        "run.sh": run_script(start, head_lines(subject)),
        "README.md": readme(subject, source=source, how=how, secrets=secrets),
    }
    return texts | ({".vscode/launch.json": debugging(start)} if start.can_be_debugged else {})


def _start(
    subject: Subject, declaration: Declaration, request: StepRequest, inputs: InputPaths
) -> Start:
    folder = Path(request.folder)
    outputs = output_paths(declaration, folder)
    if declaration.kind == "notebook":
        words = notebook_command(request, declaration, folder / WORK, inputs, outputs)
    else:
        words = arguments_of(request, declaration, inputs, outputs)
    processes = int(subject.step.parameters["processes"]) if declaration.distributed else 1
    environment = step_environment(request, inputs, outputs)
    return Start(
        kind=declaration.kind,
        words=words,
        environment=ranked(environment, processes)[0],
        folder=folder,
        work=folder / WORK,
        empty=[one for one in sorted((folder / MADE).rglob("*")) if one.is_dir()],
        secrets=[one for _, one in asked_for(_secrets(subject, declaration))],
        processes=processes,
    )


def _declaration(subject: Subject) -> Declaration:
    try:
        declaration = read_program(Path(subject.step.entry.source)).declaration
    except (OSError, DesignerError):
        declaration = None
    if declaration is None:
        raise changed(subject.step)
    return declaration


def _request(
    subject: Subject, declaration: Declaration, artifacts: FolderArtifactStore, folder: Path
) -> tuple[StepRequest, list[str]]:
    """The request with absolute paths and a mark for each secret, and what is to be said of it."""
    placed = place_inputs(subject, artifacts, folder, below=_STORED)
    placed, said = narrowed(
        subject, declaration.parallel, placed, artifacts=artifacts, folder=folder
    )
    secrets = _secrets(subject, declaration)
    marks = {name: Start.mark(secret_variable(secret)) for name, secret in secrets.items()}
    request = request_of(
        subject,
        source=str(folder / WORK / DECLARATION),
        folder=str(folder),
        inputs={
            port: tuple(_replace(one, path=str(folder / one.path)) for one in many)
            for port, many in placed.items()
        },
        parameters={**subject.step.parameters, **marks},
        files={name: str(folder / path) for name, path in copy_files(subject, folder).items()},
    )
    return request, said


def _secrets(subject: Subject, declaration: Declaration) -> dict[str, str]:
    kinds = declaration.parameters.items()
    return secrets_of(subject, [name for name, one in kinds if one.kind == "secret"])


def _copy_folder(subject: Subject, folder: Path, request: StepRequest) -> None:
    try:
        copy_folder(Path(subject.step.entry.source).parent, folder / WORK, request)
    except (OSError, DesignerError):
        raise changed(subject.step) from None


def _silent(declaration: Declaration) -> Declaration:
    """The same with copies asked for where a table is written anew, so that none is told of."""
    inputs = {
        name: port if port.format == "arrow" else _replace(port, access="download")
        for name, port in declaration.inputs.items()
    }
    return _replace(declaration, inputs=inputs)


def _move_mounted(inputs: InputPaths) -> None:
    """Put mounted bytes in the place of the link to them, so that the folder can be moved."""
    for path in (path for paths in inputs.values() for path in paths):
        if path.is_symlink():
            bytes_ = path.readlink()
            path.unlink()
            bytes_.rename(path)


def _copy_executed(
    subject: Subject, declaration: Declaration, artifacts: FolderArtifactStore, folder: Path
) -> str:
    """Copy the notebook as the run executed it beside its files; gives its path, if there is one."""
    ref = subject.state.outputs.get(NOTEBOOK_OUTPUT)
    if declaration.kind != "notebook" or ref is None or not artifacts.path(ref.digest).is_file():
        return ""
    path = f"{WORK}/executed_{Path(declaration.entry).name}"
    shutil.copyfile(artifacts.path(ref.digest), folder / path)
    return path


def _how(declaration: Declaration, executed: str, start: Start) -> list[str]:
    lines = ["    ./run.sh", ""]
    if executed:
        lines += [
            f"`{executed}` is the notebook as the run executed it, with the step's values in a cell:",
            "open it there and run it cell by cell.",
            "",
        ]
    if declaration.kind == "script":
        lines += ["Line by line in a debugger:", "", "    ./run.sh -m pdb -c continue", ""]
    if start.can_be_debugged:
        lines += ["In VS Code open this folder and press F5.", ""]
    if declaration.kind == "command":
        lines += ["What stands behind `./run.sh` starts it: `./run.sh strace -f`.", ""]
    return [
        *lines,
        f"`{WORK}` is a copy of the module's folder, in which it runs: change it here. `inputs` holds",
        f"what came in, as the module declares it; what it writes is in `{MADE}` and begins anew each",
        "time. `run.sh` sets the step's variables and says its arguments. Nothing here leads back",
        "into the workspace: delete the folder when you are done.",
    ]
