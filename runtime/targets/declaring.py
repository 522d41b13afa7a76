"""Declaring compute targets: the first contact, and tests afterwards."""

import sys
from pathlib import Path

import msgspec

from runtime.model import LOCAL, Target, TargetReport, TargetResources
from runtime.targets.kinds import checked, fingerprint_of, kind_of
from runtime.targets.target_file import TargetFile


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A target that was declared just now.

    Attributes:
        fingerprint: Of the key that is pinned from now on; empty where a kind has none.
        report: What the target offers.
    """

    target: Target
    fingerprint: str = ""
    report: TargetReport


async def declare(workspace: Path | str, target: Target, *, fingerprint: str = "") -> Declared:
    """Reach a target for the first time, pin its key where it has one, and keep it.

    Args:
        workspace: Whose target it becomes.
        target: Its resources are taken from what it offers where they are not given.
        fingerprint: Of the key that it must have; whatever it shows is pinned when empty.

    Raises:
        RequestError: T002 or T008 for a target that cannot be declared.
        InfrastructureError: T003 to T006 when there is no way in; nothing is kept then.
    """
    file = TargetFile(workspace)
    file.check_new(target)
    target = await kind_of(target).meet(checked(target), fingerprint)
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
    return _here() if target.name == LOCAL else await kind_of(target).examine(target)


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
