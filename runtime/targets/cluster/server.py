"""Our server in a cluster: it submits each step as a Ray task, and stores what comes and goes.

It lives in an actor of its own that outlives the agent, so steps go on without one and are found
again. It owns their tasks: when it dies, they do. Ray repeats nothing by itself; a step that is lost
with its node is reported as dead, and the engine tries again.
"""

import asyncio
import os
import secrets
import shutil
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import msgspec
import ray

from runtime.model import StepRequest, WorkerEvent
from runtime.targets.attempt import Death
from runtime.targets.cluster.endings import ending_of
from runtime.targets.cluster.needs import Needs, needs_of, waiting_words
from runtime.targets.cluster.words import UNNUMBERED, Task
from runtime.targets.cluster.work import Work, kept_ending
from runtime.targets.remote.blobs import Blobs
from runtime.targets.remote.frames import Frames
from runtime.targets.remote.log_tail import LogTail
from runtime.targets.remote.messages import (
    Absent,
    Adopt,
    AskToStop,
    Chunk,
    Deliver,
    Died,
    Fetch,
    Forget,
    Go,
    Logged,
    Measured,
    Message,
    Noticed,
    Piece,
    Ready,
    Said,
    Stop,
    Stored,
    ToServer,
    Wanted,
    encode,
)
from runtime.worker import LOG, write_whole

MARK = "mark"
_ENOUGH_BYTES = 8 << 20
_SMALL_BYTES = 64 << 10
_SILENCE_S = 5.0
_TOLD_AFTER_S = 1.0
_PATIENCE_S = 5.0
_UNUSED_S = 600.0
_PIECE_BYTES = 16 << 20
_PIECES = 16
_CACHED_WINDOWS = 4
_KILL = 9


class ClusterServer:
    """Serves one workspace in the cluster.

    Args:
        folder: Where the designer may write on the nodes; it may begin with `~/`.
        workspace: The workspace that it serves.
        carry_out: What a node runs for each step.
    """

    def __init__(self, folder: str, workspace: str, carry_out: Callable[..., None]) -> None:
        self._folder_there = folder
        self._home = os.path.expanduser(folder)
        self._workspace = workspace
        self._folder = f"{self._home}/workspaces/{workspace}"
        self._blobs = Blobs(self._home, f"{self._folder}/cluster")
        self._actor = ray.get_runtime_context().current_actor
        self._carry_out = ray.remote(carry_out)
        self._packages: dict[str, str] = {}
        self._environment: dict[str, Any] = {}
        self._session = ""
        self._frames: Frames[ToServer] = Frames(ToServer)
        self._outgoing = bytearray()
        self._fetches: list[Iterator[tuple[Piece, bytes]]] = []
        self._wake = asyncio.Event()
        self._works: dict[str, Work] = {}
        self._windows: OrderedDict[tuple[str, int], list[Any]] = OrderedDict()
        self._heard_at = time.monotonic()
        self._tasks: set[asyncio.Task[None]] = set()
        self._mark = secrets.token_hex(16)
        write_whole(f"{self._home}/{MARK}", self._mark.encode())
        self._do(self._end_when_unused())

    # -- the agent -------------------------------------------------------------------------------

    def begin(self, session: str, packages: dict[str, str], environment: bytes) -> bytes:
        """Serve this agent from now on."""
        self._session = session
        self._packages = packages
        self._environment = msgspec.json.decode(environment, type=dict[str, Any])
        self._frames = Frames(ToServer)
        self._outgoing.clear()
        self._fetches.clear()
        self._wake.set()
        for place in [place for place, work in self._works.items() if not work.may_go]:
            del self._works[place]
        for work in self._works.values():
            work.number = UNNUMBERED
        places = {name: f"{self._home}/packages/{one}" for name, one in packages.items()}
        ready = Ready(home=self._home, packages=places, runs_alone=False, mark=self._mark)
        return encode(ready)

    def feed(self, session: str, data: bytes) -> bool:
        """Take what an agent says; false when another one has taken its place."""
        if session != self._session:
            return False
        self._heard_at = time.monotonic()
        for message, payload in self._frames.feed(data):
            self._obey(message, payload)
        return True

    async def read(self, session: str) -> bytes | None:
        """What there is to say to an agent; nothing after a while, None when it was replaced."""
        self._heard_at = time.monotonic()
        if session == self._session and not self._outgoing and not self._fetches:
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), _SILENCE_S)
            except TimeoutError:
                return b""
        if session != self._session:
            self._wake.set()
            return None
        while self._fetches and len(self._outgoing) < _ENOUGH_BYTES:
            self._send_piece()
        said = bytes(self._outgoing)
        self._outgoing.clear()
        return said

    def _obey(self, message: ToServer, payload: bytes) -> None:
        match message:
            case Deliver():
                self._works[message.request.folder] = Work(message, self._attempt(message.request))
                self._blobs.make_folders(message.folders)
                self._send(Wanted(id=message.id, blobs=self._blobs.missing(message)))
            case Chunk(digest=digest):
                is_whole = self._blobs.take(message, payload)
                if is_whole is not None:
                    self._send(Stored(digest=digest, is_whole=is_whole))
                    self._start_what_can()
            case Go():
                if (work := self._work(message.id)) is not None:
                    work.may_go = True
                    self._start_what_can()
            case Adopt():
                self._adopt(message)
            case Stop():
                self._stop(message)
            case AskToStop():
                if (work := self._work(message.id)) is not None:
                    work.orders.put_nowait(encode(message))
            case Fetch():
                self._fetches.append(self._blobs.pieces(message))
                self._wake.set()
            case Forget():
                if (work := self._work(message.id)) is not None:
                    del self._works[work.request.folder]
                    shutil.rmtree(work.folder, ignore_errors=True)

    def _adopt(self, message: Adopt) -> None:
        request, folder = message.request, self._attempt(message.request)
        work, kept = self._works.get(request.folder), kept_ending(folder)
        log = LogTail(f"{folder}/{LOG}", message.log_bytes)
        if work is not None and work.request.fence == request.fence:
            work.number, work.log = message.id, log
            if work.ending is not None:
                self._tell_end(work)
        elif work is not None or (kept is not None and kept.fence != request.fence):
            self._send(Died(id=message.id, death=Death()))
        elif kept is not None:
            self._tell_log(message.id, log)
            self._send(msgspec.structs.replace(kept.ending, id=message.id))
        else:
            self._send(Absent(id=message.id))

    def _stop(self, message: Stop) -> None:
        work = self._work(message.id)
        if work is None or work.ending is not None:
            return
        if work.is_running:
            work.orders.put_nowait(encode(message))
            if message.signal == _KILL:
                self._do(self._force(work))
            return
        if work.reference is not None:
            ray.cancel(work.reference)
        self._end(work, Died(id=UNNUMBERED, death=Death(status=message.signal)))

    async def _force(self, work: Work) -> None:
        """End the process of a step that does not end by itself."""
        await asyncio.sleep(_PATIENCE_S)
        if work.ending is None:
            ray.cancel(work.reference, force=True)
            self._end(work, Died(id=UNNUMBERED, death=Death(status=_KILL)))

    # -- steps -----------------------------------------------------------------------------------

    def _start_what_can(self) -> None:
        for work in self._works.values():
            waits = work.may_go and work.reference is None and work.ending is None
            if waits and not self._blobs.missing(work.delivered):
                self._blobs.place(msgspec.structs.replace(work.delivered, links={}))
                self._submit(work)

    def _submit(self, work: Work) -> None:
        needs = needs_of(work.request)
        work.reference = self._carry_out.options(
            num_cpus=needs.cpus,
            num_gpus=needs.gpus,
            memory=needs.memory_bytes or None,
            max_retries=0,
            runtime_env=self._environment or None,
            name=work.request.label or work.request.step_id,
        ).remote(
            self._actor, self._folder_there, self._workspace, self._packages, self._words(work)
        )
        self._do(self._wait_for(work, needs))

    def _words(self, work: Work) -> bytes:
        return encode(Task(home=self._home, delivered=work.delivered))

    async def _wait_for(self, work: Work, needs: Needs) -> None:
        """Wait for a task's end; one that ends without a word was lost."""
        task = asyncio.ensure_future(work.reference)
        await asyncio.wait((task,), timeout=_TOLD_AFTER_S)
        if not task.done() and not work.is_running:
            words = await asyncio.to_thread(waiting_words, needs)
            if not work.is_running:
                self._tell(work, Noticed(id=work.number, detail=words))
        try:
            await task
            ending: Said | Died = Died(id=UNNUMBERED, death=Death())
        except Exception as exc:  # noqa: BLE001 - whatever Ray says of a lost task
            ending = ending_of(exc, work.request, was_started=work.is_running)
        self._end(work, ending)

    def hear(self, place: str, data: bytes) -> bool:
        """Take what a running step says; false when nobody waits for it any more."""
        work = self._works.get(place)
        if work is None or work.ending is not None:
            return False
        for message, payload in work.frames.feed(data):
            match message:
                case Chunk():
                    if not self._blobs.has(message.digest):
                        self._blobs.take(message, payload)
                case Logged():
                    work.print(payload)
                    self._tell_log(work.number, work.log)
                case Said(event=WorkerEvent(kind="done" | "failed") as event):
                    self._blobs.put_together(one.ref.digest for one in event.outputs.values())
                    self._end(work, message)
                case Died():
                    self._end(work, message)
                case Said() | Measured():
                    self._tell(work, msgspec.structs.replace(message, id=work.number))
        return True

    async def orders(self, place: str) -> bytes:
        """The next order for a running step, as soon as there is one; none when it is over."""
        work = self._works.get(place)
        if work is None or work.ending is not None:
            return b""
        if not work.is_running:
            work.is_running = True
            self._tell(work, Noticed(id=work.number, detail=""))
        return await work.orders.get()

    def lacks(self, blobs: dict[str, int], folders: dict[str, str]) -> list[str]:
        """Which of a step's outputs are not here."""
        self._blobs.make_folders(folders)
        return [digest for digest, size in blobs.items() if not self._blobs.has(digest, size)]

    async def pieces(self, digest: str, offset: int) -> list[Any]:
        """References to the next pieces of a blob in Ray's object store; none at its end."""
        key = (digest, offset)
        if key not in self._windows:
            self._windows[key] = await asyncio.to_thread(self._put, digest, offset)
            while len(self._windows) > _CACHED_WINDOWS:
                self._windows.popitem(last=False)
        return self._windows[key]

    def _put(self, digest: str, offset: int) -> list[Any]:
        with open(self._blobs.file(digest), "rb") as file:
            file.seek(offset)
            found: list[Any] = []
            while len(found) < _PIECES and (data := file.read(_PIECE_BYTES)):
                found.append(ray.put(data))
        return found

    def _end(self, work: Work, ending: Said | Died) -> None:
        if work.ending is None:
            work.end(ending)
            self._tell_end(work)

    # -- what goes out ---------------------------------------------------------------------------

    def _tell_end(self, work: Work) -> None:
        if work.number and work.ending is not None:
            self._tell_log(work.number, work.log)
            self._send_small_outputs(work.ending)
            self._send(msgspec.structs.replace(work.ending, id=work.number))

    def _send_small_outputs(self, ending: Said | Died) -> None:
        """Send what will be fetched in a moment, so that nobody has to wait for it."""
        outputs = ending.event.outputs.values() if isinstance(ending, Said) else ()
        for output in outputs:
            fetch = Fetch(digest=output.ref.digest)
            if output.ref.bytes <= _SMALL_BYTES and self._blobs.has(fetch.digest, output.ref.bytes):
                for piece, data in self._blobs.pieces(fetch):
                    self._send(piece, data)

    def _tell_log(self, number: int, log: LogTail) -> None:
        while number and (data := log.more()):
            self._send(Logged(id=number, bytes=len(data)), data)

    def _tell(self, work: Work, message: Message) -> None:
        if work.number:
            self._send(message)

    def _send(self, message: Message, payload: bytes = b"") -> None:
        self._outgoing += encode(message) + b"\n" + payload
        self._wake.set()

    def _send_piece(self) -> None:
        fetch = self._fetches.pop(0)
        found = next(fetch, None)
        if found is not None:
            self._send(*found)
            self._fetches.append(fetch)

    # -- small things ----------------------------------------------------------------------------

    def _work(self, number: int) -> Work | None:
        return next((one for one in self._works.values() if one.number == number), None)

    def _attempt(self, request: StepRequest) -> str:
        """Where an attempt's log and ending are kept."""
        return f"{self._folder}/attempts{request.folder.removeprefix(f'{self._folder}/runs')}"

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end_when_unused(self) -> None:
        """End this actor when no agent is there and nothing runs; what ended is on the disk."""
        while True:
            await asyncio.sleep(_UNUSED_S / 10)
            runs = any(work.ending is None for work in self._works.values())
            if not runs and time.monotonic() - self._heard_at > _UNUSED_S:
                ray.kill(self._actor)
