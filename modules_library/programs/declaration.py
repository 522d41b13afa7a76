"""What a `module.toml` declares, read without running anything."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec

from modules_library.programs.placeholders import Argument, When
from modules_library.programs.toml_lines import TomlLines
from modules_library.sdk.parallel.settings import Parallel
from runtime.errors import close_matches
from runtime.model import Diagnostic
from runtime.model.module_spec import ParameterKind

DECLARATION = "module.toml"
"""The file that makes a folder a module."""

NOTEBOOK_OUTPUT = "executed_notebook"
"""The port of every notebook that gives it as it was executed."""

ProgramKind = Literal["script", "command", "notebook"]
TableFormat = Literal["arrow", "parquet", "csv"]
PortType = Literal[
    "Table", "File", "Folder", "ImageFolder", "Value", "Report", "Model", "UntrainedModel",
    "Transform",
]  # fmt: skip
_TABLES = ("distributed", "example", "inputs", "outputs", "parallel", "parameters")
T = TypeVar("T", bound=msgspec.Struct)


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; a key that it does not know is a problem."""


class Input(_Strict, frozen=True, kw_only=True):
    """`[inputs.NAME]`.

    Attributes:
        format: What a table is written as.
        access: `mount` hands out the stored bytes, read-only; `download` a copy of one's own.
    """

    type: PortType | Literal["Any"]
    title: str = ""
    description: str = ""
    optional: bool = False
    many: bool = False
    format: TableFormat = "arrow"
    access: Literal["mount", "download"] = "mount"


class Output(_Strict, frozen=True, kw_only=True):
    """`[outputs.NAME]`.

    Attributes:
        format: What a table is read from.
        file: What a file is called.
    """

    type: PortType
    title: str = ""
    description: str = ""
    format: TableFormat = "arrow"
    file: str = ""


class Parameter(_Strict, frozen=True, kw_only=True):
    """`[parameters.NAME]`: the same kinds and constraints as those of functions.

    Attributes:
        shown_when: Values of another parameter, by its name.
    """

    kind: ParameterKind
    title: str = ""
    description: str = ""
    default: Any = msgspec.UNSET
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    options: tuple[Any, ...] = ()
    item_kind: ParameterKind | None = None
    pattern: str | None = None
    port: str | None = None
    language: str | None = None
    unit: str | None = None
    summary: bool = False
    shown_when: dict[str, Any] = {}


class Distributed(_Strict, frozen=True, kw_only=True):
    """`[distributed]`: the program is started as several processes that know of each other.

    Attributes:
        processes: How many, where the person at the canvas says nothing else.
    """

    processes: Annotated[int, msgspec.Meta(ge=1)]


class Example(_Strict, frozen=True, kw_only=True):
    """`[example]`: a small run, made when the module is tested and published.

    Attributes:
        inputs: Files of the folder by input port.
    """

    inputs: dict[str, str] = {}
    parameters: dict[str, Any] = {}


_ALONE: tuple[tuple[str, type[msgspec.Struct]], ...] = (
    ("parallel", Parallel),
    ("distributed", Distributed),
    ("example", Example),
)
"""Tables that the file has once."""


class _Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The top of the file.

    Attributes:
        entry: The file that is run; commands have none.
        arguments: What stands behind it; for a command the program first.
    """

    version: str
    kind: ProgramKind
    title: str = ""
    summary: str = ""
    description: str = ""
    entry: str = ""
    arguments: tuple[Argument, ...] | None = None
    requires: tuple[str, ...] = ()
    resources: dict[str, float] = {}
    icon: str = ""
    tags: tuple[str, ...] = ()
    author: str = ""
    changelog: str = ""
    reusable: bool = True


class Declaration(_Head, frozen=True, kw_only=True):
    """The whole file."""

    inputs: dict[str, Input] = {}
    outputs: dict[str, Output] = {}
    parameters: dict[str, Parameter] = {}
    parallel: Parallel | None = None
    distributed: Distributed | None = None
    example: Example | None = None

    @property
    def words(self) -> tuple[Argument, ...]:
        """The arguments; those of a script that declares none are `--NAME VALUE` for everything."""
        if self.arguments is not None:
            return self.arguments
        return tuple(_default_arguments(self)) if self.kind == "script" else ()


@dataclass
class Reading:
    """A declaration, or every problem that stands in its way."""

    declaration: Declaration | None = None
    problems: list[Diagnostic] = field(default_factory=list)
    lines: TomlLines = field(default_factory=lambda: TomlLines(""))

    def refuse(self, message: str, remedy: str, *names: str, word: str = "") -> None:
        """Note a problem at the line of a key."""
        line = self.lines.of(*names, word=word)
        self.problems.append(
            Diagnostic(
                code="M016",
                message=f"{DECLARATION}, line {line}: {message}",
                remedy=remedy,
                where=f"{DECLARATION}:{line}",
            )
        )


def read_program(file: Path) -> Reading:
    """Read a `module.toml` and check it with the files beside it."""
    from modules_library.programs.checks import check

    reading = _read(file)
    if reading.declaration is not None:
        check(reading.declaration, file.parent, reading)
    if reading.problems:
        reading.declaration = None
    return reading


def _read(file: Path) -> Reading:
    reading = Reading()
    try:
        text = file.read_bytes().decode("utf-8-sig")
        reading.lines = TomlLines(text)
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        said, _, place = str(exc).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        _not_toml(reading, int(line[1]) if line else len(text.splitlines()), said)
        return reading
    except (OSError, UnicodeDecodeError) as exc:
        _not_toml(reading, 1, str(exc))
        return reading
    return _taken(reading, document)


def _not_toml(reading: Reading, line: int, said: str) -> None:
    reading.problems.append(
        Diagnostic(
            code="M016",
            message=f"{DECLARATION}, line {line}: the file is not valid TOML: {said}.",
            remedy="Correct the line and save the file.",
            where=f"{DECLARATION}:{line}",
        )
    )


def _taken(reading: Reading, document: dict[str, Any]) -> Reading:
    """The document as a declaration; each table is read by itself, so all faults are seen at once."""
    parts: dict[str, dict[str, Any]] = {
        "inputs": _tables(reading, document, "inputs", Input),
        "outputs": _tables(reading, document, "outputs", Output),
        "parameters": _tables(reading, document, "parameters", Parameter),
    }
    alone: dict[str, Any] = {
        name: _converted(reading, document.pop(name), kind, name)
        for name, kind in _ALONE
        if name in document
    }
    head = _converted(reading, document, _Head)
    if head is not None and not reading.problems:
        reading.declaration = Declaration(**msgspec.structs.asdict(head), **parts, **alone)  # type: ignore[arg-type]
    return reading


def _tables(
    reading: Reading, document: dict[str, Any], part: str, kind: type[T]
) -> dict[str, T | None]:
    found = document.pop(part, {})
    if not isinstance(found, dict):
        reading.refuse(f"'{part}' is no table.", f"Write [{part}.NAME] above each.", part)
        return {}
    return {name: _converted(reading, one, kind, part, name) for name, one in found.items()}


def _converted(reading: Reading, value: Any, kind: type[T], *names: str) -> T | None:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as exc:
        said, _, place = str(exc).partition(" - at `$")
        keys = re.findall(r"\.(\w+)", place)
        unknown = re.search(r"unknown field `(.+)`", said)
        if unknown:
            _refuse_key(reading, unknown[1], kind, names)
        else:
            at = ".".join((*names, *keys))
            what = f"'{at}': {said}" if at else said
            reading.refuse(f"{_plainly(what)}.", _choices(kind, keys), *names, *keys)
        return None


def _refuse_key(reading: Reading, key: str, kind: type[T], names: Iterable[str]) -> None:
    known: Mapping[str, Any] = {one.name: one for one in msgspec.structs.fields(kind)}
    where = ".".join(names)
    place = f"[{where}]" if where else "the file"
    listed = sorted([*known, *([] if where else _TABLES)])
    reading.refuse(
        f"{place} has no key '{key}'.{close_matches(key, listed)}",
        f"Use one of {', '.join(listed)}.",
        *names,
        key,
    )


def _choices(kind: type[T], keys: Sequence[str]) -> str:
    """What a key takes, where it takes certain words only."""
    types = {one.name: one.type for one in msgspec.structs.fields(kind)}
    words = get_args(types.get(keys[0])) if keys else ()
    words = tuple(one for word in words for one in (get_args(word) or (word,)))
    if words and all(isinstance(one, str) for one in words):
        return f"Use one of {', '.join(words)}."
    return "Correct the value."


def _plainly(said: str) -> str:
    """What the decoder says, in the words of the file."""
    plain = said.replace("Object missing required field", "there is no").replace("`", "'")
    return plain.replace("object", "table")


def _default_arguments(declaration: Declaration) -> Iterable[Argument]:
    for name, port in declaration.inputs.items():
        words = (f"--{name}", f"{{input.{name}}}")
        if port.optional:
            yield When(when=f"input.{name}", then=words)
        else:
            yield from words
    for name in declaration.outputs:
        yield from (f"--{name}", f"{{output.{name}}}")
    for name, parameter in declaration.parameters.items():
        if parameter.kind == "bool":
            yield When(when=f"parameter.{name}", then=(f"--{name}",))
        elif parameter.kind != "secret" and (parameter.nullable or parameter.kind == "seed"):
            yield When(when=f"parameter.{name}", then=(f"--{name}", f"{{parameter.{name}}}"))
        elif parameter.kind != "secret":
            yield from (f"--{name}", f"{{parameter.{name}}}")
