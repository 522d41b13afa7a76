"""Building environments with a program of its own: what it is told, and what it says."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from runtime.environments.locking import find_uv
from runtime.errors import DesignerError, InfrastructureError
from runtime.model import Environment

PROGRAM = Path(__file__).with_name("build.py")
_MOST_WORDS = 300


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a build is, or how it ended.

    Attributes:
        state: `waiting` for another builder, `working`, `built` or `failed`.
        seconds: Since it began.
        package: The newest that it has come to.
        done: How many it has come to, of `total`.
        python: The interpreter of one that is built.
        said: Why it failed.
    """

    state: Literal["waiting", "working", "built", "failed"]
    seconds: float = 0
    package: str = ""
    done: int = 0
    total: int = 0
    python: str = ""
    said: str = ""


Tell = Callable[[Progress], None]
_decode = msgspec.json.Decoder(Progress).decode


def order(environment: Environment, home: str, *, uv: str = "", private: bool = True) -> str:
    """What the program is told.

    Args:
        environment: What to build.
        home: The folder of all environments there.
        uv: The program uv; looked for there when empty.
        private: Whether only whoever builds it may use it.
    """
    facts = {
        "home": home,
        "folder": environment.folder,
        "name": environment.title,
        "python": environment.python,
        "requirements": environment.requirements,
        "locked": environment.locked,
        "index": environment.source.index,
        "extra_index": environment.source.extra_index,
        "wheels": environment.source.wheels,
        "uv": uv,
        "private": private,
    }
    return msgspec.json.encode(facts).decode()


def start(environment: Environment, home: Path | str) -> "subprocess.Popen[bytes]":
    """Start a build on this machine, in a process group of its own.

    Raises:
        OSError: No process can be made.
    """
    try:
        uv = find_uv()
    except DesignerError:
        uv = ""
    return subprocess.Popen(
        [sys.executable, "-I", str(PROGRAM), order(environment, str(home), uv=uv)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def build(environment: Environment, home: Path | str, tell: Tell = lambda _: None) -> str:
    """Build an environment here unless it is there; gives its interpreter.

    Args:
        environment: What to build.
        home: The folder of all environments.
        tell: Called with how far it is.

    Raises:
        InfrastructureError: T009 with the end of the log.
    """
    place = environment.interpreter(str(home))
    if os.path.exists(place):
        return place
    ending = None
    with start(environment, home) as process:
        assert process.stdout is not None
        try:
            for ending in map(heard, process.stdout):
                if ending.state in ("waiting", "working"):
                    tell(ending)
        except BaseException:
            process.terminate()
            raise
    if ending is None or ending.state != "built":
        raise not_built(environment, said=ending.said if ending else "", where="here")
    return ending.python


def heard(line: bytes) -> Progress:
    """A line of the program; one that is none is taken as its last words."""
    try:
        return _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Progress(state="failed", said=line.decode(errors="replace").strip())


def words(title: str, progress: Progress) -> str:
    """How far a build is, as people read it.

    >>> words("boosting", Progress(state="working", seconds=40, package="lightgbm", done=3, total=12))
    "building environment 'boosting', 40 s: lightgbm, 3 of 12"
    """
    name = f" '{title}'" if title else ""
    if progress.state == "waiting":
        return f"waiting for environment{name}, which is being built, {progress.seconds:.0f} s"
    text = f"building environment{name}, {progress.seconds:.0f} s"
    if progress.package:
        text += f": {progress.package}, {progress.done} of {progress.total}"
    return text


def not_built(environment: Environment, *, said: str, where: str) -> InfrastructureError:
    """T009 for an environment that could not be built.

    Args:
        environment: Which.
        said: The end of the log; all of it is in the error's details.
        where: `here`, or on which target.
    """
    name = f"environment '{environment.title}'" if environment.title else "environment"
    return InfrastructureError(
        "T009",
        f"The {name} could not be built {where}: {_last_words(said)}.",
        remedy="Repair what the log says, or change what the environment asks for.",
        log=said,
    )


def _last_words(said: str) -> str:
    return " ".join(said.split())[-_MOST_WORDS:].rstrip(".") or "no word why"
