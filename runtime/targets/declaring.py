"""Declaring compute targets: the first contact that pins a host's key, and tests afterwards."""

import sys
from pathlib import Path

import msgspec

from runtime.errors import InfrastructureError, RequestError
from runtime.model import (
    LOCAL,
    Diagnostic,
    SshSettings,
    Target,
    TargetReport,
    TargetResources,
)
from runtime.targets.kinds import checked, settings_of
from runtime.targets.remote.connector import Connector
from runtime.targets.target_file import TargetFile


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A target that was declared just now.

    Attributes:
        fingerprint: Of the host's key that is pinned from now on.
        report: What the target offers.
    """

    target: Target
    fingerprint: str = ""
    report: TargetReport


async def declare(workspace: Path | str, target: Target, *, fingerprint: str = "") -> Declared:
    """Reach a target for the first time, pin its key, and keep it.

    Args:
        workspace: Whose target it becomes.
        target: Its resources are taken from the host where they are not given.
        fingerprint: Of the key that the host must have; whatever it shows is pinned when empty.

    Raises:
        RequestError: T002 or T008 for a target that cannot be declared.
        InfrastructureError: T003 to T006 when there is no way in; nothing is kept then.
    """
    file = TargetFile(workspace)
    file.check_new(target)
    target = await _pinned(checked(target), fingerprint)
    report = await examine(target)
    if target.resources == TargetResources():
        target = msgspec.structs.replace(target, resources=_resources(report))
    file.add(target)
    return Declared(target=target, fingerprint=fingerprint_of(target), report=report)


async def examine(target: Target) -> TargetReport:
    """Connect to a target and say what it offers, and whether a step can run there.

    Raises:
        InfrastructureError: T003 to T006 when there is no way in.
    """
    if target.name == LOCAL:
        return _here()
    from runtime.targets.remote.probe import probe

    settings = settings_of(target, SshSettings)
    report = await probe(connector_of(target), target.name, settings)
    if not report.can_run or not settings.python:
        return report
    try:
        await start_server(target, settings)
    except InfrastructureError as exc:
        problem = Diagnostic(
            code=exc.code,
            severity="error",
            message=exc.record.message,
            remedy="Repair that on the host, or name another Python there.",
        )
        return msgspec.structs.replace(report, can_run=False, problems=(problem, *report.problems))
    return report


async def start_server(target: Target, settings: SshSettings) -> None:
    """Bring our packages to a host, start our server there, and end it again.

    Raises:
        InfrastructureError: T003, or T007 when it cannot start.
    """
    from runtime.targets.remote.environment import HostPython
    from runtime.targets.remote.link import HostLink
    from runtime.targets.remote.packages import RUNTIME, package

    link = HostLink(
        target.name,
        connector_of(target),
        python=HostPython(target.name, settings, lambda _: None).path,
        folder=settings.folder,
        workspace="test",
        heard=lambda *_: None,
    )
    try:
        await link.server((package(RUNTIME),))
    finally:
        await link.close()


def connector_of(target: Target) -> Connector:
    """How a remote target is reached, by its kind.

    Raises:
        InfrastructureError: T005 when a package is missing that this kind needs.
    """
    from runtime.targets.remote.ssh import SshConnector

    return SshConnector(target.name, settings_of(target, SshSettings))


def fingerprint_of(target: Target) -> str:
    """The fingerprint of the key that is pinned for a target; empty where there is none."""
    from runtime.targets.remote.ssh import fingerprint_of as of_key

    return of_key(str(target.settings.get("host_key", "")))


async def _pinned(target: Target, fingerprint: str) -> Target:
    """The target with its host's key; one that was given with the settings stays."""
    settings = settings_of(target, SshSettings)
    if not settings.host_key:
        from runtime.targets.remote.ssh import host_key_of

        line, shown = await host_key_of(target.name, settings)
        if fingerprint and fingerprint.removeprefix("SHA256:") != shown.removeprefix("SHA256:"):
            raise RequestError(
                "T004",
                f"The host of '{target.name}' shows the key {shown}, not {fingerprint}.",
                remedy="Ask who runs the host for its fingerprint.",
            )
        settings = msgspec.structs.replace(settings, host_key=line)
    return msgspec.structs.replace(target, settings=msgspec.to_builtins(settings))


def _resources(report: TargetReport) -> TargetResources:
    return TargetResources(
        cpus=max(1, report.cpus),
        memory_gib=round(report.memory_bytes / 2**30, 1),
        gpus=len(report.gpus),
    )


def _here() -> TargetReport:
    from runtime.targets.remote.found import found

    report = msgspec.convert(found(str(Path.cwd())), TargetReport)
    return msgspec.structs.replace(report, can_run=True, python=sys.executable)
