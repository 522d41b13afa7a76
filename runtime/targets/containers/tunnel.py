"""The socket of an engine on another host, brought here by OpenSSH's own client.

One connection carries everything; it ends with the process that opened it, and it accepts only
hosts that the user's own known hosts name.
"""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from runtime.errors import InfrastructureError
from runtime.targets.remote.connector import UnreachableError
from runtime.targets.remote.ssh import changed_key

_SOCKET = "/var/run/docker.sock"
_CONNECT_S = 20
_FACTS = {
    "BatchMode": "yes",
    "ClearAllForwardings": "no",
    "ConnectTimeout": 10,
    "ControlPath": "none",
    "ExitOnForwardFailure": "yes",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "ServerAliveCountMax": 3,
    "ServerAliveInterval": 3,
    "StreamLocalBindMask": "0177",
    "StrictHostKeyChecking": "yes",
}


class Tunnel:
    """A connection to one host.

    Args:
        name: What the target is called, for messages.
        url: `ssh://user@host:port`, with the engine's socket as its path where it is another one.
    """

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._url = urlsplit(url)
        self._folder = Path(tempfile.mkdtemp(prefix="designer-"))
        self._process: subprocess.Popen[bytes] | None = None

    def open(self) -> str:
        """Log in; gives the address of the engine here.

        Raises:
            InfrastructureError: T003, T004 for a host that is not a known one, T005 without a
                client, T006 when the host does not let the user in.
        """
        socket = self._folder / "engine"
        try:
            process = self._process = subprocess.Popen(
                self._command(socket),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except FileNotFoundError as exc:
            raise InfrastructureError(
                "T005",
                f"'{self._name}' is reached over SSH, but there is no `ssh` here.",
                remedy="Install OpenSSH's client.",
            ) from exc
        until = time.monotonic() + _CONNECT_S
        while not socket.exists():
            if process.poll() is not None:
                raise self._refusal(process.communicate()[1].decode(errors="replace"))
            if time.monotonic() > until:
                raise UnreachableError(self._name, "no answer")
            time.sleep(0.01)
        return f"unix://{socket}"

    def close(self) -> None:
        """Hang up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _command(self, socket: Path) -> list[str]:
        """What waits on the host for the end of its input, which is ours."""
        url = self._url
        words = ["ssh", "-T"]
        for fact, value in _FACTS.items():
            words += ["-o", f"{fact}={value}"]
        if url.port:
            words += ["-p", str(url.port)]
        if url.username:
            words += ["-l", url.username]
        words += ["-L", f"{socket}:{url.path.rstrip('/') or _SOCKET}"]
        return [*words, url.hostname or "", "cat >/dev/null"]

    def _refusal(self, said: str) -> InfrastructureError:
        last = said.strip().rpartition("\n")[2].strip() or "ssh said nothing"
        if "Host key verification failed" in said:
            return changed_key(self._name)
        if "Permission denied" in said:
            return InfrastructureError(
                "T006",
                f"The host of '{self._name}' does not let us in: {last}",
                remedy="Put your public key into ~/.ssh/authorized_keys there.",
            )
        return UnreachableError(self._name, last)
