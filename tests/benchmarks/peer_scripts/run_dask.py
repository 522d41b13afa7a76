"""Dask distributed, two worker processes: isolated, not durable."""

import time

from distributed import Client, LocalCluster
from graphs import GRAPHS


def step(*needs):
    return 1


def main(client):
    client.submit(step, pure=False).result()
    for name, graph in GRAPHS.items():
        start = time.perf_counter()
        futures = {}
        for node, needs in graph.items():
            futures[node] = client.submit(step, *[futures[n] for n in needs], pure=False)
        client.gather(list(futures.values()))
        print(f"{name}\t{(time.perf_counter() - start) / len(graph) * 1e6:.1f}", flush=True)


if __name__ == "__main__":
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with cluster, Client(cluster) as client:
        main(client)
