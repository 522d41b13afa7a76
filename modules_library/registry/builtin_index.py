"""The index of the built-in modules: generated from their sources and checked in."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

import modules_library
from modules_library.registry.index_file import ModuleIndex, pretty
from modules_library.sdk.source import spec_from_source
from runtime.durable_files import SHARED, replace_durably
from runtime.errors import RequestError
from runtime.model import Diagnostic, ModuleSpec

PACKAGE = Path(modules_library.__file__).parent
BUILTIN = PACKAGE / "builtin"
INDEX = BUILTIN / "index.json"
RELEASED = BUILTIN / "released.json"


def builtin_sources() -> dict[str, Path]:
    """The source file of every built-in by module id."""
    return {
        f"{path.parent.name}.{path.stem}": path
        for path in sorted(BUILTIN.glob("*/*.py"))
        if not path.stem.startswith("_")
    }


def read_builtins() -> tuple[tuple[ModuleSpec, ...], tuple[Diagnostic, ...]]:
    """The specs of all built-ins, and the problems of those that have none."""
    specs: list[ModuleSpec] = []
    problems: list[Diagnostic] = []
    for module_id, path in builtin_sources().items():
        reading = spec_from_source(
            path,
            module_id=module_id,
            root=PACKAGE.parent,
            origin="builtin",
            source=path.relative_to(BUILTIN).as_posix(),
        )
        problems += reading.diagnostics
        if reading.spec is not None:
            specs.append(reading.spec)
    return tuple(specs), tuple(problems)


def builtin_index_text() -> str:
    """The text that `builtin/index.json` has when it is up to date.

    Raises:
        RequestError: M007 when a built-in cannot be read.
    """
    specs, problems = read_builtins()
    if problems:
        first = problems[0]
        raise RequestError(first.code, first.message, remedy=first.remedy, where=first.where)
    index = ModuleIndex(
        modules=specs, published=len(specs), defaults={spec.id: spec.version for spec in specs}
    )
    return pretty(index).decode()


def released_digests() -> dict[str, str]:
    """Digests of released built-in versions by `id@version`; these never change again."""
    if not RELEASED.exists():
        return {}
    return msgspec.json.decode(RELEASED.read_bytes(), type=dict[str, str])


def changed_releases() -> list[str]:
    """Released built-ins whose source changed although their version did not."""
    released = released_digests()
    return [
        f"{spec.id}@{spec.version}"
        for spec in read_builtins()[0]
        if released.get(f"{spec.id}@{spec.version}", spec.digest) != spec.digest
    ]


def generate(*, release: bool = False) -> None:
    """Write `builtin/index.json`; with `release` also freeze the versions that are new.

    Raises:
        RequestError: M011 when a released version has other bytes now, M007 for a broken source.
    """
    changed = changed_releases()
    if changed:
        raise RequestError(
            "M011",
            f"{', '.join(changed)} changed although this version was released.",
            remedy="Give the module a new version in its @module line.",
        )
    replace_durably(INDEX, builtin_index_text().encode(), mode=SHARED)
    if release:
        current = {f"{spec.id}@{spec.version}": spec.digest for spec in read_builtins()[0]}
        replace_durably(RELEASED, pretty({**released_digests(), **current}), mode=SHARED)


def main(arguments: list[str]) -> int:
    """`python -m modules_library.registry generate [--release]`."""
    if arguments not in (["generate"], ["generate", "--release"]):
        sys.stderr.write("usage: python -m modules_library.registry generate [--release]\n")
        return 2
    try:
        generate(release="--release" in arguments)
    except RequestError as exc:
        sys.stderr.write(f"{exc}\n")
        return exc.exit_status
    return 0
