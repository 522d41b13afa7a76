"""The runner: a process that hosts the engine of one workspace and answers on a socket."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from runtime.errors import DesignerError, RequestError
from runtime.execution.engine import Engine
from runtime.execution.hub import Connection, Hub
from runtime.execution.lock import WorkspaceLock
from runtime.execution.protocol import Reply, Request, encode
from runtime.log import note
from runtime.model import RunEvent
from runtime.stores.workspace import Workspace

_EVENTS_PER_LINE = 500
_LOOK_AROUND_S = 30.0


def run_runner(workspace: Path | str, *, leave_after_s: float | None = None) -> int:
    """Hold a workspace and execute what is submitted, until told to end.

    Args:
        workspace: The folder.
        leave_after_s: End when nobody was connected and nothing ran for so long.

    Raises:
        InfrastructureError: R007 when another engine holds the workspace.
    """
    os.umask(0o077)
    place = Workspace(workspace)
    path = place.socket_path()
    lock = WorkspaceLock(place.lock_file, kind="runner", socket=str(path))
    try:
        Runner(place, path, leave_after_s=leave_after_s).serve()
    finally:
        lock.release()
    return 0


class Runner:
    """The engine, its socket, and the loop over both."""

    def __init__(self, workspace: Workspace, path: Path, *, leave_after_s: float | None) -> None:
        self._workspace = workspace
        self._leave_after_s = leave_after_s
        self._engine = Engine(workspace, publish=self._publish)
        self._hub = Hub(path, poller=self._engine.poller, answer=self._answer)
        self._is_ending = False
        self._last_use = time.monotonic()
        self._listen_to_signals()

    def serve(self) -> None:
        """Go on with what was left, then serve until told to end."""
        resumed = self._engine.resume()
        note(__name__, "runner %d holds %s", os.getpid(), self._workspace.path)
        if resumed:
            note(__name__, "going on with %d unfinished runs", len(resumed))
        while not self._is_ending:
            self._engine.turn(self._patience())
            self._hub.push_due()
            self._look_around()
        self._hub.close()
        self._engine.close()

    def _publish(self, events: Sequence[RunEvent]) -> None:
        self._hub.publish(events)

    def _patience(self) -> float:
        wait = self._hub.wait()
        return _LOOK_AROUND_S if wait is None else wait

    def _look_around(self) -> None:
        now = time.monotonic()
        if self._hub.clients or self._engine.is_busy:
            self._last_use = now
        elif self._leave_after_s is not None and now - self._last_use > self._leave_after_s:
            note(__name__, "nobody needs the runner any more")
            self._is_ending = True
        if not self._workspace.lock_file.exists():
            note(__name__, "the workspace is gone")
            self._is_ending = True

    def _answer(self, request: Request, connection: Connection) -> Reply:
        try:
            return self._carry_out(request, connection)
        except DesignerError:
            raise
        except Exception:
            if request.verb in ("submit", "cancel"):
                self._engine.start_over()  # what it holds in memory may be half of something
            raise

    def _carry_out(self, request: Request, connection: Connection) -> Reply:
        match request.verb:
            case "submit":
                if request.plan is None:
                    raise RequestError("G012", "There is no plan.", remedy="Send a plan.")
                return Reply(run=self._engine.submit(request.plan))
            case "cancel":
                self._engine.cancel(request.run_id)
                return self._run(request.run_id)
            case "run":
                return self._run(request.run_id)
            case "follow":
                self._follow(request, connection)
            case "warm":
                self._engine.conductor.places.local.target.warm_up(request.preload)
            case "ping":
                pass
        return Reply(pid=os.getpid(), sequence=self._engine.store.sequence)

    def _run(self, run_id: str) -> Reply:
        run = self._engine.store.run(run_id)
        if run is None:
            raise RequestError(
                "R006", f"There is no run '{run_id}'.", remedy="Choose one from the list of runs."
            )
        return Reply(run=run)

    def _follow(self, request: Request, connection: Connection) -> None:
        connection.follows = True
        if request.after is None:
            return
        missed: list[RunEvent] = []
        for event in self._engine.store.events(after=request.after):
            missed.append(event)
            if len(missed) == _EVENTS_PER_LINE:
                connection.send(encode(Reply(events=tuple(missed))) + b"\n")
                missed = []
        if missed:
            connection.send(encode(Reply(events=tuple(missed))) + b"\n")

    def _listen_to_signals(self) -> None:
        read, write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

        def told() -> None:
            os.read(read, 64)
            self._is_ending = True

        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        self._engine.poller.watch(read, told)
