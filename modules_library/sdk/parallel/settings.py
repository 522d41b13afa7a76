"""What a module declares to be called in parallel, and what that adds to its spec."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

import msgspec

from runtime.errors import close_matches
from runtime.model import Entry, ModuleSpec, OutputPort, ParameterSpec, StepRequest
from runtime.model.plan import Step

EXECUTOR = "modules_library.sdk.parallel.execution:execute"
"""The entry point of every module that is called in parallel."""

FAILED = "failed_batches"
"""The output that lists the mini-batches that failed."""

FUNCTION = "modules_library.sdk.execution:execute"
PROGRAM = "modules_library.programs.execution:execute"

_SPLIT = {"rows": ("Table",), "files": ("Folder", "ImageFolder")}
Called = TypeVar("Called", Step, StepRequest)
_JOINED = ("Table", "Folder", "ImageFolder", "Value")


class Parallel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which input is cut into mini-batches, and how many rows or files one has.

    Attributes:
        input: A port of type Table (`rows`) or Folder (`files`).
    """

    input: str
    rows: int | None = None
    files: int | None = None

    @property
    def unit(self) -> str:
        """`rows` or `files`."""
        return "rows" if self.rows is not None else "files"


def parallel_fault(
    parallel: Parallel,
    *,
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    parameters: Collection[str],
) -> str | None:
    """What is wrong with a declaration, in words; None when it is fine.

    Args:
        parallel: The declaration.
        inputs: Port types by name; a port that takes many wires counts as `many`.
        outputs: Port types by name.
        parameters: Names.
    """
    sizes = [size for size in (parallel.rows, parallel.files) if size is not None]
    if len(sizes) != 1 or sizes[0] < 1:
        return "needs either 'rows' or 'files', at least 1"
    if parallel.input not in inputs:
        return f"names no input.{close_matches(parallel.input, inputs)}".rstrip(".")
    if inputs[parallel.input] not in _SPLIT[parallel.unit]:
        kinds = " or ".join(_SPLIT[parallel.unit])
        return f"cuts '{parallel.input}' by {parallel.unit}, so it must be a {kinds} with one wire"
    for name, type_ in outputs.items():
        if type_ not in _JOINED:
            return f"cannot join '{name}': only {', '.join(_JOINED)} can be put together"
    taken = [one.name for one in _parameters(parallel) if one.name in parameters]
    taken += [FAILED] if FAILED in outputs else []
    return f"adds '{taken[0]}', a name that is taken" if taken else None


def in_parallel(spec: ModuleSpec, parallel: Parallel) -> ModuleSpec:
    """The spec with what the person at the canvas sets, and with the list of failed batches."""
    failed = OutputPort(
        name=FAILED,
        type="Table",
        title="Failed batches",
        description="A row per mini-batch that failed: which one, what it held, and why.",
    )
    entry = msgspec.structs.replace(spec.entry, executor=EXECUTOR, isolated=True, schema="")
    return msgspec.structs.replace(
        spec,
        entry=entry,
        parameters=(*spec.parameters, *_parameters(parallel)),
        outputs=(*spec.outputs, failed),
    )


def called(entry: Entry) -> Entry:
    """How the module of a parallel step is called for one mini-batch."""
    executor = PROGRAM if entry.source.endswith("/module.toml") else FUNCTION
    return msgspec.structs.replace(entry, executor=executor)


def once(step: Called) -> Called:
    """A step, or the request for one, as the call for one mini-batch."""
    return msgspec.structs.replace(
        step,
        entry=called(step.entry),
        parameters={name: value for name, value in step.parameters.items() if name not in ADDED},
        outputs=tuple(port for port in step.outputs if port.name != FAILED),
    )


def _parameters(parallel: Parallel) -> tuple[ParameterSpec, ...]:
    return (
        ParameterSpec(
            name="batch_size",
            kind="int",
            title=f"{parallel.unit.capitalize()} per mini-batch",
            description=f"How many {parallel.unit} of '{parallel.input}' one call receives.",
            default=parallel.rows or parallel.files,
            minimum=1,
        ),
        ParameterSpec(
            name="processes",
            kind="int",
            title="Processes",
            description="How many calls are made at a time; one per processor of the step if empty.",
            nullable=True,
            minimum=1,
        ),
        ParameterSpec(
            name="batch_retries",
            kind="int",
            title="Retries per mini-batch",
            description="How often a mini-batch that failed is tried again.",
            default=2,
            minimum=0,
        ),
        ParameterSpec(
            name="error_threshold",
            kind="int",
            title="Mini-batches that may fail",
            description="With more than these the step fails; -1 allows all but the last one.",
            default=0,
            minimum=-1,
        ),
    )


ADDED = tuple(one.name for one in _parameters(Parallel(input="", rows=1)))
"""The names of the parameters that belong to the map and not to the module."""
