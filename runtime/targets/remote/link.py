"""The agent's connection to our server on the host: made when needed, made again when it broke."""

import asyncio
import contextlib
import shlex
import time
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path

from runtime.errors import InfrastructureError
from runtime.targets.remote.connector import Connector, Ran, Stream, UnreachableError
from runtime.targets.remote.frames import FrameError, Frames
from runtime.targets.remote.messages import (
    FromServer,
    Message,
    Missing,
    Piece,
    Ready,
    Stored,
    encode,
)
from runtime.targets.remote.packages import RECEIVE, SERVE, UNPACK, Package, packed
from runtime.targets.remote.probe import shell_path

_READ_BYTES = 1 << 20
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 5.0
_ANSWER_S = 60.0
Heard = Callable[[FromServer, bytes], None]


class Server:
    """Our server on the host, for as long as one connection lasts.

    Args:
        name: What the target is called, for messages.
        ready: What it said first.
        stream: Its pipes.
        heard: Called with what it says.
        pour: Runs a command on a file of ours; see `Connector.pour`.
        receiving: The command that takes a blob from an offset on.
    """

    def __init__(
        self,
        name: str,
        ready: Ready,
        stream: Stream,
        heard: Heard,
        *,
        pour: Callable[..., Awaitable[Ran | None]],
        receiving: Callable[[str, int], str],
    ) -> None:
        self.name = name
        self._pour = pour
        self._receiving = receiving
        self.ready = ready
        self._stream = stream
        self._heard = heard
        self._lost = asyncio.Event()
        self.stored: dict[str, asyncio.Future[bool]] = {}
        self.pieces: dict[tuple[str, str], asyncio.Queue[tuple[Piece, bytes] | None]] = {}

    @property
    def is_lost(self) -> bool:
        """Whether the connection broke."""
        return self._lost.is_set()

    async def pour_in(self, path: str, digest: str, offset: int) -> bool | None:
        """Send the rest of a file at the speed of the line; gives whether it arrived whole.

        None where that is not possible: it goes among the messages then.
        """
        with Path(path).open("rb") as source:
            source.seek(offset)
            done = await self._pour(self._receiving(digest, offset), source=source)
        if done is None or done.status:
            return None
        return done.output.strip() == b"true"

    async def pour_out(self, place: str, offset: int, path: str) -> bool:
        """Fetch the rest of a file at the speed of the line; false where that is not possible."""
        with Path(path).open("ab") as target:
            words = ("tail", "-c", f"+{offset + 1}", place)
            done = await self._pour(shlex.join(words), target=target)
        return done is not None and not done.status

    async def lost(self) -> None:
        """Wait until the connection breaks."""
        await self._lost.wait()

    def send(self, message: Message, payload: bytes = b"") -> None:
        """Say something; what cannot be said any more shows as a lost connection."""
        if not self.is_lost:
            try:
                self._stream.writer.write(encode(message) + b"\n" + payload)
            except (OSError, RuntimeError):
                self.end()

    async def drain(self) -> None:
        """Wait until most of what was sent is on its way.

        Raises:
            UnreachableError: The connection broke.
        """
        with contextlib.suppress(OSError, RuntimeError):
            drained = asyncio.ensure_future(self._stream.writer.drain())
            broken = asyncio.ensure_future(self.lost())
            await asyncio.wait((drained, broken), return_when=asyncio.FIRST_COMPLETED)
            for waiting in (drained, broken):
                waiting.cancel()
        self.check()

    def check(self) -> None:
        """Raise UnreachableError when the connection broke."""
        if self.is_lost:
            raise UnreachableError(self.name, "the connection broke")

    async def listen(self, frames: Frames[FromServer]) -> None:
        """Take what the server says, until it says no more."""
        try:
            while data := await self._stream.reader.read(_READ_BYTES):
                for message, payload in frames.feed(data):
                    self.take(message, payload)
        except (OSError, FrameError, RuntimeError):
            pass
        finally:
            self.end()

    def take(self, message: FromServer, payload: bytes) -> None:
        """Take what the server says."""
        if type(message) is Stored:
            waiting = self.stored.get(message.digest)
            if waiting is not None and not waiting.done():
                waiting.set_result(message.is_whole)
        elif type(message) is Piece:
            queue = self.pieces.get((message.digest, message.file))
            if queue is not None:
                queue.put_nowait((message, payload))
        else:
            self._heard(message, payload)

    def end(self) -> None:
        """The connection is over: whoever waits for something is told."""
        if self.is_lost:
            return
        self._lost.set()
        for future in self.stored.values():
            if not future.done():
                future.set_exception(UnreachableError(self.name, "the connection broke"))
                future.exception()
        for queue in self.pieces.values():
            queue.put_nowait(None)


class HostLink:
    """Keeps a server at hand.

    Args:
        name: What the target is called.
        connector: How its host is reached.
        python: Gives what runs our server and the steps.
        folder: Where the designer may write there.
        workspace: Names the workspace on the host.
        heard: Called with what the server says.
    """

    def __init__(
        self,
        name: str,
        connector: Connector,
        *,
        python: Callable[[Connector], Awaitable[str]],
        folder: str,
        workspace: str,
        heard: Heard,
    ) -> None:
        self._name = name
        self._connector = connector
        self._python = python
        self._folder = folder
        self._workspace = workspace
        self._heard = heard
        self._interpreter = ""
        self._lock = asyncio.Lock()
        self._server: Server | None = None
        self._packages: dict[str, Package] = {}
        self._listening: asyncio.Task[None] | None = None
        self._pause_s = _FIRST_PAUSE_S
        self._last_try = 0.0

    async def server(self, packages: tuple[Package, ...]) -> Server:
        """A server that has these packages; connected to now where there is none.

        Raises:
            UnreachableError: T003, there is no way at the moment; the next call waits a little.
            InfrastructureError: T004 to T009, trying again does not cure it.
        """
        async with self._lock:
            for one in packages:
                self._packages.setdefault(one.name, one)
            server = self._server
            if server is not None and not server.is_lost:
                if all(one.name in server.ready.packages for one in packages):
                    return server
                await self._hang_up()
            await asyncio.sleep(max(0.0, self._last_try + self._pause_s - time.monotonic()))
            self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
            try:
                self._server = await self._begin()
            finally:
                self._last_try = time.monotonic()
            self._pause_s, self._last_try = _FIRST_PAUSE_S, 0.0
            return self._server

    def say(self, message: Message) -> None:
        """Tell the server, if there is one now."""
        if self._server is not None:
            self._server.send(message)

    async def close(self) -> None:
        """Hang up; steps on the host go on."""
        async with self._lock:
            await self._hang_up()

    async def _hang_up(self) -> None:
        if self._server is not None:
            self._server.end()
            self._server = None
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None
        await self._connector.close()

    async def _begin(self) -> Server:
        await self._hang_up()
        await self._connector.connect()
        self._interpreter = await self._python(self._connector)
        try:
            async with asyncio.timeout(_ANSWER_S):
                while True:
                    answer, stream, frames, rest = await self._start_server()
                    if type(answer) is Ready:
                        break
                    for name in answer.packages:
                        await self._send_package(self._packages[name])
        except TimeoutError as exc:
            raise UnreachableError(self._name, "our server there does not answer") from exc
        server = Server(
            self._name,
            answer,
            stream,
            self._heard,
            pour=self._connector.pour,
            receiving=self._receiving,
        )
        for message, payload in rest:
            self._heard(message, payload)
        self._listening = asyncio.create_task(server.listen(frames))
        return server

    async def _start_server(
        self,
    ) -> tuple[Ready | Missing, Stream, Frames[FromServer], list[tuple[FromServer, bytes]]]:
        words = [f"{one.name}={one.digest}" for one in self._packages.values()]
        stream = await self._connector.open(
            self._command(SERVE, self._folder, self._workspace, *words)
        )
        frames: Frames[FromServer] = Frames(FromServer)
        waiting: deque[tuple[FromServer, bytes]] = deque()
        while not waiting:
            try:
                data = await stream.reader.read(_READ_BYTES)
                waiting.extend(frames.feed(data))
            except (OSError, FrameError) as exc:
                raise self._no_server(str(exc)) from exc
            if not data:
                errors = await stream.errors.read(1 << 16)
                raise self._no_server(errors.decode(errors="replace"))
        answer = waiting.popleft()[0]
        if not isinstance(answer, (Ready, Missing)):
            raise self._no_server(f"it said '{type(answer).__name__}' first")
        return answer, stream, frames, list(waiting)

    async def _send_package(self, one: Package) -> None:
        archive = await asyncio.to_thread(packed, one)
        done = await self._connector.run(self._command(UNPACK, self._folder, one.digest), archive)
        if done.status:
            raise self._no_server(done.errors.decode(errors="replace"))

    def _receiving(self, digest: str, offset: int) -> str:
        digests = [one.digest for one in self._packages.values()]
        return self._command(RECEIVE, self._folder, self._workspace, digest, str(offset), *digests)

    def _command(self, program: str, *words: str) -> str:
        return " ".join(
            [
                "exec",
                shell_path(self._interpreter),
                "-P",
                "-s",
                "-c",
                *map(shlex.quote, (program, *words)),
            ]
        )

    def _no_server(self, said: str) -> InfrastructureError:
        last = said.strip().rpartition("\n")[2] or "it said nothing"
        return InfrastructureError(
            "T007",
            f"No step can run on '{self._name}': {last}.",
            remedy=f"Try `designer target test {self._name}`; it says what is missing there.",
        )
