"""Whether a target has what a step asks for at all. Pure."""

from runtime.model.diagnostic import Diagnostic
from runtime.model.plan import Step
from runtime.model.slots import Kind, amount
from runtime.model.target import TargetResources

_FIXED: tuple[Kind, ...] = ("gpus", "memory_gib")


def too_much(step: Step, resources: TargetResources | None) -> Diagnostic | None:
    """What is wrong with a step that asks for more than its target has; None when nothing is.

    Memory and GPUs cannot be made smaller. Of processors a step gets at most all there are, so a
    module that would like many still runs on a small machine.
    """
    for kind in _FIXED:
        if resources is not None and _exceeds(step, kind, resources):
            return _problem(step, kind, resources)
    return None


def too_many_cpus(step: Step, resources: TargetResources | None) -> Diagnostic | None:
    """The same for processors that a person asked for by number."""
    if resources is not None and _exceeds(step, "cpus", resources):
        return _problem(step, "cpus", resources)
    return None


def _exceeds(step: Step, kind: Kind, resources: TargetResources) -> bool:
    has = getattr(resources, kind)
    return getattr(step.asks, kind) > has and (bool(has) or kind != "memory_gib")


def _problem(step: Step, kind: Kind, resources: TargetResources) -> Diagnostic:
    asked, has = amount(kind, getattr(step.asks, kind)), getattr(resources, kind)
    there = amount(kind, has) if has else "none"
    return Diagnostic(
        code="L004",
        message=f"'{step.label or step.id}' asks for {asked}, but '{step.target}' has {there}.",
        remedy="Ask for less under Run settings, or choose another compute target.",
    )
