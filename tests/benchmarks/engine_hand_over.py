"""Goal 9: a table of 0.9 GB from one step to the next, beside memcpy, pickle and Parquet."""

import pickle
import statistics
import time

import numpy as np
import polars as pl

from runtime.execution.embedded import hosted_engine
from runtime.model import Entry, OutputPort, Plan, Step, StepInput
from runtime.stores import Workspace
from tests.benchmarks.measuring import all_seconds, folder, measures_itself, table

ROWS = 10_000_000
ROUNDS = 7
TABLES = "tests.benchmarks.tables"


ENGINE = "through the engine: write, hash, store, map, sum"
FRAMES = "the same from polars to polars"
MEMCPY = "memcpy of the same bytes"
PARQUET = "Parquet (zstd) to a file and back"
PICKLE = "pickle to a file and back"


def main():
    with folder() as place:
        frame = ten_million_rows()
        source = place / "source.arrow"
        frame.write_ipc(source, compression="uncompressed", compat_level=pl.CompatLevel.oldest())
        size = source.stat().st_size
        block = np.ones(size, dtype=np.uint8)
        copy = np.ones(size, dtype=np.uint8)
        salts = iter(range(1_000_000))
        with hosted_engine(Workspace(place / "workspace"), None) as engine:

            def handed_over(kind):
                return execute(engine, hand_over(source, kind=kind, salt=next(salts)))

            taken = all_seconds(
                ROUNDS,
                **{
                    MEMCPY: lambda: np.copyto(copy, block),
                    ENGINE: measures_itself(lambda: handed_over("arrow")),
                    FRAMES: measures_itself(lambda: handed_over("polars")),
                    PICKLE: lambda: through_pickle(frame, place / "p"),
                    PARQUET: lambda: through_parquet(frame, place / "q"),
                },
            )
    print(f"  {size / 1e9:.2f} GB, {ROWS} rows × {frame.width} columns, {ROUNDS} rounds in turn")
    for title, chosen in (("minimum", min), ("median", statistics.median)):
        print(f"  {title}")
        rows = {name: chosen(values) for name, values in taken.items()}
        table(rows, peer=MEMCPY, goal={ENGINE: "≤ 6"})
        print(f"  beside Parquet: {rows[ENGINE] / rows[PARQUET]:.2f} (goal ≤ 0.16)")
        print(f"  beside pickle:  {rows[ENGINE] / rows[PICKLE]:.2f} (goal ≤ 0.45)")


def ten_million_rows():
    dice = np.random.default_rng(7)
    return pl.DataFrame(
        {
            **{f"float{n}": dice.standard_normal(ROWS) for n in range(4)},
            **{f"int{n}": dice.integers(0, 1 << 40, ROWS) for n in range(5)},
            "text": pl.select(pl.int_range(ROWS).cast(pl.String).str.zfill(12)).to_series(),
        }
    )


def hand_over(source, *, kind, salt):
    table_port = (OutputPort(name="table", type="Table"),)
    wire = StepInput(port="table", step="make", output="table")
    asked = {"source": str(source), "kind": kind, "salt": salt}
    steps = (
        one("make", "make", asked, outputs=table_port),
        one("sum", "total", {"kind": kind, "salt": salt}, inputs=(wire,)),
    )
    return Plan(name="hand over", graph_json="{}", graph_hash="b3:0", steps=steps)


def one(name, call, parameters, **fields):
    return Step(
        id=name,
        label=name,
        module=f"bench.{call}",
        version="1",
        digest="b3:0",
        entry=Entry(
            executor=f"{TABLES}:{call}",
            source="tables.py",
            isolated=False,
            preload=("polars", "pyarrow"),
        ),
        parameters=parameters,
        recipe=f"{call} {parameters}",
        reuse=False,
        **fields,
    )


def execute(engine, plan):
    """Seconds from the moment the table is in the first step's memory to the sum in the second."""
    run = engine.submit(plan)
    while engine.is_live(run.id):
        engine.turn()
    ended = engine.ended(run)
    assert ended.status == "completed", ended.error
    taken = time.time() - ended.steps["make"].metrics["in_memory_at"]
    engine.artifacts.remove(ended.steps["make"].outputs["table"].digest)
    return taken


def through_pickle(frame, path):
    columns = {name: frame[name].to_numpy() for name in frame.columns if name != "text"}
    columns["text"] = frame["text"].to_arrow()
    with open(path, "wb") as file:
        pickle.dump(columns, file, protocol=5)
    with open(path, "rb") as file:
        pickle.load(file)["float0"].sum()
    path.unlink()


def through_parquet(frame, path):
    frame.write_parquet(path, compression="zstd")
    pl.read_parquet(path)["float0"].sum()
    path.unlink()


if __name__ == "__main__":
    main()
