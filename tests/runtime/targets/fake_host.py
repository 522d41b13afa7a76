"""A host without a network: the connector of a target whose commands run on this machine.

Everything above the connector is the real thing: agent, server, transfers. What goes wrong is asked
for by files in the home folder: while `unreachable` is there nobody gets in, `cut` ends every
connection, `flip` turns one bit of what is sent next, `flips` of everything; with `pours` files are
piped beside the messages.
"""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

from runtime.model import Target
from runtime.targets.remote.connector import Ran, Stream, UnreachableError
from runtime.targets.remote.host_site import ssh_site

SITE = f"{__name__}:site_of"
_FLIP_FROM_BYTES = 4096


def fake_target(home, **settings):
    return Target(
        name="fake",
        kind="ssh",
        settings={"host": "fake", "python": sys.executable, "folder": str(home), **settings},
    )


def site_of(target, ear):
    return ssh_site(target, ear, FakeConnector(Path(str(target.settings["folder"]))))


class FakeConnector:
    def __init__(self, home):
        self._home = home
        self._processes = []
        self._watching = None

    async def connect(self):
        self._check()
        self._watching = asyncio.create_task(self._watch())

    async def run(self, command, data=b""):
        self._check()
        process = await self._begin(command)
        output, errors = await process.communicate(data)
        return Ran(process.returncode, output, errors)

    async def open(self, command):
        self._check()
        process = await self._begin(command)
        return Stream(process.stdout, Flipping(process.stdin, self._home), process.stderr)

    async def pour(self, command, *, source=None, target=None):
        if not (self._home / "pours").exists():
            return None
        process = await asyncio.create_subprocess_shell(
            command,
            stdin=source or asyncio.subprocess.DEVNULL,
            stdout=target or asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        self._processes.append(process)
        output, errors = await process.communicate()
        return Ran(process.returncode, output or b"", errors)

    async def close(self):
        if self._watching is not None:
            self._watching.cancel()
        self._hang_up()

    def _check(self):
        if (self._home / "unreachable").exists():
            raise UnreachableError("fake", "the cable is pulled")

    async def _begin(self, command):
        process = await asyncio.create_subprocess_shell(
            command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    async def _watch(self):
        """Cut the connection when a test asks for it."""
        while True:
            await asyncio.sleep(0.01)
            if (self._home / "cut").exists():
                (self._home / "cut").unlink()
                self._hang_up()

    def _hang_up(self):
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError, OSError):
                process.kill()
        self._processes.clear()


class Flipping:
    """Writes what it is given, but for the bit that a test wants wrong."""

    def __init__(self, writer, home):
        self._writer = writer
        self._home = home

    def write(self, data):
        if len(data) > _FLIP_FROM_BYTES and self._is_asked():
            data = bytearray(data)
            data[-1] ^= 1
        self._writer.write(data)

    def _is_asked(self):
        if (self._home / "flips").exists():
            return True
        try:
            os.unlink(self._home / "flip")
        except FileNotFoundError:
            return False
        return True

    async def drain(self):
        await self._writer.drain()
