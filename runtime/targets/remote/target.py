"""The engine's side of a target on another machine: everything is said to its agent."""

import itertools
import os
import signal
import time
from typing import TYPE_CHECKING

import msgspec

from runtime.model import StepRequest, Target
from runtime.targets.attempt import Attempt, Death, Notice, Report
from runtime.targets.poller import Poller
from runtime.targets.remote.channel import AgentChannel
from runtime.targets.remote.messages import (
    Adopt,
    AskToStop,
    Died,
    Forget,
    FromAgent,
    Go,
    Hello,
    Measured,
    Noticed,
    Prepare,
    Said,
    Stop,
)

if TYPE_CHECKING:
    from runtime.targets.usage import Usage

SITE = "runtime.targets.kinds:site_of"
_IDLE_S = 300.0
_MOST_DEATHS = 3
_decode = msgspec.json.Decoder(FromAgent).decode


class RemoteTarget:
    """Runs step requests wherever its agent takes them.

    Args:
        poller: Where the agent is waited for.
        report: Called with each event of a step.
        target: What is declared.
        artifacts: Folder of the workspace's artifacts.
        workspace: Names the workspace among all that use the target.
        site: `package.module:function` that makes its site in the agent.
    """

    keeps_steps = True

    def __init__(
        self,
        poller: Poller,
        report: Report,
        target: Target,
        *,
        artifacts: str,
        workspace: str,
        site: str = SITE,
    ) -> None:
        self._poller = poller
        self._report = report
        self._hello = Hello(target=target, artifacts=artifacts, workspace=workspace, site=site)
        self._agent: AgentChannel | None = None
        self._attempts: dict[int, Attempt] = {}
        self._started: set[int] = set()
        self._keys: dict[Attempt, int] = {}
        self._usage: dict[int, Usage] = {}
        self._numbers = itertools.count(1)
        self._ended: list[int] = []
        self._deaths = 0
        self._used_at = 0.0

    def prepare(self, key: tuple[str, int], request: StepRequest) -> Attempt:
        """Let the agent bring everything over; `go` starts the step."""
        os.makedirs(f"{request.folder}/outputs", mode=0o700, exist_ok=True)
        number, attempt = self._hold(key, request)
        self._channel().send(Prepare(id=number, request=request))
        return attempt

    def go(self, attempt: Attempt) -> None:
        """Start the module as soon as everything is there."""
        attempt.began = time.monotonic()
        number = self._keys.get(attempt)
        if number is not None:
            self._started.add(number)
            self._channel().send(Go(id=number))

    def stop(self, attempt: Attempt, number: int = signal.SIGKILL) -> None:
        """Signal everything that the step has started."""
        if attempt in self._keys:
            self._channel().send(Stop(id=self._keys[attempt], signal=number))

    def ask_to_stop(self, attempt: Attempt) -> None:
        """Let a module that looks know that it shall end."""
        attempt.is_asked_to_stop = True
        if attempt in self._keys:
            self._channel().send(AskToStop(id=self._keys[attempt]))

    def adopt(self, key: tuple[str, int], request: StepRequest) -> Attempt | None:
        """Look for an attempt on the host; one that is not there is reported as never started."""
        os.makedirs(f"{request.folder}/outputs", mode=0o700, exist_ok=True)
        number, attempt = self._hold(key, request)
        self._started.add(number)
        self._channel().send(Adopt(id=number, request=request))
        return attempt

    def follow(self, attempt: Attempt) -> None:
        """Nothing to do: the agent tells what comes, and writes the log."""

    def measure(self, attempt: Attempt, now: float) -> "Usage | None":
        """The last that was heard of what the step takes."""
        return self._usage.get(self._keys.get(attempt, 0))

    @property
    def has_processes(self) -> bool:
        """Whether the agent is alive."""
        return self._agent is not None

    def rest(self, now: float) -> None:
        """Let the host forget what is recorded, and the agent end when nobody uses it."""
        recorded, self._ended = self._ended, []
        if self._agent is not None:
            for number in recorded:
                self._agent.send(Forget(id=number))
        if self._agent is not None and not self._attempts and now - self._used_at > _IDLE_S:
            self._agent.close()
            self._agent = None

    def warm_up(self, preload: tuple[str, ...]) -> None:
        """Start the agent."""
        self._channel()

    def close(self, *, in_a_hurry: bool = False) -> None:
        """End the agent; the steps on the host go on."""
        if self._agent is not None:
            self._agent.close(in_a_hurry=in_a_hurry)
            self._agent = None

    def _hold(self, key: tuple[str, int], request: StepRequest) -> tuple[int, Attempt]:
        number, attempt = next(self._numbers), Attempt(key, request)
        self._attempts[number] = attempt
        self._keys[attempt] = number
        return number, attempt

    def _channel(self) -> AgentChannel:
        self._used_at = time.monotonic()
        if self._agent is None:
            self._agent = AgentChannel(self._poller, self._heard, self._agent_ended)
            self._agent.send(self._hello)
        return self._agent

    def _heard(self, line: bytes) -> None:
        try:
            message = _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        attempt = self._attempts.get(message.id)
        if attempt is None:
            return
        match message:
            case Said(event=event):
                if event.kind in ("done", "failed"):
                    self._let_go(message.id, attempt)
                self._report(attempt, event)
            case Died(death=death):
                self._let_go(message.id, attempt)
                self._report(attempt, death)
            case Measured(usage=usage):
                self._usage[message.id] = usage
            case Noticed(detail=detail):
                self._report(attempt, Notice(detail=detail))

    def _let_go(self, number: int, attempt: Attempt) -> None:
        attempt.is_over = True
        self._deaths = 0
        self._used_at = time.monotonic()
        self._ended.append(number)
        self._started.discard(number)
        self._usage.pop(number, None)
        del self._attempts[number], self._keys[attempt]

    def _agent_ended(self) -> None:
        """The agent died: another one finds its attempts again."""
        self._agent = None
        self._deaths += 1
        for number, attempt in list(self._attempts.items()):
            if self._deaths > _MOST_DEATHS:
                self._let_go(number, attempt)
                self._report(attempt, Death(was_started=False))
            elif number in self._started:
                self._channel().send(Adopt(id=number, request=attempt.request))
            else:
                self._channel().send(Prepare(id=number, request=attempt.request))
