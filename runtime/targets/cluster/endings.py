"""What it means for a step that Ray gave up its task."""

from ray import exceptions

from runtime.errors import InfrastructureError
from runtime.model import StepRequest, WorkerEvent
from runtime.targets.attempt import Death
from runtime.targets.cluster.connection import last_line
from runtime.targets.cluster.words import UNNUMBERED
from runtime.targets.remote.messages import Died, Said


def ending_of(exc: Exception, request: StepRequest, *, was_started: bool) -> Died | Said:
    """How a step ended whose task failed: lost with its process or node, or not able to run at all.

    Args:
        exc: What Ray says.
        request: The step.
        was_started: A node had begun with it.
    """
    match exc:
        case exceptions.RuntimeEnvSetupError():
            return _failed(
                "T009",
                f"The runtime environment of '{_name(request)}' could not be made: {last_line(exc)}.",
                remedy="Look whether the nodes reach the package index, or name a folder of wheels.",
            )
        case exceptions.OutOfMemoryError():
            return Died(id=UNNUMBERED, death=Death(status=9, out_of_memory=True))
        case exceptions.RayTaskError() if not isinstance(exc.cause, exceptions.RayError):
            return _failed(
                "T007",
                f"No step can run on a node of the cluster: {last_line(exc)}.",
                remedy="Give its nodes what steps import, or let an environment be made there.",
            )
        case exceptions.TaskUnschedulableError():
            return _failed(
                "T007",
                f"The cluster cannot place '{_name(request)}': {last_line(exc)}.",
                remedy="Ask for less, or for what a node of the cluster has.",
            )
    return Died(id=UNNUMBERED, death=Death(was_started=was_started))


def _failed(code: str, message: str, *, remedy: str) -> Said:
    error = InfrastructureError(code, message, remedy=remedy).record
    return Said(id=UNNUMBERED, event=WorkerEvent(kind="failed", error=error))


def _name(request: StepRequest) -> str:
    return request.label or request.step_id
