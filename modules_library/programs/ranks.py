"""One program as several processes that know of each other.

Each gets the environment that `torch.distributed` (`init_process_group` without arguments) and others
that follow it read: its rank, how many there are, and where the one of rank 0 listens.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping

from runtime.model import ParameterSpec

HERE = "127.0.0.1"


def processes_parameter(default: int) -> ParameterSpec:
    """How many there are, as the person at the canvas sets it."""
    return ParameterSpec(
        name="processes",
        kind="int",
        title="Processes",
        description="How many processes the program is started as; they share the step's processors.",
        default=default,
        minimum=1,
    )


def ranked(environment: Mapping[str, str], count: int) -> list[dict[str, str]]:
    """The environment of each process, that of rank 0 first; a single one needs no rank."""
    if count == 1:
        return [dict(environment)]
    threads = str(max(1, int(environment["DESIGNER_THREADS"]) // count))
    shared = {
        "WORLD_SIZE": str(count),
        "LOCAL_WORLD_SIZE": str(count),
        "MASTER_ADDR": HERE,
        "MASTER_PORT": str(_free_port()),
        "DESIGNER_THREADS": threads,
        "OMP_NUM_THREADS": threads,
        "POLARS_MAX_THREADS": threads,
    }
    return [
        {**environment, **shared, "RANK": str(rank), "LOCAL_RANK": str(rank)}
        for rank in range(count)
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port
