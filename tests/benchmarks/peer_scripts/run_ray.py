"""Ray tasks on two CPUs: isolated, not durable."""

import logging
import time

import ray
from graphs import GRAPHS

ray.init(num_cpus=2, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)


@ray.remote
def step(*needs):
    return 1


ray.get([step.remote() for _ in range(4)])
for name, graph in GRAPHS.items():
    start = time.perf_counter()
    results = {}
    for node, needs in graph.items():
        results[node] = step.remote(*[results[need] for need in needs])
    ray.get(list(results.values()))
    print(f"{name}\t{(time.perf_counter() - start) / len(graph) * 1e6:.1f}", flush=True)
