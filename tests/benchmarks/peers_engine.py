"""No-op graphs through the engine and through the peers, each in an environment of its own.

The environments are made once under the user's cache folder, with pinned versions. Our steps run in
another process and are durable before the next one starts; the first column says what each peer is.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path
from zlib import crc32

from runtime.execution.embedded import hosted_engine
from runtime.execution.submission import plan_graph
from runtime.index_catalog import IndexCatalog
from runtime.model import Plan
from runtime.stores import Workspace
from tests.benchmarks.engine_durable_steps import run_all
from tests.benchmarks.graphs import GRAPHS
from tests.benchmarks.measuring import folder, noop_graph, seconds

PEERS = {
    "hamilton": ("in process", ["sf-hamilton==1.90.0"]),
    "joblib": ("in process, all cached", ["joblib==1.6.0"]),
    "luigi": ("in process, a file per step", ["luigi==3.8.1"]),
    "dask": ("isolated", ["dask==2026.8.0", "distributed==2026.8.0"]),
    "ray": ("isolated", ["ray==2.60.0"]),
    "dagster": ("in process, durable", ["dagster==1.13.28"]),
}
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "designer-bench"
SCRIPTS = Path(__file__).parent / "peer_scripts"


def main() -> None:
    """Print microseconds per step, and each peer's ratio to ours."""
    ours_first, ours_again = our_engine()
    print(f"{'µs per step':44s}" + "".join(f"{name:>22s}" for name in GRAPHS))
    print_row("designer: isolated, durable", ours_first, ours_first)
    print_row("designer: all reused", ours_again, ours_again)
    for name, (what, packages) in PEERS.items():
        print_row(
            f"{name}: {what}", peer(name, packages), ours_again if "cached" in what else ours_first
        )


def print_row(name: str, row: dict[str, float], ours: dict[str, float]) -> None:
    """One line: the time, and how many times ours it is."""
    cells = [f"{row[g]:12.1f} ({row[g] / ours[g]:6.2f}×)" if g in row else "" for g in GRAPHS]
    print(f"{name:44s}" + "".join(f"{cell:>22s}" for cell in cells), flush=True)


def our_engine() -> tuple[dict[str, float], dict[str, float]]:
    """Microseconds per step of a first run, and of the same run again."""
    first, again = {}, {}
    with folder() as place, hosted_engine(Workspace(place / "workspace"), None) as engine:
        for name, graph in GRAPHS.items():
            run_all(engine, plan_of({"warm": []}, place, salt=f"warm {name}"))
            plan = plan_of(graph, place, salt=name)
            first[name] = run_all(engine, plan) / len(graph) * 1e6
            again[name] = seconds(lambda: engine.submit(plan)) / len(graph) * 1e6  # noqa: B023
    return first, again


def plan_of(graph: dict[str, list[str]], place: Path, *, salt: str) -> Plan:
    """The graph as a plan of no-ops; they wait without data, as the peers' steps pass nothing on."""
    _, _, index = noop_graph(place, 1)
    nodes = {
        name: {
            "module": "bench.noop",
            "version": "1.0.0",
            "parameters": {"number": crc32(f"{salt} {name}".encode())},
            "after": needs,
        }
        for name, needs in graph.items()
    }
    return plan_graph({"format": 1, "nodes": nodes}, IndexCatalog(Path(index)))


def peer(name: str, packages: list[str]) -> dict[str, float]:
    """Run a peer's script in its environment; gives microseconds per step by graph."""
    python = CACHE / name / "bin" / "python"
    if not python.exists():
        venv.create(CACHE / name, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    done = subprocess.run(
        [python, str(SCRIPTS / f"run_{name}.py")],
        env=os.environ | {"PYTHONPATH": str(SCRIPTS.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    lines = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    if not lines:
        print(f"{name} gave no figures (exit status {done.returncode})", file=sys.stderr)
    return {graph: float(value) for graph, value in lines}


if __name__ == "__main__":
    main()
