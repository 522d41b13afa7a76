"""The site of a target where a server of ours is: a host, or a cluster."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from runtime.model import SshSettings, StepRequest, Target
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.targets.kinds import settings_of
from runtime.targets.remote.carrier import HostCarrier
from runtime.targets.remote.connector import Connector
from runtime.targets.remote.environment import HostPython
from runtime.targets.remote.link import Heard, HostLink, Server
from runtime.targets.remote.messages import Forget, FromServer, Message
from runtime.targets.remote.packages import Package
from runtime.targets.remote.site import Ear
from runtime.targets.remote.transfers import Transfers


class Link(Protocol):
    """Keeps our server over there at hand."""

    async def server(self, packages: tuple[Package, ...]) -> Server:
        """A server that has these packages; connected to now where there is none.

        Raises:
            UnreachableError: T003, there is no way at the moment.
            InfrastructureError: Trying again does not cure it.
        """
        ...

    def say(self, message: Message) -> None:
        """Tell the server, if there is one now."""
        ...

    async def close(self) -> None:
        """Hang up; steps over there go on."""
        ...


class HostSite:
    """Serves one target.

    Args:
        ear: The agent.
        linked: Makes the link to our server, given who hears what it says.
        wheels: Folder over there that packages of environments come from; an index when empty.
    """

    def __init__(self, ear: Ear, linked: Callable[[Heard], Link], *, wheels: str = "") -> None:
        self.workspace = ear.workspace
        self.wheels = wheels
        self.artifacts = FolderArtifactStore(Path(ear.artifacts))
        self.transfers = Transfers()
        self._ear = ear
        self._carriers: dict[int, HostCarrier] = {}
        self.link = linked(self._hear)

    def tell(self, message: Message) -> None:
        """Say something to the engine."""
        self._ear.tell(message)

    def carrier(self, key: int, request: StepRequest, *, is_started: bool) -> HostCarrier:
        """Who brings an attempt over and back."""
        made = HostCarrier(self, key, request, is_started=is_started)
        self._carriers[key] = made
        return made

    def forget(self, message: Forget) -> None:
        """Let the host forget an attempt."""
        self._carriers.pop(message.id, None)
        self.link.say(message)

    async def close(self) -> None:
        """Hang up; steps on the host go on."""
        await self.link.close()

    def _hear(self, message: FromServer, payload: bytes) -> None:
        carrier = self._carriers.get(getattr(message, "id", -1))
        if carrier is not None:
            carrier.hear(message, payload)


def ssh_site(target: Target, ear: Ear, connector: Connector) -> HostSite:
    """The site of a host with a shell.

    Args:
        target: Which it is.
        ear: The agent.
        connector: How the host is reached.
    """
    settings = settings_of(target, SshSettings)

    def linked(heard: Heard) -> HostLink:
        return HostLink(
            target.name,
            connector,
            python=HostPython(target.name, settings, ear.notice).path,
            folder=settings.folder,
            workspace=ear.workspace,
            heard=heard,
        )

    return HostSite(ear, linked, wheels=settings.wheels)
