"""The history of a workspace: ten thousand runs of two hundred steps, listed, filtered and opened."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from designer.services.push import PushHub
from designer.services.runs import RunService
from runtime.model import ArtifactRef, Run, StepRun, counts_of
from runtime.stores import SqliteRunStore, Workspace
from tests.benchmarks.measuring import folder

RUNS, STEPS, PIPELINES, PAGE, ROUNDS = 10_000, 200, 40, 51, 100
LIMIT_MS = 50
NAMES = ("churn", "fraud", "prices", "traffic")


def write_history(workspace: Workspace) -> list[str]:
    """Write the runs; gives their ids."""
    store, rng = SqliteRunStore(workspace.runs_db), random.Random(1)
    store._db.execute("PRAGMA synchronous=OFF")
    ids = []
    for number in range(RUNS):
        at = 1.79e9 + number * 60
        steps = {one.step: one for one in (_step(rng, number, k, at) for k in range(STEPS))}
        status = "failed" if number % 11 == 0 else "completed"
        run = Run(
            id=f"{int(at * 1000):011x}{number:010x}",
            name=f"{NAMES[number % 4]} {number % PIPELINES}",
            pipeline_id=f"p{number % PIPELINES}",
            status=status,
            created_at=at,
            started_at=at,
            finished_at=at + STEPS,
            seconds=float(STEPS),
            counts=counts_of(steps.values()),
            steps=steps,
            author="ada",
        )
        store.create_run(run, b'{"plan":%d}' % (number % PIPELINES))
        ids.append(run.id)
    store.close()
    return ids


def _step(rng: random.Random, number: int, k: int, at: float) -> StepRun:
    fails = number % 11 == 0 and k == STEPS - 1
    ref = ArtifactRef(
        type="Table",
        digest=f"b3:{rng.getrandbits(256):064x}",
        bytes=rng.randrange(10**6),
        format="arrow",
        summary={"rows": 1000, "columns": 20},
    )
    return StepRun(
        step=f"step_{k}",
        label=f"Step {k}",
        module="data_transformation.split_data",
        version="1.0.0",
        status="failed" if fails else "completed",
        attempts=1,
        seconds=0.5,
        started_at=at + k,
        finished_at=at + k + 0.5,
        reason="first run of this module version",
        metrics={"rows": 1000},
        outputs={} if fails else {"dataset": ref},
    )


def measure(name: str, ask: Callable[[], Coroutine[Any, Any, Any]], runner: asyncio.Runner) -> None:
    """Print the median and the 95th percentile of one question, its answer as JSON included."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        msgspec.json.encode(runner.run(ask()))
        taken.append((time.perf_counter() - started) * 1e3)
    taken.sort()
    middle, high = taken[ROUNDS // 2], taken[int(ROUNDS * 0.95)]
    print(f"  {name:36s} median {middle:7.2f} ms   p95 {high:7.2f} ms   limit {LIMIT_MS} ms")


async def page(runs: RunService, **asked: Any) -> Any:
    """A page of the list with the steps of each run counted."""
    found = await runs.list(limit=PAGE, **asked)
    return found, await runs.step_counts(found)


def main() -> None:
    """Print the table."""
    rng = random.Random(2)
    with folder() as place:
        workspace = Workspace(place / "workspace")
        ids = write_history(workspace)
        print(f"  runs.db: {workspace.runs_db.stat().st_size / 1e9:.2f} GB")
        with asyncio.Runner() as runner:

            async def made() -> RunService:
                return RunService(workspace, push=PushHub(), author="ada")

            runs = runner.run(made())
            for name, ask in {
                "the newest page": lambda: page(runs),
                "any page": lambda: page(runs, before=rng.randrange(PAGE, RUNS)),
                "of a pipeline": lambda: page(runs, pipeline_id=f"p{rng.randrange(PIPELINES)}"),
                "that failed": lambda: page(runs, status="failed"),
                "that were cancelled: none": lambda: page(runs, status="cancelled"),
                "by a word of the name": lambda: page(runs, search=rng.choice(NAMES)),
                "by a word that no name has": lambda: page(runs, search="nothing like it"),
                "tagged, among half of all": lambda: page(runs, among=ids[::2]),
                "open any run, with its steps": lambda: runs.get(rng.choice(ids)),
                "a step through 50 runs": lambda: runs.of_step(
                    f"p{rng.randrange(PIPELINES)}", f"step_{rng.randrange(STEPS)}"
                ),
                "two runs compared": lambda: runs.compare(rng.choice(ids), rng.choice(ids)),
            }.items():
                measure(name, ask, runner)


if __name__ == "__main__":
    main()
