"""Builds one environment: a program that any Python from 3.7 on runs, here or on a host.

Its one argument is an order in JSON. It writes lines of JSON: how far it is, and how it ended. It
is sent to hosts as it is and must import nothing of ours.

The environment is made aside and renamed when it is whole, under a lock that also what it starts
holds: a second builder waits, and what an interrupted one left is removed by the next.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

_TICK_S = 1.0
_TAIL_LINES = 15
_MOST_TAIL = 2000
_PACKAGE = re.compile(
    r"\s*(?:Collecting|Processing|Downloading|Downloaded|Building|Built|Using cached|\+)"
    r"\s+(?:\S*/)?([A-Za-z0-9][A-Za-z0-9._]*?)(?:-\d[^/\s]*\.whl|[=<>~!(\s]|$)"
)


class BuildError(Exception):
    """It cannot be built; the text says why."""


class Builder:
    """Builds what an order asks for."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.began = time.monotonic()
        self.home = os.path.expanduser(order["home"])
        self.order = order
        self.place = os.path.join(self.home, order["folder"])
        self.part = self.place + ".part"
        self.log = self.place + ".log"
        self.python = os.path.join(self.place, "bin", "python")
        self.names = {plain(line.partition("==")[0]) for line in order["locked"]}
        self.seen: list[str] = []
        self.child: subprocess.Popen[bytes] | None = None
        self.lock = -1
        self.told = 0.0

    def run(self) -> str:
        """Build it unless it is there; gives the path of its Python."""
        os.makedirs(self.home, exist_ok=True)
        if not os.path.exists(self.python):
            self.take_lock()
        if not os.path.exists(self.python):
            sweep(self.home)
            try:
                self.build()
            finally:
                self.clean()
        return self.python

    def take_lock(self) -> None:
        """Wait until no other builder is at work on it."""
        self.lock = os.open(self.place + ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while not locked(self.lock):
            self.tell("waiting")
            time.sleep(_TICK_S)

    def build(self) -> None:
        """Make it aside and give it its final name."""
        shutil.rmtree(self.part, ignore_errors=True)
        with open(self.log, "wb"):
            pass
        self.tell("working")
        inner = os.path.join(self.part, "bin", "python")
        uv = self.order.get("uv") or found_uv()
        self.carry_out(venv_words(uv, self.order, self.part))
        listed = os.path.join(self.part, "requirements.txt")
        with open(listed, "w") as file:
            file.write("\n".join(self.order["locked"]) + "\n")
        self.carry_out(install_words(uv, inner, listed, self.order))
        self.repair_scripts()
        facts = {key: self.order[key] for key in ("name", "python", "requirements", "locked")}
        facts["bytes"] = size_of(self.part)
        facts["seconds"] = round(time.monotonic() - self.began, 3)
        with open(os.path.join(self.part, "environment.json"), "w") as file:
            json.dump(facts, file)
        os.rename(self.part, self.place)

    def carry_out(self, words: list[str]) -> None:
        """Run a program to its end; what it says goes to the log and tells how far it is."""
        self.child = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(self.lock,),
            env=installers_environment(),
        )
        assert self.child.stdout is not None
        pipe = self.child.stdout.fileno()
        with open(self.log, "ab", buffering=0) as log:
            log.write(("$ " + " ".join(words) + "\n").encode())
            rest, known = b"", len(self.seen)
            while True:
                if select.select([pipe], [], [], _TICK_S)[0]:
                    data = os.read(pipe, 1 << 16)
                    if not data:
                        break
                    log.write(data)
                    rest = self.take(rest + data)
                if len(self.seen) > known or time.monotonic() - self.told >= _TICK_S:
                    known = len(self.seen)
                    self.tell("working")
        if self.child.wait():
            raise BuildError(self.tail() or words[0] + " failed")

    def take(self, data: bytes) -> bytes:
        """Note the packages that whole lines name; gives what is left of the last line."""
        lines = data.replace(b"\r", b"\n").split(b"\n")
        for line in lines[:-1]:
            match = _PACKAGE.match(line.decode(errors="replace"))
            name = plain(match.group(1)) if match else ""
            if name in self.names and name not in self.seen:
                self.seen.append(name)
        return lines[-1]

    def tell(self, state: str) -> None:
        """Say how far it is, and leave that where others can read it."""
        self.told = time.monotonic()
        line = json.dumps(
            {
                "state": state,
                "seconds": round(self.told - self.began, 1),
                "package": self.seen[-1] if self.seen else "",
                "done": len(self.seen),
                "total": len(self.names),
            }
        )
        say(line)
        if state == "working":
            shown = self.place + ".progress"
            with open(shown + ".new", "w") as file:
                file.write(line)
            os.rename(shown + ".new", shown)

    def repair_scripts(self) -> None:
        """Let the first lines of scripts name the place that the environment will have."""
        folder = os.path.join(self.part, "bin")
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                text = file.read()
            if self.part.encode() in text[:4096]:
                with open(path, "wb") as file:
                    file.write(text.replace(self.part.encode(), self.place.encode()))

    def tail(self) -> str:
        """The last lines of the log."""
        with open(self.log, "rb") as file:
            lines = file.read().decode(errors="replace").splitlines()
        said = [line for line in lines if line.strip() and not line.startswith("$ ")]
        return "\n".join(said[-_TAIL_LINES:])[-_MOST_TAIL:]

    def clean(self) -> None:
        """End what still runs and remove what is not whole."""
        if self.child is not None and self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        shutil.rmtree(self.part, ignore_errors=True)
        for ending in (".progress", ".progress.new"):
            if os.path.exists(self.place + ending):
                os.remove(self.place + ending)


def venv_words(uv: str | None, order: dict[str, Any], place: str) -> list[str]:
    """The command that makes an empty environment."""
    python = order["python"]
    if f"{sys.version_info[0]}.{sys.version_info[1]}" == python:
        base = sys.executable
    else:
        base = shutil.which("python" + python) or (python if uv else "")
    if not base:
        raise BuildError("there is no Python " + python)
    if uv:
        return [uv, "venv", *(["--offline"] if order["wheels"] else []), "--python", base, place]
    return [base, "-m", "venv", place]


def install_words(uv: str | None, inner: str, listed: str, order: dict[str, Any]) -> list[str]:
    """The command that fills it with just what is listed."""
    if uv:
        words = [uv, "pip", "install", "--python", inner, "--no-progress"]
        index, extra = "--default-index", "--index"
    else:
        words = [inner, "-m", "pip", "install", "--progress-bar", "off"]
        index, extra = "--index-url", "--extra-index-url"
    if order["wheels"]:
        words += ["--no-index", "--find-links", os.path.expanduser(order["wheels"])]
        words += ["--offline"] if uv else []
    else:
        for option, url in ((extra, order["extra_index"]), (index, order["index"])):
            words += [option, url] if url else []
    return words + ["--no-deps", "-r", listed]


def installers_environment() -> dict[str, str]:
    """What installers see of ours: not where our own Python finds packages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return dict(kept, NO_COLOR="1", PIP_DISABLE_PIP_VERSION_CHECK="1")


def found_uv() -> str | None:
    """The uv of this machine's user, if there is one."""
    return shutil.which("uv") or shutil.which(os.path.expanduser("~/.local/bin/uv"))


def size_of(folder: str) -> int:
    """The bytes of all files below a folder."""
    return sum(
        os.lstat(os.path.join(place, name)).st_size
        for place, _, names in os.walk(folder)
        for name in names
    )


def plain(name: str) -> str:
    """A package's name in its one spelling, without extras."""
    return re.sub(r"[-_.]+", "-", name.partition("[")[0].strip()).lower()


def locked(descriptor: int) -> bool:
    """Whether the lock is ours now."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def sweep(home: str) -> None:
    """Remove what interrupted builders left."""
    for name in os.listdir(home):
        if name.endswith(".part"):
            descriptor = os.open(
                os.path.join(home, name[:-5] + ".lock"), os.O_RDWR | os.O_CREAT, 0o600
            )
            try:
                if locked(descriptor):
                    shutil.rmtree(os.path.join(home, name), ignore_errors=True)
            finally:
                os.close(descriptor)


def say(line: str) -> None:
    """Write a line to whoever asked."""
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except OSError:
        pass  # whoever asked has gone; the next one finds it built


def stop(number: int, frame: Any) -> None:
    """End as after a failure: nothing half is left."""
    raise BuildError("it was stopped")


def main() -> None:
    """Build what the argument asks for."""
    order = json.loads(sys.argv[1])
    os.umask(0o077 if order["private"] else 0o022)
    signal.signal(signal.SIGTERM, stop)
    try:
        say(json.dumps({"state": "built", "python": Builder(order).run()}))
    except (BuildError, OSError) as exc:
        say(json.dumps({"state": "failed", "said": str(exc)}))
        sys.exit(1)


if __name__ == "__main__":
    main()
