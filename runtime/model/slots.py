"""Slots: what a step asks of its target, and what it holds while it runs."""

from collections.abc import Iterable
from typing import Literal

import msgspec

Kind = Literal["gpus", "memory_gib", "cpus"]
KINDS: tuple[Kind, ...] = ("gpus", "memory_gib", "cpus")


class Slots(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A share of a target.

    Attributes:
        cpus: Processors.
        memory_gib: Memory; 0 for a step that names none, which takes what there is.
        gpus: GPUs: a whole number, or less than one to share one with others.
        gpu_numbers: Which of the target's GPUs they are, once it holds them.
    """

    cpus: float = 1
    memory_gib: float = 0
    gpus: float = 0
    gpu_numbers: tuple[int, ...] = ()


def kinds_of(slots: Slots) -> frozenset[Kind]:
    """The kinds that it has something of."""
    return frozenset([kind for kind in KINDS if getattr(slots, kind)])


def amount(kind: Kind, count: float) -> str:
    """So much of a kind.

    >>> [amount("gpus", 1), amount("gpus", 0.5), amount("cpus", 4), amount("memory_gib", 1.5)]
    ['1 GPU', '0.5 of a GPU', '4 processors', '1.5 GiB of memory']
    """
    if kind == "memory_gib":
        return f"{count:g} GiB of memory"
    word = "GPU" if kind == "gpus" else "processor"
    if 0 < count < 1:
        return f"{count:g} of a {word}"
    return f"{count:g} {word}" if count == 1 else f"{count:g} {word}s"


def slots_words(slots: Slots) -> str:
    """All of it; GPUs by their numbers once these are known.

    >>> slots_words(Slots(cpus=4, memory_gib=8, gpus=2, gpu_numbers=(0, 3)))
    'GPU 0 and 3, 8 GiB of memory, 4 processors'
    >>> slots_words(Slots(gpus=0.5, gpu_numbers=(1,)))
    '0.5 of GPU 1, 1 processor'
    """
    parts = [amount(kind, getattr(slots, kind)) for kind in KINDS if getattr(slots, kind)]
    if slots.gpu_numbers:
        share = f"{slots.gpus:g} of " if slots.gpus < 1 else ""
        parts[0] = f"{share}GPU {' and '.join(map(str, slots.gpu_numbers))}"
    return ", ".join(parts)


def together(all_slots: Iterable[Slots]) -> Slots:
    """What several hold; a GPU that some share is named once."""
    held = list(all_slots)
    return Slots(
        cpus=sum(one.cpus for one in held),
        memory_gib=sum(one.memory_gib for one in held),
        gpus=sum(one.gpus for one in held),
        gpu_numbers=tuple(sorted({number for one in held for number in one.gpu_numbers})),
    )


ONE_PROCESSOR = Slots()
"""What most steps ask for."""
