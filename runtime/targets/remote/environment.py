"""The Python environment of a host that names none: built there once from pinned requirements.

The pins are what this designer itself runs with, so a step gives the same bytes there as here.
"""

import re
import shlex
from collections.abc import Callable
from functools import cache
from importlib import metadata

from runtime.environments.building import PROGRAM, Progress, heard, not_built, order, words
from runtime.model import Environment, PackageSource, SshSettings
from runtime.targets.remote.connector import Connector, Stream, UnreachableError
from runtime.targets.remote.found import ENVIRONMENTS, WORKER
from runtime.targets.remote.probe import BASE, MINOR

TOLD_AFTER_S, TOLD_EVERY_S = 0.5, 2.0
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_READ_BYTES = 1 << 16


class HostPython:
    """Which interpreter runs our server and the steps of a host.

    Args:
        name: What the target is called.
        settings: An interpreter that they name is taken as it is.
        notice: Told while an environment is being built.
    """

    def __init__(self, name: str, settings: SshSettings, notice: Callable[[str], None]) -> None:
        self._name = name
        self._settings = settings
        self._notice = notice
        self._known = settings.python

    async def path(self, connector: Connector) -> str:
        """Its path on the host, whose environment is built now where it is not there.

        Raises:
            InfrastructureError: T003, or T009 when it cannot be built.
        """
        if not self._known:
            self._known = await self._build(connector)
        return self._known

    async def _build(self, connector: Connector) -> str:
        environment = base_environment(self._settings.wheels)
        ordered = order(environment, f"{self._settings.folder}/{ENVIRONMENTS}")
        program = PROGRAM.read_text(encoding="utf-8")
        stream = await connector.open(f"{BASE} -c {shlex.join((program, ordered))}")
        try:
            ending = await self._follow(stream)
        finally:
            self._notice("")
        if ending is None:
            raise UnreachableError(self._name, "the connection broke")
        if ending.state != "built":
            raise not_built(environment, said=ending.said, where=f"on '{self._name}'")
        return ending.python

    async def _follow(self, stream: Stream) -> Progress | None:
        """Say how far a build is until it has ended; gives its last word, None where there is none."""
        rest = b""
        while data := await stream.reader.read(_READ_BYTES):
            *lines, rest = (rest + data).split(b"\n")
            for progress in map(heard, lines):
                if progress.state in ("built", "failed"):
                    return progress
                if progress.seconds >= TOLD_AFTER_S:
                    self._notice(words("", progress))
        errors = await stream.errors.read(_READ_BYTES)
        return heard(errors) if errors else None


@cache
def pinned() -> tuple[str, ...]:
    """The worker's packages and everything they need, in the versions that run here."""
    found: dict[str, str] = {}
    waiting = list(WORKER)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[name] = distribution.version
        for requirement in distribution.requires or ():
            needed = _NAME.match(requirement)
            if needed and "extra ==" not in requirement:
                waiting.append(needed[0])
    return tuple(f"{name}=={version}" for name, version in sorted(found.items()))


def base_environment(wheels: str = "") -> Environment:
    """What steps of a target run in that ask for no environment: what runs here, made again there.

    Args:
        wheels: Folder over there that its packages come from; the index when empty.
    """
    return Environment(python=MINOR, locked=pinned(), source=PackageSource(wheels=wheels))
