"""SSH: the one file that knows asyncssh.

The host's key is pinned when the target is added; a connection accepts that key and no other.
Nothing of ours is forwarded: no agent, no X11, no ports.
"""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from runtime.errors import InfrastructureError
from runtime.model import SshSettings
from runtime.targets.remote.connector import Ran, Stream, UnreachableError

if TYPE_CHECKING:
    import asyncssh

_CONNECT_S, _LOGIN_S = 10, 20
_KEEPALIVE_S, _KEEPALIVES = 3, 3
_ALIAS = "designer-target"
_WINDOW_BYTES = 16 << 20
_CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes256-ctr",
    "aes128-ctr",
)
"""Those that processors help with come first: they carry several times as much."""


class SshConnector:
    """A connection to one host.

    Args:
        name: What the target is called, for messages.
        settings: Where the host is, and its pinned key.

    Raises:
        InfrastructureError: T005 when asyncssh is not installed.
    """

    def __init__(self, name: str, settings: SshSettings) -> None:
        self._name = name
        self._settings = settings
        self._asyncssh = _library()
        self._connection: asyncssh.SSHClientConnection | None = None
        self._pins: Any = None

    async def connect(self) -> None:
        """Reach the host, compare its key and log in.

        Raises:
            InfrastructureError: T003, T004 for another key than the pinned one, T006 when the
                host does not let the user in.
        """
        settings = self._settings
        with self._explained():
            self._connection = await self._asyncssh.connect(
                settings.host,
                settings.port,
                known_hosts=([self._pinned()], [], []),
                client_keys=self._client_keys(),
                encryption_algs=_CIPHERS,
                compression_algs=None,
                connect_timeout=_CONNECT_S,
                login_timeout=_LOGIN_S,
                keepalive_interval=_KEEPALIVE_S,
                keepalive_count_max=_KEEPALIVES,
                agent_forwarding=False,
                x11_forwarding=False,
                **({"username": settings.user} if settings.user else {}),
            )

    async def run(self, command: str, data: bytes = b"") -> Ran:
        """Run a command to its end."""
        with self._explained():
            done = await self._live().run(command, input=data, encoding=None)
        status = done.exit_status if done.exit_status is not None else -1
        return Ran(status, _bytes(done.stdout), _bytes(done.stderr))

    async def open(self, command: str) -> Stream:
        """Start a command that goes on."""
        with self._explained():
            process = await self._live().create_process(
                command, encoding=None, window=_WINDOW_BYTES
            )
        return Stream(process.stdout, process.stdin, process.stderr)

    async def pour(
        self, command: str, *, source: BinaryIO | None = None, target: BinaryIO | None = None
    ) -> Ran | None:
        """The same through OpenSSH's own client, which is several times as fast as Python."""
        program = shutil.which("ssh")
        if program is None:
            return None
        process = await asyncio.create_subprocess_exec(
            program,
            *self._options(),
            self._settings.host,
            command,
            stdin=source or asyncio.subprocess.DEVNULL,
            stdout=target or asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            output, errors = await process.communicate()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            raise
        return Ran(process.returncode or 0, output or b"", errors)

    def _options(self) -> list[str]:
        """What makes ssh accept the pinned key and no other, and ask nobody anything."""
        settings = self._settings
        if self._pins is None:
            self._pins = tempfile.NamedTemporaryFile("w", suffix=".known_hosts")  # noqa: SIM115
            self._pins.write(f"{_ALIAS} {settings.host_key}\n")
            self._pins.flush()
        facts = {
            "HostKeyAlias": _ALIAS,
            "UserKnownHostsFile": self._pins.name,
            "GlobalKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "yes",
            "UpdateHostKeys": "no",
            "BatchMode": "yes",
            "ControlPath": "none",
            "ForwardAgent": "no",
            "ClearAllForwardings": "yes",
            "ConnectTimeout": _CONNECT_S,
            "ServerAliveInterval": _KEEPALIVE_S,
            "Ciphers": ",".join(_CIPHERS),
        }
        words = ["-q", "-T", "-p", str(settings.port)]
        if settings.user:
            words += ["-l", settings.user]
        if settings.key_file:
            words += ["-i", str(Path(settings.key_file).expanduser()), "-o", "IdentitiesOnly=yes"]
        return [
            *words,
            *(word for item in facts.items() for word in ("-o", "=".join(map(str, item)))),
        ]

    async def close(self) -> None:
        """Hang up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            with contextlib.suppress(Exception):
                await asyncio.wait_for(connection.wait_closed(), 2)

    def _live(self) -> Any:
        if self._connection is None:
            raise UnreachableError(self._name, "the connection is closed")
        return self._connection

    def _pinned(self) -> Any:
        try:
            return self._asyncssh.import_public_key(self._settings.host_key)
        except (self._asyncssh.KeyImportError, ValueError) as exc:
            raise InfrastructureError(
                "T004",
                f"The key that is pinned for '{self._name}' is none: {exc}.",
                remedy="Remove the compute target and add it again.",
            ) from exc

    def _client_keys(self) -> Any:
        if not self._settings.key_file:
            return ()
        path = Path(self._settings.key_file).expanduser()
        try:
            return [self._asyncssh.read_private_key(path)]
        except (OSError, self._asyncssh.KeyImportError) as exc:
            raise InfrastructureError(
                "T006",
                f"The key '{path}' for '{self._name}' cannot be used: {exc}.",
                remedy="Name a private key without a passphrase, or load it into your agent.",
            ) from exc

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        library, name = self._asyncssh, self._name
        try:
            yield
        except library.HostKeyNotVerifiable as exc:
            raise changed_key(name) from exc
        except library.PermissionDenied as exc:
            user = self._settings.user or "you"
            raise InfrastructureError(
                "T006",
                f"The compute target '{name}' does not let '{user}' in: {exc.reason}.",
                remedy="Put the public key into ~/.ssh/authorized_keys there, or name another.",
            ) from exc
        except (OSError, library.Error, TimeoutError) as exc:
            raise UnreachableError(name, _words(exc)) from exc


async def host_key_of(name: str, settings: SshSettings) -> tuple[str, str]:
    """The key that a host shows at first contact: as a line to pin, and its fingerprint.

    Raises:
        InfrastructureError: T003 when there is no answer, T005 when asyncssh is not installed.
    """
    library = _library()
    try:
        key = await asyncio.wait_for(
            library.get_server_host_key(settings.host, settings.port), _CONNECT_S
        )
    except (OSError, library.Error, TimeoutError) as exc:
        raise UnreachableError(name, _words(exc)) from exc
    if key is None:
        raise UnreachableError(name, "it shows no key")
    line = " ".join(key.export_public_key().decode().split()[:2])
    return line, key.get_fingerprint()


def fingerprint_of(host_key: str) -> str:
    """The fingerprint of a pinned key, `SHA256:…`, as ssh-keygen shows it.

    >>> fingerprint_of("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA")[:7]
    'SHA256:'
    """
    import base64
    import binascii
    import hashlib

    try:
        data = base64.b64decode(host_key.split()[1])
    except (IndexError, binascii.Error):
        return ""
    return "SHA256:" + base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def changed_key(name: str) -> InfrastructureError:
    """The error for a host that shows another key than it did."""
    return InfrastructureError(
        "T004",
        f"The host of '{name}' shows another key than the one that was pinned.",
        remedy="Ask who runs it whether the key was changed; then remove the target and add it.",
    )


def _words(exc: Exception) -> str:
    if isinstance(exc, OSError) and exc.errno:
        return os.strerror(exc.errno).lower()
    return str(exc).rstrip(".") or "no answer"


def _library() -> Any:
    try:
        import asyncssh
    except ImportError as exc:
        raise InfrastructureError(
            "T005",
            "Compute targets over SSH need the package 'asyncssh'.",
            remedy="Install it: pip install 'designer[ssh]'.",
        ) from exc
    return asyncssh


def _bytes(output: Any) -> bytes:
    return output if isinstance(output, bytes) else str(output or "").encode()
