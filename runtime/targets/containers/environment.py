"""The image that steps' containers are made from: the one that is named, or built once upon it."""

import contextlib
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from runtime.environments.building import PROGRAM, Progress, heard, not_built, order, words
from runtime.model import DockerSettings, Environment, PackageSource
from runtime.model.digest import digest_value
from runtime.targets.containers.archive import Entry, packed
from runtime.targets.containers.engine import Engine
from runtime.targets.remote.environment import TOLD_AFTER_S, TOLD_EVERY_S, base_environment
from runtime.targets.remote.probe import BASE, MINOR

REPOSITORY = "designer-environment"
LABEL = "designer.environment"
_ENVIRONMENTS, _WHEELS = "/opt/designer/environments", "/wheels"


class Image(NamedTuple):
    """An image and the interpreter in it that runs steps."""

    id: str
    python: str


class Built(NamedTuple):
    """An image that is being built: upon which, and what it will be called."""

    base_id: str
    name: str


def base_of(settings: DockerSettings) -> str:
    """The image that is named, or Python's own slim one."""
    return settings.image or f"python:{MINOR}-slim"


def built_name(base_id: str, environment: Environment) -> str:
    """What the image is called that is built upon another with the packages of an environment."""
    digest = digest_value([base_id, environment.python, *environment.locked])
    return f"{REPOSITORY}:{digest.removeprefix('b3:')[:32]}"


def built_python(environment: Environment) -> str:
    """Its interpreter in an image that was built."""
    return environment.interpreter(_ENVIRONMENTS)


def image_for(
    engine: Engine,
    settings: DockerSettings,
    environment: Environment | None,
    notice: Callable[[str], None],
) -> Image:
    """The image for steps; pulled and built now where it is not there.

    Args:
        engine: Where it has to be.
        settings: Its base, and where packages come from.
        environment: What steps ask for; what every step needs when absent.
        notice: Told what goes on.

    Raises:
        InfrastructureError: T003, or T009 when it cannot be had.
    """
    base = base_of(settings)
    base_id = engine.image_id(base)
    if not base_id:
        with _telling("pulling image", notice):
            engine.pull(base)
        base_id = engine.image_id(base)
    if environment is None and settings.python:
        return Image(base_id, settings.python)
    wanted = environment or base_environment()
    name = built_name(base_id, wanted)
    if not engine.image_id(name):
        _build(engine, settings, wanted, Built(base_id, name), notice)
    return Image(engine.image_id(name), built_python(wanted))


def _build(
    engine: Engine,
    settings: DockerSettings,
    environment: Environment,
    built: Built,
    notice: Callable[[str], None],
) -> None:
    """Build an environment in a container, and keep what it became."""
    digest = built.name.partition(":")[2]
    wheels = settings.wheels or environment.source.wheels
    source = PackageSource(wheels=_WHEELS) if wheels else environment.source
    wanted = msgspec.structs.replace(environment, source=source)
    ordered = order(wanted, _ENVIRONMENTS, private=False)
    program = shlex.join((PROGRAM.read_text(encoding="utf-8"), ordered))
    container = engine.create(
        "",
        {
            "network_mode": "none" if wheels else "default",
            "mounts": [{"Type": "volume", "Target": _WHEELS}],
        },
        image=built.base_id,
        user="0",
        entrypoint=["/bin/sh", "-c", f"exec {BASE} -c {program}"],
        labels={LABEL: digest},
    )
    try:
        engine.put(container, _WHEELS, packed(_wheels(wheels), user=0))
        engine.start(container)
        ending = _followed(engine, container, notice)
        if engine.wait(container).exit_code:
            raise not_built(environment, said=ending.said, where=f"on '{engine.name}'")
        engine.commit(container, built.name, {LABEL: digest})
    finally:
        notice("")
        engine.remove(container)


def _followed(engine: Engine, container: str, notice: Callable[[str], None]) -> Progress:
    """Say how far a build is until it has ended; gives its last word."""
    rest, ending = b"", Progress(state="failed")
    for _, data in engine.output(container):
        *lines, rest = (rest + data).split(b"\n")
        for ending in map(heard, lines):
            if ending.state in ("waiting", "working") and ending.seconds >= TOLD_AFTER_S:
                notice(words("", ending))
    return heard(rest) if rest.strip() else ending


def _wheels(folder: str) -> list[Entry]:
    files = sorted(Path(folder).expanduser().glob("*.whl")) if folder else []
    return [Entry(one.name, source=one) for one in files]


@contextlib.contextmanager
def _telling(what: str, notice: Callable[[str], None]) -> Iterator[None]:
    """Say every few seconds what goes on and for how long."""
    is_over, began = threading.Event(), time.monotonic()

    def tell() -> None:
        pause = TOLD_AFTER_S
        while not is_over.wait(pause):
            notice(f"{what}, {time.monotonic() - began:.0f} s")
            pause = TOLD_EVERY_S

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        notice("")
