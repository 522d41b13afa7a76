"""What a host says about itself: printed there as JSON by any Python from 3.7 on.

This file is sent to the host as it is and must import nothing of ours.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from importlib.util import find_spec

ENVIRONMENTS = "environments"
"""The folder of the environments that are built on a host, below where the designer writes."""

FLOOR = {"msgspec": "0.19", "blake3": "1.0.5", "pyarrow": "19"}
"""What every worker needs, at least in these versions."""

WORKER = (
    *FLOOR,
    "polars",
    "pandas",
    "duckdb",
    "fastexcel",
    "scikit-learn",
    "lightgbm",
    "skops",
)
"""That, and what the built-in modules import."""


def found(folder: str) -> dict[str, object]:
    """Facts about this machine; `folder` is where the designer would write."""
    import getpass
    import socket

    return {
        "host": socket.gethostname(),
        "user": getpass.getuser(),
        "python": sys.executable,
        "python_version": platform.python_version(),
        "packages": packages(),
        "cpus": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "free_disk_bytes": _room(os.path.expanduser(folder)),
        "gpus": _gpus(),
        "environments": _environments(os.path.expanduser(folder)),
        "can_build": shutil.which("uv") is not None or find_spec("ensurepip") is not None,
    }


def packages() -> dict[str, str]:
    """The versions of what steps import; empty where one is missing."""
    return {name: _version(name) for name in WORKER}


def _version(name: str) -> str:
    try:
        from importlib.metadata import version

        return version(name)
    except Exception:  # noqa: BLE001 - missing, or a Python that is too old to tell
        return ""


def _environments(folder: str) -> list[str]:
    home = os.path.join(folder, ENVIRONMENTS)
    if not os.path.isdir(home):
        return []
    names = sorted(os.listdir(home))
    return [name for name in names if os.path.exists(os.path.join(home, name, "environment.json"))]


def _room(folder: str) -> int:
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return shutil.disk_usage(folder).free


def _gpus() -> list[dict[str, object]]:
    command = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return []
    if done.returncode:
        return []
    rows = [line.rsplit(",", 1) for line in done.stdout.decode().splitlines() if "," in line]
    return [
        {"name": name.strip(), "memory_bytes": int(size) << 20 if size.strip().isdigit() else 0}
        for name, size in rows
    ]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(found(sys.argv[1])) + "\n")
