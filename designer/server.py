"""Serves a workspace to this machine's browser: one server per workspace, on loopback."""

import fcntl
import ipaddress
import json
import os
import socket
import sys
import threading
import urllib.request
import webbrowser
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.errors import InfrastructureError, RequestError

if TYPE_CHECKING:
    from designer.services.services import Services

DEFAULT_PORT = 8080
LOOPBACK = "127.0.0.1"

Start = Callable[["Services"], Awaitable[str]]
OpenPage = Callable[[str], None]
"""Called when the services are up; gives the path of the page to open."""


class ServerLock:
    """Held by the server of a workspace; says at which address it is.

    Args:
        folder: The workspace's `server` folder.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._file = (folder / "lock").open("a+")

    def acquire(self) -> bool:
        """Take the lock; False when another server holds it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def announce(self, url: str) -> None:
        """Write down where the server is."""
        self._file.seek(0)
        self._file.truncate()
        json.dump({"url": url, "pid": os.getpid()}, self._file)
        self._file.flush()

    def address(self) -> str:
        """Where the server that holds the lock is."""
        self._file.seek(0)
        try:
            return str(json.load(self._file)["url"])
        except (ValueError, KeyError) as exc:
            raise InfrastructureError(
                "S002",
                "Another designer is starting on this workspace.",
                remedy="Wait a moment and try again.",
            ) from exc

    def new_login_address(self) -> str:
        """An address that signs a browser in to the running server."""
        url, token = self.address(), (self._folder / "token").read_text()
        request = urllib.request.Request(
            f"{url}/api/v1/login_tokens",
            method="POST",
            headers={"Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request, timeout=5) as response:
            return f"{url}/login?token={json.load(response)['token']}"


def serve(
    workspace: Path,
    *,
    host: str = LOOPBACK,
    port: int | None = None,
    open_page: OpenPage | None = None,
    is_remote_allowed: bool = False,
    host_names: Sequence[str] = (),
    start: Start | None = None,
) -> None:
    """Serve until interrupted; where a server holds the workspace already, open that one.

    Args:
        workspace: The folder; created if absent.
        host: Address to listen on.
        port: Port to listen on; by default 8080, or any free one where that is taken.
        open_page: Shows the address to the person; None only prints it.
        is_remote_allowed: Whether `host` may be an address that other machines reach.
        host_names: Further names by which browsers may address the server.
        start: What to do when the services are up; gives the path of the page to open.

    Raises:
        RequestError: A002 for an address that other machines reach, without the permission.
        InfrastructureError: The workspace cannot be opened, or the port is taken.
    """
    check_host(host, is_remote_allowed=is_remote_allowed)
    os.umask(0o077)
    lock = ServerLock(workspace / "server")
    if not lock.acquire():
        announce(lock.new_login_address(), open_page=open_page)
        return
    listener = listen(host, port)
    url = f"http://{host}:{listener.getsockname()[1]}"
    lock.announce(url)
    from designer.web_server import run_web_server

    run_web_server(
        workspace,
        listener,
        url,
        host_names=[host, *host_names],
        open_page=open_page,
        start=start,
    )


def check_host(host: str, *, is_remote_allowed: bool) -> None:
    """Refuse an address that other machines reach. Raises RequestError A002."""
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback and not is_remote_allowed:
        raise RequestError(
            "A002",
            f"'{host}' can be reached from other machines.",
            remedy="Leave --host away, or add --allow-remote if that is what you want.",
        )


def listen(host: str, port: int | None) -> socket.socket:
    """A listening socket on the port, by default 8080 or a free one.

    Raises:
        InfrastructureError: S002 when the port that was asked for is taken.
    """
    for candidate in [DEFAULT_PORT, 0] if port is None else [port]:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except (OSError, OverflowError):
            listener.close()
            continue
        return listener
    raise InfrastructureError(
        "S002", f"Port {port} of {host} is taken.", remedy="Choose another with --port."
    )


def announce(address: str, *, open_page: OpenPage | None) -> None:
    """Say where the page is, and open it."""
    sys.stderr.write(f"Designer is at {address}\n")
    sys.stderr.flush()
    if open_page is not None:
        open_page(address)


def open_in_browser(address: str) -> None:
    """Open the page in the person's browser; one in the terminal would be in the way."""
    if has_screen():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def has_screen() -> bool:
    """Whether a window would be seen."""
    has_display = "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return has_display or sys.platform != "linux"
