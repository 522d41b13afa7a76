"""Drafts: the sources in the workspace's `modules/` folder, read without running them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from modules_library.programs import DECLARATION, folder_stamp, program_spec
from modules_library.registry.index_file import DraftFile
from modules_library.sdk.loading import PROJECT
from modules_library.sdk.source import project_files, spec_from_source
from runtime.model import ModuleSpec

MODULES = PROJECT
CATEGORY = "custom"
_MAX_FILES = 5000


def read_drafts(
    workspace: Path, known: Mapping[str, DraftFile], specs: Mapping[str, ModuleSpec]
) -> tuple[dict[str, DraftFile], dict[str, ModuleSpec]]:
    """Read the files that changed since they were read last, and what imports those.

    Args:
        workspace: The workspace's folder.
        known: The files as they were, by path below `modules/`.
        specs: Their specs by module id.
    """
    stamps = stamps_of(workspace)
    moved = set(stamps) != set(known)
    changed = {name for name, stamp in stamps.items() if _stamp(known.get(name)) != stamp}
    files: dict[str, DraftFile] = {}
    found: dict[str, ModuleSpec] = {}
    for name, stamp in stamps.items():
        before = known.get(name)
        if before is None or moved or name in changed or changed & set(before.imports):
            files[name], spec = _read(workspace / MODULES, name, stamp)
        else:
            files[name], spec = before, specs.get(before.module)
        if spec is not None:
            found[spec.id] = spec
    return files, found


def stamps_of(workspace: Path) -> dict[str, tuple[int, int]]:
    """Modification time and size of every source below `modules/`, by path below it.

    A folder with a `module.toml` is one source: it is listed under that file, with two numbers over
    all that belongs to it.
    """
    return dict(sorted(_walk(workspace / MODULES, "")))


def module_id_of(name: str) -> str:
    """The id that a source's place gives: `<category>.<name>`, `custom.<name>` at the top.

    >>> module_id_of("cleaning/trim_text.py"), module_id_of("trim_text/module.toml")
    ('cleaning.trim_text', 'custom.trim_text')
    """
    parts = name.removesuffix(f"/{DECLARATION}").removesuffix(".py").split("/")
    return f"{parts[-2] if len(parts) > 1 else CATEGORY}.{parts[-1]}"


def _stamp(file: DraftFile | None) -> tuple[int, int] | None:
    return file.stamp if file else None


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    if prefix and any(entry.name == DECLARATION for entry in entries):
        yield f"{prefix}{DECLARATION}", folder_stamp(folder)
        return
    for entry in entries[:_MAX_FILES]:
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py") and entry.is_file():
            facts = entry.stat()
            yield f"{prefix}{entry.name}", (facts.st_mtime_ns, facts.st_size)


def _read(modules: Path, name: str, stamp: tuple[int, int]) -> tuple[DraftFile, ModuleSpec | None]:
    """Deeper folders and leading underscores are for helpers; so is a folder named as the root."""
    folder, _, file_name = name.removesuffix(f"/{DECLARATION}").rpartition("/")
    if "/" in folder or folder == PROJECT or file_name.startswith("_"):
        return DraftFile(stamp=stamp), None
    if name.endswith(f"/{DECLARATION}"):
        return _read_program(modules, name, stamp)
    module_id = module_id_of(name)
    path = modules / name
    reading = spec_from_source(
        path, module_id=module_id, root=modules, origin="draft", source=f"{MODULES}/{name}"
    )
    file = DraftFile(
        stamp=stamp,
        module=module_id if reading.spec or reading.diagnostics else "",
        imports=tuple(project_files(path, root=modules)),
        problems=reading.diagnostics,
    )
    return file, reading.spec


def _read_program(
    modules: Path, name: str, stamp: tuple[int, int]
) -> tuple[DraftFile, ModuleSpec | None]:
    module_id = module_id_of(name)
    folder = (modules / name).parent
    reading = program_spec(folder, module_id=module_id, source=f"{MODULES}/{name}")
    return DraftFile(stamp=stamp, module=module_id, problems=reading.diagnostics), reading.spec
