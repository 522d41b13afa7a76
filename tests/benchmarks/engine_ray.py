"""Steps on a Ray cluster of this machine: a warm step beside a bare Ray task in the same run."""

import time

from tests.benchmarks.measuring import folder, measures_itself, medians, table
from tests.conftest import PARTS
from tests.ray_cluster import RayCluster
from tests.runtime.targets.target_bench import remote_bench

STEPS = 60
MOST_ABOVE_MS = 10


def main():
    is_there, sentence = PARTS["ray"]
    if not is_there():
        print(f"left out: {sentence}")
        return
    with folder() as place:
        cluster = RayCluster(place / "cluster")
        bench = remote_bench(place, cluster.target())
        try:
            measure(bench, cluster)
        finally:
            bench.close()
            cluster.close()


def measure(bench, cluster):
    import ray

    ray.init(address=cluster.address, configure_logging=False, log_to_driver=False)
    bare = ray.remote(max_retries=0)(lambda: 1)
    numbers = iter(range(1, 1_000_000))

    def step(*, isolated):
        number = next(numbers)
        request = bench.request("add", attempt=number, value=number, isolated=isolated)
        started = time.perf_counter()
        outcome = bench.run(request)
        taken = time.perf_counter() - started
        assert outcome.kind == "done", outcome
        return taken

    for _ in range(3):
        step(isolated=False), step(isolated=True), ray.get(bare.remote())
    peer = "bare Ray task"
    found = medians(
        STEPS,
        **{
            peer: lambda: ray.get(bare.remote()),
            "step of a built-in module": measures_itself(lambda: step(isolated=False)),
            "step of one's own code, in a fresh process": measures_itself(
                lambda: step(isolated=True)
            ),
        },
    )
    goal = {"step of a built-in module": f"≤ {MOST_ABOVE_MS} ms above"}
    table(found, unit="ms", peer=peer, goal=goal)
    above = 1000 * (found["step of a built-in module"] - found[peer])
    print(f"  above a bare task: {above:.1f} ms")
    ray.shutdown()


if __name__ == "__main__":
    main()
