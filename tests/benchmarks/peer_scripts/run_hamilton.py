"""Hamilton, in process, no durability: one module of generated functions."""

import sys
import time
import types

from graphs import GRAPHS
from hamilton import driver

sys.setrecursionlimit(10_000)


def build(graph):
    module = types.ModuleType("generated")
    for name, needs in graph.items():
        text = f"def {name}({', '.join(f'{n}: int' for n in needs)}) -> int:\n    return 1\n"
        exec(text, module.__dict__)
        getattr(module, name).__module__ = "generated"
    sys.modules["generated"] = module
    return driver.Builder().with_modules(module).build()


for name, graph in GRAPHS.items():
    pipeline = build(graph)
    wanted = list(graph)
    pipeline.execute(wanted)
    start = time.perf_counter()
    pipeline.execute(wanted)
    print(f"{name}\t{(time.perf_counter() - start) / len(graph) * 1e6:.1f}", flush=True)
