"""The kind `ray`: a cluster that places the steps itself."""

import asyncio
import contextlib
import os
import sys

import msgspec

from runtime.errors import InfrastructureError, RequestError
from runtime.model import ErrorRecord, RaySettings, Target, TargetReport
from runtime.targets.kinds import settings_of
from runtime.targets.remote.connector import UnreachableError
from runtime.targets.remote.site import Ear, Site

_ANSWER_S = 180.0
_PROGRAM = (
    "import sys;sys.path[:]=sys.argv[1:];from runtime.targets.cluster.probe import main;main()"
)


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What the process that examines a cluster has found: a report, or why there is no way in."""

    report: TargetReport | None = None
    error: ErrorRecord | None = None


class RayKind:
    """A Ray cluster: one that runs, or one of our own on this machine."""

    def checked(self, target: Target) -> Target:
        """Refuse an address that Ray cannot read."""
        settings = settings_of(target, RaySettings)
        address = settings.address
        host, _, port = address.removeprefix("ray://").rpartition(":")
        if address not in ("", "auto") and not (host and port.isdecimal() and " " not in host):
            raise RequestError(
                "T002",
                f"The compute target '{target.name}' has no usable address: '{address}'.",
                remedy="Give `auto`, `host:port` or `ray://host:port`; none for a cluster of its own.",
            )
        return msgspec.structs.replace(target, settings=msgspec.to_builtins(settings))

    def where(self, target: Target) -> str:
        """The cluster's address."""
        address = settings_of(target, RaySettings).address
        return address or "a cluster of its own, on this machine"

    def fingerprint(self, target: Target) -> str:
        """None: a cluster shows no key."""
        return ""

    async def meet(self, target: Target, fingerprint: str) -> Target:
        """Nothing has to be remembered of the first contact."""
        return target

    async def examine(self, target: Target) -> TargetReport:
        """Let a process of its own ask the cluster: this one must not load Ray."""
        paths = [path for path in sys.path if path and os.path.isabs(path)]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-c", _PROGRAM, *paths),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(_ANSWER_S):
                said, _ = await process.communicate(msgspec.json.encode(target))
        except TimeoutError as exc:
            raise UnreachableError(target.name, "the cluster does not answer") from exc
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        try:
            found = msgspec.json.decode(said.strip().rpartition(b"\n")[2], type=Examined)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise UnreachableError(target.name, "whoever asked the cluster died") from exc
        if found.report is not None:
            return found.report
        error = found.error or UnreachableError(target.name, "nothing was said").record
        raise InfrastructureError(error.code, error.message, remedy=error.remedy)

    def site(self, target: Target, ear: Ear) -> Site:
        """Our server in the cluster."""
        from runtime.targets.cluster.link import ClusterLink
        from runtime.targets.remote.host_site import HostSite
        from runtime.targets.remote.link import Heard

        settings = settings_of(target, RaySettings)

        def linked(heard: Heard) -> ClusterLink:
            return ClusterLink(target.name, settings, workspace=ear.workspace, heard=heard)

        return HostSite(ear, linked, wheels=settings.wheels)
