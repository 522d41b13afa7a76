"""The kind `docker`: an engine that runs each step in a container of its own."""

import asyncio
from pathlib import Path

import msgspec

from runtime.errors import RequestError
from runtime.model import DockerSettings, Target, TargetReport
from runtime.targets.kinds import settings_of
from runtime.targets.remote.site import Ear, Site

KEYS = ("ca.pem", "cert.pem", "key.pem")
_SCHEMES = ("unix://", "tcp://", "ssh://")


class DockerKind:
    """A Docker engine, here or elsewhere."""

    def checked(self, target: Target) -> Target:
        """Refuse what reaches no engine, or reaches it in the open."""
        settings = settings_of(target, DockerSettings)
        url = settings.url
        if url and not (url.startswith(_SCHEMES) and url.partition("://")[2].isprintable()):
            raise _unusable(target.name, f"'{url}' is no address of an engine")
        if url.startswith("tcp://") and not settings.tls_folder:
            raise _unusable(target.name, "an engine over tcp:// needs TLS, or anybody may use it")
        if settings.wheels and not Path(settings.wheels).expanduser().is_dir():
            raise _unusable(target.name, f"there is no folder '{settings.wheels}'")
        for name in KEYS if settings.tls_folder else ():
            if not Path(settings.tls_folder, name).expanduser().exists():
                raise _unusable(target.name, f"there is no {name} in '{settings.tls_folder}'")
        return msgspec.structs.replace(target, settings=msgspec.to_builtins(settings))

    def where(self, target: Target) -> str:
        """The engine's address."""
        url = settings_of(target, DockerSettings).url
        return f"Docker at {url}" if url else "Docker on this machine"

    def fingerprint(self, target: Target) -> str:
        """None: an engine is known by its certificate, or by SSH's own known hosts."""
        return ""

    async def meet(self, target: Target, fingerprint: str) -> Target:
        """Nothing to remember."""
        return target

    async def examine(self, target: Target) -> TargetReport:
        """Ask the engine about itself, and its image about the Python in it."""
        from runtime.targets.containers.probe import probe

        return await asyncio.to_thread(probe, target.name, settings_of(target, DockerSettings))

    def site(self, target: Target, ear: Ear) -> Site:
        """The engine as steps share it."""
        from runtime.targets.containers.site import EngineSite

        return EngineSite(target, ear)


def _unusable(name: str, why: str) -> RequestError:
    return RequestError(
        "T002",
        f"The settings of the compute target '{name}' do not fit: {why}.",
        remedy="Leave the address empty for this machine, or give ssh://USER@HOST, or tcp://HOST:PORT "
        "with a folder of keys for TLS.",
    )
