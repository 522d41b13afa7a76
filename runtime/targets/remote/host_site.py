"""The site of a target that is a host: our server there, and the steps it carries out."""

from pathlib import Path

from runtime.model import SshSettings, StepRequest, Target
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.targets.kinds import settings_of
from runtime.targets.remote.carrier import HostCarrier
from runtime.targets.remote.connector import Connector
from runtime.targets.remote.environment import HostPython
from runtime.targets.remote.link import HostLink
from runtime.targets.remote.messages import Forget, FromServer, Message
from runtime.targets.remote.site import Ear
from runtime.targets.remote.transfers import Transfers


class HostSite:
    """Serves one host.

    Args:
        target: Which it is.
        ear: The agent.
        connector: How the host is reached.
    """

    def __init__(self, target: Target, ear: Ear, connector: Connector) -> None:
        settings = settings_of(target, SshSettings)
        self.workspace = ear.workspace
        self.wheels = settings.wheels
        self.artifacts = FolderArtifactStore(Path(ear.artifacts))
        self.transfers = Transfers()
        self._ear = ear
        self._carriers: dict[int, HostCarrier] = {}
        self.link = HostLink(
            target.name,
            connector,
            python=HostPython(target.name, settings, ear.notice).path,
            folder=settings.folder,
            workspace=ear.workspace,
            heard=self._hear,
        )

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
