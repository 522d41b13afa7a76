"""What the scheduler is told and what it asks for: plain values, steps by their number."""

from typing import Literal

import msgspec

from runtime.model import Status

FailureCause = Literal["error", "crash", "not_started", "timeout", "disk_full"]
StopWhy = Literal["timeout", "cancel"]


class Begin(msgspec.Struct, frozen=True, gc=False):
    """The run starts, or goes on after a restart.

    Attributes:
        done: Steps that are completed already (found by lineage, or before the restart).
        failed: Steps that had failed for good.
        skipped: Steps that had been skipped.
        cancelled: Steps that had been cancelled.
        running: Steps whose process still runs and was adopted.
    """

    done: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    cancelled: tuple[int, ...] = ()
    running: tuple[int, ...] = ()


class Found(msgspec.Struct, frozen=True, gc=False):
    """A look-up found a finished result."""

    step: int


class Missing(msgspec.Struct, frozen=True, gc=False):
    """A look-up found nothing; the step has to run."""

    step: int


class Grant(msgspec.Struct, frozen=True, gc=False):
    """What a ready step asks of its target is free for it."""

    step: int


class Lined(msgspec.Struct, frozen=True, gc=False):
    """A ready step stands in its target's line; others of its run may be asked."""

    step: int


class Deferred(msgspec.Struct, frozen=True, gc=False):
    """A ready step waits for the result of the same step, which runs; it takes no slots."""

    step: int


class Finished(msgspec.Struct, frozen=True, gc=False):
    """A step's process delivered its outputs."""

    step: int


class Failed(msgspec.Struct, frozen=True, gc=False):
    """A step's attempt ended without outputs."""

    step: int
    cause: FailureCause


class Expired(msgspec.Struct, frozen=True, gc=False):
    """A running step is over its time limit."""

    step: int


class SpaceIsBack(msgspec.Struct, frozen=True, gc=False):
    """The disk has room again."""


class CancelAsked(msgspec.Struct, frozen=True, gc=False):
    """A person wants the run to end."""


Event = (
    Begin
    | Found
    | Missing
    | Grant
    | Lined
    | Deferred
    | Finished
    | Failed
    | Expired
    | SpaceIsBack
    | CancelAsked
)


class LookUp(msgspec.Struct, frozen=True, gc=False):
    """Inputs are known: see whether this step's result exists already."""

    step: int


class Start(msgspec.Struct, frozen=True, gc=False):
    """Run the step now; it was granted its slots."""

    step: int


class Stop(msgspec.Struct, frozen=True, gc=False):
    """End the step's process."""

    step: int
    why: StopWhy


class Complete(msgspec.Struct, frozen=True, gc=False):
    """The step is done; its record must be durable before anything that needs it starts."""

    step: int


class Requeue(msgspec.Struct, frozen=True, gc=False):
    """The attempt failed and the step will be tried again."""

    step: int
    cause: FailureCause


class Block(msgspec.Struct, frozen=True, gc=False):
    """The step waits until the disk has room."""

    step: int


class Settle(msgspec.Struct, frozen=True, gc=False):
    """The step ends without outputs.

    Attributes:
        because_of: For a skipped step: the step that failed, or -1.
    """

    step: int
    status: Literal["failed", "cancelled", "skipped"]
    because_of: int = -1


class End(msgspec.Struct, frozen=True, gc=False):
    """Nothing is left to do; the run has this status."""

    status: Status


Command = LookUp | Start | Stop | Complete | Requeue | Block | Settle | End
