"""Goals 7 and 8: a graph of 1,000 nodes of which nothing changed, beside pydoit."""

import msgspec

from runtime.execution.embedded import hosted_engine
from runtime.execution.submission import plan_graph
from runtime.index_catalog import IndexCatalog
from runtime.stores import Workspace
from tests.benchmarks.measuring import (
    compile_bytecode,
    dodo_file,
    folder,
    medians,
    noop_graph,
    quiet,
    run_command,
    seconds,
    table,
)

NODES = 1_000


def main():
    compile_bytecode()
    with folder() as place:
        arguments = noop_graph(place, NODES)
        dodo = dodo_file(place, NODES)
        command = run_command(arguments, place / "workspace")
        quiet(command)
        quiet(dodo)
        rows = medians(
            9,
            **{
                "pydoit, whole process": lambda: quiet(dodo),
                "python -m runtime run, whole process": lambda: quiet(command),
            },
        )
        table(
            rows,
            peer="pydoit, whole process",
            goal={"python -m runtime run, whole process": "≤ 0.6"},
        )
        in_the_engine(place)


def in_the_engine(place):
    plan = plan_graph(place / "graph.json", IndexCatalog(place / "index.json"))
    with hosted_engine(Workspace(place / "workspace"), None) as engine:
        taken = []
        for _ in range(9):
            ended = []
            taken.append(seconds(lambda: ended.append(engine.submit(plan))))  # noqa: B023
            assert all(step.reused for step in ended[0].steps.values())
    best = min(taken) / NODES
    middle = sorted(taken)[len(taken) // 2] / NODES
    size = len(msgspec.json.encode(plan)) // NODES
    print(f"  in the engine: {best * 1e6:.1f} µs a node at best, {middle * 1e6:.1f} median")
    print(f"  (goal ≤ 10; the run is durable, its plan has {size} bytes a node)")


if __name__ == "__main__":
    main()
