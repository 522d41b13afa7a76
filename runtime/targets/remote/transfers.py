"""Bytes on their way to a host and back: each blob once, on from where it stopped, verified."""

import asyncio
import os
from pathlib import Path
from typing import NamedTuple

import blake3
import msgspec

from runtime.errors import InfrastructureError
from runtime.model.digest import PREFIX, digest_file
from runtime.stores.artifact_store import MANIFEST
from runtime.targets.remote.connector import UnreachableError
from runtime.targets.remote.link import Server
from runtime.targets.remote.messages import Chunk, Fetch, Piece

_CHUNK_BYTES = 512 << 10
_POURED_BYTES = 32 << 20
"""From this size on a file does not travel among the messages, but beside them."""
_TRIES = 3


class Transfers:
    """Moves blobs for all steps of a target."""

    def __init__(self) -> None:
        self._sending: dict[str, asyncio.Task[int]] = {}
        self._fetching: dict[str, asyncio.Lock] = {}

    async def send(self, server: Server, path: str, digest: str, offset: int) -> int:
        """Send a file unless it is on its way already; gives the bytes that went over.

        Raises:
            UnreachableError: The connection broke; what arrived stays there.
            InfrastructureError: S003 when it is not here, T010 when it arrives damaged.
        """
        running = self._sending.get(digest)
        if running is not None:
            await asyncio.shield(running)
            return 0
        task = asyncio.create_task(self._send(server, path, digest, offset))
        self._sending[digest] = task
        task.add_done_callback(lambda _: self._sending.pop(digest, None))
        return await asyncio.shield(task)

    async def _send(self, server: Server, path: str, digest: str, offset: int) -> int:
        sent = 0
        size = os.path.getsize(path)
        if size - offset >= _POURED_BYTES:
            is_whole = await server.pour_in(path, digest, offset)
            if is_whole:
                return size - offset
            if is_whole is None:
                server.check()
                offset = 0
        for _ in range(_TRIES):
            future = asyncio.get_running_loop().create_future()
            server.stored[digest] = future
            try:
                sent += await self._send_from(server, path, digest, offset)
                if await future:
                    return sent
            finally:
                server.stored.pop(digest, None)
            offset = 0
        raise damaged(server.name, digest)

    async def _send_from(self, server: Server, path: str, digest: str, offset: int) -> int:
        sent = 0
        try:
            file = Path(path).open("rb")  # noqa: SIM115 - closed below, in the order of the bytes
        except OSError as exc:
            raise InfrastructureError(
                "S003",
                f"'{path}' cannot be read: {exc.strerror}.",
                remedy="Run the pipeline again.",
            ) from exc
        with file:
            size = os.fstat(file.fileno()).st_size
            file.seek(offset)
            while True:
                data = file.read(_CHUNK_BYTES)
                is_last = not data or offset + len(data) >= size
                server.send(
                    Chunk(digest=digest, offset=offset, bytes=len(data), is_last=is_last), data
                )
                offset += len(data)
                sent += len(data)
                await server.drain()
                if is_last:
                    return sent

    async def fetch(self, server: Server, digest: str, place: str, *, size: int) -> int:
        """Bring an artifact, a file or a folder; gives the bytes that came over.

        Raises:
            UnreachableError: The connection broke; what came stays here, and the next call goes on.
            InfrastructureError: T010 when it came damaged, S003 when it is not there.
        """
        async with self._fetching.setdefault(digest, asyncio.Lock()):
            poured = await self._pour_out(server, digest, place) if size >= _POURED_BYTES else 0
            if poured and await asyncio.to_thread(digest_file, Path(place)) == digest:
                return poured
            for _ in range(_TRIES):
                came = await self._fetch_file(server, digest, "", place)
                if came.digest == digest:
                    break
                os.unlink(place)
            else:
                raise damaged(server.name, digest)
            return came.size + (
                await self._fetch_folder(server, digest, place) if came.is_folder else 0
            )

    async def _pour_out(self, server: Server, digest: str, place: str) -> int:
        """Bring a file beside the messages; gives the bytes that came."""
        before = os.path.getsize(place) if os.path.exists(place) else 0
        there = f"{server.ready.home}/cas/{digest[3:5]}/{digest[3:]}"
        await server.pour_out(there, before, place)
        return os.path.getsize(place) - before

    async def _fetch_folder(self, server: Server, digest: str, place: str) -> int:
        """Bring the files that a folder's manifest names."""
        manifest = _manifest(place)
        came, part = 0, f"{place}.folder"
        for name, entry in manifest.items():
            target = os.path.normpath(f"{part}/{name}")
            if not target.startswith(f"{part}/"):
                raise damaged(server.name, digest)
            os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
            file = await self._fetch_file(server, digest, name, target)
            if file.digest != entry["digest"]:
                raise damaged(server.name, digest)
            came += file.size
        os.makedirs(part, mode=0o700, exist_ok=True)
        os.rename(place, f"{part}/{MANIFEST}")
        os.rename(part, place)
        return came

    async def _fetch_file(self, server: Server, digest: str, file: str, place: str) -> "_Came":
        """Bring one file, on from where it stopped."""
        hasher, key, came = blake3.blake3(), (digest, file), 0
        with Path(place).open("ab") as target:
            offset = target.tell()
            if offset:
                hasher.update_mmap(place)
            queue: asyncio.Queue[tuple[Piece, bytes] | None] = asyncio.Queue()
            server.pieces[key] = queue
            try:
                server.check()
                server.send(Fetch(digest=digest, file=file, offset=offset))
                while True:
                    found = await queue.get()
                    if found is None:
                        raise UnreachableError(server.name, "the connection broke")
                    piece, data = found
                    if not piece.is_there:
                        raise gone(server.name, digest)
                    target.write(data)
                    hasher.update(data)
                    came += len(data)
                    if piece.is_last:
                        target.flush()
                        return _Came(came, PREFIX + hasher.hexdigest(), piece.is_folder)
            finally:
                server.pieces.pop(key, None)


class _Came(NamedTuple):
    """A file that came: the bytes that went over, and the digest of all that is here."""

    size: int
    digest: str
    is_folder: bool


def _manifest(place: str) -> dict[str, dict[str, str]]:
    document = msgspec.json.decode(Path(place).read_bytes())
    return dict(document["files"])


def damaged(name: str, digest: str) -> InfrastructureError:
    """The error for bytes that are not what their digest says, however often they are sent."""
    return InfrastructureError(
        "T010",
        f"An artifact between here and '{name}' arrived damaged every time ({digest[:19]}…).",
        remedy="Look at the network and the disks on both sides; then run again.",
    )


def gone(name: str, digest: str) -> InfrastructureError:
    """The error for an output that the host does not have."""
    return InfrastructureError(
        "S003",
        f"An output is not on '{name}' any more ({digest[:19]}…).",
        remedy="Run the step again.",
    )
