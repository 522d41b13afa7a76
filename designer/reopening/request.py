"""The request of a reopened step, and the secrets that it asks for instead of holding them."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from designer.reopening.placing import Inputs
from designer.reopening.subject import Subject, secret_name
from modules_library.sdk.reopened import secret_variable
from runtime.model import StepRequest


def request_of(
    subject: Subject,
    *,
    source: str,
    folder: str,
    inputs: Inputs,
    parameters: Mapping[str, Any],
    files: Mapping[str, str],
) -> StepRequest:
    """What a worker was asked, with the paths and parameters that hold in the folder."""
    step = subject.step
    return StepRequest(
        run_id=subject.run.id,
        step_id=step.id,
        attempt=max(subject.state.attempts, 1),
        fence=0,
        entry=msgspec.structs.replace(step.entry, source=source),
        module=step.module,
        version=step.version,
        digest=step.digest,
        label=step.label,
        parameters=dict(parameters),
        inputs=inputs,
        outputs=step.outputs,
        folder=folder,
        files=dict(files),
        source_folder=subject.source_folder,
        seed=step.seed if subject.state.seed is None else subject.state.seed,
        threads=step.threads or 1,
        device="cuda:0" if step.gpus else "cpu",
    )


def secrets_of(subject: Subject, secret_parameters: Iterable[str]) -> dict[str, str]:
    """What each secret that the step was given is called, by its parameter."""
    given = subject.step.parameters
    return {name: secret_name(name, given[name]) for name in secret_parameters if name in given}


def asked_for(secrets: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each secret with the variable that gives it."""
    return [(name, secret_variable(name)) for name in secrets.values()]
