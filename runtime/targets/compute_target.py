"""What the engine asks of a compute target: a place where step requests are carried out."""

import signal
from typing import TYPE_CHECKING, Protocol

from runtime.model import StepRequest
from runtime.targets.attempt import Attempt

if TYPE_CHECKING:
    from runtime.targets.usage import Usage


class ComputeTarget(Protocol):
    """Carries out step requests and reports how they end.

    A target is made with a `Report`, which it calls from the engine's loop with each event of an
    attempt, last and exactly once with its `done`, its `failed` or its `Death`.

    Attributes:
        keeps_steps: Every step outlives the engine and can be adopted; elsewhere only those that
            run alone can. So no step starts there before its record is durable.
    """

    keeps_steps: bool

    def prepare(self, key: tuple[str, int], request: StepRequest) -> Attempt:
        """Get everything ready without starting the module; `key` is run id and step number.

        Raises:
            OSError: The attempt's folder cannot be written.
            InfrastructureError: R003 when no process can be made.
        """
        ...

    def go(self, attempt: Attempt) -> None:
        """Start the module."""
        ...

    def stop(self, attempt: Attempt, number: int = signal.SIGKILL) -> None:
        """Signal everything that the step has started, or do so as soon as it exists."""
        ...

    def ask_to_stop(self, attempt: Attempt) -> None:
        """Let a module that looks know that it shall end."""
        ...

    def adopt(self, key: tuple[str, int], request: StepRequest) -> Attempt | None:
        """Take over an attempt that an engine which is gone has started.

        Gives None when there is nothing to take over, or reports that later as a `Death` that was
        never started; nobody can start that attempt afterwards.
        """
        ...

    def follow(self, attempt: Attempt) -> None:
        """Make what a running step has written since visible: its log, its events."""
        ...

    def measure(self, attempt: Attempt, now: float) -> "Usage | None":
        """What a running step takes now; None where that is not known.

        Args:
            attempt: The step.
            now: The steady clock.
        """
        ...

    @property
    def has_processes(self) -> bool:
        """Whether anything of the target is alive."""
        ...

    def rest(self, now: float) -> None:
        """Let go of what nobody has used for a while; `now` in seconds of the steady clock."""
        ...

    def warm_up(self, preload: tuple[str, ...]) -> None:
        """Make steps that need these libraries start sooner."""
        ...

    def close(self, *, in_a_hurry: bool = False) -> None:
        """End what ends with the engine; attempts that may outlive it go on."""
        ...
