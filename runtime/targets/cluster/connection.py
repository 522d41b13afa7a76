"""A process's connection to a Ray cluster; there is one in a process at most.

Only the process of an agent or of a test connects: the engine and the designer never import Ray.
"""

import contextlib
import os
import secrets
import shutil
import socket
import tempfile
from types import ModuleType
from typing import Any

from runtime.errors import DesignerError, InfrastructureError
from runtime.model import RaySettings
from runtime.targets.remote.connector import UnreachableError

NAMESPACE = "designer"
_OWN = "local"
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
        self._folder = ""

    def open(self) -> ModuleType:
        """Connect; gives Ray itself.

        Raises:
            UnreachableError: T003, there is no cluster at the address now.
            InfrastructureError: T005 without Ray, T006 without its token, T012 where the cluster
                runs other versions.
        """
        self._set_environment()
        ray = imported(self._name)
        try:
            _knock(self._settings.address)
            ray.init(
                address=self._settings.address or _OWN,
                namespace=NAMESPACE,
                configure_logging=False,
                log_to_driver=False,
                **self._of_its_own(),
            )
        except Exception as exc:  # noqa: BLE001 - whatever Ray says when it cannot connect
            self.close()
            raise trouble(self._name, self._settings, exc) from exc
        return ray

    def close(self) -> None:
        """Hang up; a cluster of our own ends."""
        import ray

        with contextlib.suppress(Exception):
            ray.shutdown()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""

    def _set_environment(self) -> None:
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        if not self._settings.address:
            os.environ["RAY_AUTH_MODE"] = "token"
            os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
        elif self._settings.token_file:
            os.environ["RAY_AUTH_MODE"] = "token"
            os.environ["RAY_AUTH_TOKEN_PATH"] = os.path.expanduser(self._settings.token_file)

    def _of_its_own(self) -> dict[str, Any]:
        """What a cluster of our own is started with."""
        if self._settings.address:
            return {}
        self._folder = tempfile.mkdtemp(prefix="ray-")
        return {"include_dashboard": False, "_temp_dir": self._folder}


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


def trouble(name: str, settings: RaySettings, exc: Exception) -> DesignerError:
    """What it means that a cluster did not let us in."""
    words = " ".join(str(exc).split())
    low = words.lower()
    if "version mismatch" in low or "versions differ" in low or "minor version" in low:
        return InfrastructureError(
            "T012",
            f"The cluster of '{name}' runs other versions than this machine: {_short(words)}.",
            remedy="Install the cluster's version of Ray here, under its version of Python.",
        )
    if "authentication" in low or "token" in low or "unauthenticated" in low:
        return InfrastructureError(
            "T006",
            f"The cluster of '{name}' does not let us in: {_short(words)}.",
            remedy="Name the file with its token.",
        )
    return UnreachableError(name, f"no cluster answers at '{settings.address or _OWN}' ({_short(words)})")


def last_line(exc: Exception) -> str:
    """The last words of an error of Ray's: what is above them is the way they came."""
    lines = [line.strip() for line in str(exc).splitlines() if line.strip()]
    return _short(lines[-1] if lines else type(exc).__name__)


def _short(words: str, limit: int = 240) -> str:
    return (words if len(words) <= limit else f"{words[:limit]}…").rstrip(". ")
