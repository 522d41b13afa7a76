"""What a `module.toml` may declare: ports, parameters, arguments and files that fit each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from modules_library.programs.declaration import (
    NOTEBOOK_OUTPUT,
    Declaration,
    Parameter,
    Reading,
)
from modules_library.programs.folder import files_of
from modules_library.programs.notebook_file import fault_of_notebook
from modules_library.programs.placeholders import Use, When, uses
from modules_library.sdk.parallel.settings import parallel_fault
from modules_library.sdk.source.parameter import default_fault, title_of
from modules_library.sdk.version import SemanticVersion
from runtime.errors import close_matches
from runtime.model import ParameterSpec, VisibleWhen

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ENDINGS = {"script": ".py", "notebook": ".ipynb"}


def check(declaration: Declaration, folder: Path, reading: Reading) -> None:
    """Note every problem of a declaration.

    Raises:
        RequestError: M017 when the folder is too large.
    """
    _check_version(declaration, reading)
    _check_names(declaration, reading)
    _check_entry(declaration, folder, reading)
    for name, parameter in declaration.parameters.items():
        _check_parameter(name, parameter, declaration, reading)
    _check_arguments(declaration, reading)
    _check_parallel(declaration, reading)
    _check_distributed(declaration, reading)
    _check_example(declaration, folder, reading)


def parameter_spec(name: str, declared: Parameter, declaration: Declaration) -> ParameterSpec:
    """A parameter as editors and planners see it."""
    facts = msgspec.structs.asdict(declared)
    shown_when, default = facts.pop("shown_when"), facts.pop("default")
    has_default = default is not msgspec.UNSET
    nullable = declared.nullable or declared.kind == "seed"
    if declared.kind in ("column", "columns") and declared.port is None:
        facts["port"] = next(iter(declaration.inputs), None)
    return ParameterSpec(
        **facts
        | {
            "name": name,
            "title": declared.title or title_of(name),
            "default": default if has_default else None,
            "required": not has_default and not nullable,
            "nullable": nullable,
            "visible_when": tuple(
                VisibleWhen(parameter=other, values=tuple(v) if isinstance(v, list) else (v,))
                for other, v in shown_when.items()
            ),
        }
    )


def _check_version(declaration: Declaration, reading: Reading) -> None:
    try:
        SemanticVersion(declaration.version)
    except ValueError:
        reading.refuse(
            f"the version {declaration.version!r} is not a semantic version.",
            'Write version = "1.0.0".',
            "version",
        )


def _check_names(declaration: Declaration, reading: Reading) -> None:
    for part in ("inputs", "outputs", "parameters"):
        for name in getattr(declaration, part):
            if not _NAME.fullmatch(name):
                reading.refuse(
                    f"'{name}' cannot be a port or parameter name.",
                    "Use lower-case letters, digits and underscores.",
                    part,
                    name,
                )
    for name in declaration.inputs.keys() & declaration.parameters.keys():
        reading.refuse(
            f"'{name}' is an input and a parameter.", "Rename one of them.", "parameters", name
        )
    if declaration.kind == "notebook":
        taken = {*declaration.inputs, *declaration.parameters, NOTEBOOK_OUTPUT}
        for name in declaration.outputs.keys() & taken:
            reading.refuse(
                f"the output '{name}' has the name of something else in the notebook.",
                "Rename it.",
                "outputs",
                name,
            )


def _check_entry(declaration: Declaration, folder: Path, reading: Reading) -> None:
    kind, entry = declaration.kind, declaration.entry
    if kind == "command":
        _check_command(declaration, reading)
        return
    ending = _ENDINGS[kind]
    if not entry:
        reading.refuse(
            f"a {kind} needs the name of its file.", f'Write entry = "main{ending}".', "kind"
        )
        return
    known = files_of(folder)
    if PurePosixPath(entry).suffix != ending:
        reading.refuse(f"the entry '{entry}' is no {ending} file.", "Name one.", "entry")
    elif entry not in known:
        is_there = (folder / entry).is_file()
        why = "is left out by an ignore file" if is_there else "does not exist"
        near = "" if is_there else close_matches(entry, known)
        reading.refuse(
            f"the entry '{entry}' {why}.{near}",
            "Name a file of this folder that travels with it.",
            "entry",
        )
    elif kind == "notebook" and declaration.arguments is not None:
        reading.refuse(
            "a notebook takes no arguments: its values come as a cell.",
            "Remove them.",
            "arguments",
        )
    elif kind == "notebook" and (fault := fault_of_notebook(folder / entry)):
        reading.refuse(
            f"the notebook '{entry}' {fault}.",
            "Tag the cell with the defaults of ports and parameters 'parameters', and save it.",
            "entry",
        )


def _check_command(declaration: Declaration, reading: Reading) -> None:
    if declaration.entry:
        reading.refuse(
            "a command has no entry: its first argument is the program.",
            "Remove the line.",
            "entry",
        )
    words = declaration.arguments or ()
    first = words[0] if words else None
    if not isinstance(first, str) or not first or any(uses((first,))):
        reading.refuse(
            "a command needs its program as the first argument, written out.",
            'Write arguments = ["program", "{input.dataset}"], for example.',
            "arguments" if words else "kind",
        )


def _check_parameter(
    name: str, declared: Parameter, declaration: Declaration, reading: Reading
) -> None:
    def refuse(message: str, remedy: str = "Correct it.", key: str = "kind") -> None:
        reading.refuse(message, remedy, "parameters", name, key)

    spec = parameter_spec(name, declared, declaration)
    fault = default_fault(spec) if declared.default is not msgspec.UNSET else None
    if fault:
        refuse(
            f"the default {declared.default!r} of '{name}' {fault}.",
            "Correct the default or the constraint.",
            "default",
        )
    if declared.kind == "enum" and not declared.options:
        refuse(f"'{name}' is an enum without options.", 'Write options = ["a", "b"].')
    if declared.kind == "list" and declared.item_kind is None:
        refuse(f"the list '{name}' does not say of what.", 'Write item_kind = "string".')
    if declared.port is not None and declared.port not in declaration.inputs:
        near = close_matches(declared.port, declaration.inputs)
        refuse(f"there is no input '{declared.port}'.{near}", "Name an input.", "port")
    for other in declared.shown_when:
        if other not in declaration.parameters or other == name:
            near = close_matches(other, declaration.parameters)
            refuse(f"there is no other parameter '{other}'.{near}", "Name one.", "shown_when")


def _check_arguments(declaration: Declaration, reading: Reading) -> None:
    words = declaration.words
    for condition in (one.when for one in words if isinstance(one, When)):
        fault = _unknown(condition, declaration)
        if fault:
            reading.refuse(fault[0], fault[1], "arguments", word=condition)
    used = list(uses(words))
    for use in used:
        for message, remedy in _faults(use, declaration):
            reading.refuse(message, remedy, "arguments", word=f"{{{use.name}}}")
    if declaration.kind != "notebook":
        for name in declaration.outputs:
            if f"output.{name}" not in {use.name for use in used}:
                reading.refuse(
                    f"no argument says where '{name}' is to be written.",
                    f"Add '{{output.{name}}}' to the arguments.",
                    "outputs",
                    name,
                )


def _faults(use: Use, declaration: Declaration) -> Iterator[tuple[str, str]]:
    unknown = _unknown(use.name, declaration)
    if unknown:
        yield unknown
        return
    part, _, name = use.name.partition(".")
    if part == "input":
        port = declaration.inputs[name]
        if port.optional and use.name not in use.conditions:
            yield _needs_when(use.name)
        if port.many and not use.is_alone:
            yield (
                f"'{{{use.name}}}' becomes one argument per wire and cannot be part of one.",
                "Make it an argument of its own.",
            )
    if part == "parameter":
        parameter = declaration.parameters[name]
        if parameter.kind == "secret":
            yield (
                f"the secret '{name}' would be seen by everybody on the machine.",
                f"Read it from the environment: DESIGNER_PARAMETER_{name.upper()}.",
            )
        can_be_absent = parameter.nullable or parameter.kind == "seed"
        if can_be_absent and use.name not in use.conditions:
            yield _needs_when(use.name)


def _needs_when(name: str) -> tuple[str, str]:
    return (
        f"'{{{name}}}' may have no value.",
        f'Write {{ when = "{name}", then = ["{{{name}}}"] }} instead.',
    )


def _unknown(name: str, declaration: Declaration) -> tuple[str, str] | None:
    names = [
        *(f"input.{key}" for key in declaration.inputs),
        *(f"output.{key}" for key in declaration.outputs),
        *(f"parameter.{key}" for key in declaration.parameters),
    ]
    if name in names:
        return None
    return (
        f"'{{{name}}}' names nothing that is declared.{close_matches(name, names)}",
        f"Use one of {', '.join(names)}." if names else "Declare it first.",
    )


def _check_parallel(declaration: Declaration, reading: Reading) -> None:
    if declaration.parallel is None:
        return
    fault = parallel_fault(
        declaration.parallel,
        inputs={k: "many" if one.many else one.type for k, one in declaration.inputs.items()},
        outputs={k: one.type for k, one in declaration.outputs.items()},
        parameters=declaration.parameters,
    )
    if declaration.kind == "notebook":
        fault = "cannot be: a notebook gives itself, and many cannot be put together"
    if fault:
        reading.refuse(f"[parallel] {fault}.", "Correct it.", "parallel")


def _check_distributed(declaration: Declaration, reading: Reading) -> None:
    if declaration.distributed is None:
        return
    fault = None
    if declaration.kind == "notebook":
        fault = "is for scripts and commands"
    elif declaration.parallel is not None:
        fault = "and [parallel] cannot be combined"
    elif "processes" in declaration.parameters:
        fault = "adds the parameter 'processes', a name that is taken"
    if fault:
        reading.refuse(f"[distributed] {fault}.", "Remove one of them.", "distributed")


def _check_example(declaration: Declaration, folder: Path, reading: Reading) -> None:
    example = declaration.example
    if example is None:
        return
    for part, given, known in (
        ("inputs", example.inputs, declaration.inputs),
        ("parameters", example.parameters, declaration.parameters),
    ):
        for name in given:
            if name not in known:
                reading.refuse(
                    f"the example gives '{name}', which is none of the {part}."
                    f"{close_matches(name, known)}",
                    "Correct the name.",
                    "example",
                    part,
                    name,
                )
    for name, path in example.inputs.items():
        if (
            not (folder / path).resolve().is_relative_to(folder.resolve())
            or not (folder / path).exists()
        ):
            reading.refuse(
                f"the example's file '{path}' does not exist.",
                "Name a file of this folder.",
                "example",
                "inputs",
                name,
            )
