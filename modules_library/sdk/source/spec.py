"""A source file becomes a module spec."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from modules_library.sdk.decorator import AFTER_RUN, TABLES
from modules_library.sdk.parallel.settings import in_parallel
from modules_library.sdk.source.declaration import Declaration, Port, read_declaration
from modules_library.sdk.source.digest import source_digest
from modules_library.sdk.source.metadata import RULE
from modules_library.sdk.source.problem import SourceProblem
from runtime.model import Diagnostic, Entry, InputPort, ModuleSpec, OutputPort

EXECUTOR = "modules_library.sdk.execution:execute"
"""The entry point of every module that is an SDK function."""

SCHEMA = "modules_library.sdk.foresight.answering:output_schemas"
"""What the schema worker asks for every module whose outputs can be known before a run."""

DRAFT = "draft"
"""The version of a module that is being written."""

_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class SpecReading:
    """A spec, or why there is none; neither when the file declares no module at all."""

    spec: ModuleSpec | None
    diagnostics: tuple[Diagnostic, ...] = ()


def spec_from_source(
    path: Path,
    *,
    module_id: str,
    root: Path,
    origin: Literal["builtin", "workspace", "draft"] = "draft",
    source: str | None = None,
) -> SpecReading:
    """Read the spec of the module in a file, without importing or running anything of it.

    Args:
        path: The file.
        module_id: `<category>.<name>`; it comes from where the file lies.
        root: Folder that its project imports start from.
        origin: Where it comes from; a draft gets the version `draft`.
        source: What `entry.source` shall hold; the path below `root` when absent.
    """
    name = path.name
    if not _ID.fullmatch(module_id):
        problem = SourceProblem(
            1,
            f"the file name gives the id '{module_id}', which cannot be a module id.",
            remedy="Rename the file: lower-case letters, digits and underscores.",
        )
        return SpecReading(None, (problem.diagnostic(name),))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        problem = SourceProblem(1, f"the file cannot be read as UTF-8: {exc}.")
        return SpecReading(None, (problem.diagnostic(name),))
    reading = read_declaration(text)
    if reading.problems:
        return SpecReading(None, _diagnostics(reading.problems, name))
    if reading.declaration is None:
        return SpecReading(None)
    place = source if source is not None else path.resolve().relative_to(root.resolve()).as_posix()
    digest = source_digest(path, root=root)
    spec = _spec(reading.declaration, module_id, origin, place, digest)
    parallel = reading.declaration.metadata.parallel
    return SpecReading(in_parallel(spec, parallel) if parallel is not None else spec)


def _diagnostics(problems: Sequence[SourceProblem], name: str) -> tuple[Diagnostic, ...]:
    return tuple(p.diagnostic(name) for p in sorted(problems, key=lambda p: p.line))


def _spec(
    declaration: Declaration,
    module_id: str,
    origin: Literal["builtin", "workspace", "draft"],
    source: str,
    digest: str,
) -> ModuleSpec:
    meta, docs = declaration.metadata, declaration.documentation
    builtin = origin == "builtin"
    category, _, name = module_id.partition(".")
    return ModuleSpec(
        id=module_id,
        version=DRAFT if origin == "draft" else meta.version,
        digest=digest,
        title=meta.title or name.replace("_", " ").title(),
        category=category,
        summary=meta.summary if meta.summary is not None else docs.summary,
        documentation=docs.text,
        inputs=tuple(_input(port) for port in declaration.inputs),
        outputs=tuple(_output(port) for port in declaration.outputs),
        parameters=declaration.parameters,
        requirements=meta.requires,
        resources=meta.resources or {},
        entry=Entry(
            executor=EXECUTOR,
            source=source,
            function=declaration.function,
            isolated=not builtin if meta.isolated is None else meta.isolated,
            preload=TABLES if meta.preload is None else meta.preload,
            schema=SCHEMA if _is_known_before_a_run(declaration, builtin=builtin) else "",
        ),
        reusable=meta.reusable,
        author=meta.author,
        tags=meta.tags,
        icon=meta.icon,
        origin=origin,
        changelog=meta.changelog,
    )


def _is_known_before_a_run(declaration: Declaration, *, builtin: bool) -> bool:
    """Whether the schema worker may ask the module: it must not run what a run alone may run.

    A graph's code never runs before a person presses Run, and a module that makes tables out of
    nothing but its parameters would do all of its work.
    """
    schema = declaration.metadata.schema
    if schema in (AFTER_RUN, RULE):
        return schema == RULE
    codes = [item.language for item in declaration.parameters if item.kind == "code"]
    if any(language != "sql" or not builtin for language in codes):
        return False
    return (
        bool(schema)
        or builtin
        or any(port.type == "Table" for port in declaration.inputs)
        or all(port.type == "UntrainedModel" for port in declaration.outputs)
    )


def _input(port: Port) -> InputPort:
    return InputPort(
        name=port.name,
        type=port.type,
        title=port.title,
        description=port.description,
        optional=port.optional,
        many=port.many,
    )


def _output(port: Port) -> OutputPort:
    return OutputPort(
        name=port.name, type=port.type, title=port.title, description=port.description
    )
