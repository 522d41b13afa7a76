"""The kind `ssh`: a host of its own, reached over the network."""

import msgspec

from runtime.errors import InfrastructureError, RequestError
from runtime.model import Diagnostic, SshSettings, Target, TargetReport
from runtime.targets.kinds import settings_of
from runtime.targets.remote.site import Ear, Site


class SshKind:
    """A host with an sshd and a Python."""

    def checked(self, target: Target) -> Target:
        """Refuse an address that is none."""
        settings = settings_of(target, SshSettings)
        _check_host(target.name, settings)
        return _with(target, settings)

    def where(self, target: Target) -> str:
        """The user, the host and its port, where they are not the usual ones."""
        settings = settings_of(target, SshSettings)
        user = f"{settings.user}@" if settings.user else ""
        port = f":{settings.port}" if settings.port != SshSettings(host="").port else ""
        return f"{user}{settings.host}{port}"

    def fingerprint(self, target: Target) -> str:
        """The fingerprint of the host's pinned key."""
        from runtime.targets.remote.ssh import fingerprint_of

        return fingerprint_of(str(target.settings.get("host_key", "")))

    async def meet(self, target: Target, fingerprint: str) -> Target:
        """The target with its host's key; one that was given with the settings stays."""
        settings = settings_of(target, SshSettings)
        if settings.host_key:
            return target
        from runtime.targets.remote.ssh import host_key_of

        line, shown = await host_key_of(target.name, settings)
        if fingerprint and fingerprint.removeprefix("SHA256:") != shown.removeprefix("SHA256:"):
            raise RequestError(
                "T004",
                f"The host of '{target.name}' shows the key {shown}, not {fingerprint}.",
                remedy="Ask who runs the host for its fingerprint.",
            )
        return _with(target, msgspec.structs.replace(settings, host_key=line))

    async def examine(self, target: Target) -> TargetReport:
        """Ask the host about itself; where it names a Python, start our server with it."""
        from runtime.targets.remote.probe import probe
        from runtime.targets.remote.ssh import SshConnector

        settings = settings_of(target, SshSettings)
        report = await probe(SshConnector(target.name, settings), target.name, settings)
        if not report.can_run or not settings.python:
            return report
        try:
            await _start_server(target, settings)
        except InfrastructureError as exc:
            problem = Diagnostic(
                code=exc.code,
                severity="error",
                message=exc.record.message,
                remedy="Repair that on the host, or name another Python there.",
            )
            problems = (problem, *report.problems)
            return msgspec.structs.replace(report, can_run=False, problems=problems)
        return report

    def site(self, target: Target, ear: Ear) -> Site:
        """Our server on the host."""
        from runtime.targets.remote.host_site import ssh_site
        from runtime.targets.remote.ssh import SshConnector

        connector = SshConnector(target.name, settings_of(target, SshSettings))
        return ssh_site(target, ear, connector)


async def _start_server(target: Target, settings: SshSettings) -> None:
    """Bring our packages to a host, start our server there, and end it again."""
    from runtime.targets.remote.environment import HostPython
    from runtime.targets.remote.link import HostLink
    from runtime.targets.remote.packages import RUNTIME, package
    from runtime.targets.remote.ssh import SshConnector

    link = HostLink(
        target.name,
        SshConnector(target.name, settings),
        python=HostPython(target.name, settings, lambda _: None).path,
        folder=settings.folder,
        workspace="test",
        heard=lambda *_: None,
    )
    try:
        await link.server((package(RUNTIME),))
    finally:
        await link.close()


def _check_host(name: str, settings: SshSettings) -> None:
    host = settings.host
    is_name = host and not host.startswith("-") and host.isprintable() and " " not in host
    if not is_name or not 0 < settings.port < 1 << 16:
        raise RequestError(
            "T002",
            f"The compute target '{name}' has no usable address: '{host}', port {settings.port}.",
            remedy="Give the host's name or address, and its port.",
        )


def _with(target: Target, settings: SshSettings) -> Target:
    return msgspec.structs.replace(target, settings=msgspec.to_builtins(settings))
