"""How long a plan would take: its steps on the processors there are, played through."""

import heapq
from collections.abc import Collection, Sequence
from typing import NamedTuple

from runtime.execution.shape import Shape


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
    done: Collection[int],
    seconds: Sequence[float],
    cpus: float,
    weights: Sequence[int],
) -> Playthrough:
    """Start steps as the scheduler does, on one run's processors, and see when the last one ends.

    Args:
        shape: The plan's steps.
        done: Steps that are done at the beginning.
        seconds: What each step takes.
        cpus: Processors to share.
        weights: What each step holds while it runs, its memory say.
    """
    missing, free, now = list(shape.missing), cpus, 0.0
    held = most = 0
    ready: list[tuple[float, int]] = []
    running: list[tuple[float, int]] = []
    settled: list[int] = list(done)
    is_done = set(done)
    for step, count in enumerate(missing):
        if not count and step not in is_done:
            heapq.heappush(ready, (-shape.priority[step], step))
    while settled or ready or running:
        for step in settled:
            for child in shape.children[step]:
                missing[child] -= 1
                if not missing[child] and child not in is_done:
                    heapq.heappush(ready, (-shape.priority[child], child))
        settled = []
        while ready and (shape.cpus[ready[0][1]] <= free or not running):
            step = heapq.heappop(ready)[1]
            free -= shape.cpus[step]
            held += weights[step]
            most = max(most, held)
            heapq.heappush(running, (now + seconds[step], step))
        if running:
            now, step = heapq.heappop(running)
            free += shape.cpus[step]
            held -= weights[step]
            settled = [step]
    return Playthrough(round(now, 6), most)


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
