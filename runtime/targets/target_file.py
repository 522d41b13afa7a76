"""The declared compute targets of a workspace: one readable file, `targets.toml`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from runtime.durable_files import replace_durably
from runtime.errors import InfrastructureError, RequestError, close_matches
from runtime.model import LOCAL, Target, TargetResources
from runtime.stores.toml_text import toml_value
from runtime.targets.kinds import checked
from runtime.targets.machine import local_resources

TARGETS_FILE = "targets.toml"
_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
_LONGEST_NAME = 63


class TargetFile:
    """Reads and writes the targets of one workspace; `local` is always there.

    Args:
        workspace: The workspace's folder; it needs not exist to be read.
    """

    def __init__(self, workspace: Path | str) -> None:
        self.path = Path(workspace) / TARGETS_FILE

    def targets(self) -> dict[str, Target]:
        """All of them by name, `local` first.

        Raises:
            InfrastructureError: T002 when the file cannot be read.
        """
        return {LOCAL: _local(), **self.declared()}

    def names(self) -> tuple[str, ...]:
        """Their names."""
        return (LOCAL, *self.declared())

    def get(self, name: str) -> Target:
        """One of them.

        Raises:
            RequestError: T001 when there is none of that name.
        """
        known = self.targets()
        if name not in known:
            raise RequestError(
                "T001",
                f"There is no compute target '{name}'.{close_matches(name, known)}",
                remedy=f"Choose one of: {', '.join(known)}.",
            )
        return known[name]

    def add(self, target: Target) -> None:
        """Declare a target.

        Raises:
            RequestError: T002 for a name or settings that are not usable, T008 for a name that is
                taken.
        """
        self.check_new(target)
        self._write({**self.declared(), target.name: target})

    def check_new(self, target: Target) -> None:
        """Refuse what `add` would refuse, before anything is connected."""
        name = target.name
        if not 0 < len(name) <= _LONGEST_NAME or name[0] in "-_" or not _SIGNS.issuperset(name):
            raise RequestError(
                "T002",
                f"'{target.name}' cannot be the name of a compute target.",
                remedy="Use small letters, digits, '-' and '_', at most 63.",
            )
        checked(target)
        if target.name in self.targets():
            raise RequestError(
                "T008",
                f"There is a compute target '{target.name}' already.",
                remedy="Choose another name, or remove that one first.",
            )

    def remove(self, name: str) -> Target:
        """Forget a target; what runs there goes on. Gives what it was.

        Raises:
            RequestError: T001 when there is none, T002 for `local`.
        """
        target = self.get(name)
        if name == LOCAL:
            raise RequestError(
                "T002",
                "'local' is this machine and cannot be removed.",
                remedy="Remove another target.",
            )
        self._write({key: one for key, one in self.declared().items() if key != name})
        return target

    def declared(self) -> dict[str, Target]:
        """Those that somebody has added, by name. Raises InfrastructureError T002."""
        if not self.path.exists():
            return {}
        import tomllib

        try:
            document = tomllib.loads(self.path.read_text(encoding="utf-8"))
            return {name: _target(name, facts) for name, facts in document.items()}
        except (OSError, ValueError, TypeError, RequestError) as exc:
            raise InfrastructureError(
                "T002",
                f"The compute targets in '{self.path}' cannot be read: {exc}.",
                remedy="Correct the file, or move it away and add the targets again.",
            ) from exc

    def _write(self, targets: Mapping[str, Target]) -> None:
        replace_durably(self.path, _text(targets).encode())


def target_names(workspace: Path | str | None) -> tuple[str, ...]:
    """The names of the targets that steps of a workspace can name."""
    return TargetFile(workspace).names() if workspace is not None else (LOCAL,)


def target_offers(workspace: Path | str | None) -> Callable[[str], TargetResources | None]:
    """What each target has for steps, looked up when it is asked; None for one that is not there."""
    found: dict[str, Target] = {}

    def offers(name: str) -> TargetResources | None:
        if not found:
            found.update(
                TargetFile(workspace).targets() if workspace is not None else {LOCAL: _local()}
            )
        return found[name].resources if name in found else None

    return offers


def _local() -> Target:
    return Target(name=LOCAL, kind="local", resources=local_resources())


def _target(name: str, facts: Any) -> Target:
    return checked(msgspec.convert({**facts, "name": name}, Target))


def _text(targets: Mapping[str, Target]) -> str:
    lines: list[str] = []
    for name, target in targets.items():
        lines += [f"[{name}]", f"kind = {toml_value(target.kind)}", ""]
        for part in ("settings", "resources"):
            facts = msgspec.to_builtins(getattr(target, part))
            if facts:
                lines += [f"[{name}.{part}]"]
                lines += [f"{key} = {toml_value(value)}" for key, value in facts.items()]
                lines += [""]
    return "\n".join(lines)
