"""Loading a module version: its function under a name made from its digest.

Two versions live in one process, because each has a name of its own in `sys.modules`. The project
files that a workspace module imports are found beside it; those of another version with the same
name are taken out of the way first.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from modules_library.sdk.source import Declaration, project_files, read_declaration, source_digest
from runtime.errors import ModuleError

PROJECT = "modules"
"""Name of the folder that project imports start from, in a workspace and in the library alike."""

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class LoadedModule:
    """A module version in this process.

    Attributes:
        rule: The function that tells the schemas of its outputs before a run, where it has one.
        root: Folder that its project imports start from; None for built-ins.
        imports: Project files it imports, by path below `root`.
    """

    declaration: Declaration
    function: Callable[..., Any]
    example: Callable[[], Any] | None
    root: Path | None
    imports: tuple[str, ...] = ()
    rule: Callable[..., Any] | None = None


_loaded: dict[tuple[str, str], LoadedModule] = {}


def load_module(source: Path, digest: str) -> LoadedModule:
    """The module version in a source file, loaded once per process.

    Raises:
        ModuleError: M007 when the source declares no module; M005 when a draft has changed since
            the run was planned.
    """
    key = (str(source), digest)
    loaded = _loaded.get(key)
    if loaded is None:
        loaded = _loaded[key] = _load(source, digest)
    if loaded.root is not None:
        _make_importable(loaded.root, loaded.imports)
    return loaded


def _load(source: Path, digest: str) -> LoadedModule:
    declaration = _declaration(source)
    root = project_root(source)
    imports: tuple[str, ...] = ()
    if root is not None:
        _refuse_changed(source, digest, root)
        imports = tuple(project_files(source, root=root))
        _make_importable(root, imports)
    module = _execute(source, digest)
    function = getattr(module, declaration.function)
    schema = getattr(function, "module_metadata", declaration.metadata).schema
    return LoadedModule(
        declaration=declaration,
        function=function,
        example=getattr(module, "example", None) if declaration.has_example else None,
        root=root,
        imports=imports,
        rule=schema if callable(schema) else None,
    )


def project_root(source: Path) -> Path | None:
    """Where a source's project imports start from; None for built-ins."""
    if source.resolve().is_relative_to(_PACKAGE):
        return None
    return next((p for p in source.parents if p.name == PROJECT), source.parent)


def _declaration(source: Path) -> Declaration:
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise ModuleError(
            "M007",
            f"The module's source '{source}' cannot be read: {exc}.",
            remedy="Restore the file, or publish the module again.",
        ) from exc
    reading = read_declaration(text)
    if reading.declaration is None:
        problem = reading.problems[0].diagnostic(source.name) if reading.problems else None
        raise ModuleError(
            "M007",
            problem.message if problem else f"'{source.name}' declares no module.",
            remedy=problem.remedy if problem else "Put @module above its function.",
        )
    return reading.declaration


def _refuse_changed(source: Path, digest: str, root: Path) -> None:
    if digest and source_digest(source, root=root) != digest:
        raise ModuleError(
            "M005",
            f"'{source.name}' has changed since this run was planned.",
            remedy="Run the pipeline again.",
        )


def _execute(source: Path, digest: str) -> ModuleType:
    name = f"designer_module_{digest.removeprefix('b3:')[:20] or source.stem}"
    spec = importlib.util.spec_from_file_location(name, source)
    if spec is None or spec.loader is None:
        raise ModuleError("M007", f"'{source.name}' is not a Python file.", remedy="Rename it.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _make_importable(root: Path, imports: tuple[str, ...]) -> None:
    """Put the project's folder first on the path, and other projects' files out of the way."""
    place = str(root)
    if sys.path[:1] != [place]:
        sys.path[:] = [place, *(entry for entry in sys.path if entry != place)]
    for file in imports:
        name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        module = sys.modules.get(name)
        if module is not None and getattr(module, "__file__", None) != str(root / file):
            del sys.modules[name]
