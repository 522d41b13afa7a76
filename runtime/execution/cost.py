"""What a run cost: the time that its steps took on each target, at the price that an hour had. Pure."""

import msgspec

from runtime.model import Run, StepRun

_HOUR_S = 3600


class TargetCost(msgspec.Struct, frozen=True, kw_only=True):
    """What one target cost in a run.

    Attributes:
        seconds: Of its steps together, attempts that came to nothing included.
        price_per_hour: As it was when the run was submitted.
    """

    target: str
    seconds: float
    price_per_hour: float
    cost: float


class RunCost(msgspec.Struct, frozen=True, kw_only=True):
    """What a run cost; `targets` is empty where none of its targets has a price."""

    total: float = 0.0
    targets: tuple[TargetCost, ...] = ()


def run_cost(run: Run) -> RunCost:
    """What a run cost so far.

    >>> run_cost(Run(id="r", prices={"gpu": 3.6}, steps={
    ...     "a": StepRun(step="a", target="gpu", status="completed", seconds=10.0)})).total
    0.01
    """
    seconds: dict[str, float] = {}
    for step in run.steps.values():
        if step.target in run.prices and not step.reused:
            seconds[step.target] = seconds.get(step.target, 0.0) + step_seconds(step)
    targets = tuple(
        TargetCost(
            target=name,
            seconds=taken,
            price_per_hour=run.prices[name],
            cost=taken * run.prices[name] / _HOUR_S,
        )
        for name, taken in seconds.items()
    )
    return RunCost(total=sum(one.cost for one in targets), targets=targets)


def step_seconds(step: StepRun) -> float:
    """Seconds that a step held its target, of all its attempts."""
    own = step.seconds if step.status == "completed" else None
    return (own or 0.0) + sum(one.seconds for one in step.failed_attempts)
