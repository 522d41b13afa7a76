"""The same inputs and seed give the same bytes, whatever the number of threads."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import hashlib, io, sys
import numpy as np
import polars as pl
from modules_library.builtin.data_transformation import (
    apply_sql_transformation as sql, clean_missing_data as clean, join_data as join,
    normalize_data as normalize, partition_and_sample as partition,
    remove_duplicate_rows as duplicates, split_data as split,
)
from modules_library.builtin.statistical_functions import summarize_data as summarize
from modules_library.sdk import ColumnSelection, Table

numbers = np.random.default_rng(7)
n = 30_000
frame = pl.DataFrame({
    "k": numbers.integers(0, 500, n), "x": numbers.normal(size=n), "y": numbers.exponential(size=n),
    "t": numbers.choice(["a", "b", "c"], n),
}).with_columns(pl.when(pl.col("k") > 20).then("x").alias("x"))
table, keys = Table(frame), ColumnSelection.names("k")

results = [
    *split.split_data(table, stratify_by="t", seed=3),
    *split.split_data(table, fraction=0.3, seed=0),
    *partition.partition_and_sample(
        table, partition_or_sample_mode="Assign to Folds", stratify_by="t", use_replacement=True
    ),
    *clean.clean_missing_data(table, cleaning_mode="Replace with mode"),
    *normalize.normalize_data(table),
    *duplicates.remove_duplicate_rows(table, key_columns=keys, retain_first_duplicate_row=False),
    *join.join_data(
        Table(frame.head(2000)), Table(frame.tail(900)), join_type="Full Outer Join",
        left_key_columns=keys, right_key_columns=keys,
    ),
    *sql.apply_sql_transformation(table, sql_query_script="select k, sum(x) s from t1 group by k"),
    *summarize.summarize_data(table),
]
for result in results:
    data = io.BytesIO()
    if isinstance(result, Table):
        result.frame.rechunk().write_ipc(data)
    else:
        data.write(repr(result.state).encode())
    print(hashlib.sha256(data.getvalue()).hexdigest())
"""


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_on_one_thread_and_on_four():
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "POLARS_MAX_THREADS": threads, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "4")
    }
    assert len(outputs) == 1
    assert len(next(iter(outputs)).split()) == 13
