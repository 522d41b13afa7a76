"""The kinds of compute targets: which settings each takes."""

from typing import TypeVar

import msgspec

from runtime.errors import RequestError
from runtime.model import SshSettings, Target, TargetKind

_SETTINGS: dict[TargetKind, type[msgspec.Struct]] = {"ssh": SshSettings}
_Settings = TypeVar("_Settings", bound=msgspec.Struct)


def checked(target: Target) -> Target:
    """Give the target with its settings as they are kept.

    Raises:
        RequestError: T002 for settings that its kind does not take.
    """
    kind = _SETTINGS.get(target.kind)
    if kind is None:
        raise RequestError(
            "T002",
            f"A compute target of the kind '{target.kind}' cannot be declared.",
            remedy=f"Choose one of these kinds: {', '.join(_SETTINGS)}.",
        )
    settings = settings_of(target, kind)
    if isinstance(settings, SshSettings):
        _check_host(target.name, settings)
    return msgspec.structs.replace(target, settings=msgspec.to_builtins(settings))


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


def _check_host(name: str, settings: SshSettings) -> None:
    host = settings.host
    is_name = host and not host.startswith("-") and host.isprintable() and " " not in host
    if not is_name or not 0 < settings.port < 1 << 16:
        raise RequestError(
            "T002",
            f"The compute target '{name}' has no usable address: '{host}', port {settings.port}.",
            remedy="Give the host's name or address, and its port.",
        )
