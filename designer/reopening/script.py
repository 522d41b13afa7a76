"""The script of a reopened step, in cells: read the inputs, call the function, show the outputs."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from designer.reopening.subject import Subject, one_line, secret_name
from modules_library.sdk.source import Declaration
from runtime.model import ParameterSpec

_ENDINGS = {"python": "py", "sql": "sql"}
_OWN_NAMES = {"step", "function", "result", "outputs", "secret", "HERE", "Path", "ColumnSelection"}
_WRITTEN_OUT = ("code", "text")


class Cell(NamedTuple):
    """A part of the script with the line above it."""

    title: str
    code: str


class TextFile(NamedTuple):
    """A parameter that is a text of its own: where it lies, and what it says."""

    path: str
    text: str


def script(subject: Subject, declaration: Declaration, files: dict[str, str]) -> str:
    """The text of `step.py`.

    Args:
        subject: The step.
        declaration: What its module declares.
        files: Paths below the folder, by `file` parameter.
    """
    head = "\n".join(f"# {line}" for line in head_lines(subject))
    cells = cells_of(subject, declaration, files, here="Path(__file__).parent")
    return "\n\n".join([head, *(f"# %% {cell.title}\n{cell.code}" for cell in cells)]) + "\n"


def head_lines(subject: Subject) -> list[str]:
    """What this is, and how it ended in the run."""
    run, error = subject.run, subject.state.error
    lines = [f"{subject.title}: step '{one_line(subject.step.id)}' of run {run.number}, {run.id}."]
    if error is not None:
        lines.append(f"It failed there with {error.code}: {one_line(error.message)}")
    return lines


def cells_of(
    subject: Subject, declaration: Declaration, files: dict[str, str], *, here: str
) -> list[Cell]:
    """The cells of the script and of the notebook.

    Args:
        subject: The step.
        declaration: What its module declares.
        files: Paths below the folder, by `file` parameter.
        here: The expression that gives the folder.
    """
    call = "".join(f"    {line}\n" for line in _arguments(subject, declaration, files))
    return [
        Cell("The step", "\n".join(_imports(subject, declaration, here))),
        Cell("Its inputs, as they came in", "\n".join(_inputs(subject)) or "# It has none."),
        Cell(
            f"The function {declaration.function} of {subject.step.module} {subject.step.version}",
            "function = step.function",
        ),
        Cell("The call, with the parameters of the run", f"result = function(\n{call})"),
        Cell("What it gives, stored and compared with the run", "outputs = step.show(result)"),
    ]


def text_files(subject: Subject, declaration: Declaration) -> dict[str, TextFile]:
    """The parameters that are written to files of their own, by name."""
    found = {}
    for spec in declaration.parameters:
        value = subject.step.parameters.get(spec.name)
        if spec.kind in _WRITTEN_OUT and isinstance(value, str) and "\n" in value:
            ending = _ENDINGS.get(spec.language or "", "txt")
            found[spec.name] = TextFile(f"parameters/{spec.name}.{ending}", value)
    return found


def _imports(subject: Subject, declaration: Declaration, here: str) -> Iterator[str]:
    kinds = {spec.kind for spec in declaration.parameters if spec.name in subject.step.parameters}
    yield "from pathlib import Path"
    yield ""
    if "columns" in kinds:
        yield "from modules_library.sdk import ColumnSelection"
    secret = ", secret" if "secret" in kinds else ""
    yield f"from modules_library.sdk.reopened import ReopenedStep{secret}"
    yield ""
    yield f"HERE = {here}"
    yield "step = ReopenedStep(HERE)"


def _inputs(subject: Subject) -> Iterator[str]:
    many = _many(subject)
    for port, brought in subject.inputs.items():
        sources = ", ".join(one_line(one.source) for one in brought)
        how = "inputs" if port in many else "input"
        yield f"{_variable(port)} = step.{how}({port!r})  # from {sources}"


def _variable(port: str) -> str:
    """What the script calls an input; its own names stay what they are."""
    return f"{port}_input" if port in _OWN_NAMES else port


def _many(subject: Subject) -> set[str]:
    return {wire.port for wire in subject.step.inputs if wire.many}


def _arguments(subject: Subject, declaration: Declaration, files: dict[str, str]) -> Iterable[str]:
    for port in declaration.inputs:
        if port.name in subject.inputs:
            yield f"{port.name}={_variable(port.name)},"
        elif port.many or port.optional:
            yield f"{port.name}={'[]' if port.many else 'None'},"
    texts = text_files(subject, declaration)
    for spec in declaration.parameters:
        if spec.name in subject.step.parameters:
            value = subject.step.parameters[spec.name]
            yield f"{spec.name}={_value(spec, value, files, texts)},"
    for name in declaration.contexts:
        yield f"{name}=step.context,"


def _value(
    spec: ParameterSpec, value: Any, files: dict[str, str], texts: dict[str, TextFile]
) -> str:
    """The Python expression of a parameter's JSON value."""
    if spec.kind == "secret":
        return f"secret({secret_name(spec.name, value)!r})"
    if value is None:
        return "None"
    if spec.name in texts:
        return f"(HERE / {texts[spec.name].path!r}).read_bytes().decode()"
    if spec.kind == "file":
        place = files.get(spec.name)
        return f"HERE / {place!r}" if place else f"Path({value!r})"
    if spec.kind == "columns":
        return f"ColumnSelection.from_json({value!r})"
    return repr(float(value)) if spec.kind == "float" else repr(value)
