"""A real sshd for tests: on a loopback port, as the current user, with keys of its own."""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from runtime.model import Target, TargetResources

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile {folder}/sshd.pid
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
LogLevel VERBOSE
MaxStartups 100
Subsystem sftp internal-sftp
"""


class SshHost:
    """The host that tests log in to; its home is a folder of the test."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.home = self.folder / "home"
        self.port = free_port()
        self.key_file = self.folder / "client_key"
        self._process = None
        make_key(self.key_file)
        self.new_host_key()
        shutil.copy(f"{self.key_file}.pub", self.folder / "authorized_keys")
        (self.folder / "config").write_text(CONFIG.format(port=self.port, folder=self.folder))

    def new_host_key(self):
        for name in ("host_key", "host_key.pub"):
            (self.folder / name).unlink(missing_ok=True)
        make_key(self.folder / "host_key")

    def start(self):
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        command = [SSHD, "-D", "-e", "-f", str(self.folder / "config")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stderr=log, start_new_session=True)
        until = time.monotonic() + 10
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(0.02)

    def stop(self):
        """End the sshd and every connection to it."""
        self.cut()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def cut(self):
        """Kill the process of every connection; what was started over them is left alone."""
        for pid in self.connections():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def connections(self):
        """The processes that serve a connection, of all generations."""
        found, waiting = [], [self._process.pid] if self._process else []
        while waiting:
            for child in children_of(waiting.pop()):
                with contextlib.suppress(OSError):  # it has just ended
                    if Path(f"/proc/{child}/comm").read_text().startswith("sshd"):
                        found.append(child)
                        waiting.append(child)
        return found

    def target(self, name="box", *, cpus=2, **settings):
        line = " ".join((self.folder / "host_key.pub").read_text().split()[:2])
        return Target(
            name=name,
            kind="ssh",
            settings={
                "host": "127.0.0.1",
                "port": self.port,
                "user": getpass.getuser(),
                "key_file": str(self.key_file),
                "host_key": line,
                "python": sys.executable,
                "folder": str(self.home),
                **settings,
            },
            resources=TargetResources(cpus=cpus),
        )


def make_key(path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def children_of(pid):
    try:
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:
        return []
