"""What a running step and our server in the cluster say to each other: lines of the same kinds."""

import msgspec

from runtime.targets.remote.messages import (
    AskToStop,
    Chunk,
    Deliver,
    Died,
    Logged,
    Measured,
    Message,
    Said,
    Stop,
)

FromStep = Said | Died | Measured | Logged | Chunk
ToStep = Stop | AskToStop
UNNUMBERED = 0
"""The number of the attempt in what a step says: only the server knows the engine's."""


class Task(Message, frozen=True, tag="task"):
    """To a node: what to carry out.

    Attributes:
        home: The folder that the paths of the step are below, as our server sees it.
    """

    home: str
    delivered: Deliver


class Kept(Message, frozen=True, tag="kept"):
    """On the server's disk: how an attempt ended, for an agent that comes later.

    Attributes:
        fence: Of the attempt.
    """

    fence: int
    ending: Said | Died


decode_order = msgspec.json.Decoder(ToStep).decode
decode_task = msgspec.json.Decoder(Task).decode
decode_kept = msgspec.json.Decoder(Kept).decode
