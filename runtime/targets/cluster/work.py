"""An attempt in the cluster as our server there holds it, from its delivery until it is forgotten."""

import asyncio
import contextlib
import os
import shutil
from typing import Any

from runtime.model import StepRequest
from runtime.targets.cluster.words import FromStep, Kept, decode_kept
from runtime.targets.remote.frames import Frames
from runtime.targets.remote.log_tail import LogTail
from runtime.targets.remote.messages import Deliver, Died, Said, encode
from runtime.worker import LOG, RESULT, write_whole


class Work:
    """One attempt.

    Attributes:
        number: The engine's for it; another one after it was adopted.
        may_go: The engine has let it go.
        reference: Ray's for its task, once it is submitted.
        is_running: A node has begun with it.
        ending: How it ended.
        orders: What is to be said to it; nothing at its end.
    """

    def __init__(self, delivered: Deliver, folder: str) -> None:
        self.number = delivered.id
        self.delivered = delivered
        self.folder = folder
        self.log = LogTail(f"{folder}/{LOG}", 0)
        self.frames: Frames[FromStep] = Frames(FromStep)
        self.may_go = False
        self.reference: Any = None
        self.is_running = False
        self.ending: Said | Died | None = None
        self.orders: asyncio.Queue[bytes] = asyncio.Queue()
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder, mode=0o700)

    @property
    def request(self) -> StepRequest:
        """The step."""
        return self.delivered.request

    def print(self, data: bytes) -> None:
        """Keep what the step printed."""
        with contextlib.suppress(OSError), open(f"{self.folder}/{LOG}", "ab") as file:
            file.write(data)

    def end(self, ending: Said | Died) -> None:
        """Keep how it ended."""
        self.ending = ending
        self.orders.put_nowait(b"")
        kept = Kept(fence=self.request.fence, ending=ending)
        with contextlib.suppress(OSError):
            write_whole(f"{self.folder}/{RESULT}", encode(kept))


def kept_ending(folder: str) -> Kept | None:
    """How an attempt ended that an earlier server has held."""
    try:
        with open(f"{folder}/{RESULT}", "rb") as file:
            return decode_kept(file.read())
    except (OSError, ValueError):
        return None
