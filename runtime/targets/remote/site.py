"""What an agent needs of its kind of target, and what it offers to it."""

from typing import Protocol

from runtime.model import StepRequest
from runtime.targets.remote.messages import Forget, Message


class Ear(Protocol):
    """The agent, as a site speaks to it.

    Attributes:
        artifacts: Folder of the workspace's artifacts.
        workspace: Names the workspace among all that use the target.
    """

    artifacts: str
    workspace: str

    def tell(self, message: Message) -> None:
        """Say something to the engine."""
        ...

    def notice(self, detail: str) -> None:
        """Say of every step that waits for the target what happens there."""
        ...


class Carrier(Protocol):
    """Brings one attempt to its end; the engine is told of it."""

    async def carry(self) -> None:
        """Bring it to its end."""
        ...

    def go(self) -> None:
        """The module may start."""
        ...

    def stop(self, number: int) -> None:
        """Signal the step, now or as soon as the target can be reached again."""
        ...

    def ask_to_stop(self) -> None:
        """Let the module know that it shall end."""
        ...

    def notice(self, detail: str) -> None:
        """Say what the target does before the step can start."""
        ...


class Site(Protocol):
    """The place that an agent serves."""

    def carrier(self, key: int, request: StepRequest, *, is_started: bool) -> Carrier:
        """Who brings an attempt to its end.

        Args:
            key: The engine's number for it.
            request: The request as it is here.
            is_started: It was started by an agent before this one.
        """
        ...

    def forget(self, message: Forget) -> None:
        """What became of an attempt is recorded; nothing of it is needed there."""
        ...

    async def close(self) -> None:
        """Hang up; the steps go on."""
        ...
