"""How long a plan would take: its steps on the processors there are, played through."""

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from runtime.execution.shape import Shape
from runtime.execution.slot_table import SlotTable
from runtime.model import Slots, TargetResources


class Playthrough(NamedTuple):
    """How the steps fell.

    Attributes:
        seconds: Until the last one ended.
        most_at_once: The largest sum of the weights of steps that ran at the same time.
    """

    seconds: float
    most_at_once: int


def play_through(
    shape: Shape,
    *,
    asks: Sequence[Slots],
    offers: Mapping[str, TargetResources],
    done: Collection[int],
    seconds: Sequence[float],
    weights: Sequence[int],
) -> Playthrough:
    """Start steps as the engine does, as if nothing else ran, and see when the last one ends.

    Args:
        shape: The plan's steps.
        asks: What each step takes of its target while it runs.
        offers: What each target has.
        done: Steps that are done at the beginning.
        seconds: What each step takes.
        weights: What each step holds while it runs, its memory say.
    """
    played = _Played(shape, asks, offers, done)
    now, held, most = 0.0, 0, 0
    running: list[tuple[float, int]] = []
    while True:
        for step in played.start():
            held += weights[step]
            heapq.heappush(running, (now + seconds[step], step))
        most = max(most, held)
        if not running:
            return Playthrough(round(now, 6), most)
        now, step = heapq.heappop(running)
        held -= weights[step]
        played.finish(step)


class _Played:
    """A run whose steps take no time: which can start, and what follows when one has ended."""

    def __init__(
        self,
        shape: Shape,
        asks: Sequence[Slots],
        offers: Mapping[str, TargetResources],
        done: Collection[int],
    ) -> None:
        self._shape = shape
        self._tables = [SlotTable(offers[name]) for name in shape.targets]
        self._asks = [
            _clipped(asks[step], self._tables[lane].resources)
            for step, lane in enumerate(shape.lanes)
        ]
        self._missing = list(shape.missing)
        self._done = set(done)
        self._ready: list[list[tuple[float, int]]] = [[] for _ in shape.targets]
        for step in done:
            self._count_down(step)
        for step, count in enumerate(self._missing):
            if not count:
                self._arrive(step)

    def start(self) -> list[int]:
        """Give everything its slots that can start now."""
        return [
            step
            for table, ready in zip(self._tables, self._ready, strict=True)
            for step in self._start_on(table, ready)
        ]

    def finish(self, step: int) -> None:
        """A step has ended."""
        self._tables[self._shape.lanes[step]].give_back(("", step))
        for child in self._count_down(step):
            self._arrive(child)

    def _start_on(self, table: SlotTable, ready: list[tuple[float, int]]) -> Iterator[int]:
        for key in table.serve(lambda _: True):
            self._take(table, key[1])
            yield key[1]
        while ready:
            step = ready[0][1]
            asks = self._asks[step]
            has_room = table.has_room(asks)
            if not has_room and not table.stands_in_line(asks):
                return
            heapq.heappop(ready)
            if has_room:
                self._take(table, step)
                yield step
            else:
                table.join(("", step), asks, label="", run=0)

    def _take(self, table: SlotTable, step: int) -> None:
        table.take(("", step), table.chosen(self._asks[step]), label="", run=0)

    def _count_down(self, step: int) -> list[int]:
        """Those that waited only for this step."""
        freed = []
        for child in self._shape.children[step]:
            self._missing[child] -= 1
            if not self._missing[child]:
                freed.append(child)
        return freed

    def _arrive(self, step: int) -> None:
        if step not in self._done:
            ready = self._ready[self._shape.lanes[step]]
            heapq.heappush(ready, (-self._shape.priority[step], step))


def _clipped(asks: Slots, resources: TargetResources) -> Slots:
    """At most all that there is."""
    memory = min(asks.memory_gib, resources.memory_gib) if resources.memory_gib else 0.0
    return Slots(
        cpus=min(asks.cpus, resources.cpus), memory_gib=memory, gpus=min(asks.gpus, resources.gpus)
    )


def critical_path(
    shape: Shape, *, done: Collection[int], seconds: Sequence[float]
) -> tuple[int, ...]:
    """The steps that the end would wait for if there were processors without number."""
    count = len(shape.missing)
    left, following = list(seconds), [-1] * count
    for step in range(count - 1, -1, -1):
        for child in shape.children[step]:
            if child not in done and (following[step] < 0 or left[child] > left[following[step]]):
                following[step] = child
        if following[step] >= 0:
            left[step] += left[following[step]]
    open_steps = [step for step in range(count) if step not in done]
    path: list[int] = []
    current = max(open_steps, key=lambda step: left[step], default=-1)
    while current >= 0:
        path.append(current)
        current = following[current]
    return tuple(path)
