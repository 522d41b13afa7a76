"""The no-op graphs that every engine benchmark runs: `{id: [ids it needs]}` in topological order."""

import random


def chain(length: int) -> dict[str, list[str]]:
    """Each step needs the one before."""
    return {f"n{i}": [f"n{i - 1}"] if i else [] for i in range(length)}


def fan(width: int) -> dict[str, list[str]]:
    """One step, `width - 2` that need it, one that needs them all."""
    middle = [f"n{i}" for i in range(1, width - 1)]
    return {"n0": []} | {name: ["n0"] for name in middle} | {f"n{width - 1}": middle}


def layered(steps: int, edges: int, *, layers: int = 20, seed: int = 7) -> dict[str, list[str]]:
    """Layers of equal width; every step needs one of the layer before, and some need more."""
    draw = random.Random(seed)
    width = steps // layers
    wires = {
        (draw.randrange((i // width - 1) * width, i // width * width), i)
        for i in range(width, steps)
    }
    while len(wires) < edges:
        target = draw.randrange(width, steps)
        wires.add((draw.randrange(0, target // width * width), target))
    graph: dict[str, list[str]] = {f"n{i}": [] for i in range(steps)}
    for source, target in sorted(wires):
        graph[f"n{target}"].append(f"n{source}")
    return graph


GRAPHS = {"chain 200": chain(200), "fan 200": fan(200), "layered 1000": layered(1000, 1500)}
