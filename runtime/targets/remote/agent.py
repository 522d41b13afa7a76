"""The agent of one target: a process of its own that speaks to its host, so that nothing there can
make the engine wait.

It reads what the engine says from its socket, a `hello` first, and ends with the engine; the steps
on the host go on.
"""

import asyncio
import importlib
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from runtime.model import SshSettings, Target
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.targets.kinds import settings_of
from runtime.targets.remote.carrier import Carrier
from runtime.targets.remote.connector import Connector
from runtime.targets.remote.environment import HostPython
from runtime.targets.remote.frames import Frames
from runtime.targets.remote.link import HostLink
from runtime.targets.remote.messages import (
    Adopt,
    AskToStop,
    Forget,
    FromServer,
    Go,
    Hello,
    Message,
    Prepare,
    Stop,
    ToAgent,
    encode,
)
from runtime.targets.remote.transfers import Transfers

SOCKET = 3
_READ_BYTES = 1 << 20


class Agent:
    """Serves one target.

    Args:
        hello: Which, and for whom.
        writer: Where the engine listens.
    """

    def __init__(self, hello: Hello, writer: asyncio.StreamWriter) -> None:
        settings = settings_of(hello.target, SshSettings)
        self.workspace = hello.workspace
        self.artifacts = FolderArtifactStore(Path(hello.artifacts))
        self.transfers = Transfers()
        self._writer = writer
        self._carriers: dict[int, Carrier] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.link = HostLink(
            hello.target.name,
            _connector(hello),
            python=HostPython(hello.target.name, settings, self._notice).path,
            folder=settings.folder,
            workspace=hello.workspace,
            heard=self._hear,
        )

    def tell(self, message: Message) -> None:
        """Say something to the engine."""
        self._writer.write(encode(message) + b"\n")

    def _notice(self, detail: str) -> None:
        """Say of every step that waits for its host what the host does."""
        for carrier in self._carriers.values():
            carrier.notice(detail)

    def obey(self, message: ToAgent) -> None:
        """Do what the engine says."""
        match message:
            case Prepare():
                self._carry(
                    Carrier(self, message.id, message.request, is_started=False), message.id
                )
            case Adopt():
                self._carry(Carrier(self, message.id, message.request, is_started=True), message.id)
            case Go(id=key) if key in self._carriers:
                self._carriers[key].go()
            case Stop(id=key) if key in self._carriers:
                self._carriers[key].stop(message.signal)
            case AskToStop(id=key) if key in self._carriers:
                self._carriers[key].ask_to_stop()
            case Forget():
                self.link.say(message)
            case _:
                return

    def _carry(self, carrier: Carrier, key: int) -> None:
        self._carriers[key] = carrier
        task = asyncio.create_task(carrier.carry())
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._carried(done, key))

    def _carried(self, task: asyncio.Task[None], key: int) -> None:
        self._tasks.discard(task)
        self._carriers.pop(key, None)
        if not task.cancelled() and (fault := task.exception()) is not None:
            raise SystemExit(f"the agent failed: {fault!r}") from fault

    def _hear(self, message: FromServer, payload: bytes) -> None:
        carrier = self._carriers.get(getattr(message, "id", -1))
        if carrier is not None:
            carrier.hear(message, payload)


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
        await agent.link.close()


def _connector(hello: Hello) -> Connector:
    module, _, function = hello.connector.partition(":")
    make: Callable[[Target], Connector] = getattr(importlib.import_module(module), function)
    return make(hello.target)


def main() -> None:
    """Be the agent that the engine has started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = socket.socket(fileno=SOCKET)
    asyncio.run(serve(connection))
