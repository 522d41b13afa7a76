"""Steps whose environment is not there yet: they wait while it is built, and start once it is."""

import contextlib
import os
import signal
import time
from collections.abc import Callable

from runtime.environments.building import (
    Progress,
    heard,
    not_built,
    start,
    words,
)
from runtime.errors import InfrastructureError
from runtime.model import Environment, WorkerEvent
from runtime.targets.attempt import Attempt, Notice, Report
from runtime.targets.poller import Poller
from runtime.targets.process import kill_group

_READ_BYTES = 1 << 16


class Builds:
    """The builds of one target's environments, each shared by all who wait for it.

    Args:
        home: Folder of the environments.
        poller: Where builds are waited for.
        report: Told how far a build is, and of each attempt whose environment cannot be built.
        start_step: Called with an attempt that may start now.
    """

    def __init__(
        self, home: str, *, poller: Poller, report: Report, start_step: Callable[[Attempt], None]
    ) -> None:
        self.home = home
        self._poller = poller
        self._report = report
        self._start_step = start_step
        self._builds: dict[str, _Build] = {}
        self._stopping: set[_Build] = set()
        self._waiting: dict[Attempt, bool] = {}

    def must_wait(self, attempt: Attempt) -> bool:
        """Whether the attempt's environment has to be built first; that begins now."""
        environment = attempt.request.environment
        if environment is None or os.path.exists(environment.interpreter(self.home)):
            return False
        if environment.digest not in self._builds:
            build = _Build(environment, self.home, self._poller, self._heard)
            self._builds[environment.digest] = build
        self._waiting[attempt] = False
        return True

    def let_go(self, attempt: Attempt) -> bool:
        """Let a waiting attempt start as soon as it can; false when it does not wait."""
        if attempt not in self._waiting:
            return False
        self._waiting[attempt] = True
        self._start_those_that_can()
        return True

    def drop(self, attempt: Attempt) -> bool:
        """Nobody wants the attempt any more; false when it does not wait."""
        if self._waiting.pop(attempt, None) is None:
            return False
        wish = attempt.request.environment
        if wish is not None and not self._concerned(wish):
            self._stop(self._builds.pop(wish.digest, None))
        return True

    @property
    def is_busy(self) -> bool:
        """Whether anything is being built."""
        return bool(self._builds or self._stopping)

    def close(self) -> None:
        """Stop every build; what is half made is removed."""
        for build in self._builds.values():
            self._stop(build)
        for build in self._stopping:
            build.end()
        self._builds.clear()
        self._stopping.clear()

    def _stop(self, build: "_Build | None") -> None:
        if build is not None:
            build.stop()
            self._stopping.add(build)

    def _heard(self, build: "_Build", progress: Progress) -> None:
        environment, is_over = build.environment, progress.state in ("built", "failed")
        if is_over:
            build.end()
        if build in self._stopping:
            self._stopping.difference_update([build] if is_over else [])
            return
        if is_over:
            del self._builds[environment.digest]
        concerned = self._concerned(environment)
        if progress.state == "built":
            self._tell(concerned, "")
            self._start_those_that_can()
        elif progress.state == "failed":
            for attempt in concerned:
                self._fail(attempt, environment, progress.said)
        else:
            self._tell(concerned, words("", progress))

    def _concerned(self, environment: Environment) -> list[Attempt]:
        """Who waits for an environment."""
        return [
            one
            for one in self._waiting
            if (wish := one.request.environment) and wish.digest == environment.digest
        ]

    def _start_those_that_can(self) -> None:
        for attempt, may_go in list(self._waiting.items()):
            wish = attempt.request.environment
            if may_go and wish is not None and os.path.exists(wish.interpreter(self.home)):
                del self._waiting[attempt]
                self._start_step(attempt)

    def _tell(self, attempts: list[Attempt], detail: str) -> None:
        for attempt in attempts:
            self._report(attempt, Notice(detail=detail))

    def _fail(self, attempt: Attempt, environment: Environment, said: str) -> None:
        del self._waiting[attempt]
        attempt.is_over = True
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(attempt.log), mode=0o700, exist_ok=True)
            with open(attempt.log, "a", encoding="utf-8") as log:
                log.write(f"{said}\n")
        error = not_built(environment, said=said, where=f"in '{self.home}'")
        self._report(attempt, WorkerEvent(kind="failed", error=error.record))


class _Build:
    """One build that is at work."""

    def __init__(
        self,
        environment: Environment,
        home: str,
        poller: Poller,
        tell: "Callable[[_Build, Progress], None]",
    ) -> None:
        self.environment = environment
        self._poller = poller
        self._tell = tell
        self._began = time.monotonic()
        self._rest = b""
        try:
            self._process = start(environment, home)
        except OSError as exc:
            raise InfrastructureError(
                "R003",
                f"No process can be made that builds an environment: {exc}.",
                remedy="Look at what this machine is short of.",
            ) from exc
        assert self._process.stdout is not None
        self._pipe = self._process.stdout
        os.set_blocking(self._pipe.fileno(), False)
        poller.watch(self._pipe.fileno(), self._readable)

    def stop(self) -> None:
        """Let it end; it removes what is half made."""
        kill_group(self._process.pid, signal.SIGTERM)

    def end(self) -> None:
        """Wait for the end of one that has said its last word, or was told to stop."""
        if not self._pipe.closed:
            self._poller.forget(self._pipe.fileno())
            self._pipe.close()
            self._process.wait()

    def _readable(self) -> None:
        data = os.read(self._pipe.fileno(), _READ_BYTES)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._tell(self, heard(line))
        if not data and not self._pipe.closed:
            self._tell(self, Progress(state="failed", said="it ended without a word"))
