"""Single values or ranges of values for a learner's parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

from runtime.errors import RequestError

Number = TypeVar("Number", int, float)
TrainerMode = Literal["Single Parameter", "Parameter Range"]


def single_or_range(
    mode: TrainerMode,
    single: Number,
    several: Sequence[Number],
    *,
    parameter: str,
    above: float | None = None,
    least: float | None = None,
) -> Number | list[Number]:
    """What an untrained model holds for a parameter: its value, or the list to choose from.

    'Train Model' takes the first value of a list, 'Tune Model Hyperparameters' tries them all.

    Args:
        mode: Which of the two the person has chosen.
        single: The value of the single mode.
        several: The values of the range mode.
        parameter: Name of the range's parameter, for messages.
        above: Every value must be greater.
        least: No value may be smaller.

    Raises:
        RequestError: V003 when the list is empty or a value is out of bounds.

    >>> single_or_range("Parameter Range", 8, [8, 32], parameter="trees_range", least=1)
    [8, 32]
    """
    if mode == "Single Parameter":
        return single
    if not several:
        raise RequestError(
            "V003",
            f"The list {parameter!r} has no value.",
            remedy="Give at least one value; 'Train Model' takes the first one.",
            where=f"/parameters/{parameter}",
        )
    for value in several:
        if (above is not None and not value > above) or (least is not None and not value >= least):
            bound = f"greater than {above}" if above is not None else f"at least {least}"
            raise RequestError(
                "V003",
                f"The list {parameter!r} holds {value}, but values must be {bound}.",
                remedy="Correct the value.",
                where=f"/parameters/{parameter}",
            )
    return list(several)
