"""Clients of the runner: asynchronous for the designer, plain for the command line."""

import asyncio
import contextlib
import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import TracebackType

from runtime.errors import DesignerError, InfrastructureError, InternalError, RequestError
from runtime.execution.lock import Holder, holder
from runtime.execution.protocol import Reply, Request, Verb, decode_reply, encode
from runtime.interfaces import EventSink
from runtime.model import TERMINAL, ErrorRecord, Plan, Run, RunEvent
from runtime.stores.workspace import Workspace
from runtime.targets.lines import LineReader

_START_S = 15.0
_LEAVE_AFTER_S = 60.0
_LONGEST_LOG = 10 << 20
_LONGEST_LINE = 64 << 20
_started: list[subprocess.Popen[bytes]] = []


class RunnerClient:
    """A connection to the runner of a workspace, for asyncio programs."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Reply]] = {}
        self._events: asyncio.Queue[RunEvent | None] = asyncio.Queue()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def connect(cls, workspace: Path | str) -> "RunnerClient":
        """Connect to the runner that holds the workspace.

        Raises:
            InfrastructureError: R007 when no runner answers there.
        """
        who = runner_of(workspace)
        try:
            return cls(*await asyncio.open_unix_connection(who.socket, limit=_LONGEST_LINE))
        except OSError as exc:
            raise _no_answer(workspace) from exc

    async def submit(self, plan: Plan) -> Run:
        """Hand over a plan; when this returns the run is durable."""
        return _run_in(await self._ask("submit", plan=plan))

    async def cancel(self, run_id: str) -> Run:
        """Ask for a run to end; gives it as it is now."""
        return _run_in(await self._ask("cancel", run_id=run_id))

    async def run(self, run_id: str) -> Run:
        """A run with its steps."""
        return _run_in(await self._ask("run", run_id=run_id))

    async def warm(self, preload: tuple[str, ...]) -> None:
        """Load a family's libraries ahead of the first step that needs them."""
        await self._ask("warm", preload=preload)

    async def ping(self) -> int:
        """The runner's process id."""
        return (await self._ask("ping")).pid

    async def follow(self, *, after: int | None = None) -> AsyncIterator[RunEvent]:
        """Every event from now on, and before that those after a sequence number."""
        await self._ask("follow", after=after)
        while (event := await self._events.get()) is not None:
            yield event

    async def close(self) -> None:
        """Hang up."""
        self._listening.cancel()
        self._writer.close()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._writer.wait_closed()

    async def _ask(
        self,
        verb: Verb,
        *,
        plan: Plan | None = None,
        run_id: str = "",
        after: int | None = None,
        preload: tuple[str, ...] = (),
    ) -> Reply:
        number = next(self._numbers)
        future = self._asked[number] = asyncio.get_running_loop().create_future()
        request = Request(
            id=number, verb=verb, plan=plan, run_id=run_id, after=after, preload=preload
        )
        if self._listening.done():
            raise _hung_up()
        self._writer.write(encode(request) + b"\n")
        await self._writer.drain()
        return _checked(await future)

    async def _listen(self) -> None:
        try:
            while line := await self._reader.readline():
                reply = decode_reply(line)
                if reply.id:
                    self._asked.pop(reply.id).set_result(reply)
                for event in reply.events:
                    self._events.put_nowait(event)
        except OSError:
            pass
        finally:
            self._events.put_nowait(None)
            for future in self._asked.values():
                if not future.done():
                    future.set_exception(_hung_up())


class SyncRunnerClient:
    """The same for programs without an event loop.

    Args:
        path: The runner's socket.
    """

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise
        self._lines = LineReader(self._socket)
        self._numbers = itertools.count(1)
        self._events: list[RunEvent] = []

    def __enter__(self) -> "SyncRunnerClient":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def submit(self, plan: Plan) -> Run:
        """Hand over a plan; when this returns the run is durable."""
        return _run_in(self._ask(Request(id=next(self._numbers), verb="submit", plan=plan)))

    def cancel(self, run_id: str) -> Run:
        """Ask for a run to end; gives it as it is now."""
        return _run_in(self._ask(Request(id=next(self._numbers), verb="cancel", run_id=run_id)))

    def run(self, run_id: str) -> Run:
        """A run with its steps."""
        return _run_in(self._ask(Request(id=next(self._numbers), verb="run", run_id=run_id)))

    def ping(self) -> int:
        """The runner's process id."""
        return self._ask(Request(id=next(self._numbers), verb="ping")).pid

    def follow(self, *, after: int | None = None) -> Iterator[RunEvent]:
        """Every event from now on, and before that those after a sequence number."""
        self._ask(Request(id=next(self._numbers), verb="follow", after=after))
        while True:
            while self._events:
                yield self._events.pop(0)
            self._read()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _ask(self, request: Request) -> Reply:
        try:
            self._socket.sendall(encode(request) + b"\n")
        except OSError as exc:
            raise _hung_up() from exc
        while True:
            reply = self._read()
            if reply.id == request.id:
                return _checked(reply)

    def _read(self) -> Reply:
        line = self._lines.next()
        if line is None:
            raise _hung_up()
        reply = decode_reply(line)
        self._events += reply.events
        return reply


def run_in_runner(plan: Plan, workspace: Workspace, on_event: EventSink | None = None) -> Run:
    """Submit a plan to the runner and follow it to its end, also when the runner is restarted."""
    with SyncRunnerClient(runner_of(workspace.path).socket) as client:
        run = client.submit(plan)
    after = 0
    while True:
        try:
            with SyncRunnerClient(runner_of(workspace.path).socket) as client:
                for event in _until_the_end(client, run.id, after):
                    after = max(after, event.sequence)
                    if on_event is not None:
                        on_event(event)
                return client.run(run.id)
        except KeyboardInterrupt:
            with SyncRunnerClient(runner_of(workspace.path).socket) as client:
                client.cancel(run.id)
        except InfrastructureError as exc:
            if exc.code != "R007":
                raise
            ensure_runner(workspace.path)


def _until_the_end(client: SyncRunnerClient, run_id: str, after: int) -> Iterator[RunEvent]:
    for event in client.follow(after=after):
        if event.run_id != run_id:
            continue
        yield event
        if event.kind == "run" and event.status in TERMINAL:
            return


def ensure_runner(workspace: Path | str) -> None:
    """Start a runner for the workspace unless one holds it; returns when it answers.

    Raises:
        InfrastructureError: R007 when another program holds the workspace, or none could start.
    """
    place = Workspace(workspace)
    deadline = time.monotonic() + _START_S
    process: subprocess.Popen[bytes] | None = None
    while True:
        who = holder(place.lock_file)
        if who is not None and who.kind != "runner":
            raise _held_by(who, place)
        if who is not None and _answers(who):
            return
        if process is None or process.poll() is not None:
            process = _start(place)
        if time.monotonic() > deadline:
            raise _no_answer(place.path)
        time.sleep(0.01)


def runner_of(workspace: Path | str) -> Holder:
    """The runner that holds a workspace.

    Raises:
        InfrastructureError: R007 when there is none.
    """
    who = holder(Workspace(workspace).lock_file)
    if who is None or not who.socket:
        raise _no_answer(workspace)
    return who


def _start(place: Workspace) -> "subprocess.Popen[bytes]":
    _started[:] = [process for process in _started if process.poll() is None]
    log = _runner_log(place.path / "runner.log")
    command = [
        sys.executable, "-m", "runtime", "runner", str(place.path),
        "--leave-after", str(_LEAVE_AFTER_S),
    ]  # fmt: skip
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=place.path,
        )
    finally:
        os.close(log)
    _started.append(process)
    return process


def _runner_log(path: Path) -> int:
    with contextlib.suppress(OSError):
        if path.stat().st_size > _LONGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _answers(who: Holder) -> bool:
    try:
        with SyncRunnerClient(who.socket) as client:
            return client.ping() == who.pid
    except (OSError, InfrastructureError):
        return False


def _run_in(reply: Reply) -> Run:
    if reply.run is None:
        raise _hung_up()
    return reply.run


def _checked(reply: Reply) -> Reply:
    if reply.error is not None:
        raise _raised(reply.error)
    return reply


def _raised(record: ErrorRecord) -> DesignerError:
    kind: type[DesignerError] = RequestError
    if record.code == "R008":
        kind = InternalError
    elif record.code[0] in "ST" or record.code == "R007":
        kind = InfrastructureError
    return kind(record.code, record.message, remedy=record.remedy, where=record.where)


def _hung_up() -> InfrastructureError:
    return InfrastructureError(
        "R007", "The runner hung up.", remedy="Wait until it has been started again."
    )


def _no_answer(workspace: Path | str) -> InfrastructureError:
    return InfrastructureError(
        "R007",
        f"No runner answers for the workspace '{workspace}'.",
        remedy="Start the designer or `designer runner` there; its log is runner.log.",
    )


def _held_by(who: Holder, place: Workspace) -> InfrastructureError:
    return InfrastructureError(
        "R007",
        f"The workspace '{place.path}' is held by process {who.pid} ({who.kind}).",
        remedy="Wait until its run has ended.",
        pid=who.pid,
    )
