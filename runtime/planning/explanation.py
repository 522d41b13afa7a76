"""Why a step runs, in words: what is different from the last time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from runtime.model.environment import DESIGNER, Environment
from runtime.model.plan import Step

_SHOWN = 3


class PreviousStep(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a finished step so that the next run can say what changed.

    Attributes:
        inputs: Artifact digests by input port.
    """

    module: str
    version: str
    digest: str
    recipe: str
    parameters: dict[str, Any] = {}
    files: dict[str, str] = {}
    inputs: dict[str, tuple[str, ...]] = {}
    environment: Environment | None = None


def remember(step: Step, inputs: Mapping[str, Sequence[str]]) -> PreviousStep:
    """Give what to keep of a step that was executed with these inputs."""
    return PreviousStep(
        module=step.module,
        version=step.version,
        digest=step.digest,
        recipe=step.recipe,
        parameters=step.parameters,
        files=step.files,
        inputs={port: tuple(digests) for port, digests in inputs.items()},
        environment=step.environment,
    )


def explain(previous: PreviousStep | None, step: Step, inputs: Mapping[str, Sequence[str]]) -> str:
    """Say why a step runs, compared with the last time it finished.

    Args:
        previous: The step's last finished execution, of whatever module version.
        step: The step of this run.
        inputs: Artifact digests by input port of this run.
    """
    if step.fresh_because:
        return step.fresh_because
    if previous is None:
        return "first run of this module version"
    changes = list(_changes(previous, step, inputs))
    if not changes:
        if previous.recipe != step.recipe:
            return "Python or a required package changed"
        return "its stored outputs are gone"
    return _shown(changes)


def _shown(changes: Sequence[str]) -> str:
    """The first changes, and how many there are besides."""
    shown = ", ".join(changes[:_SHOWN])
    more = len(changes) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def is_same_work(previous: PreviousStep, step: Step, inputs: Mapping[str, Sequence[str]]) -> bool:
    """Whether a step does the same as the last time, so that it should give the same."""
    return previous.recipe == step.recipe and not any(_changes(previous, step, inputs))


def _changes(
    previous: PreviousStep, step: Step, inputs: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    if previous.module != step.module:
        yield f"module '{previous.module}' was replaced by '{step.module}'"
    elif previous.version != step.version:
        yield f"module version {previous.version} to {step.version}"
    elif previous.digest != step.digest:
        yield f"the code of version {step.version} changed"
    yield from _environment_changes(previous.environment, step.environment)
    yield from _parameter_changes(previous, step)
    for port in sorted({*previous.inputs, *inputs}):
        before, now = previous.inputs.get(port, ()), tuple(inputs.get(port, ()))
        if before != now:
            yield f"input '{port}' {_verb(before, now)}"


def _environment_changes(before: Environment | None, now: Environment | None) -> Iterator[str]:
    if (before and before.digest) == (now and now.digest):
        return
    names = [one.title if one else DESIGNER for one in (before, now)]
    if names[0] != names[1]:
        yield f"environment '{names[0]}' was replaced by '{names[1]}'"
    elif before and now:
        yield f"environment '{names[1]}': {_shown(list(_package_changes(before, now)))}"


def _package_changes(before: Environment, now: Environment) -> Iterator[str]:
    if before.python != now.python:
        yield f"Python {before.python} to {now.python}"
    old, new = (
        dict(line.split("==", 1) for line in one.locked if "==" in line) for one in (before, now)
    )
    for name in sorted({*old, *new}):
        if name not in new:
            yield f"{name} is gone"
        elif name not in old:
            yield f"{name} {new[name]} is new"
        elif old[name] != new[name]:
            yield f"{name} {old[name]} to {new[name]}"


def _parameter_changes(previous: PreviousStep, step: Step) -> Iterator[str]:
    for name in sorted({*previous.parameters, *step.parameters}):
        before, now = previous.parameters.get(name), step.parameters.get(name)
        if name in previous.files and name in step.files:
            if previous.files[name] != step.files[name]:
                yield f"the content of file '{name}' changed"
        elif before != now or type(before) is not type(now):
            yield f"parameter '{name}' changed from {_short(before)} to {_short(now)}"


def _verb(before: Sequence[str], now: Sequence[str]) -> str:
    if not before:
        return "was connected"
    return "changed" if now else "was disconnected"


def _short(value: Any) -> str:
    if isinstance(value, str) and "\n" in value:
        return f"a text of {value.count(chr(10)) + 1} lines"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"
