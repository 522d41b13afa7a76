"""A plan as integers: who waits for whom, and how long the way to the end is."""

from collections.abc import Mapping

import msgspec

from runtime.model import Plan


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """The graph of a plan's steps, by position.

    Attributes:
        children: For each step, the steps that wait for it (each once).
        missing: For each step, how many steps it waits for.
        priority: Longest remaining way from each step, itself included; larger starts earlier.
        retries: How often a failed attempt is repeated.
        reusable: Whether a finished result may stand in for the step.
        lanes: For each step, the number of its target: steps of one lane share its slots.
        targets: The name of each lane's target.
    """

    children: tuple[tuple[int, ...], ...]
    missing: tuple[int, ...]
    priority: tuple[float, ...]
    retries: tuple[int, ...]
    reusable: tuple[bool, ...]
    lanes: tuple[int, ...]
    targets: tuple[str, ...]


def shape_of(plan: Plan, *, durations: Mapping[str, float] | None = None) -> Shape:
    """Compile a plan.

    Args:
        plan: Its steps.
        durations: Past seconds by step id, for the priorities.
    """
    position = {step.id: index for index, step in enumerate(plan.steps)}
    children: list[list[int]] = [[] for _ in plan.steps]
    missing: list[int] = []
    for index, step in enumerate(plan.steps):
        parents = {position[wire.step] for wire in step.inputs}
        parents.update(position[name] for name in step.after if name in position)
        missing.append(len(parents))
        for parent in parents:
            children[parent].append(index)
    known = durations or {}
    targets = {name: lane for lane, name in enumerate({step.target: 0 for step in plan.steps})}
    weights = [known.get(step.id, 1.0) for step in plan.steps]
    return Shape(
        children=tuple(map(tuple, children)),
        missing=tuple(missing),
        priority=_longest_ways(children, weights),
        retries=tuple(step.retries for step in plan.steps),
        reusable=tuple(step.reuse and not step.frozen for step in plan.steps),
        lanes=tuple(targets[step.target] for step in plan.steps),
        targets=tuple(targets),
    )


def _longest_ways(children: list[list[int]], weights: list[float]) -> tuple[float, ...]:
    ways = list(weights)
    for index in range(len(ways) - 1, -1, -1):
        if children[index]:
            ways[index] += max([ways[child] for child in children[index]])
    return tuple(ways)
