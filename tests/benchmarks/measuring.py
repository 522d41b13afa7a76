"""What the benchmarks share: interleaved timing, tables with ratios, graphs of no-ops."""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXECUTORS = "tests.benchmarks.noops"


def seconds(work):
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def medians(rounds, **work):
    """Median seconds of each, measured in turn so that a busy machine is busy for all of them."""
    return {name: statistics.median(taken) for name, taken in all_seconds(rounds, **work).items()}


def all_seconds(rounds, **work):
    """The seconds of every round of each, measured in turn."""
    taken = {name: [] for name in work}
    for _ in range(rounds):
        for name, one in work.items():
            value = one() if getattr(one, "measures_itself", False) else seconds(one)
            taken[name].append(value)
    return taken


def measures_itself(work):
    """Mark a function that gives its own seconds."""
    work.measures_itself = True
    return work


def table(rows, *, unit="ms", per=1e-3, peer, goal=None):
    """Print name, time, ratio to the peer, and the goal for the row named so."""
    for name, value in rows.items():
        ratio = f"{value / rows[peer]:7.2f} × {peer}"
        wanted = f"   goal {goal[name]}" if goal and name in goal else ""
        print(f"  {name:44s} {value / per:10.2f} {unit}  {ratio}{wanted}")


@contextlib.contextmanager
def folder():
    """A fresh folder on the disk of the working directory's temporary files."""
    path = Path(tempfile.mkdtemp(prefix="bench"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def compile_bytecode():
    """Compile what is imported, so that no run pays for it."""
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "runtime", "tests/benchmarks"],
        cwd=root,
        check=False,
        env={key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
    )


def noop_graph(path, length):
    """Write a chain of no-ops and an index of their module; gives the arguments of `run`."""
    module = {
        "id": "bench.noop",
        "version": "1.0.0",
        "digest": "b3:" + "0" * 64,
        "title": "No-op",
        "category": "bench",
        "inputs": [{"name": "value", "type": "Value", "optional": True}],
        "outputs": [{"name": "value", "type": "Value"}],
        "parameters": [{"name": "number", "kind": "int", "default": 0}],
        "entry": {"executor": f"{EXECUTORS}:noop", "source": "noops.py", "isolated": False},
    }
    index = {"format": 1, "modules": [module], "defaults": {"bench.noop": "1.0.0"}}
    (path / "index.json").write_text(json.dumps(index))
    nodes = {}
    for number in range(length):
        node = {"module": "bench.noop", "version": "1.0.0", "parameters": {"number": number}}
        if number:
            node["inputs"] = {"value": f"n{number - 1}.value"}
        nodes[f"n{number}"] = node
    (path / "graph.json").write_text(json.dumps({"format": 1, "name": "no-ops", "nodes": nodes}))
    return [str(path / "graph.json"), "--catalog", str(path / "index.json")]


def run_command(arguments, workspace):
    """The command line of the bare engine."""
    return [
        sys.executable, "-m", "runtime", "run", *arguments,
        "--workspace", str(workspace), "--json",
    ]  # fmt: skip


def dodo_file(path, length):
    """Write pydoit's counterpart: tasks that write a file each, every one after the one before."""
    text = f'''
def write(target):
    with open(target, "w") as file:
        file.write("1")

def task_step():
    for number in range({length}):
        yield {{
            "name": str(number),
            "actions": [(write, [f"{path}/n{{number}}.txt"])],
            "file_dep": [f"{path}/n{{number - 1}}.txt"] if number else [],
            "targets": [f"{path}/n{{number}}.txt"],
        }}
'''
    (path / "dodo.py").write_text(text)
    doit = Path(sys.executable).with_name("doit")
    return [str(doit), "-f", str(path / "dodo.py"), "--db-file", str(path / "doit.db")]


def quiet(command):
    """Run a command, its output thrown away."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
