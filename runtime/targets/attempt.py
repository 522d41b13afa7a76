"""One attempt at a step as the engine holds it while it runs."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from runtime.model import StepRequest, WorkerEvent
from runtime.targets.family import Family

if TYPE_CHECKING:
    from runtime.targets.compute_target import ComputeTarget
    from runtime.targets.usage import FamilyMeter


class Death(msgspec.Struct, frozen=True, kw_only=True):
    """The process ended without a result.

    Attributes:
        status: Wait status as the kernel gives it; None when nobody could ask for it.
        out_of_memory: It ended for want of memory.
        held_bytes: It was ended because it held so much, more than its limit; 0 otherwise.
        peak_memory_bytes: The most it held, files included, where the kernel said so.
        was_started: False when no process ever came to the point of running the module.
    """

    status: int | None = None
    out_of_memory: bool = False
    held_bytes: int = 0
    peak_memory_bytes: int | None = None
    was_started: bool = True

    @property
    def signal(self) -> int | None:
        """The signal that ended the process, if one did."""
        return None if self.status is None or not self.status & 0x7F else self.status & 0x7F

    @property
    def ending(self) -> str:
        """How the process ended, in words; empty where nobody could tell."""
        if self.signal:
            return f"signal {self.signal}"
        return "" if self.exit_status is None else f"status {self.exit_status}"

    @property
    def exit_status(self) -> int | None:
        """The status the process ended itself with, if it did."""
        return None if self.status is None or self.status & 0x7F else self.status >> 8


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What happens around a running step, in words: what its target does, or waits for."""

    detail: str


Outcome = WorkerEvent | Death | Notice
Report = Callable[["Attempt", Outcome], None]


class Attempt:
    """A step request on its way, and what the target knows of its process.

    Attributes:
        key: The engine's name for the step.
        pid: The process; 0 until it is known.
        log: Where its output can be read once there is any.
        began: When the module was started, or found running, by the steady clock.
        target: Where it is carried out; the engine sets it.
        meter: Reads what its processes take; made when it is first asked.
        over_limit_bytes: It was ended because it held so much; 0 otherwise.
        is_killed: We have killed it for another reason.
        is_over: The outcome was reported.
        is_frozen: Its process is stopped by a signal or a debugger.
        is_silent: It is over and has printed nothing; there is no log to look for.
    """

    def __init__(self, key: tuple[str, int], request: StepRequest) -> None:
        self.key = key
        self.request = request
        self.log = request.log or f"{request.folder}/out.log"
        self.family: Family | None = None
        self.target: ComputeTarget
        self.pid = 0
        self.started = 0
        self.pending_signal = 0
        self.events_read = 0
        self.over_limit_bytes = 0
        self.is_killed = False
        self.began = time.monotonic()
        self.meter: FamilyMeter | None = None
        self.is_over = False
        self.is_silent = False
        self.is_frozen = False
        self.is_asked_to_stop = False

    @property
    def folder(self) -> Path:
        """Where the step writes."""
        return Path(self.request.folder)
