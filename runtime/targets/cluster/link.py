"""The agent's link to our server in a cluster: an actor that Ray keeps, also when nobody is linked."""

import asyncio
import contextlib
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import msgspec

from runtime.errors import InfrastructureError
from runtime.model import RaySettings
from runtime.model.digest import digest_file
from runtime.targets.cluster.connection import Connection, last_line
from runtime.targets.cluster.runtime_environment import runtime_environment
from runtime.targets.remote.connector import Stream, UnreachableError
from runtime.targets.remote.frames import Frames
from runtime.targets.remote.link import Heard, Server
from runtime.targets.remote.messages import Fetch, FromServer, Message, Missing, Piece, Ready
from runtime.targets.remote.packages import Package, packed

_ANSWER_S = 60.0
_SILENCE_S = 20.0
_MOST_BYTES = 8 << 20
_MOST_CAME = 256
_PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0)


class ClusterLink:
    """Keeps our server at hand.

    Args:
        name: What the target is called.
        settings: How its cluster is reached, and where the designer may write.
        workspace: Names the workspace in the cluster.
        heard: Called with what the server says.
    """

    def __init__(self, name: str, settings: RaySettings, *, workspace: str, heard: Heard) -> None:
        self._name = name
        self._settings = settings
        self._workspace = workspace
        self._heard = heard
        self._connection = Connection(name, settings)
        self._ray: Any = None
        self._lock = asyncio.Lock()
        self._server: Server | None = None
        self._packages: dict[str, Package] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._tries = 0

    async def server(self, packages: tuple[Package, ...]) -> Server:
        """A server that has these packages; connected to now where there is none.

        Raises:
            UnreachableError: T003, there is no way at the moment; the next call waits a little.
            InfrastructureError: T005 to T012, trying again does not cure it.
        """
        async with self._lock:
            for one in packages:
                self._packages.setdefault(one.name, one)
            server = self._server
            if server is not None and not server.is_lost:
                if all(one.name in server.ready.packages for one in packages):
                    return server
                self._let_go()
            elif self._tries:
                await self._hang_up()
                await asyncio.sleep(_PAUSES_S[min(self._tries, len(_PAUSES_S)) - 1])
            self._tries += 1
            self._server = await self._begin()
            self._tries = 0
            return self._server

    def say(self, message: Message) -> None:
        """Tell the server, if there is one now."""
        if self._server is not None:
            self._server.send(message)

    async def close(self) -> None:
        """Hang up; steps in the cluster go on, unless it is our own."""
        async with self._lock:
            await self._hang_up()

    def _let_go(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        if self._server is not None:
            self._server.end()
            self._server = None

    async def _hang_up(self) -> None:
        self._let_go()
        if self._ray is not None:
            self._ray = None
            await asyncio.to_thread(self._connection.close)

    async def _begin(self) -> Server:
        self._let_go()
        if self._ray is None:
            self._ray = await asyncio.to_thread(self._connection.open)
        session = secrets.token_hex(8)
        try:
            async with asyncio.timeout(_ANSWER_S):
                actor, ready = await self._actor(session)
        except TimeoutError as exc:
            raise UnreachableError(self._name, "our server there does not answer") from exc
        except self._ray.exceptions.RuntimeEnvSetupError as exc:
            raise _no_environment(self._name, exc) from exc
        except self._ray.exceptions.RayTaskError as exc:
            raise _no_server(self._name, exc) from exc
        except (self._ray.exceptions.RayError, ConnectionError) as exc:
            raise UnreachableError(self._name, f"our server there is gone ({exc})") from exc
        stream = ActorStream(actor, session, self._ray)
        server = ClusterSide(self._name, ready, stream, self._heard)
        frames: Frames[FromServer] = Frames(FromServer)
        self._tasks = [
            asyncio.create_task(server.listen(frames)),
            asyncio.create_task(_pump(stream, server)),
        ]
        return server

    async def _actor(self, session: str) -> tuple[Any, Ready]:
        """Our server, and what it says first; one of another version of ours is ended."""
        digests = {one.name: one.digest for one in self._packages.values()}
        environment = msgspec.json.encode(runtime_environment(self._settings))
        actor = await asyncio.to_thread(self._find)
        while True:
            said = await actor.begin.remote(session, digests, environment)
            answer = _decode_first(said) if said else None
            match answer:
                case Ready():
                    return actor, answer
                case Missing(packages=names):
                    for name in names:
                        archive = await asyncio.to_thread(packed, self._packages[name])
                        await actor.take_package.remote(digests[name], archive)
                case _:
                    await asyncio.to_thread(self._ray.kill, actor)
                    actor = await asyncio.to_thread(self._find)

    def _find(self) -> Any:
        """The actor of the workspace; made now where there is none."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        from runtime.targets.cluster import bootstrap
        from runtime.targets.remote import unpacking

        for module in (bootstrap, unpacking):
            self._ray.cloudpickle.register_pickle_by_value(module)
        here = self._ray.get_runtime_context().get_node_id()
        made = self._ray.remote(bootstrap.ClusterActor).options(
            name=f"designer-{self._workspace}",
            lifetime="detached",
            get_if_exists=True,
            num_cpus=0,
            max_concurrency=10_000,
            runtime_env=runtime_environment(self._settings) or None,
            scheduling_strategy=NodeAffinitySchedulingStrategy(here, soft=True),
        )
        return made.remote(self._settings.folder, self._workspace)


_decode_first = msgspec.json.Decoder(Ready | Missing).decode


class ActorStream:
    """What our server says and hears, by calls of its actor: pipes, as a host's command has them."""

    def __init__(self, actor: Any, session: str, ray: Any) -> None:
        self._actor = actor
        self._session = session
        self._errors = (ray.exceptions.RayError, TimeoutError)
        self._outgoing = bytearray()
        self._waits = asyncio.Event()
        self._is_taken = asyncio.Event()
        self._is_taken.set()

    async def read(self, most: int = -1, /) -> bytes:
        """What the server says; nothing once it is gone or speaks to another agent."""
        while True:
            try:
                async with asyncio.timeout(_SILENCE_S):
                    said: bytes | None = await self._actor.read.remote(self._session)
            except self._errors:
                return b""
            if said is None:
                return b""
            if said:
                return said

    def write(self, data: bytes, /) -> None:
        """Say something."""
        self._outgoing += data
        self._waits.set()
        if len(self._outgoing) > _MOST_BYTES:
            self._is_taken.clear()

    async def drain(self) -> None:
        """Wait until the server has taken most of it."""
        await self._is_taken.wait()

    async def pump(self) -> None:
        """Hand over what was said, in its order, until the server takes no more."""
        while True:
            await self._waits.wait()
            self._waits.clear()
            while self._outgoing:
                data = bytes(memoryview(self._outgoing)[:_MOST_BYTES])
                del self._outgoing[: len(data)]
                if len(self._outgoing) <= _MOST_BYTES:
                    self._is_taken.set()
                try:
                    if not await self._actor.feed.remote(self._session, data):
                        return
                except self._errors:
                    return


class ClusterSide(Server):
    """Our server in a cluster, for as long as one link lasts.

    Large files are copied where this machine sees the server's folder too.
    """

    def __init__(self, name: str, ready: Ready, stream: ActorStream, heard: Heard) -> None:
        super().__init__(
            name,
            ready,
            Stream(stream, stream, stream),
            heard,
            pour=_no_pour,
            receiving=lambda digest, offset: "",
        )
        self._came: dict[str, tuple[Piece, bytes]] = {}
        self._sees_home = _reads(f"{ready.home}/mark") == ready.mark.encode()

    def send(self, message: Message, payload: bytes = b"") -> None:
        """Say something; what the server has sent already is not asked for again."""
        came = self._came.pop(message.digest, None) if isinstance(message, Fetch) else None
        if came is None or not isinstance(message, Fetch) or message.file or message.offset:
            super().send(message, payload)
        else:
            self.pieces[message.digest, ""].put_nowait(came)

    def take(self, message: FromServer, payload: bytes) -> None:
        """Take what the server says; small outputs come before they are asked for."""
        if isinstance(message, Piece) and (message.digest, message.file) not in self.pieces:
            self._came[message.digest] = (message, payload)
            while len(self._came) > _MOST_CAME:
                del self._came[next(iter(self._came))]
        else:
            super().take(message, payload)

    async def pour_in(self, path: str, digest: str, offset: int) -> bool | None:
        """Copy a file to the server's folder; None where this machine does not see it."""
        if not self._sees_home:
            return None
        place = f"{self.ready.home}/cas/{digest[3:5]}/{digest[3:]}"
        return await asyncio.to_thread(_copy_in, path, place, digest)

    async def pour_out(self, place: str, offset: int, path: str) -> bool:
        """Copy a file from the server's folder; false where this machine does not see it."""
        Path(path).touch()
        if not self._sees_home:
            return False
        await asyncio.to_thread(_copy_out, place, offset, path)
        return True


async def _pump(stream: ActorStream, server: Server) -> None:
    await stream.pump()
    server.end()


async def _no_pour(*_: object, **__: object) -> None:
    """There is no line beside the messages."""


def _reads(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def _copy_in(path: str, place: str, digest: str) -> bool:
    part = f"{place}.part{secrets.token_hex(4)}"
    os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
    shutil.copyfile(path, part)
    if digest_file(Path(part)) != digest:
        os.unlink(part)
        return False
    os.chmod(part, 0o400)
    os.rename(part, place)
    return True


def _copy_out(place: str, offset: int, path: str) -> None:
    with contextlib.suppress(OSError), open(place, "rb") as source, open(path, "ab") as target:
        source.seek(offset)
        shutil.copyfileobj(source, target, _MOST_BYTES)


def _no_server(name: str, exc: Exception) -> InfrastructureError:
    return InfrastructureError(
        "T007",
        f"No step can run on '{name}': {last_line(exc)}.",
        remedy=f"Try `designer target test {name}`; it says what is missing there.",
    )


def _no_environment(name: str, exc: Exception) -> InfrastructureError:
    return InfrastructureError(
        "T009",
        f"The environment of '{name}' could not be built: {last_line(exc)}.",
        remedy="Repair that on the nodes, or let steps run with what their Python has.",
    )
