"""The pinned source of a step's module version, copied as it was in the run."""

import shutil
from pathlib import Path

from modules_library.sdk.loading import PROJECT, project_root
from modules_library.sdk.source import (
    Declaration,
    project_files,
    read_declaration,
    source_digest,
)
from runtime.errors import RequestError
from runtime.model.plan import Step


def copy_source(step: Step, folder: Path) -> tuple[Declaration, str]:
    """Copy the source below `modules`; gives what it declares and its path below the folder.

    A built-in module is copied alone: what it imports of the library is installed with the
    designer, and its digest proves that it is the same.

    Raises:
        RequestError: M005 when the source is gone or has changed since the run.
    """
    source = Path(step.entry.source)
    root = project_root(source)
    try:
        reading = read_declaration(source.read_bytes().decode("utf-8-sig"))
        is_same = source_digest(source, root=root or _library()) == step.digest
    except (OSError, UnicodeDecodeError):
        raise changed(step) from None
    if reading.declaration is None or not is_same:
        raise changed(step)
    name = source.relative_to(root).as_posix() if root else source.name
    copies = {name: source, **(project_files(source, root=root) if root else {})}
    for below, file in copies.items():
        target = folder / PROJECT / below
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return reading.declaration, f"{PROJECT}/{name}"


def _library() -> Path:
    import modules_library

    return Path(str(modules_library.__file__)).parents[1]


def changed(step: Step) -> RequestError:
    """The error for a module that is not what it was in the run."""
    return RequestError(
        "M005",
        f"The source of '{step.module}' {step.version} has changed since the run.",
        remedy="Run the pipeline again and reopen the step of that run.",
    )
