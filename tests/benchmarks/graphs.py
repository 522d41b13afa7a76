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


def ported(count: int, *, seed: int = 1) -> tuple[list[str], list[tuple[str, str, int]]]:
    """Layers of nodes with two inputs and one output; wires `(from, to, input)`, 1.3 a node.

    Wires lead from one layer to the next, at most three places to the side.
    """
    draw = random.Random(seed)
    across = max(3, int((count * 1.6) ** 0.5))
    layers = [range(first, min(first + across, count)) for first in range(0, count, across)]
    wires: list[tuple[str, str, int]] = []
    taken: set[tuple[int, int]] = set()
    wanted = int(1.3 * count)
    for _ in range(20 * wanted):
        if len(wires) == wanted:
            break
        number = draw.randrange(1, len(layers)) if len(layers) > 1 else 0
        layer, above = layers[number], layers[number - 1]
        target = draw.choice(layer)
        place = max(0, target - layer[0] + draw.randint(-3, 3))
        source = above[min(len(above) - 1, place)]
        port = draw.choice((0, 1))
        if (target, port) not in taken:
            taken.add((target, port))
            wires.append((f"n{source}", f"n{target}", port))
    return [f"n{number}" for number in range(count)], wires
