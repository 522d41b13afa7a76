"""A workspace on a disk that really is full."""

import os
import subprocess
import threading
import time

import pytest

from runtime.execution.embedded import run_plan
from runtime.stores import FolderArtifactStore, Workspace
from tests.runtime.execution.plans import plan, step


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounting a small file system needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.slow
def test_a_run_waits_for_room_and_goes_on_by_itself(small_disk):
    workspace = Workspace(small_disk / "workspace")
    filler = small_disk / "filler"
    details, seen = [], threading.Event()

    def fill():
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

    def watch(event):
        if event.step == "first" and event.status == "completed":
            fill()
        if event.data.get("detail") == "blocked: disk full":
            details.append(event.step)
            seen.set()

    def make_room():
        seen.wait(60)
        time.sleep(0.5)
        filler.unlink()

    helper = threading.Thread(target=make_room)
    helper.start()
    run = run_plan(
        plan(
            step("first", parameters={"value": 1}),
            step("big", ["first"], call="big", parameters={"bytes": 2 << 20}),
        ),
        workspace,
        on_event=watch,
    )
    helper.join()
    assert run.status == "completed", run.error
    artifacts = FolderArtifactStore(workspace.artifacts)
    assert all(
        artifacts.verify(ref.digest) for s in run.steps.values() for ref in s.outputs.values()
    )
