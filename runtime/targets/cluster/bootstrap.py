"""What a cluster is given before our packages are there: it brings them, and hands over to them.

Ray copies these two to where they run, so this file imports nothing of ours but what goes with it.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

from runtime.targets.remote.unpacking import unpack


class ClusterActor:
    """Lives in the cluster, one for each workspace: what an agent and running steps speak to.

    Args:
        folder: Where the designer may write on its node.
        workspace: Names the workspace.
    """

    def __init__(self, folder: str, workspace: str) -> None:
        os.umask(0o077)
        self._folder = folder
        self._home = os.path.expanduser(folder)
        self._workspace = workspace
        self._packages: dict[str, str] = {}
        self._server: Any = None

    async def begin(self, session: str, packages: dict[str, str], environment: bytes) -> bytes:
        """An agent is here: answers like our server on a host, or nothing if it is of another version.

        Args:
            session: Of the agent; what an earlier one says is not heard any more.
            packages: Digests of our packages by their names.
            environment: The runtime environment of steps, as JSON.
        """
        lacking = [one for one in packages.values() if not os.path.isdir(self._place(one))]
        if lacking:
            import json

            missing = [name for name, one in packages.items() if one in lacking]
            return json.dumps({"say": "missing", "packages": missing}).encode()
        known = self._packages | packages
        if any(known[name] != one for name, one in self._packages.items()):
            return b""
        self._packages = known
        use_packages(self._home, packages)
        if self._server is None:
            from runtime.targets.cluster.server import ClusterServer

            self._server = ClusterServer(self._folder, self._workspace, carry_out)
        return bytes(self._server.begin(session, known, environment))

    async def take_package(self, digest: str, archive: bytes) -> None:
        """Keep a package that was missing."""
        unpack(self._home, digest, archive)

    async def package(self, digest: str) -> bytes:
        """A package for a node that lacks it."""
        import io
        import tarfile

        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            archive.add(self._place(digest), arcname=".")
        return buffer.getvalue()

    async def feed(self, session: str, data: bytes) -> bool:
        """Take what an agent says; false when another one has taken its place."""
        return bool(self._server.feed(session, data))

    async def read(self, session: str) -> bytes | None:
        """What there is to say to an agent; nothing after a while, None when it was replaced."""
        said: bytes | None = await self._server.read(session)
        return said

    async def hear(self, place: str, data: bytes) -> bool:
        """Take what a running step says; false when nobody waits for it any more."""
        return bool(self._server.hear(place, data))

    async def orders(self, place: str) -> bytes:
        """The next order for a running step, as soon as there is one; none when it is over."""
        return bytes(await self._server.orders(place))

    async def lacks(self, blobs: dict[str, int], folders: dict[str, str]) -> list[str]:
        """Which of a step's outputs are not here."""
        lacking: list[str] = self._server.lacks(blobs, folders)
        return lacking

    async def pieces(self, digest: str, offset: int) -> list[Any]:
        """References to the next pieces of a blob in Ray's object store; none at its end."""
        found: list[Any] = await self._server.pieces(digest, offset)
        return found

    def _place(self, digest: str) -> str:
        return f"{self._home}/packages/{digest}"


def carry_out(
    server: Any, folder: str, workspace: str, packages: dict[str, str], words: bytes
) -> None:
    """Carry out a step in this process of a node.

    Args:
        server: The actor that speaks for the step.
        folder: Where the designer may write on the node.
        workspace: Names the workspace.
        packages: Digests of our packages by their names.
        words: The step as it was delivered.
    """
    import ray

    os.umask(0o077)
    home = os.path.expanduser(folder)
    use_packages(home, packages, lambda digest: ray.get(server.package.remote(digest)))
    from runtime.targets.cluster.node_step import carry_out as carry

    carry(server, home, workspace, words)


def use_packages(
    home: str, packages: dict[str, str], bring: Callable[[str], bytes] | None = None
) -> None:
    """Let this process import packages of ours, which are brought where they are missing."""
    for digest in packages.values():
        place = f"{home}/packages/{digest}"
        if bring is not None and not os.path.isdir(place):
            unpack(home, digest, bring(digest))
        if place not in sys.path:
            sys.path.insert(0, place)
