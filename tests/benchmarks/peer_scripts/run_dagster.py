"""Dagster in process with its SQLite instance: durable, not isolated. The chain only: it is slow."""

import logging
import tempfile
import time

from dagster import DagsterInstance, In, Nothing, job, op

logging.disable(logging.CRITICAL)
LENGTH = 50


@op
def first():
    return None


@op(ins={"before": In(Nothing)})
def step():
    return None


@job
def noop():
    before = first()
    for i in range(1, LENGTH):
        before = step.alias(f"n{i}")(before)


with DagsterInstance.local_temp(tempfile.mkdtemp()) as instance:
    start = time.perf_counter()
    noop.execute_in_process(instance=instance)
    print(f"chain 200\t{(time.perf_counter() - start) / LENGTH * 1e6:.1f}", flush=True)
