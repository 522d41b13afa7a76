"""What steps will take, guessed from what the same module version took on inputs of such a size."""

from collections.abc import Sequence

from runtime.model import Plan, Step
from runtime.model.preview import Estimate
from runtime.stores import SqliteRunStore
from runtime.stores.measurements import Measurement, size_class


class Estimates:
    """Estimates for the steps of one plan; the past is read once.

    Args:
        store: Where it is.
        plan: Whose steps are asked about.
    """

    def __init__(self, store: SqliteRunStore, plan: Plan) -> None:
        self._past = store.measurements.of({_module(step) for step in plan.steps})

    def of(self, step: Step, input_bytes: int | None) -> Estimate | None:
        """What the step will take; None where no past run tells.

        Args:
            step: The step.
            input_bytes: Size of its inputs together; None when that is not known yet.
        """
        here = [one for one in self._past[_module(step)] if one.target == step.target]
        near = here if input_bytes is None else _near(here, size_class(input_bytes))
        same = [one for one in near if one.recipe == step.recipe]
        return _estimate(same or near, is_same=bool(same)) if near else None


def _module(step: Step) -> str:
    return f"{step.module} {step.version}"


def _near(past: Sequence[Measurement], size: int) -> list[Measurement]:
    """Those with inputs of less than about twice and more than about half the size."""
    return [one for one in past if abs(one.size - size) <= 1]


def _estimate(past: Sequence[Measurement], *, is_same: bool) -> Estimate:
    seconds = [one.seconds for one in past]
    return Estimate(
        low_s=min(seconds),
        typical_s=_median(seconds),
        high_s=max(seconds),
        memory_bytes=max((one.memory_bytes or 0 for one in past), default=0) or None,
        gpu_memory_bytes=max((one.gpu_memory_bytes or 0 for one in past), default=0) or None,
        runs=len(past),
        basis="settings" if is_same else "module",
    )


def _median(values: Sequence[float]) -> float:
    ordered, middle = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
