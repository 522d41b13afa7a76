"""The kinds of compute targets: what each has to offer, and where it is written.

A new kind is a file with a `Kind` in it and one line here.
"""

import importlib
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from runtime.errors import RequestError
from runtime.model import LOCAL, Target, TargetKind, TargetReport

if TYPE_CHECKING:
    from runtime.targets.remote.site import Ear, Site

_KINDS: dict[TargetKind, str] = {
    "ssh": "runtime.targets.remote.ssh_kind:SshKind",
    "docker": "runtime.targets.containers.docker_kind:DockerKind",
    "ray": "runtime.targets.cluster.ray_kind:RayKind",
}
_Settings = TypeVar("_Settings", bound=msgspec.Struct)


class Kind(Protocol):
    """Everything that differs between the kinds of declared targets."""

    def checked(self, target: Target) -> Target:
        """Give the target with its settings as they are kept. Raises RequestError T002."""
        ...

    def where(self, target: Target) -> str:
        """Where its steps run, in a few words."""
        ...

    def fingerprint(self, target: Target) -> str:
        """The fingerprint of the key that is pinned for it; empty where there is none."""
        ...

    async def meet(self, target: Target, fingerprint: str) -> Target:
        """Reach it for the first time; gives it with what has to be remembered of that.

        Raises:
            RequestError: T004 when it shows another key than `fingerprint`.
            InfrastructureError: T003 to T006 when there is no way in.
        """
        ...

    async def examine(self, target: Target) -> TargetReport:
        """Connect and say what it offers, and whether a step can run there.

        Raises:
            InfrastructureError: T003 to T006 when there is no way in.
        """
        ...

    def site(self, target: Target, ear: "Ear") -> "Site":
        """What carries its steps out, in its agent."""
        ...


def kind_of(target: Target) -> Kind:
    """The kind of a declared target.

    Raises:
        RequestError: T002 for one that cannot be declared.
    """
    place = _KINDS.get(target.kind)
    if place is None:
        raise RequestError(
            "T002",
            f"A compute target of the kind '{target.kind}' cannot be declared.",
            remedy=f"Choose one of these kinds: {', '.join(_KINDS)}.",
        )
    module, _, name = place.partition(":")
    kind: Kind = getattr(importlib.import_module(module), name)()
    return kind


def checked(target: Target) -> Target:
    """Give the target with its settings as they are kept.

    Raises:
        RequestError: T002 for settings that its kind does not take.
    """
    return kind_of(target).checked(target)


def where(target: Target) -> str:
    """Where a target's steps run, in a few words."""
    return "this machine" if target.name == LOCAL else kind_of(target).where(target)


def fingerprint_of(target: Target) -> str:
    """The fingerprint of the key that is pinned for a target; empty where there is none."""
    return "" if target.name == LOCAL else kind_of(target).fingerprint(target)


def site_of(target: Target, ear: "Ear") -> "Site":
    """What carries a target's steps out, in its agent."""
    return kind_of(target).site(target, ear)


def settings_of(target: Target, kind: type[_Settings]) -> _Settings:
    """The settings as what they are.

    Raises:
        RequestError: T002 for settings that do not fit.
    """
    try:
        return msgspec.convert(target.settings, kind)
    except msgspec.ValidationError as exc:
        known = ", ".join(kind.__struct_fields__)
        raise RequestError(
            "T002",
            f"The settings of the compute target '{target.name}' do not fit: {exc}.",
            remedy=f"Give it {known}.",
        ) from exc
