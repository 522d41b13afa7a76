"""The slots of one target: who holds them, and who waits for them in line. Pure.

The rule that starves nobody: whoever finds too little free goes into the target's line, which is
served first come, first served, before anybody new. While a step waits, whoever comes after it
takes none of the *kinds* that it has ever been short of, so these gather until it has enough; the
other kinds go on being used. A step that asks for one processor and nothing else stands in no line:
it starts when a processor is free, in the order of the way that is left behind it.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from runtime.model import Slots, TargetResources
from runtime.model.slots import KINDS, Kind, kinds_of

Key = tuple[str, int]
_NONE: frozenset[Kind] = frozenset()
_LITTLE = 1e-6


class Holder(NamedTuple):
    """A step that holds slots: what people call it, and the number of its run."""

    slots: Slots
    label: str
    run: int


class Waiter:
    """A step in line.

    Attributes:
        short_of: The kinds that it has been short of since it came.
        told: The reason that was last told.
    """

    def __init__(self, key: Key, asks: Slots, label: str, run: int) -> None:
        self.key = key
        self.asks = asks
        self.label = label
        self.run = run
        self.short_of: set[Kind] = set()
        self.told = ""


class SlotTable:
    """What one target has for steps.

    Args:
        resources: All of it; memory of 0 is not known and not counted.

    Attributes:
        free_cpus: Processors that no running step holds.
        holders: Who holds what.
        line: Who waits, in the order in which they are served.
    """

    def __init__(self, resources: TargetResources) -> None:
        self.resources = resources
        self.free_cpus = float(resources.cpus)
        self.free_memory_gib = resources.memory_gib or math.inf
        self._free_gpus = [1.0] * resources.gpus
        self.holders: dict[Key, Holder] = {}
        self.line: list[Waiter] = []
        self._held_back: frozenset[Kind] = _NONE

    @property
    def free_gpus(self) -> float:
        """GPUs that no running step holds, parts of them counted as parts."""
        return sum(self._free_gpus)

    @property
    def whole_gpus(self) -> int:
        """GPUs that no running step has any part of."""
        return sum(free > 1 - _LITTLE for free in self._free_gpus)

    def fitted(self, asks: Slots) -> Slots:
        """What a step gets: at most all processors, and of more than one GPU only whole ones."""
        cpus = min(max(asks.cpus, 0.0), float(self.resources.cpus))
        gpus = asks.gpus if asks.gpus <= 1 else float(math.ceil(asks.gpus))
        if (cpus, gpus) == (asks.cpus, asks.gpus):
            return asks
        return Slots(cpus=cpus, memory_gib=asks.memory_gib, gpus=gpus)

    def lacks(self, asks: Slots) -> frozenset[Kind]:
        """The kinds of which too little is free now."""
        if asks.memory_gib == asks.gpus == 0:
            return _NONE if asks.cpus <= self.free_cpus + _LITTLE else frozenset({"cpus"})
        enough = {
            "cpus": asks.cpus <= self.free_cpus + _LITTLE,
            "memory_gib": asks.memory_gib <= self.free_memory_gib + _LITTLE,
            "gpus": self._gpus_for(asks.gpus) is not None,
        }
        return frozenset([kind for kind in KINDS if not enough[kind]])

    def stands_in_line(self, asks: Slots) -> bool:
        """Whether a step that finds no room joins the line: any but those of one processor."""
        return asks.cpus > 1 or asks.memory_gib > 0 or asks.gpus > 0

    def chosen(self, asks: Slots) -> Slots:
        """What a step would hold if it started now: what it asks for, with the numbers of GPUs."""
        if not asks.gpus:
            return asks
        return msgspec.structs.replace(asks, gpu_numbers=self._gpus_for(asks.gpus) or ())

    def take(self, key: Key, slots: Slots, *, label: str, run: int) -> None:
        """Let a step hold what was chosen, or what an engine before this one had chosen."""
        self.holders[key] = Holder(slots, label, run)
        self._change(slots, -1)

    def give_back(self, key: Key) -> None:
        """The step has ended."""
        self._change(self.holders.pop(key).slots, +1)

    # -- the line --------------------------------------------------------------------------------

    def serve(self, is_waiting: Callable[[Key], bool]) -> Iterator[Key]:
        """Those in line that can start now, in order; each has to `take` before the next is asked.

        Args:
            is_waiting: Whether a step still wants to start; others leave the line.
        """
        held_back: frozenset[Kind] = _NONE
        stay: list[Waiter] = []
        for waiter in self.line:
            if not is_waiting(waiter.key):
                continue
            lacks = self.lacks(waiter.asks)
            if not lacks and held_back.isdisjoint(kinds_of(waiter.asks)):
                yield waiter.key
                continue
            waiter.short_of |= lacks
            held_back |= waiter.short_of
            stay.append(waiter)
        self.line, self._held_back = stay, held_back

    def has_room(self, asks: Slots) -> bool:
        """Whether a step that stands in no line may start now."""
        if self._held_back and not self._held_back.isdisjoint(kinds_of(asks)):
            return False
        return not self.lacks(asks)

    def join(self, key: Key, asks: Slots, *, label: str, run: int) -> None:
        """Let a step stand in line."""
        waiter = Waiter(key, asks, label, run)
        waiter.short_of |= self.lacks(asks)
        self.line.append(waiter)
        self._held_back |= waiter.short_of

    # -- GPUs ------------------------------------------------------------------------------------

    def learn_gpus(self, count: int) -> None:
        """The target was asked for its GPUs only now."""
        self._free_gpus += [1.0] * (count - len(self._free_gpus))
        self.resources = msgspec.structs.replace(self.resources, gpus=len(self._free_gpus))

    def _gpus_for(self, count: float) -> tuple[int, ...] | None:
        """Numbers of GPUs that are free: the fullest that still has the part, or whole ones."""
        if not count:
            return ()
        if count < 1:
            room = [
                (free, at) for at, free in enumerate(self._free_gpus) if free + _LITTLE >= count
            ]
            return (min(room)[1],) if room else None
        whole = [at for at, free in enumerate(self._free_gpus) if free > 1 - _LITTLE]
        wanted = math.ceil(count)
        return tuple(whole[:wanted]) if len(whole) >= wanted else None

    def _change(self, slots: Slots, sign: int) -> None:
        self.free_cpus += sign * slots.cpus
        self.free_memory_gib += sign * slots.memory_gib
        for number in slots.gpu_numbers:
            if number < len(self._free_gpus):
                self._free_gpus[number] += sign * min(slots.gpus, 1.0)
