"""A real Docker engine for tests: a dockerd of their own, and an image of the Python that runs here."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
from importlib import metadata
from pathlib import Path

from runtime.model import Target, TargetResources
from tests.ssh_host import free_port

DOCKERD = shutil.which("dockerd") or "/usr/sbin/dockerd"
IMAGE = "designer-tests"
PACKAGES = ("msgspec", "blake3", "pyarrow", "numpy", "polars", "polars-runtime-32", "duckdb")
_HEAVY = re.compile(
    r"/(test|tests|idlelib|lib2to3|site-packages|include|config-3[^/]*)(/|$)"
    r"|libpython3\.\d+\.a$|\.pdb$"
)


def site_packages():
    """Where the image's packages are."""
    return f"{_standard()}/site-packages"


def can_start():
    """Whether a dockerd is installed and this user may start it."""
    return os.path.exists(DOCKERD) and os.getuid() == 0


class DockerEngine:
    """The engine that tests speak to, with no network of its own: on a socket, and over TLS."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="dk", dir="/tmp"))  # sockets have short names
        self._data = self.folder / "data"
        self._data.mkdir()
        run(
            "mount", "-t", "tmpfs", "-o", "size=8g", "tmpfs", self._data
        )  # a disk would flush it all
        self.shared = self.folder / "packages"
        self.shared.mkdir(exist_ok=True)
        self.url = f"unix://{self.folder}/docker.sock"
        self.tls_url = f"tcp://127.0.0.1:{free_port()}"
        self.keys = self.folder / "keys"
        make_keys(self.keys)
        self._process = None

    def start(self):
        command = [
            DOCKERD, "--iptables=false", "--bridge=none", "--host", self.url,
            "--data-root", str(self._data), "--exec-root", f"{self.folder}/exec",
            "--pidfile", f"{self.folder}/pid", "--host", self.tls_url, "--tlsverify",
            "--tlscacert", f"{self.keys}/ca.pem",
            "--tlscert", f"{self.keys}/cert.pem", "--tlskey", f"{self.keys}/key.pem",
        ]  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + 30
        while self.docker("version", check=False).returncode:
            assert time.monotonic() < until, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.05)
        return self

    def docker(self, *words, check=True, **options):
        """Docker's own command line."""
        return subprocess.run(
            ["docker", "--host", self.url, *map(str, words)],
            check=check, capture_output=True, text=True, **options,
        )  # fmt: skip

    def make_image(self):
        """An image with the Python that runs here and what steps with tables import."""
        importing = subprocess.Popen(
            ["docker", "--host", self.url, "import", "--change", f"ENV PATH={_path()}", "-", IMAGE],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        with tarfile.open(fileobj=importing.stdin, mode="w|", dereference=True) as archive:
            archive.addfile(_scratch())
            for place, path in _files().items():
                archive.add(path, arcname=place.lstrip("/"), recursive=False, filter=_public)
        importing.stdin.close()
        assert importing.wait() == 0
        return self

    def another_image(self):
        """An image like ours that is another one to the engine."""
        made = self.docker("create", IMAGE, "true").stdout.strip()
        self.docker("commit", made, "another")
        return "another"

    def containers(self):
        return self.docker("ps", "--quiet", "--no-trunc").stdout.split()

    def kill_daemon(self):
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def stop(self):
        """End every container and the engine."""
        self.docker("kill", *self.containers(), check=False)
        with contextlib.suppress(ProcessLookupError):
            self.kill_daemon()
        run("umount", "--lazy", self._data)
        run("umount", "--lazy", self._data)
        shutil.rmtree(self.folder, ignore_errors=True)

    def target(self, name="engine", *, cpus=2, **settings):
        return Target(
            name=name,
            kind="docker",
            settings={"url": self.url, "image": IMAGE, "python": _python(), **settings},
            resources=TargetResources(cpus=cpus),
        )


def run(*words):
    """A command that is tried: without it all is slower, not wrong."""
    subprocess.run([*map(str, words)], check=False, capture_output=True)


def make_keys(folder):
    """A certificate authority of the tests' own, and the one key that both sides show."""
    folder.mkdir()
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"]
    request += ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
    here = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"]
    for words in (
        ["-subj", "/CN=authority", "-keyout", "ca-key.pem", "-out", "ca.pem"],
        ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-subj", "/CN=127.0.0.1", *here]
        + ["-keyout", "key.pem", "-out", "cert.pem"],
    ):
        subprocess.run([*request, *words], cwd=folder, check=True, capture_output=True)


def _python():
    return os.path.realpath(sys.executable)


def _standard():
    """The folder of Python's own modules, here and in the image."""
    return sysconfig.get_path("stdlib", vars={"base": sys.base_prefix})


def _path():
    return f"{os.path.dirname(_python())}:/usr/local/bin:/usr/bin:/bin"


def _public(member):
    """Everybody in a container may read it, whoever may here."""
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    member.uid = member.gid = 0
    return member


def _scratch():
    folder = tarfile.TarInfo("tmp")
    folder.type, folder.mode = tarfile.DIRTYPE, 0o1777
    return folder


def _files():
    """What is in the image, by its place there: the interpreter, the packages, a shell, libraries."""
    programs = [_python(), "/bin/sh", "/bin/sleep", "/bin/true"]
    standard = _standard()
    chosen = {path: Path(path) for path in programs} | _below(standard, standard)
    for name in PACKAGES:
        for file in metadata.files(name):
            if not _HEAVY.search(f"/{file}") and ".." not in file.parts:
                chosen[f"{site_packages()}/{file}"] = Path(file.locate())
    objects = [
        p for p in chosen.values() if p.is_file() and (".so" in p.name or p.stat().st_mode & 1)
    ]
    return chosen | {path: Path(path) for path in _loaded(objects)}


def _below(folder, place):
    """The files and folders below a folder, by their place in the image."""
    found = {}
    for at, folders, names in os.walk(folder):
        below = at.removeprefix(folder)
        folders[:] = [name for name in folders if not _HEAVY.search(f"{below}/{name}/")]
        for name in (*folders, *names):
            if not _HEAVY.search(f"{below}/{name}"):
                found[f"{place}{below}/{name}"] = Path(at, name)
    return found


def _loaded(objects):
    """The shared objects outside of Python that these load, under the names that they ask for."""
    said = subprocess.run(["ldd", *objects], capture_output=True, text=True).stdout
    named = map(os.path.normpath, re.findall(r"(?:=> |\t)(/\S+) \(", said))
    return {path for path in named if "/site-packages/" not in path}
