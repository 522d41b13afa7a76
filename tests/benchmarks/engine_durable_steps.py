"""Goal 5: isolated and durable no-ops, a chain and a fan, beside one fsync."""

import os
import sqlite3
import statistics
import time

from runtime.execution.embedded import hosted_engine
from runtime.model import Entry, OutputPort, Plan, Step, StepInput
from runtime.model.digest import digest_value
from runtime.stores import Workspace
from tests.benchmarks.measuring import EXECUTORS, folder, measures_itself, medians, table

STEPS = 200


def main():
    with folder() as place, hosted_engine(Workspace(place / "workspace"), None) as engine:
        run_all(engine, no_ops(20, salt=-1))
        salts = iter(range(1_000_000))

        def steps(make):
            return measures_itself(lambda: run_all(engine, make(STEPS, salt=next(salts))) / STEPS)

        rows = medians(
            7,
            **{
                "append 4 KB + fdatasync": measures_itself(lambda: file_fsync(place)),
                "SQLite commit of a row (WAL, FULL)": measures_itself(lambda: commit(place)),
                "chain of no-ops, isolated and durable": steps(no_ops),
                "fan of no-ops, isolated and durable": steps(fan),
                "chain that hands a value on": steps(handing_on),
            },
        )
    goals = {
        "chain of no-ops, isolated and durable": "≤ 1.3",
        "fan of no-ops, isolated and durable": "≤ 0.6",
    }
    table(rows, unit="µs", per=1e-6, peer="append 4 KB + fdatasync", goal=goals)


def run_all(engine, plan):
    started = time.perf_counter()
    run = engine.submit(plan)
    while engine.is_live(run.id):
        engine.turn()
    taken = time.perf_counter() - started
    assert engine.ended(run).status == "completed"
    return taken


def no_ops(count, *, salt):
    return as_plan([one(f"n{n}", salt, after=(f"n{n - 1}",) if n else ()) for n in range(count)])


def fan(count, *, salt):
    rest = [one(f"n{n}", salt, after=("n0",)) for n in range(1, count)]
    return as_plan([one("n0", salt), *rest])


def handing_on(count, *, salt):
    port = (OutputPort(name="value", type="Value"),)
    steps = []
    for number in range(count):
        wires = (StepInput(port="value", step=f"n{number - 1}", output="value"),) if number else ()
        steps.append(one(f"n{number}", salt + number, call="noop", inputs=wires, outputs=port))
    return as_plan(steps)


def one(name, salt, *, call="nothing", **fields):
    parameters = {"number": salt}
    return Step(
        id=name,
        label=name,
        module="bench.noop",
        version="1",
        digest="b3:0",
        entry=Entry(executor=f"{EXECUTORS}:{call}", source="noops.py", isolated=False),
        parameters=parameters,
        recipe=digest_value(parameters),
        reuse=False,
        **fields,
    )


def as_plan(steps):
    return Plan(name="no-ops", graph_json="{}", graph_hash="b3:0", steps=tuple(steps))


def file_fsync(place, count=100):
    descriptor = os.open(place / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    taken = []
    for _ in range(count):
        started = time.perf_counter()
        os.write(descriptor, b"x" * 4096)
        os.fdatasync(descriptor)
        taken.append(time.perf_counter() - started)
    os.close(descriptor)
    return statistics.median(taken)


def commit(place, count=100):
    connection = sqlite3.connect(place / "peer.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS event (at REAL, step TEXT, state TEXT)")
    taken = []
    for number in range(count):
        started = time.perf_counter()
        connection.execute("INSERT INTO event VALUES (?,?,?)", (started, f"n{number}", "done"))
        taken.append(time.perf_counter() - started)
    connection.close()
    return statistics.median(taken)


if __name__ == "__main__":
    main()
