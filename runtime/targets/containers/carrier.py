"""The way of one attempt into a container and back, whatever happens to engine and connection."""

import contextlib
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from runtime.errors import DesignerError
from runtime.model import OutputFile, StepRequest, WorkerEvent
from runtime.model.digest import digest_file, digest_value, is_digest
from runtime.stores.artifact_store import MANIFEST
from runtime.targets.attempt import Death
from runtime.targets.containers.engine import STDOUT, State
from runtime.targets.containers.limits import environment, for_step
from runtime.targets.containers.luggage import HOME, step_user
from runtime.targets.containers.snapshots import Snapshot
from runtime.targets.local import decoded
from runtime.targets.remote.carrier import LEASE_S, PATIENCE_S, trouble
from runtime.targets.remote.connector import UnreachableError
from runtime.targets.remote.delivery import host_request
from runtime.targets.remote.log_tail import LIMIT_BYTES
from runtime.targets.remote.messages import Died, Noticed, Said
from runtime.targets.remote.messages import Ready as Places
from runtime.targets.remote.transfers import damaged

if TYPE_CHECKING:
    from runtime.targets.containers.site import EngineSite, Ready

_PROGRAM = (
    "import sys;sys.path[:0]=sys.argv[2:];"
    "from runtime.targets.containers.inside import main;main(sys.argv[1])"
)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 5.0
_SIGNALLED = 128
_Ending = WorkerEvent | Death


class ContainerCarrier:
    """Brings one attempt to its end, in a thread that blocks.

    Args:
        site: The engine it runs on.
        key: The number that it has for the one who asked.
        request: The request as it is here.
        is_started: It was started by an agent before this one.
    """

    def __init__(
        self, site: "EngineSite", key: int, request: StepRequest, *, is_started: bool
    ) -> None:
        self._site = site
        self._key = key
        self._request = request
        attempt = [site.workspace, request.run_id, request.step_id, request.attempt]
        self._name = f"designer-{digest_value(attempt).removeprefix('b3:')[:32]}"
        self._snapshots: tuple[Snapshot, ...] = ()
        self._there = request
        self._lock = threading.Lock()
        self._may_go = threading.Event()
        self._is_started = is_started
        self._is_ours = False
        self._is_told = False
        self._is_asked = False
        self._signal = 0
        self._noticed = ""
        self._lines_heard = 0
        self._sent = self._fetched = 0
        self.container = ""
        self.is_running = False

    # -- what is said to it, in the loop's thread ------------------------------------------------

    async def carry(self) -> None:
        """Bring the attempt to its end and report it."""
        await self._site.in_thread(self._carry)

    def go(self) -> None:
        """The module may start."""
        self._may_go.set()

    def stop(self, number: int) -> None:
        """Signal the step, now or as soon as the engine can be reached again."""
        with self._lock:
            self._signal = number
            is_started = self._is_started
        self._may_go.set()
        if not is_started or self._noticed:
            self._tell_end(Death(status=number))
        elif self.is_running:
            self._site.soon(lambda: self._site.engine.kill(self.container, number))

    def ask_to_stop(self) -> None:
        """Let the module know that it shall end."""
        self._is_asked = True
        if self.is_running:
            self._site.soon(self._ask)

    def notice(self, detail: str) -> None:
        """Say what happens before the step can start."""
        if detail != self._noticed and not self._is_told:
            self._noticed = detail
            self._site.tell(Noticed(id=self._key, detail=detail))

    def remove(self) -> None:
        """Forget the attempt's container, and what it wrote. Blocks."""
        self._site.engine.remove(self._name)

    # -- the way ---------------------------------------------------------------------------------

    def _carry(self) -> None:
        try:
            self._address()
            self._tell_end(self._until_it_ends())
        except DesignerError as exc:
            self._tell_end(WorkerEvent(kind="failed", error=exc.record))
        except OSError as exc:
            words = f"'{self._request.label or self._request.step_id}' could not be moved: {exc}."
            self._tell_end(WorkerEvent(kind="failed", error=trouble("S003", words)))
        finally:
            self.is_running = False

    def _address(self) -> None:
        """Learn what the step imports, and the container's paths of everything."""
        self._snapshots = self._site.snapshots(self._request.entry.executor)
        packages = {one.name: f"{HOME}/packages/{one.digest}" for one in self._snapshots}
        places = Places(home=HOME, packages=packages)
        self._there = host_request(self._request, places, self._site.workspace)

    def _until_it_ends(self) -> _Ending:
        until, pause = time.monotonic() + (LEASE_S if self._is_started else PATIENCE_S), 0.0
        while True:
            try:
                ready = self._site.ready(self.notice)
                until, pause = time.monotonic() + LEASE_S, _FIRST_PAUSE_S
                return self._try(ready)
            except UnreachableError:
                self.is_running = False
                self._site.lost()
                if time.monotonic() > until:
                    raise
                self.notice("unreachable")
                if self._signal:
                    self._tell_end(Death(status=self._signal))
                time.sleep(pause)
                pause = min(2 * pause + _FIRST_PAUSE_S, _LONGEST_PAUSE_S)

    def _try(self, ready: "Ready") -> _Ending:
        """Start the step, or find it again, and wait for its end."""
        is_there = self._find() if self._is_started else self._begin(ready)
        if not is_there:
            return Death(status=self._signal) if self._signal else Death(was_started=False)
        self.notice("")
        self.is_running = True
        if self._signal:
            self._site.engine.kill(self.container, self._signal)
        if self._is_asked:
            self._ask(ready)
        result = self._follow()
        state = self._site.engine.wait(self.container)
        if state.is_running:
            raise UnreachableError(self._site.engine.name, "the connection broke")
        self.is_running = False
        if result is None or (result.kind == "failed" and state.out_of_memory):
            return death_of(state, self._request.memory_bytes or 0)
        return self._bring_home(ready, result)

    def _begin(self, ready: "Ready") -> bool:
        """Make the container and start it, as soon as that is allowed; false where it never is."""
        engine, request = self._site.engine, self._request
        image = self._site.image(request.environment, self.notice)
        network, cpus = self._site.settings.network, ready.cpus
        host = for_step(request, network=network, cpus=cpus)
        host |= ready.luggage.mounts(request, self._there, self._snapshots)
        host["mounts"] = [*host["mounts"], *self._site.mounts]
        self.container = engine.create(
            self._name,
            host,
            image=image.id,
            user=f"{step_user()}:{step_user()}",
            working_dir=self._there.folder,
            environment=environment(request),
            entrypoint=[image.python, "-P", "-s", "-c", _PROGRAM, self._there.folder],
            command=[f"{HOME}/packages/{one.digest}" for one in self._snapshots],
            labels={
                "designer.workspace": self._site.workspace,
                "designer.step": f"{request.run_id}/{request.step_id}/{request.attempt}",
            },
        )
        self._is_ours = True
        self._sent += ready.luggage.bring(self.container, request, self._there, self._snapshots)
        self.notice("")
        self._may_go.wait()
        with self._lock:
            self._is_started = not self._signal
        if self._is_started:
            engine.start(self.container)
        else:
            engine.remove(self.container)
        return self._is_started

    def _find(self) -> bool:
        """Find the container again; one that nobody has started is not started any more."""
        engine = self._site.engine
        state = engine.state(self._name)
        if state is None:
            return False
        self.container = state.id
        if state.has_started:
            return True
        if self._is_ours:
            engine.start(state.id)
        else:
            engine.remove(state.id)
        return self._is_ours

    def _follow(self) -> WorkerEvent | None:
        """Pass on what the step says, to its end; gives the result."""
        result, rest, heard = None, b"", 0
        to_skip = _size(self._request.log)
        with open(self._request.log, "ab") as log:
            for stream, data in self._site.engine.output(self.container):
                if stream != STDOUT:
                    log.write(data[to_skip : to_skip + max(0, LIMIT_BYTES - log.tell())])
                    log.flush()
                    to_skip = max(0, to_skip - len(data))
                    continue
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    heard += 1
                    event = decoded(line)
                    if event is not None and event.kind in ("done", "failed"):
                        result = event
                    elif event is not None and heard > self._lines_heard:
                        self._site.tell(Said(id=self._key, event=event))
                self._lines_heard = max(self._lines_heard, heard)
        if result is None or result.data.get("fence") != self._request.fence:
            return None
        return result

    def _ask(self, ready: "Ready | None" = None) -> None:
        ready = ready or self._site.ready(self.notice)
        ready.luggage.ask_to_stop(self.container, self._request, self._there)

    # -- home ------------------------------------------------------------------------------------

    def _bring_home(self, ready: "Ready", ending: WorkerEvent) -> WorkerEvent:
        """Take the outputs, each compared with its digest; gives the end with paths of here."""
        outputs: dict[str, OutputFile] = {}
        for port in self._request.outputs:
            output = ending.outputs.get(port.name)
            if output is None:
                continue
            place = Path(self._request.folder, "outputs", port.name)
            inside = os.path.normpath(os.path.join(self._there.folder, output.path))
            if not is_digest(output.ref.digest):
                raise damaged(self._site.engine.name, output.ref.digest)
            if not self._site.artifacts.has(output.ref.digest, output.ref.bytes):
                there = msgspec.structs.replace(output, path=inside)
                folder = self._there.folder
                self._fetched += ready.luggage.bring_home(self.container, there, place, folder)
                if not is_what_it_says(place, output.ref.digest):
                    raise damaged(self._site.engine.name, output.ref.digest)
            outputs[port.name] = OutputFile(ref=output.ref, path=str(place))
        ending.data.update(sent_bytes=self._sent, fetched_bytes=self._fetched)
        return msgspec.structs.replace(ending, outputs=outputs)

    def _tell_end(self, ending: _Ending) -> None:
        """Tell how it ended, once: one killed out of reach was told before it died."""
        self.notice("")
        with self._lock:
            is_told, self._is_told = self._is_told, True
        if is_told:
            return
        if isinstance(ending, Death):
            self._site.tell(Died(id=self._key, death=ending))
        else:
            self._site.tell(Said(id=self._key, event=ending))


def death_of(state: State, limit_bytes: int) -> Death:
    """How a container ended that left no result.

    >>> death_of(State("", True, False, 137, True), 1 << 30).held_bytes == 1 << 30
    True
    >>> death_of(State("", True, False, 3, False), 0).exit_status
    3
    """
    if state.out_of_memory:
        return Death(status=signal.SIGKILL, out_of_memory=True, held_bytes=limit_bytes)
    if state.exit_code > _SIGNALLED:
        return Death(status=state.exit_code - _SIGNALLED)
    return Death(status=state.exit_code << 8)


def is_what_it_says(place: Path, digest: str) -> bool:
    """Whether a file, or a folder with everything in it, has a digest."""
    if not place.is_dir():
        return not place.is_symlink() and digest_file(place) == digest
    if any(path.is_symlink() for path in place.rglob("*")):
        return False
    with contextlib.suppress(OSError, msgspec.DecodeError, KeyError, TypeError):
        files = msgspec.json.decode((place / MANIFEST).read_bytes())["files"]
        return digest_file(place / MANIFEST) == digest and all(
            digest_file(place / name) == entry["digest"] for name, entry in files.items()
        )
    return False


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0
