"""R-06: a disk that really is full, at every point at which a run writes; then there is room again."""

import contextlib
import shutil
import subprocess
import sys
import threading
import time

from runtime.errors import InfrastructureError
from runtime.execution.embedded import run_plan
from runtime.stores import Workspace
from tests.chaos.crash_point_kills import POINTS
from tests.chaos.oracle import Ledger, check
from tests.chaos.row import Row
from tests.runtime.execution.plans import plan, step

DISK = "40m"
MOST_S = 10.0
IN_A_STEP = "in a step"


def fill_everywhere(trial):
    """Fill the disk when the engine comes to a point; make room once it says that it is blocked."""
    taken = []
    points = [*POINTS, IN_A_STEP]
    trial.dice().shuffle(points)
    for number, point in enumerate(points[: trial.count]):
        with small_disk(trial.folder / f"{number}") as folder:
            taken.append(_fill_at(Disk(folder), trial, point))
    blocked = [seconds for seconds in taken if seconds is not None]
    return (
        f"full at {len(taken)} points, {len(blocked)} times blocked and on its way again within "
        f"{max(blocked, default=0):.1f} s of room; no half output, nothing lost"
    )


def _fill_at(disk, trial, point):
    """Seconds from the moment that there was room to the end; None where nothing was blocked."""
    workspace, ledger = (
        Workspace(disk.folder / "workspace"),
        Ledger(trial.folder / f"{point}.ledger"),
    )
    ledger.path.unlink(missing_ok=True)
    blocked, ended = threading.Event(), threading.Event()
    details, roomy = [], []

    def watch(event):
        if str(event.data.get("detail", "")).startswith("blocked: disk full"):
            details.append(event.data["detail"])
            blocked.set()

    def make_room():
        blocked.wait(1.2)
        ended.wait(0.5)
        roomy.append(time.monotonic())
        disk.empty()

    helper = threading.Thread(target=make_room)
    work = _work(ledger.path)
    with _at_point(point, disk.fill) if point != IN_A_STEP else _at_point(*disk.nearly_full):
        helper.start()
        run = _run(work, workspace, watch)
    seconds = time.monotonic() - roomy[0] if roomy else None
    ended.set()
    helper.join()
    assert run.status == "completed", f"{point}: {run.error} {run.steps}"
    check(workspace, run.id, ledger)
    assert all("needs" in detail for detail in details), details
    if details:
        assert seconds is not None, point
        trial.expect_within(seconds, MOST_S, f"going on after {point}")
    return seconds if details else None


def _run(work, workspace, watch):
    """Submit until it is accepted: a refusal for want of room has its code."""
    while True:
        try:
            return run_plan(work, workspace, on_event=watch)
        except InfrastructureError as exc:
            assert exc.code == "S001", exc
            time.sleep(0.2)


def _work(ledger):
    """Small and large outputs, in warm workers and alone."""

    short = {"ledger": str(ledger)}
    return plan(
        step("first", call="remember", parameters=short),
        step("warm", ["first"], call="big", parameters={"bytes": 5 << 20}),
        step("alone", ["first"], call="big", isolated=True, parameters={"bytes": 4 << 20}),
        step("last", call="remember", isolated=True, parameters={**short, "name": "last"}),
    )


@contextlib.contextmanager
def _at_point(point, act):
    """Do something the first time that this program comes to a named point."""
    waiting = [act]

    def pass_by(name):
        if name == point and waiting:
            waiting.pop()()

    modules = [one for one in list(sys.modules.values()) if hasattr(one, "crash_point")]
    before = [(one, one.crash_point) for one in modules]
    for one in modules:
        one.crash_point = pass_by
    try:
        yield
    finally:
        for one, function in before:
            one.crash_point = function


class Disk:
    """A small file system and the file that fills it."""

    def __init__(self, folder):
        self.folder = folder
        self.filler = folder / "filler"

    @property
    def nearly_full(self):
        """Where and how to fill it so that only the outputs of the steps find no room."""
        return "step.before_prepare", lambda: self.fill(leaving=3 << 20)

    def fill(self, leaving=0):
        with contextlib.suppress(OSError), self.filler.open("wb", buffering=0) as file:
            while leaving == 0 or shutil.disk_usage(self.folder).free > leaving:
                file.write(bytes(4096))

    def empty(self):
        self.filler.unlink(missing_ok=True)


@contextlib.contextmanager
def small_disk(folder):
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


ROWS = (
    Row(
        id="R-06",
        done="the disk filled at every point at which a run writes, then room made",
        part=f"tmpfs of {DISK.upper()}B, the engine, its workers",
        goal="`blocked: disk full` with bytes needed, goes on by itself ≤ 10 s, no half output",
        measure=fill_everywhere,
        quick=3,
        long=len(POINTS) + 1,
        tests=(
            "tests/end_to_end/test_bad_input.py::test_a_full_disk_refuses_with_a_code_loses_nothing_and_goes_on_when_there_is_room",
            "tests/designer/services/test_uploads.py::test_a_full_disk_refuses_the_file_and_leaves_nothing",
        ),
    ),
)
