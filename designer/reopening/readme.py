"""What a person reads first in the folder of a reopened step, and the way into a debugger."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from designer.reopening.subject import Subject, one_line
from runtime.model import ErrorRecord

PACKAGES = "environment.txt"
"""Lists the packages of a step that had an environment of its own."""


def readme(
    subject: Subject, *, source: str, how: Sequence[str], secrets: Sequence[tuple[str, str]]
) -> str:
    """The text of `README.md`.

    Args:
        subject: The step.
        source: Path of the module's source below the folder.
        how: What stands below "Run it".
        secrets: Each secret with the variable that gives it.
    """
    return "\n".join(_lines(subject, source, how, secrets)) + "\n"


def how_to_call(python: str, *, is_compared: bool) -> list[str]:
    """What is said of a step that is a function.

    Args:
        python: The Python that has the packages of the run.
        is_compared: Whether what it gives can be held against what the run gave.
    """
    compared = " and compared with the run" if is_compared else ""
    return [
        f"    {python} step.py",
        "",
        "Line by line in a debugger, stopping where it fails:",
        "",
        f"    {python} -m pdb -c continue step.py",
        "",
        "In VS Code open this folder and press F5. `step.ipynb` is the same in cells.",
        "",
        "`inputs` holds what came in, read-only and checked by digest; `modules` the source, which",
        f"you may change here. What the step gives is written to `work`{compared}.",
        "Nothing here leads back into the workspace: delete the folder when you are done.",
    ]


def launch(
    python: str,
    *,
    program: str = "${workspaceFolder}/step.py",
    work: str = "${workspaceFolder}",
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> str:
    """The text of `.vscode/launch.json`."""
    document = {
        "version": "0.2.0",
        "configurations": [
            {
                "name": "Step",
                "type": "debugpy",
                "request": "launch",
                "program": program,
                "args": list(arguments),
                "cwd": work,
                "env": dict(environment or {}),
                "python": python,
                "console": "integratedTerminal",
                "justMyCode": False,
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _lines(
    subject: Subject, source: str, how: Sequence[str], secrets: Sequence[tuple[str, str]]
) -> Iterator[str]:
    run, step, state = subject.run, subject.step, subject.state
    yield f"# {subject.title}, reopened from run {run.number}"
    yield ""
    yield f"* Run {run.number} (`{run.id}`) of “{one_line(run.name)}”, {_when(run.started_at)}"
    yield f"* Step `{one_line(step.id)}`, {step.module} {step.version}, {state.status} there"
    yield f"* Source `{source}`, digest `{step.digest}`"
    if step.environment is not None:
        yield f"* Environment “{one_line(step.environment.title)}”, Python {step.environment.python}, in the run;"
        yield f"  here it is started with the designer's own Python. Its packages: `{PACKAGES}`"
    yield ""
    if state.error is not None:
        yield from _failure(state.error, source, step.entry.source)
    yield "## Run it"
    yield ""
    yield from how
    if secrets:
        yield from _secrets(secrets)


def _failure(error: ErrorRecord, source: str, original: str) -> Iterator[str]:
    yield "## What failed"
    yield ""
    yield f"    {error.code} {one_line(error.message)}"
    if error.remedy:
        yield f"    {one_line(error.remedy)}"
    yield ""
    for frame in error.frames:
        yield f"    {_place(frame, source, original)}"
        yield f"        {one_line(str(frame.get('text', '')))}"
    for line in error.details.get("standard_error", ()):
        yield f"    {one_line(line)}"
    if error.frames or error.details.get("standard_error"):
        yield ""


def _place(frame: dict[str, Any], source: str, original: str) -> str:
    file = str(frame.get("file", ""))
    place = source if file == original else file
    return one_line(f"{place}:{frame.get('line', 0)} in {frame.get('function', '')}")


def _secrets(secrets: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield ""
    yield "## Secrets"
    yield ""
    yield "Secrets are not in this folder. Set these variables before you run the step:"
    yield ""
    for name, variable in secrets:
        yield f"* `{variable}` for the secret “{one_line(name)}”"


def _when(at: float | None) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC" if at else "not started"
