"""Goal 16: what an idle engine takes, and a graph of 100,000 nodes from JSON to its last step."""

import json
import os
import signal
import time
from pathlib import Path

import msgspec

from runtime.execution.client import ensure_runner, runner_of
from runtime.execution.messages import Begin, Finished, Grant
from runtime.execution.scheduler import Scheduler
from runtime.execution.shape import shape_of
from runtime.model import Entry, Plan, Step, StepInput
from runtime.stores import Workspace
from tests.benchmarks.measuring import compile_bytecode, folder, seconds

NODES = 100_000


def main():
    compile_bytecode()
    with folder() as place:
        idle(Workspace(place))
    large()


def idle(workspace):
    ensure_runner(workspace.path)
    pid = runner_of(workspace.path).pid
    time.sleep(1)
    before = processor_s(pid)
    time.sleep(2)
    used = processor_s(pid) - before
    print(f"  idle runner: {resident_mib(pid):.1f} MiB resident (goal ≤ 30 MB)")
    print(f"  {used * 1000:.0f} ms of processor in 2 s")
    os.kill(pid, signal.SIGTERM)


def large():
    text = json.dumps(
        {"nodes": {f"n{n}": {"inputs": {"value": f"n{n // 2}.value"}} for n in range(NODES)}}
    )
    parsed = seconds(lambda: msgspec.json.decode(text))
    plan = wide_plan()
    shapes = []
    compiled = seconds(lambda: shapes.append(shape_of(plan)))
    walked = seconds(lambda: walk(Scheduler(shapes[0], "stop")))
    print(f"  {NODES} nodes: parse {parsed:.2f} s, compile {compiled:.2f} s, walk {walked:.2f} s")
    print(f"  together {parsed + compiled + walked:.2f} s (goal ≤ 1.0)")


def walk(scheduler):
    scheduler.advance(Begin())
    done = 0
    while done < NODES:
        for command in scheduler.advance(Grant(scheduler.first_ready(0))):
            scheduler.advance(Finished(command.step))
            done += 1


def wide_plan():
    entry = Entry(executor="a:b", source="")
    steps = tuple(
        Step(
            id=f"n{n}",
            label="",
            module="m",
            version="1",
            digest="",
            entry=entry,
            recipe="",
            reuse=False,
            inputs=(StepInput(port="value", step=f"n{n // 2}", output="value"),) if n else (),
        )
        for n in range(NODES)
    )
    return Plan(name="", graph_json="", graph_hash="", steps=steps)


def resident_mib(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def processor_s(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
