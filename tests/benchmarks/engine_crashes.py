"""Goal 15: three of 1,000 steps are killed, one hangs: nothing else is lost."""

import time

from runtime.execution.embedded import hosted_engine
from runtime.model import Entry, Plan, Step
from runtime.model.digest import digest_value
from runtime.stores import Workspace
from tests.benchmarks.measuring import EXECUTORS, folder

STEPS = 1_000
KILLED = (5, 500, 999)


def main():
    with folder() as place, hosted_engine(Workspace(place / "workspace"), None) as engine:
        execute(engine, layered(20, ()))
        calm, _ = execute(engine, layered(STEPS, ()))
        rough, run = execute(engine, layered(STEPS, KILLED))
        retried = [step.step for step in run.steps.values() if step.attempts > 1]
        print(
            f"  {STEPS} steps undisturbed: {calm:.3f} s; with {len(KILLED)} killed: {rough:.3f} s"
        )
        print(f"  ratio {rough / calm:.2f} (goal ≤ 1.5); tried again: {retried}; run {run.status}")
        taken, run = execute(engine, hanging(0.5))
        print(f"  a hanging step with a limit of 0.5 s ended after {taken:.3f} s (goal ≤ 0.55)")
        assert run.steps["hang"].error.code == "R001"


def execute(engine, plan):
    started = time.perf_counter()
    run = engine.submit(plan)
    while engine.is_live(run.id):
        engine.turn()
    return time.perf_counter() - started, engine.ended(run)


def layered(count, killed):
    steps = [
        one(
            f"n{n}",
            {"kill": n in killed},
            after=tuple({f"n{n - 10}", f"n{n - 10 - n % 3}"}) if n >= 20 else (),
        )
        for n in range(count)
    ]
    return as_plan(steps)


def hanging(limit_s):
    return as_plan([one("hang", {}, call="hang", timeout_s=limit_s)])


def one(name, parameters, *, call="kill_itself_once", **fields):
    return Step(
        id=name,
        label=name,
        module="bench.crash",
        version="1",
        digest="b3:0",
        entry=Entry(executor=f"{EXECUTORS}:{call}", source="noops.py", isolated=False),
        parameters=parameters,
        recipe=digest_value(parameters),
        reuse=False,
        **fields,
    )


def as_plan(steps):
    return Plan(name="crashes", graph_json="{}", graph_hash="b3:0", steps=tuple(steps))


if __name__ == "__main__":
    main()
