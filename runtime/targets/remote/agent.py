"""The agent of one target: a process of its own that speaks to its site, so that nothing there can
make the engine wait.

It reads what the engine says from its socket, a `hello` first, and ends with the engine; the steps
of the site go on.
"""

import asyncio
import importlib
import signal
import socket
from collections.abc import Callable

from runtime.model import Target
from runtime.targets.remote.frames import Frames
from runtime.targets.remote.messages import (
    Adopt,
    AskToStop,
    Forget,
    Go,
    Hello,
    Message,
    Prepare,
    Stop,
    ToAgent,
    encode,
)
from runtime.targets.remote.site import Carrier, Ear, Site

SOCKET = 3
_READ_BYTES = 1 << 20


class Agent:
    """Serves one target.

    Args:
        hello: Which, and for whom.
        writer: Where the engine listens.
    """

    def __init__(self, hello: Hello, writer: asyncio.StreamWriter) -> None:
        self.workspace = hello.workspace
        self.artifacts = hello.artifacts
        self._writer = writer
        self._carriers: dict[int, Carrier] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.site = _site(hello, self)

    def tell(self, message: Message) -> None:
        """Say something to the engine."""
        self._writer.write(encode(message) + b"\n")

    def notice(self, detail: str) -> None:
        """Say of every step that waits for its target what happens there."""
        for carrier in self._carriers.values():
            carrier.notice(detail)

    def obey(self, message: ToAgent) -> None:
        """Do what the engine says."""
        match message:
            case Prepare(id=key):
                self._carry(key, self.site.carrier(key, message.request, is_started=False))
            case Adopt(id=key):
                self._carry(key, self.site.carrier(key, message.request, is_started=True))
            case Go(id=key) if key in self._carriers:
                self._carriers[key].go()
            case Stop(id=key) if key in self._carriers:
                self._carriers[key].stop(message.signal)
            case AskToStop(id=key) if key in self._carriers:
                self._carriers[key].ask_to_stop()
            case Forget():
                self.site.forget(message)
            case _:
                return

    def _carry(self, key: int, carrier: Carrier) -> None:
        self._carriers[key] = carrier
        task = asyncio.create_task(carrier.carry())
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._carried(done, key))

    def _carried(self, task: asyncio.Task[None], key: int) -> None:
        self._tasks.discard(task)
        self._carriers.pop(key, None)
        if not task.cancelled() and (fault := task.exception()) is not None:
            raise SystemExit(f"the agent failed: {fault!r}") from fault


async def serve(connection: socket.socket) -> None:
    """Serve the engine at the other end of a socket until it hangs up."""
    reader, writer = await asyncio.open_connection(sock=connection)
    frames: Frames[ToAgent] = Frames(ToAgent)
    agent: Agent | None = None
    while data := await reader.read(_READ_BYTES):
        for message, _ in frames.feed(data):
            if isinstance(message, Hello):
                agent = Agent(message, writer)
            elif agent is not None:
                agent.obey(message)
    if agent is not None:
        await agent.site.close()


def _site(hello: Hello, ear: Ear) -> Site:
    module, _, function = hello.site.partition(":")
    make: Callable[[Target, Ear], Site] = getattr(importlib.import_module(module), function)
    return make(hello.target, ear)


def main() -> None:
    """Be the agent that the engine has started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = socket.socket(fileno=SOCKET)
    asyncio.run(serve(connection))
