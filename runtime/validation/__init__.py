"""Validation: a graph and a catalogue in, every problem out. Pure, and nothing raises."""

from runtime.validation.examination import Examination, examine, validate
from runtime.validation.values import ValueProblem, check_value, coerce, is_visible

__all__ = [
    "Examination",
    "ValueProblem",
    "check_value",
    "coerce",
    "examine",
    "is_visible",
    "validate",
]
