"""Freezing a module's source and the project files it imports into the workspace's library."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from modules_library.programs import DECLARATION, files_of, folder_digest
from modules_library.sdk.loading import PROJECT
from modules_library.sdk.source import project_files, source_digest
from runtime.crash_points import crash_point
from runtime.durable_files import sync
from runtime.model import LOCAL

if TYPE_CHECKING:
    from runtime.environments.floor import Versions

LIBRARY = "library"


def version_folder(workspace: Path, module_id: str, version: str) -> Path:
    """Where a published version lies."""
    return workspace / LIBRARY / module_id / version


def stage(workspace: Path, source: Path, *, root: Path) -> tuple[Path, str]:
    """Copy a source and what belongs to it to a folder of its own; gives it and the source's place."""
    staging = _staging(workspace)
    if source.name == DECLARATION:
        files, place = files_of(source.parent), DECLARATION
    else:
        place = source.resolve().relative_to(root.resolve()).as_posix()
        files = {**project_files(source, root=root), place: source}
    for name, file in files.items():
        target = staging / PROJECT / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        sync(target)
    return staging, f"{PROJECT}/{place}"


def copied_digest(copy: Path) -> str:
    """The digest of a staged source."""
    if copy.name == DECLARATION:
        return folder_digest(copy.parent)
    root = next(folder for folder in copy.parents if folder.name == PROJECT)
    return source_digest(copy, root=root)


def stage_text(workspace: Path, name: str, text: str) -> Path:
    """Write a source that is one text into a folder of its own."""
    staging = _staging(workspace)
    target = staging / name
    target.write_text(text, encoding="utf-8")
    sync(target)
    return staging


def locked(requirements: Sequence[str], *, workspace: Path) -> tuple[str, ...]:
    """The requirements with exact versions: those that are installed, or those that fit together.

    Args:
        requirements: What a module asks for.
        workspace: Where packages come from that are not installed.

    Raises:
        RequestError: E003 when there is no solution.

    >>> locked([], workspace=Path("workspace"))
    ()
    """
    if not requirements:
        return ()
    from runtime.environments.choice import EnvironmentChoice
    from runtime.environments.floor import installed, locked_versions

    environment = EnvironmentChoice(workspace).find(
        "", requirements, module="The module", target=LOCAL
    )
    versions = locked_versions(environment.locked) if environment else installed
    return tuple(_locked(requirement, versions) for requirement in requirements)


def _staging(workspace: Path) -> Path:
    library = workspace / LIBRARY
    library.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=".staging-", dir=library))


def _locked(requirement: str, versions: Versions) -> str:
    from packaging.requirements import Requirement

    one = Requirement(requirement)
    version = versions(one.name)
    if version is None:  # its marker says that it is not for this Python
        return requirement
    extras = f"[{','.join(sorted(one.extras))}]" if one.extras else ""
    return f"{one.name}{extras}=={version}"


def settle(staging: Path, folder: Path) -> None:
    """Give the staged copy its final name; a leftover of a broken-off publish is replaced."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        shutil.rmtree(folder)
    for inner in (staging, *staging.rglob("*")):
        if inner.is_dir():
            sync(inner)
    crash_point("publish.before_settle")
    staging.rename(folder)
    for place in (folder.parent, folder.parent.parent):
        sync(place)
    crash_point("publish.after_settle")


def discard(folder: Path) -> None:
    """Remove a staged or deleted version."""
    shutil.rmtree(folder, ignore_errors=True)
