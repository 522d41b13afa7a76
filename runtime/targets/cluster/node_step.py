"""One step on a node of the cluster, in a process that Ray gave it.

A local target here lets a process of its own do the work, so that what a module does to its process
is seen as on every other target, and Ray's goes on. What the node lacks comes through Ray's object
store, and stays there for the steps after.
"""

import os
import signal
import socket
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import ray

from runtime.error_boundary import describe
from runtime.model import StepRequest, WorkerEvent
from runtime.targets.attempt import Attempt, Death, Notice, Outcome
from runtime.targets.cluster.moving import moved
from runtime.targets.cluster.words import UNNUMBERED, decode_order, decode_task
from runtime.targets.gpu import VISIBLE
from runtime.targets.local import LocalTarget
from runtime.targets.poller import Poller
from runtime.targets.process import start_time
from runtime.targets.remote.blobs import Blobs
from runtime.targets.remote.delivery import folder_files
from runtime.targets.remote.found import ENVIRONMENTS
from runtime.targets.remote.log_tail import LogTail
from runtime.targets.remote.messages import (
    Chunk,
    Deliver,
    Died,
    Logged,
    Measured,
    Message,
    Noticed,
    Said,
    Stop,
    encode,
)
from runtime.targets.remote.transfers import damaged
from runtime.targets.spawning import processors

_TICK_S, _MEASURE_S = 0.1, 1.0
_CHUNK_BYTES = 4 << 20
_SMALL_BYTES = 256 << 10
_places: dict[str, "NodePlace"] = {}


def carry_out(server: Any, home: str, workspace: str, words: bytes) -> None:
    """Carry out a step as our server has put it into words."""
    task = decode_task(words)
    place = _places.get(workspace)
    if place is None:
        place = _places[workspace] = NodePlace(home, workspace)
    NodeStep(
        server, place, moved(task.delivered, task.home, home), task.delivered.request.folder
    ).run()


class NodePlace:
    """What this process keeps for one step after the other: warm workers, and where things lie."""

    def __init__(self, home: str, workspace: str) -> None:
        nodes = f"{home}/workspaces/{workspace}/nodes"
        _drop_dead(nodes)
        folder = f"{nodes}/{socket.gethostname()}.{os.getpid()}.{start_time(os.getpid())}"
        self.blobs = Blobs(home, folder)
        self.poller = Poller()
        self.step: NodeStep | None = None
        self.target = LocalTarget(
            self.poller,
            self._report,
            threads=processors(),
            desks=f"{folder}/desks",
            environments=f"{home}/{ENVIRONMENTS}",
            outlives=False,
        )

    def _report(self, attempt: Attempt, outcome: Outcome) -> None:
        if self.step is not None and attempt is self.step.attempt:
            self.step.take(outcome)


class NodeStep:
    """Brings one step to its end.

    Args:
        server: Our server in the cluster.
        place: What this process keeps.
        delivered: The step, its paths being those of this node.
        name: What the server calls the attempt.
    """

    def __init__(self, server: Any, place: NodePlace, delivered: Deliver, name: str) -> None:
        self._server = server
        self._place = place
        self._delivered = delivered
        self._name = name
        self._outgoing = bytearray()
        self._unheard: Any = None
        self._is_over = self._is_dropped = False
        self._order: Any = None
        self._bell = os.eventfd(0, os.EFD_NONBLOCK)
        self._log = LogTail(delivered.request.log, 0)
        self.attempt: Attempt | None = None

    def run(self) -> None:
        """Do it, and say how it ended."""
        self._place.step = self
        self._place.poller.watch(self._bell, self._take_order)
        try:
            self._ask_for_orders()
            self._carry()
            self._hand_over()
            self._be_heard()
        finally:
            self._drop()
            self._place.step = None
            self._place.poller.forget(self._bell)
            os.close(self._bell)
            self._place.blobs.drop_folder(self._delivered.request.folder)

    def _carry(self) -> None:
        request = self._delivered.request
        try:
            self._bring()
            self.attempt = attempt = self._place.target.prepare(("", 0), with_gpus(request))
            self._place.target.go(attempt)
        except Exception as exc:  # noqa: BLE001 - the boundary of one step on this node
            self._say_end(WorkerEvent(kind="failed", error=describe(exc, request)))
            return
        measured_at = 0.0
        while not self._is_over:
            self._place.target.follow(attempt)
            self._tell_log()
            now = time.monotonic()
            if now - measured_at >= _MEASURE_S:
                measured_at = now
                if (usage := self._place.target.measure(attempt, now)) is not None:
                    self._say(Measured(id=UNNUMBERED, usage=usage))
            self._hand_over()
            self._place.poller.turn(_TICK_S)

    # -- orders ----------------------------------------------------------------------------------

    def _ask_for_orders(self) -> None:
        bell = os.dup(self._bell)

        def ring(_: Any) -> None:
            os.eventfd_write(bell, 1)
            os.close(bell)

        self._order = self._server.orders.remote(self._name).future()
        self._order.add_done_callback(ring)

    def _take_order(self) -> None:
        os.eventfd_read(self._bell)
        try:
            words = self._order.result()
        except Exception:  # noqa: BLE001 - whatever Ray says of a server that is gone
            words = b""
        if not words:
            self._drop()
            return
        order = decode_order(words)
        if self.attempt is not None:
            if isinstance(order, Stop):
                self._place.target.stop(self.attempt, order.signal)
            else:
                self._place.target.ask_to_stop(self.attempt)
        self._ask_for_orders()

    def _drop(self) -> None:
        """Nobody waits for the step any more: it must not go on."""
        self._is_dropped = True
        if self.attempt is not None and not self._is_over:
            self._place.target.stop(self.attempt, signal.SIGKILL)

    # -- what the step needs and gives -----------------------------------------------------------

    def _bring(self) -> None:
        """Fetch what this node lacks."""
        blobs, delivered = self._place.blobs, self._delivered
        blobs.make_folders(delivered.folders)
        for digest, size in delivered.blobs.items():
            if not blobs.has(digest, size):
                self._fetch(digest, size)
        blobs.place(delivered)

    def _fetch(self, digest: str, size: int) -> None:
        offset, is_whole = 0, None
        while is_whole is None:
            references = ray.get(self._server.pieces.remote(digest, offset))
            pieces: Iterable[bytes] = map(ray.get, references) if references else [b""]
            for data in pieces:
                is_last = not data or offset + len(data) >= size
                chunk = Chunk(digest=digest, offset=offset, bytes=len(data), is_last=is_last)
                is_whole = self._place.blobs.take(chunk, data)
                offset += len(data)
        if not is_whole:
            raise damaged("a node of the cluster", digest)

    def take(self, outcome: Outcome) -> None:
        """Take what the step says."""
        if isinstance(outcome, Notice):
            self._say(Noticed(id=UNNUMBERED, detail=outcome.detail))
        elif isinstance(outcome, Death):
            self._is_over = True
            self._tell_log()
            self._say(Died(id=UNNUMBERED, death=outcome))
        elif outcome.kind in ("done", "failed"):
            self._say_end(outcome)
        else:
            self._say(Said(id=UNNUMBERED, event=outcome))

    def _say_end(self, event: WorkerEvent) -> None:
        self._is_over = True
        self._tell_log()
        if self.attempt is not None and not self._is_dropped:
            self._place.blobs.keep_outputs(self.attempt.request, event)
            self._send_outputs(event)
        self._say(Said(id=UNNUMBERED, event=event))

    def _send_outputs(self, event: WorkerEvent) -> None:
        """Send our server what it lacks of the outputs; small ones without asking."""
        paths: dict[str, str] = {}
        folders: dict[str, str] = {}
        for output in event.outputs.values():
            place = self._place.blobs.file(output.ref.digest)
            if os.path.isdir(place):
                folders[output.ref.digest] = folder_files(place, paths)
            elif os.path.exists(place):
                paths[output.ref.digest] = place
        sizes = {digest: os.path.getsize(path) for digest, path in paths.items()}
        if folders or sum(sizes.values()) > _SMALL_BYTES:
            lacking = ray.get(self._server.lacks.remote(sizes, folders))
            paths = {digest: paths[digest] for digest in lacking}
        for digest, path in paths.items():
            self._send_file(digest, path)

    def _send_file(self, digest: str, path: str) -> None:
        offset, size = 0, os.path.getsize(path)
        with Path(path).open("rb") as file:
            while True:
                data = file.read(_CHUNK_BYTES)
                is_last = offset + len(data) >= size
                chunk = Chunk(digest=digest, offset=offset, bytes=len(data), is_last=is_last)
                self._say(chunk, data)
                offset += len(data)
                if len(self._outgoing) >= _CHUNK_BYTES:
                    self._hand_over()
                if is_last:
                    return

    # -- words -----------------------------------------------------------------------------------

    def _tell_log(self) -> None:
        while data := self._log.more():
            self._say(Logged(id=UNNUMBERED, bytes=len(data)), data)

    def _say(self, message: Message, payload: bytes = b"") -> None:
        self._outgoing += encode(message) + b"\n" + payload

    def _hand_over(self) -> None:
        """Send what was said, once what was sent before has come: calls may overtake each other."""
        if self._outgoing:
            self._be_heard()
            self._unheard = self._server.hear.remote(self._name, bytes(self._outgoing))
            self._outgoing.clear()

    def _be_heard(self) -> None:
        if self._unheard is not None and not ray.get(self._unheard):
            self._drop()
        self._unheard = None


def with_gpus(request: StepRequest) -> StepRequest:
    """The request with the GPUs that Ray has given this process, whichever the engine counted."""
    names = os.environ.get(VISIBLE, "") if request.gpus else ""
    return msgspec.structs.replace(
        request, gpu_numbers=(), gpu_names=tuple(names.split(",")) if names else ()
    )


def _drop_dead(nodes: str) -> None:
    """Remove what processes of this machine left that are gone."""
    import shutil

    for folder in Path(nodes).glob(f"{socket.gethostname()}.*.*"):
        pid, started = map(int, folder.name.rsplit(".", 2)[1:])
        if start_time(pid) != started:
            shutil.rmtree(folder, ignore_errors=True)
