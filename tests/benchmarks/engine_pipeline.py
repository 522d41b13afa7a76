"""Goal 12: a real pipeline under the engine beside the same modules called by hand, one by one."""

import json
import subprocess
import sys
import time
from pathlib import Path

from runtime.execution.embedded import hosted_engine
from runtime.execution.submission import plan_graph
from runtime.index_catalog import IndexCatalog
from runtime.stores import Workspace
from tests.benchmarks.measuring import folder, seconds

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "assets/samples/breast_cancer.json"
INDEX = ROOT / "modules_library/builtin/index.json"


def main():
    catalog = IndexCatalog(INDEX)
    plan = plan_graph(SAMPLE, catalog)
    with folder() as place:
        by_hand = min(in_one_process(plan, place / f"hand{n}") for n in range(2))
        with hosted_engine(Workspace(place / "workspace"), None) as engine:
            execute(engine, again(plan, 0))
            first = min(seconds(lambda n=n: execute(engine, again(plan, n))) for n in (1, 2))
            unchanged = seconds(lambda: execute(engine, again(plan, 2)))
    print(f"  {len(plan.steps)} steps of '{plan.name}'")
    print(f"  by hand, one process, libraries loaded   {by_hand * 1e3:9.1f} ms     1.00")
    print(
        f"  under the engine, warm workers           {first * 1e3:9.1f} ms  {first / by_hand:7.2f}"
        "   goal ≤ 1.05"
    )
    print(
        f"  unchanged                                {unchanged * 1e3:9.1f} ms"
        f"  {unchanged / by_hand:7.4f}   goal ≤ 0.01"
    )


def again(plan, salt):
    """The same plan with other recipes, so that everything runs."""
    import msgspec

    steps = tuple(
        msgspec.structs.replace(
            step, recipe=f"{step.recipe} {salt}", lineage=f"{step.lineage} {salt}"
        )
        for step in plan.steps
    )
    return msgspec.structs.replace(plan, steps=steps)


def execute(engine, plan):
    run = engine.submit(plan)
    while engine.is_live(run.id):
        engine.turn()
    assert engine.ended(run).status == "completed", engine.ended(run).error


def in_one_process(plan, place):
    """A fresh interpreter calls each module's function in order; importing is not counted."""
    import msgspec

    place.mkdir()
    (place / "plan.json").write_bytes(msgspec.json.encode(plan))
    done = subprocess.run(
        [sys.executable, __file__, str(place)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return json.loads(done.stdout.splitlines()[-1])


def by_hand(place):
    """What a script does: values go from function to function in memory, nothing is stored."""
    import importlib

    import msgspec

    from modules_library.sdk.execution import argument_of
    from modules_library.sdk.loading import load_module
    from runtime.model import Plan

    plan = msgspec.json.decode((place / "plan.json").read_bytes(), type=Plan)
    for name in {name for step in plan.steps for name in step.entry.preload}:
        importlib.import_module(name)
    modules = {step.id: load_module(Path(step.entry.source), step.digest) for step in plan.steps}
    started = time.perf_counter()
    values = {}
    for step in plan.steps:
        module = modules[step.id]
        arguments = {
            spec.name: argument_of(spec, step.parameters[spec.name], step.files)
            for spec in module.declaration.parameters
            if spec.name in step.parameters
        }
        arguments.update({port.name: None for port in module.declaration.inputs if port.optional})
        arguments.update(dict.fromkeys(module.declaration.contexts, context(step, place)))
        for wire in step.inputs:
            arguments[wire.port] = getattr(values[wire.step], wire.output)
        values[step.id] = module.function(**arguments)
    print(json.dumps(time.perf_counter() - started))


def context(step, place):
    """What a module may ask for; nobody listens."""
    from modules_library.sdk.context import StepContext

    return StepContext(
        seed=step.seed if step.seed is not None else step.parameters.get("seed"),
        device="cpu",
        threads=2,
        run_id="hand",
        step_id=step.id,
        source_folder=place,
        folder=place,
        emit=lambda event: None,
        is_cancelled=lambda: False,
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        by_hand(Path(sys.argv[1]))
    else:
        main()
