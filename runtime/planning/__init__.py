"""Planning: a graph and a catalogue in, the resolved work in order out."""

from runtime.planning.explanation import PreviousStep, explain, remember
from runtime.planning.fingerprints import fingerprint
from runtime.planning.options import PlanOptions
from runtime.planning.planner import (
    NO_ENVIRONMENTS,
    Offers,
    PartialPlan,
    plan,
    plan_what_can_run,
)

__all__ = [
    "NO_ENVIRONMENTS",
    "Offers",
    "PartialPlan",
    "PlanOptions",
    "PreviousStep",
    "explain",
    "fingerprint",
    "plan",
    "plan_what_can_run",
    "remember",
]
