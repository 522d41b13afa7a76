import os
import signal
import time

import pytest

from runtime.execution.client import ensure_runner
from runtime.execution.lock import holder
from runtime.stores import Workspace


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def runner(workspace):
    """A runner that holds the workspace; ended afterwards."""
    ensure_runner(workspace.path)
    yield workspace
    end_runner(workspace)


def end_runner(workspace, number=signal.SIGTERM):
    who = holder(workspace.lock_file)
    if who is None:
        return
    os.kill(who.pid, number)
    deadline = time.monotonic() + 30
    while holder(workspace.lock_file) is not None and time.monotonic() < deadline:
        time.sleep(0.005)
