"""A folder with a `module.toml` becomes a module spec."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec

from modules_library.programs.checks import parameter_spec
from modules_library.programs.declaration import (
    DECLARATION,
    NOTEBOOK_OUTPUT,
    Declaration,
    read_program,
)
from modules_library.programs.folder import folder_digest
from modules_library.programs.ranks import processes_parameter
from modules_library.sdk.decorator import TABLES
from modules_library.sdk.parallel.settings import in_parallel
from modules_library.sdk.source.parameter import title_of
from modules_library.sdk.source.spec import DRAFT, SpecReading
from modules_library.sdk.version import SemanticVersion
from runtime.errors import RequestError
from runtime.model import Diagnostic, Entry, InputPort, ModuleSpec, OutputPort

EXECUTOR = "modules_library.programs.execution:execute"
"""The entry point of every module that is a program."""

_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_ICONS = {"script": "data_object", "command": "terminal", "notebook": "menu_book"}


def program_spec(
    folder: Path,
    *,
    module_id: str,
    origin: Literal["workspace", "draft"] = "draft",
    source: str | None = None,
) -> SpecReading:
    """Read the spec of a program, without running anything of it.

    Args:
        folder: Where its `module.toml` lies.
        module_id: `<category>.<name>`; it comes from where the folder lies.
        origin: Where it comes from; a draft gets the version `draft`.
        source: What `entry.source` shall hold; the absolute path when absent.
    """
    if not _ID.fullmatch(module_id):
        return SpecReading(None, (_unusable(module_id),))
    try:
        reading = read_program(folder / DECLARATION)
        if reading.declaration is None:
            return SpecReading(None, tuple(reading.problems))
        digest = folder_digest(folder)
    except RequestError as exc:
        record = exc.record
        problem = Diagnostic(code=record.code, message=record.message, remedy=record.remedy)
        return SpecReading(None, (problem,))
    place = source if source is not None else str((folder / DECLARATION).resolve())
    spec = _spec(reading.declaration, module_id, origin, place, digest)
    parallel, distributed = reading.declaration.parallel, reading.declaration.distributed
    if distributed is not None:
        parameters = (*spec.parameters, processes_parameter(distributed.processes))
        spec = msgspec.structs.replace(spec, parameters=parameters)
    return SpecReading(in_parallel(spec, parallel) if parallel is not None else spec)


def _unusable(module_id: str) -> Diagnostic:
    return Diagnostic(
        code="M016",
        message=f"The folder's name gives the id '{module_id}', which cannot be a module id.",
        remedy="Rename the folder: lower-case letters, digits and underscores.",
    )


def _spec(
    declaration: Declaration,
    module_id: str,
    origin: Literal["workspace", "draft"],
    source: str,
    digest: str,
) -> ModuleSpec:
    category, _, name = module_id.partition(".")
    description = declaration.description.strip()
    summary = declaration.summary or description.split("\n", 1)[0]
    return ModuleSpec(
        id=module_id,
        version=DRAFT if origin == "draft" else str(SemanticVersion(declaration.version)),
        digest=digest,
        title=declaration.title or name.replace("_", " ").title(),
        category=category,
        summary=summary,
        documentation=description or summary,
        kind=declaration.kind,
        inputs=_inputs(declaration),
        outputs=_outputs(declaration),
        parameters=tuple(
            parameter_spec(key, one, declaration) for key, one in declaration.parameters.items()
        ),
        requirements=declaration.requires,
        resources=declaration.resources,
        entry=Entry(
            executor=EXECUTOR,
            source=source,
            function=declaration.entry,
            isolated=True,
            preload=TABLES,
        ),
        reusable=declaration.reusable,
        author=declaration.author,
        tags=declaration.tags,
        icon=declaration.icon or _ICONS[declaration.kind],
        origin=origin,
        changelog=declaration.changelog,
    )


def _inputs(declaration: Declaration) -> tuple[InputPort, ...]:
    return tuple(
        InputPort(
            name=name,
            type=port.type,
            title=port.title or title_of(name),
            description=port.description,
            optional=port.optional,
            many=port.many,
        )
        for name, port in declaration.inputs.items()
    )


def _outputs(declaration: Declaration) -> tuple[OutputPort, ...]:
    declared = tuple(
        OutputPort(
            name=name,
            type=port.type,
            title=port.title or title_of(name),
            description=port.description,
        )
        for name, port in declaration.outputs.items()
    )
    if declaration.kind != "notebook":
        return declared
    executed = OutputPort(
        name=NOTEBOOK_OUTPUT,
        type="File",
        title=title_of(NOTEBOOK_OUTPUT),
        description="The notebook with the values it was given and everything it printed.",
    )
    return (*declared, executed)
