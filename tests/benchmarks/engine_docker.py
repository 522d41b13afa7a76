"""Steps in containers of a Docker engine here, beside `docker run` of the same image."""

import time

from tests.benchmarks.measuring import folder, measures_itself, medians, table
from tests.conftest import PARTS
from tests.docker_engine import IMAGE, DockerEngine
from tests.runtime.targets.target_bench import docker_bench

STEPS = 15
PEER = "`docker run` of a Python that does nothing"
MOST_ABOVE_S = 0.6


def main():
    is_there, sentence = PARTS["docker"]
    if not is_there():
        print(f"left out: {sentence}")
        return
    engine = DockerEngine().start().make_image()
    try:
        with folder() as place:
            measure(place, engine)
    finally:
        engine.stop()


def measure(place, engine):
    numbers = iter(range(1, 1_000_000))
    benches = {
        "step with its artifacts mounted": docker_bench(new(place / "mounted"), engine),
        "step with its artifacts copied": docker_bench(new(place / "copied"), engine, copies=True),
    }

    def step(bench):
        number = next(numbers)
        request = bench.request("add", attempt=number, inputs=[inputs[bench]], value=number)
        started = time.perf_counter()
        outcome = bench.run(request)
        taken = time.perf_counter() - started
        assert outcome.kind == "done", outcome
        bench.target.rest(time.monotonic())
        return taken

    inputs = {bench: bench.store(b"1") for bench in benches.values()}
    try:
        for bench in benches.values():
            step(bench)
        taken = medians(
            STEPS,
            **{PEER: lambda: engine.docker(*run_words(engine))},
            **{
                name: measures_itself(lambda bench=bench: step(bench))
                for name, bench in benches.items()
            },
        )
    finally:
        for bench in benches.values():
            bench.close()
    goal = dict.fromkeys(benches, f"≤ {MOST_ABOVE_S} s above it")
    table(taken, unit="ms", peer=PEER, goal=goal)
    for name in benches:
        above = taken[name] - taken[PEER]
        print(f"  {name + ', above it':44s} {above * 1000:10.0f} ms")


def run_words(engine):
    python = engine.target().settings["python"]
    return ["run", "--rm", "--network", "none", IMAGE, python, "-c", "0"]


def new(path):
    path.mkdir()
    return path


if __name__ == "__main__":
    main()
