"""The way of one attempt over to a host and back, whatever happens to the connection meanwhile."""

import asyncio
import contextlib
import os
import time
from typing import TYPE_CHECKING

import msgspec

from runtime.errors import DesignerError, InfrastructureError
from runtime.model import ErrorRecord, OutputFile, StepRequest, WorkerEvent
from runtime.model.digest import is_digest
from runtime.targets.attempt import Death
from runtime.targets.remote.connector import UnreachableError
from runtime.targets.remote.delivery import delivery_of, host_request
from runtime.targets.remote.link import Server
from runtime.targets.remote.messages import (
    Absent,
    Adopt,
    AskToStop,
    Died,
    FromServer,
    Go,
    Logged,
    Measured,
    Noticed,
    Said,
    Stop,
    Wanted,
)
from runtime.targets.remote.packages import packages_of
from runtime.targets.remote.transfers import damaged

if TYPE_CHECKING:
    from runtime.targets.remote.host_site import HostSite

PATIENCE_S = 30.0
LEASE_S = 600.0
_TOLD_BYTES = 8 << 20
_Ending = WorkerEvent | Death


class HostCarrier:
    """Brings one attempt to its end.

    Args:
        site: The host it runs on.
        key: The engine's number for it.
        request: The request as it is here.
        is_started: It was started by an agent before this one.
    """

    def __init__(
        self, site: "HostSite", key: int, request: StepRequest, *, is_started: bool
    ) -> None:
        self._site = site
        self._key = key
        self._request = request
        self._heard: asyncio.Queue[FromServer] = asyncio.Queue()
        self._may_go = asyncio.Event()
        self._is_given_up = asyncio.Event()
        self._is_told = False
        self._is_started = is_started
        self._server: Server | None = None
        self._ending: _Ending | None = None
        self._signal = 0
        self._is_out_of_reach = False
        self._is_asked = False
        self._noticed = ""
        self._sent = self._fetched = 0
        if is_started:
            self._may_go.set()

    # -- what the engine says --------------------------------------------------------------------

    def go(self) -> None:
        """The module may start."""
        self._may_go.set()

    def stop(self, number: int) -> None:
        """Signal the step, now or as soon as the host can be reached again."""
        self._signal = number
        if self._server is not None and self._is_started and not self._is_out_of_reach:
            self._server.send(Stop(id=self._key, signal=number))
        elif not self._is_started:
            self._is_given_up.set()
        elif self._is_out_of_reach:
            self._tell_end(Death(status=number))

    def ask_to_stop(self) -> None:
        """Let the module know that it shall end."""
        self._is_asked = True
        if self._server is not None:
            self._server.send(AskToStop(id=self._key))

    def hear(self, message: FromServer, payload: bytes) -> None:
        """Take what the server says about the attempt."""
        if type(message) is Logged:
            self._write_log(payload)
        elif type(message) is Measured:
            self._site.tell(message)
        elif type(message) is Noticed:
            self._notice(message.detail)
        else:
            self._heard.put_nowait(message)

    # -- the way ---------------------------------------------------------------------------------

    async def carry(self) -> None:
        """Bring the attempt to its end and report it."""
        try:
            self._tell_end(await self._carry_unless_given_up())
        except DesignerError as exc:
            self._tell_end(WorkerEvent(kind="failed", error=exc.record))
        except OSError as exc:
            words = f"'{self._request.label or self._request.step_id}' could not be moved: {exc}."
            self._tell_end(WorkerEvent(kind="failed", error=trouble("S003", words)))

    async def _carry_unless_given_up(self) -> _Ending:
        """The way; a step that was stopped before it was started ends at once."""
        way = asyncio.create_task(self._carry())
        given_up = asyncio.create_task(self._is_given_up.wait())
        await asyncio.wait((way, given_up), return_when=asyncio.FIRST_COMPLETED)
        given_up.cancel()
        if not way.done() and not self._is_started:
            way.cancel()
            return Death(status=self._signal)
        return await way

    def _tell_end(self, ending: _Ending) -> None:
        """Tell the engine how it ended, once: one killed out of reach was told before it died."""
        if self._is_told:
            return
        self._is_told = True
        self._notice("")
        if isinstance(ending, Death):
            self._site.tell(Died(id=self._key, death=ending))
        else:
            ending.data.update(sent_bytes=self._sent, fetched_bytes=self._fetched)
            self._site.tell(Said(id=self._key, event=ending))

    async def _carry(self) -> _Ending:
        until = time.monotonic() + (LEASE_S if self._is_started else PATIENCE_S)
        while True:
            try:
                server = await self._site.link.server(packages_of(self._request.entry.executor))
                self._server, self._is_out_of_reach = server, False
                until = time.monotonic() + (LEASE_S if self._is_started else PATIENCE_S)
                if self._ending is None:
                    self._ending = await self._follow(server)
                until = time.monotonic() + LEASE_S
                return await self._bring_home(server, self._ending)
            except UnreachableError:
                if time.monotonic() > until:
                    raise
                self._is_out_of_reach = True
                self._notice("unreachable")
                if self._signal:
                    self._tell_end(Death(status=self._signal))

    async def _follow(self, server: Server) -> _Ending:
        """Start the step on the host, or find it again, and wait for its end."""
        there = host_request(
            self._request, server.ready, self._site.workspace, wheels=self._site.wheels
        )
        self._drop_what_was_heard()
        if self._is_started:
            log_bytes = _size(self._request.log)
            server.send(Adopt(id=self._key, request=there, log_bytes=log_bytes))
        else:
            ending = await self._deliver(server, there)
            if ending is not None:
                return ending
        self._notice("")
        if self._is_asked:
            server.send(AskToStop(id=self._key))
        if self._signal:
            server.send(Stop(id=self._key, signal=self._signal))
        while True:
            match await self._next(server):
                case Said(event=event) if event.kind in ("done", "failed"):
                    return event
                case Said(event=event):
                    self._site.tell(Said(id=self._key, event=event))
                case Died(death=death):
                    return death
                case Noticed(detail=detail):
                    self._notice(detail)
                case Absent():
                    return Death(was_started=False)
                case _:
                    continue

    async def _deliver(self, server: Server, there: StepRequest) -> Death | None:
        """Send what the host lacks, and let the step go once it may."""
        delivery = await asyncio.to_thread(
            delivery_of, self._key, self._request, there, server.ready
        )
        server.send(delivery.message)
        heard = await self._next(server)
        if not isinstance(heard, Wanted):
            return Death(was_started=False)
        size = sum(delivery.message.blobs[digest] for digest in heard.blobs)
        if size >= _TOLD_BYTES:
            self._notice(f"sending {size >> 20} MB")
        for digest, offset in heard.blobs.items():
            self._sent += await self._site.transfers.send(
                server, delivery.paths[digest], digest, offset
            )
        self._notice("")
        await self._wait_for_leave(server)
        self._is_started = True
        server.send(Go(id=self._key))
        return None

    async def _wait_for_leave(self, server: Server) -> None:
        """Wait until the engine lets the step go, or the connection breaks."""
        waits = [
            asyncio.ensure_future(self._may_go.wait()),
            asyncio.ensure_future(server.lost()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
        server.check()

    async def _next(self, server: Server) -> FromServer:
        """What the server says next. Raises UnreachableError when the connection breaks."""
        heard = asyncio.ensure_future(self._heard.get())
        lost = asyncio.ensure_future(server.lost())
        await asyncio.wait((heard, lost), return_when=asyncio.FIRST_COMPLETED)
        lost.cancel()
        if not heard.done():
            heard.cancel()
            raise UnreachableError(server.name, "the connection broke")
        return heard.result()

    async def _bring_home(self, server: Server, ending: _Ending) -> _Ending:
        """Fetch the outputs that are not here; gives the end with paths of this machine."""
        if isinstance(ending, Death):
            return ending
        outputs: dict[str, OutputFile] = {}
        wanted = {port.name for port in self._request.outputs}
        for port, output in ending.outputs.items():
            place = f"{self._request.folder}/outputs/{port}"
            if port not in wanted:
                continue  # the engine says which outputs there are
            ref = output.ref
            if not is_digest(ref.digest):
                raise damaged(server.name, ref.digest)
            if not self._site.artifacts.has(ref.digest, ref.bytes):
                if ref.bytes >= _TOLD_BYTES:
                    self._notice(f"fetching {ref.bytes >> 20} MB")
                self._fetched += await self._site.transfers.fetch(
                    server, ref.digest, place, size=ref.bytes
                )
            outputs[port] = OutputFile(ref=ref, path=place)
        return msgspec.structs.replace(ending, outputs=outputs)

    # -- small things ----------------------------------------------------------------------------

    def _notice(self, detail: str) -> None:
        if detail != self._noticed:
            self._noticed = detail
            self._site.tell(Noticed(id=self._key, detail=detail))

    def notice(self, detail: str) -> None:
        """Say what the target does before the step can start."""
        if not self._is_started:
            self._notice(detail)

    def _drop_what_was_heard(self) -> None:
        """Forget what an earlier connection still said."""
        with contextlib.suppress(asyncio.QueueEmpty):
            while True:
                self._heard.get_nowait()

    def _write_log(self, data: bytes) -> None:
        with contextlib.suppress(OSError), open(self._request.log, "ab") as file:
            file.write(data)


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def trouble(code: str, words: str) -> ErrorRecord:
    """What goes wrong around a step, and is not its own fault."""
    return InfrastructureError(code, words, remedy="Run the step again.").record
