"""The scheduler: an event in, commands out. No IO, no clock; its arrays are its own.

States of a step and what moves it:

    waiting ──► looking up ──► ready ──► running ──► done
                    │            ▲  ▲       │ │
                    ▼            │  └───────┘ ├──► stopping ──► failed, cancelled
                   done       blocked ◄───────┘
    waiting ──► skipped (a step it needs failed), cancelled (the run was cancelled)
    ready ──► looking up (the same step runs: its result is waited for)
    ready, blocked ──► done (the same step has finished)
"""

import heapq

from runtime.execution.messages import (
    Begin,
    Block,
    CancelAsked,
    Command,
    Complete,
    Deferred,
    End,
    Event,
    Expired,
    Failed,
    FailureCause,
    Finished,
    Found,
    Grant,
    Lined,
    LookUp,
    Missing,
    Requeue,
    Settle,
    SpaceIsBack,
    Start,
    Stop,
)
from runtime.execution.shape import Shape
from runtime.model import FailurePolicy, Status

WAITING, LOOKING_UP, READY, RUNNING, STOPPING, BLOCKED, DONE, FAILED, SKIPPED, CANCELLED = range(10)
_CRASH_RETRIES = 1
_FALSE_STARTS = 30


class Scheduler:
    """Decides what a run does next.

    Args:
        shape: The plan's steps as integers.
        policy: After a failure `stop` starts nothing new; `continue` goes on with what does not
            depend on the failed step.
    """

    def __init__(self, shape: Shape, policy: FailurePolicy) -> None:
        self._shape = shape
        self._policy = policy
        count = len(shape.missing)
        self._state = [WAITING] * count
        self._missing = list(shape.missing)
        self._failures = [0] * count
        self._crashes = [0] * count
        self._false_starts = [0] * count
        self._ready: list[list[tuple[float, int]]] = [[] for _ in shape.targets or ("",)]
        self._open = count
        self._cancelled = False
        self._first_failure = -1
        self._ended = False

    def ready_in(self, lane: int) -> int:
        """How many steps wait for slots of one target and stand in no line."""
        return len(self._ready[lane])

    def first_ready(self, lane: int) -> int:
        """Of those, the one to start first."""
        return self._ready[lane][0][1]

    def state(self, step: int) -> int:
        """The state of a step."""
        return self._state[step]

    def advance(self, event: Event) -> list[Command]:
        """Take one event; gives what has to be done now, in order."""
        commands: list[Command] = []
        match event:
            case Finished():
                self._finish(event.step, commands)
            case Grant():
                self._start(event.step, commands)
            case Lined():
                self._leave_ready(event.step)
            case Missing():
                self._enqueue(event.step)
            case Deferred():
                self._leave_ready(event.step)
                self._state[event.step] = LOOKING_UP
            case Found():
                self._finish(event.step, commands)
            case Begin():
                self._begin(event, commands)
            case Failed():
                self._fail(event.step, event.cause, commands)
            case Expired():
                self._expire(event.step, commands)
            case SpaceIsBack():
                self._unblock()
            case CancelAsked():
                self._cancel(commands)
        if not self._open and not self._ended:
            self._ended = True
            commands.append(End(self._final_status()))
        return commands

    # -- the way of a step -----------------------------------------------------------------------

    def _begin(self, event: Begin, commands: list[Command]) -> None:
        for step in event.running:
            self._state[step] = RUNNING
        for state, steps in ((SKIPPED, event.skipped), (CANCELLED, event.cancelled)):
            for step in steps:
                self._state[step] = state
                self._open -= 1
        for step in event.done:
            self._state[step] = DONE
            self._open -= 1
            for child in self._shape.children[step]:
                self._missing[child] -= 1
        for step in event.failed:
            self._state[step] = RUNNING
            self._give_up(step, commands, record=False)
        for step, missing in enumerate(self._missing):
            if not missing and self._state[step] == WAITING:
                self._arrive(step, commands)

    def _arrive(self, step: int, commands: list[Command]) -> None:
        if self._shape.reusable[step]:
            self._state[step] = LOOKING_UP
            commands.append(LookUp(step))
        else:
            self._enqueue(step)

    def _enqueue(self, step: int) -> None:
        self._state[step] = READY
        lane = self._ready[self._shape.lanes[step]]
        heapq.heappush(lane, (-self._shape.priority[step], step))

    def _start(self, step: int, commands: list[Command]) -> None:
        if self._state[step] != READY:
            return
        self._leave_ready(step)
        self._state[step] = RUNNING
        commands.append(Start(step))

    def _leave_ready(self, step: int) -> None:
        ready = self._ready[self._shape.lanes[step]]
        if ready and ready[0][1] == step:
            heapq.heappop(ready)

    def _drop_ready(self, step: int) -> None:
        """Take a step out of the ready ones, wherever among them it is; it may stand in a line."""
        ready = self._ready[self._shape.lanes[step]]
        entry = (-self._shape.priority[step], step)
        if entry in ready:
            ready.remove(entry)
            heapq.heapify(ready)

    def _finish(self, step: int, commands: list[Command]) -> None:
        state = self._state[step]
        if state == READY:
            self._drop_ready(step)
        elif state not in (RUNNING, STOPPING, LOOKING_UP, BLOCKED):
            return
        self._state[step] = DONE
        self._open -= 1
        commands.append(Complete(step))
        for child in self._shape.children[step]:
            self._missing[child] -= 1
            if not self._missing[child] and self._state[child] == WAITING:
                self._arrive(child, commands)

    # -- what goes wrong -------------------------------------------------------------------------

    def _fail(self, step: int, cause: FailureCause, commands: list[Command]) -> None:
        state = self._state[step]
        if state not in (RUNNING, STOPPING):
            return
        if self._cancelled:
            self._settle(step, CANCELLED, commands)
        elif cause == "disk_full" and state == RUNNING:
            self._state[step] = BLOCKED
            commands.append(Block(step))
        elif self._may_retry(step, "timeout" if state == STOPPING else cause):
            commands.append(Requeue(step, cause))
            self._enqueue(step)
        else:
            self._give_up(step, commands)

    def _may_retry(self, step: int, cause: FailureCause) -> bool:
        if self._first_failure >= 0 and self._policy == "stop":
            return False
        if cause == "not_started" and self._false_starts[step] < _FALSE_STARTS:
            self._false_starts[step] += 1
            return True
        if cause == "crash" and self._crashes[step] < _CRASH_RETRIES:
            self._crashes[step] += 1
            return True
        self._failures[step] += 1
        return self._failures[step] <= self._shape.retries[step]

    def _give_up(self, step: int, commands: list[Command], *, record: bool = True) -> None:
        self._state[step] = FAILED
        self._open -= 1
        if record:
            commands.append(Settle(step, "failed"))
        if self._first_failure < 0:
            self._first_failure = step
        self._skip_descendants(step, commands)
        if self._policy == "stop":
            self._drop_the_rest(commands)

    def _skip_descendants(self, failed: int, commands: list[Command]) -> None:
        pending = list(self._shape.children[failed])
        while pending:
            step = pending.pop()
            if self._state[step] == WAITING:
                self._settle(step, SKIPPED, commands, because_of=failed)
                pending.extend(self._shape.children[step])

    def _drop_the_rest(self, commands: list[Command]) -> None:
        for lane in self._ready:
            lane.clear()
        for step, state in enumerate(self._state):
            if state in (WAITING, LOOKING_UP, READY, BLOCKED):
                self._settle(step, SKIPPED, commands, because_of=self._first_failure)

    def _expire(self, step: int, commands: list[Command]) -> None:
        if self._state[step] == RUNNING:
            self._state[step] = STOPPING
            commands.append(Stop(step, "timeout"))

    def _unblock(self) -> None:
        for step, state in enumerate(self._state):
            if state == BLOCKED:
                self._enqueue(step)

    def _cancel(self, commands: list[Command]) -> None:
        if self._cancelled:
            return
        self._cancelled = True
        for lane in self._ready:
            lane.clear()
        for step, state in enumerate(self._state):
            if state in (WAITING, LOOKING_UP, READY, BLOCKED):
                self._settle(step, CANCELLED, commands)
            elif state in (RUNNING, STOPPING):
                self._state[step] = STOPPING
                commands.append(Stop(step, "cancel"))

    def _settle(
        self, step: int, state: int, commands: list[Command], *, because_of: int = -1
    ) -> None:
        self._state[step] = state
        self._open -= 1
        if state == SKIPPED:
            commands.append(Settle(step, "skipped", because_of))
        else:
            commands.append(Settle(step, "cancelled"))

    def _final_status(self) -> Status:
        if CANCELLED in self._state:
            return "cancelled"
        return "failed" if self._first_failure >= 0 else "completed"
