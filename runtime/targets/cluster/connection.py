"""A process's connection to a Ray cluster; there is one in a process at most.

Only the process of an agent or of a test connects: the engine and the designer never import Ray.
"""

import contextlib
import logging
import os
import secrets
import socket
from types import ModuleType

from runtime.errors import DesignerError, InfrastructureError
from runtime.model import RaySettings
from runtime.targets.cluster.own_cluster import OwnCluster
from runtime.targets.remote.connector import UnreachableError

NAMESPACE = "designer"
_KNOCK_S = 5.0


class Connection:
    """Connects, and hangs up.

    Args:
        name: What the target is called.
        settings: How its cluster is reached.
    """

    def __init__(self, name: str, settings: RaySettings) -> None:
        self._name = name
        self._settings = settings
        self._own: OwnCluster | None = None
        self._was_in = False

    def open(self) -> ModuleType:
        """Connect; gives Ray itself.

        Raises:
            UnreachableError: T003, there is no cluster at the address now.
            InfrastructureError: T005 without Ray, T006 without its token, T012 where the cluster
                runs other versions.
        """
        self._set_environment()
        ray = imported(self._name)
        logging.getLogger("ray").setLevel(logging.ERROR)
        try:
            ray.init(
                address=self._address(),
                namespace=NAMESPACE,
                configure_logging=False,
                log_to_driver=False,
            )
        except DesignerError:
            raise
        except Exception as exc:
            self.close()
            met = trouble(self._name, self._settings.address, exc)
            if self._was_in:  # it will let us in again
                met = UnreachableError(self._name, met.record.message)
            raise met from exc
        self._was_in = True
        return ray

    def close(self) -> None:
        """Hang up; a cluster of our own ends."""
        import ray

        with contextlib.suppress(Exception):
            ray.shutdown()
        if self._own is not None:
            self._own.end()
            self._own = None

    def _set_environment(self) -> None:
        """Ray reads these once, when it is loaded."""
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        if self._settings.token_file:
            os.environ["RAY_AUTH_MODE"] = "token"
            os.environ["RAY_AUTH_TOKEN_PATH"] = os.path.expanduser(self._settings.token_file)
        elif not self._settings.address:  # nobody else shall get into a cluster of our own
            os.environ["RAY_AUTH_MODE"] = "token"
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))

    def _address(self) -> str:
        if not self._settings.address:
            self._own = OwnCluster(self._name)
            return self._own.address
        _knock(self._settings.address)
        return self._settings.address


def _knock(address: str) -> None:
    """Raise OSError where nobody listens: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host:
        socket.create_connection((host.strip("[]"), int(port)), _KNOCK_S).close()


def imported(name: str) -> ModuleType:
    """Ray. Raises InfrastructureError T005 where it is not installed."""
    try:
        import ray
    except ImportError as exc:
        raise InfrastructureError(
            "T005",
            f"Ray is not installed, so the compute target '{name}' cannot be reached.",
            remedy="Install it with `pip install 'designer[ray]'`.",
        ) from exc
    return ray


def trouble(name: str, address: str, exc: Exception) -> DesignerError:
    """What it means that a cluster did not let us in."""
    words = " ".join(str(exc).split())
    low = words.lower()
    if "version mismatch" in low or "versions differ" in low or "minor version" in low:
        return InfrastructureError(
            "T012",
            f"The cluster of '{name}' runs other versions than this machine: {_short(words)}.",
            remedy="Install the cluster's version of Ray here, under its version of Python.",
        )
    if isinstance(exc, ConnectionError) and "ray cluster" in low:  # somebody listens there
        return InfrastructureError(
            "T006",
            f"What listens at '{address}' does not let '{name}' in as a Ray cluster would.",
            remedy="Name the file with the cluster's token, and look whether the address is its own.",
        )
    return UnreachableError(name, f"no cluster answers there ({_short(words)})")


def last_line(exc: Exception) -> str:
    """The last words of an error of Ray's: what is above them is the way they came."""
    lines = [line.strip() for line in str(exc).splitlines() if line.strip()]
    return _short(lines[-1] if lines else type(exc).__name__)


def _short(words: str, limit: int = 240) -> str:
    return (words if len(words) <= limit else f"{words[:limit]}…").rstrip(". ")
