"""The Python environment of a host that names none: built there once from pinned requirements.

The pins are what this designer itself runs with, so a step gives the same bytes there as here.
"""

import asyncio
import re
import shlex
import time
from collections.abc import Callable
from functools import cache
from importlib import metadata

from runtime.errors import InfrastructureError
from runtime.model import SshSettings
from runtime.model.digest import digest_value
from runtime.targets.remote.connector import Connector
from runtime.targets.remote.found import WORKER
from runtime.targets.remote.probe import BASE, MINOR

TOLD_AFTER_S, TOLD_EVERY_S = 0.5, 2.0
_NAME = re.compile(r"[A-Za-z0-9._-]+")
BUILD = """
import os, shutil, subprocess, sys
home, digest, wheels = os.path.expanduser(sys.argv[1]), sys.argv[2], os.path.expanduser(sys.argv[3])
os.umask(int(sys.argv[4], 8))
place = home + "/environments/" + digest
python = place + "/bin/python"
if not os.path.exists(python):
    part = place + ".part" + str(os.getpid())
    os.makedirs(home + "/environments", exist_ok=True)
    def run(*words):
        done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if done.returncode:
            shutil.rmtree(part, ignore_errors=True)
            said = " ".join(done.stderr.decode(errors="replace").split())
            sys.exit(said[-300:] or words[0] + " failed")
    uv = shutil.which("uv") or shutil.which(os.path.expanduser("~/.local/bin/uv"))
    inner = part + "/bin/python"
    if uv:
        run(uv, "venv", "--quiet", "--python", sys.executable, part)
        install = [uv, "pip", "install", "--quiet", "--python", inner]
    else:
        run(sys.executable, "-m", "venv", part)
        install = [inner, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if wheels:
        install += ["--no-index", "--find-links", wheels]
    listed = part + "/requirements.txt"
    with open(listed, "w") as file:
        file.write(sys.stdin.read())
    run(*install, "--no-deps", "-r", listed)
    try:
        os.rename(part, place)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
print(python)
"""
"""Makes an environment at `<home>/environments/<digest>` and prints its interpreter: the arguments
are the home, the digest, a folder of wheels and the umask; the packages come in."""


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
        pins = pinned()
        words = (self._settings.folder, environment_digest(pins), self._settings.wheels, "077")
        command = f"{BASE} -c {' '.join(map(shlex.quote, (BUILD, *words)))}"
        telling = asyncio.create_task(self._tell())
        try:
            done = await connector.run(command, "\n".join(pins).encode())
        finally:
            telling.cancel()
            self._notice("")
        if done.status:
            said = done.errors.decode(errors="replace").strip().rpartition("\n")[2]
            raise InfrastructureError(
                "T009",
                f"The environment of '{self._name}' could not be built: {said or 'no word why'}.",
                remedy="Repair that on the host, or name a Python there that has the packages.",
            )
        return done.output.decode().strip().rpartition("\n")[2]

    async def _tell(self) -> None:
        began = time.monotonic()
        await asyncio.sleep(TOLD_AFTER_S)
        while True:
            self._notice(f"building environment, {time.monotonic() - began:.0f} s")
            await asyncio.sleep(TOLD_EVERY_S)


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


def environment_digest(pins: tuple[str, ...]) -> str:
    """What names an environment on a host: its packages and the minor version of Python."""
    return digest_value([MINOR, *pins]).removeprefix("b3:")[:32]
