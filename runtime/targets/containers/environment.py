"""The image that steps' containers are made from: the one that is named, or built once upon it."""

import contextlib
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from runtime.errors import InfrastructureError
from runtime.model import DockerSettings
from runtime.model.digest import digest_value
from runtime.targets.containers.archive import Entry, packed
from runtime.targets.containers.engine import Engine
from runtime.targets.remote.environment import BUILD, TOLD_AFTER_S, TOLD_EVERY_S, pinned
from runtime.targets.remote.probe import BASE, MINOR

REPOSITORY = "designer-environment"
LABEL = "designer.environment"
_HOME, _WHEELS = "/opt/designer", "/wheels"
_REQUIREMENTS = "requirements.txt"


class Image(NamedTuple):
    """An image and the interpreter in it that runs steps."""

    id: str
    python: str


def base_of(settings: DockerSettings) -> str:
    """The image that is named, or Python's own slim one."""
    return settings.image or f"python:{MINOR}-slim"


def built_name(base_id: str) -> str:
    """What the image is called that is built upon another with the packages that run here."""
    digest = digest_value([base_id, MINOR, *pinned()]).removeprefix("b3:")[:32]
    return f"{REPOSITORY}:{digest}"


def built_python(name: str) -> str:
    """The interpreter of an image that was built."""
    return f"{_HOME}/environments/{name.partition(':')[2]}/bin/python"


def image_for(engine: Engine, settings: DockerSettings, notice: Callable[[str], None]) -> Image:
    """The image for steps; pulled and built now where it is not there.

    Raises:
        InfrastructureError: T003, or T009 when it cannot be had.
    """
    base = base_of(settings)
    base_id = engine.image_id(base)
    if not base_id:
        with _telling("pulling image", notice):
            engine.pull(base)
        base_id = engine.image_id(base)
    if settings.python:
        return Image(base_id, settings.python)
    name = built_name(base_id)
    if not engine.image_id(name):
        with _telling("building image", notice):
            _build(engine, settings, base_id, name)
    return Image(engine.image_id(name), built_python(name))


def _build(engine: Engine, settings: DockerSettings, base_id: str, name: str) -> None:
    """Install what steps import in a container, and keep what it became."""
    digest = name.partition(":")[2]
    words = (BUILD, _HOME, digest, _WHEELS if settings.wheels else "", "022")
    script = f"exec {BASE} -c {' '.join(map(shlex.quote, words))} < {_WHEELS}/{_REQUIREMENTS}"
    container = engine.create(
        "",
        {
            "network_mode": "none" if settings.wheels else "default",
            "mounts": [{"Type": "volume", "Target": _WHEELS}],
        },
        image=base_id,
        user="0",
        entrypoint=["/bin/sh", "-c", script],
        labels={LABEL: digest},
    )
    try:
        engine.put(container, _WHEELS, packed(_wheels(settings), user=0))
        engine.start(container)
        said = b"".join(data for _, data in engine.output(container))
        if engine.wait(container).exit_code:
            last = said.decode(errors="replace").strip().rpartition("\n")[2]
            raise InfrastructureError(
                "T009",
                f"The image for steps on '{engine.name}' could not be built: {last}.",
                remedy="Name an image whose Python has the packages, or a folder of wheels.",
            )
        engine.commit(container, name, {LABEL: digest})
    finally:
        engine.remove(container)


def _wheels(settings: DockerSettings) -> list[Entry]:
    entries = [Entry(_REQUIREMENTS, data="\n".join(pinned()).encode())]
    if settings.wheels:
        folder = Path(settings.wheels).expanduser()
        entries += [Entry(one.name, source=one) for one in sorted(folder.glob("*.whl"))]
    return entries


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
