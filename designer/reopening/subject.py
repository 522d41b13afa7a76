"""Which step of which run is reopened, and what it needs for that. Pure."""

import re
from typing import Any

import msgspec

from modules_library.sdk.parallel.settings import EXECUTOR as PARALLEL
from modules_library.sdk.parallel.settings import FUNCTION, PROGRAM, once
from runtime.errors import RequestError, close_matches
from runtime.model import ArtifactRef, Plan, Run, StepRun
from runtime.model.plan import Step, StepInput


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """An artifact that came into a port, and where from."""

    ref: ArtifactRef
    source: str


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a run with everything that went into it.

    Attributes:
        step: As it was planned.
        state: What became of it.
        inputs: What came in, by port, in the order of the wires.
        source_folder: Folder that relative data paths start from.
        batch_size: Rows or files per mini-batch where it was mapped in parallel; `step` is then the
            call for one of them.
    """

    run: Run
    step: Step
    state: StepRun
    inputs: dict[str, tuple[Brought, ...]]
    source_folder: str = ""
    batch_size: int = 0

    @property
    def is_program(self) -> bool:
        """Whether it is a script, a command or a notebook, and no function."""
        return self.step.entry.executor == PROGRAM

    @property
    def title(self) -> str:
        """What people call the step, on one line."""
        return one_line(self.step.label or self.step.id)

    @property
    def folder_name(self) -> str:
        """A name for its folder: `run-12-train`."""
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", self.step.id).strip("-") or "step"
        return f"run-{self.run.number}-{plain[:60]}"


def subject_of(run: Run, plan: Plan, step_id: str) -> Subject:
    """The step of a run to reopen.

    Raises:
        RequestError: R006 for a step that the run does not have; R009 for one that never got its
            inputs, or that is neither a function nor a program.
    """
    step = next((step for step in plan.steps if step.id == step_id), None)
    if step is None or step_id not in run.steps:
        raise RequestError(
            "R006",
            f"Run {run.number} has no step '{step_id}'.{close_matches(step_id, run.steps)}",
            remedy="Choose one of its steps.",
        )
    batch_size = 0
    if step.entry.executor == PARALLEL:
        batch_size = int(step.parameters["batch_size"])
        step = once(step)
    if step.entry.executor not in (FUNCTION, PROGRAM):
        raise RequestError(
            "R009",
            f"Step '{step_id}' is neither a function nor a program, so nothing can call it here.",
            remedy="Run it again on the canvas.",
        )
    inputs: dict[str, tuple[Brought, ...]] = {}
    for wire in step.inputs:
        inputs[wire.port] = (*inputs.get(wire.port, ()), _brought(wire, run, step_id))
    return Subject(
        run=run,
        step=step,
        state=run.steps[step_id],
        inputs=inputs,
        source_folder=plan.source_folder,
        batch_size=batch_size,
    )


def one_line(text: str) -> str:
    """The text as it can stand in a comment or a heading."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def without_secrets(parameters: dict[str, Any], secret_names: set[str]) -> dict[str, Any]:
    """The parameters with nothing but the name of each secret."""
    return {
        name: {"$secret": secret_name(name, value)} if name in secret_names else value
        for name, value in parameters.items()
    }


def secret_name(parameter: str, value: Any) -> str:
    """What a secret is called: as it is referred to, or like its parameter."""
    if isinstance(value, dict) and isinstance(value.get("$secret"), str):
        return str(value["$secret"])
    return parameter


def _brought(wire: StepInput, run: Run, step_id: str) -> Brought:
    before = run.steps.get(wire.step)
    ref = before.outputs.get(wire.output) if before else None
    if ref is None:
        raise RequestError(
            "R009",
            f"Step '{step_id}' of run {run.number} never got its input '{wire.port}': "
            f"'{wire.step}' made no '{wire.output}'.",
            remedy=f"Reopen '{wire.step}' instead.",
        )
    return Brought(ref=ref, source=f"{wire.step}.{wire.output}")
