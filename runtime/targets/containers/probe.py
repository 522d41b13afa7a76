"""Testing an engine: connect, ask it about itself and an image about its Python, and judge."""

import time
from pathlib import Path
from typing import Any

import msgspec

from runtime.model import BuiltImage, Diagnostic, DockerSettings, TargetReport
from runtime.targets.containers.engine import Engine
from runtime.targets.containers.environment import (
    LABEL,
    base_of,
    built_name,
    built_python,
)
from runtime.targets.containers.limits import confined
from runtime.targets.containers.luggage import step_user
from runtime.targets.remote.environment import base_environment
from runtime.targets.remote.probe import BASE, cannot, judged

_SCRIPT = Path(__file__).parents[1] / "remote" / "found.py"
_GPU_RUNTIME = "nvidia"


def probe(name: str, settings: DockerSettings) -> TargetReport:
    """Connect to an engine and say what it offers. Blocks.

    Raises:
        InfrastructureError: T003, T005, T006 when there is no way in.
    """
    began = time.monotonic()
    engine = Engine(name, settings)
    engine.connect()
    try:
        info = engine.info()
        seconds = round(time.monotonic() - began, 4)
        report = _asked(engine, settings, info)
        return msgspec.structs.replace(
            report,
            seconds=seconds,
            host=str(info["Name"]),
            user="",
            cpus=int(info["NCPU"]),
            memory_bytes=int(info["MemTotal"]),
            engine=f"Docker {info['ServerVersion']}",
            images=_built(engine),
        )
    finally:
        engine.close()


def _asked(engine: Engine, settings: DockerSettings, info: dict[str, Any]) -> TargetReport:
    """What the image says of its Python and of the machine, out of a container."""
    base = base_of(settings)
    base_id = engine.image_id(base)
    if not base_id:
        words = f"The image '{base}' is not on '{engine.name}': it is pulled before its first step."
        return TargetReport(can_run=True, problems=(_info(words, "Pull it now to save the wait."),))
    built = "" if settings.python else built_name(base_id, base_environment())
    built_id = engine.image_id(built) if built else ""
    python = settings.python or (built_python(base_environment()) if built_id else "")
    status, output, errors = _run(engine, built_id or base_id, python, info)
    try:
        report = msgspec.json.decode(output.strip().rpartition(b"\n")[2], type=TargetReport)
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = errors.decode(errors="replace").strip().rpartition("\n")[2]
        problem = cannot(
            f"The image '{base}' has no usable Python: {said or f'status {status}'}.",
            remedy="Name an image with a Python, or the path of the Python in it.",
        )
        return TargetReport(python=python, problems=(problem,))
    return judged(engine.name, report, builds=not python)


def _run(engine: Engine, image: str, python: str, info: dict[str, Any]) -> tuple[int, bytes, bytes]:
    """Run our questions with a Python of an image, confined like any step."""
    host = confined(network="none")
    if _GPU_RUNTIME in (info.get("Runtimes") or {}):
        host["device_requests"] = [{"Count": -1, "Capabilities": [["gpu"]]}]
    words = [python] if python else ["/bin/sh", "-c", f'exec {BASE} "$@"', "sh"]
    container = engine.create(
        "",
        host,
        image=image,
        user=f"{step_user()}:{step_user()}",
        entrypoint=[*words, "-c", _SCRIPT.read_text(encoding="utf-8")],
        command=["/"],
        environment={"LOGNAME": "step", "HOME": "/"},
    )
    try:
        engine.start(container)
        said = {1: b"", 2: b""}
        for stream, data in engine.output(container):
            said[stream] = said.get(stream, b"") + data
        return engine.wait(container).exit_code, said[1], said[2]
    finally:
        engine.remove(container)


def _built(engine: Engine) -> tuple[BuiltImage, ...]:
    return tuple(
        BuiltImage(name=name, bytes=int(one["Size"]))
        for one in engine.images(LABEL)
        for name in one.get("RepoTags") or ()
    )


def _info(message: str, remedy: str) -> Diagnostic:
    return Diagnostic(code="T007", severity="info", message=message, remedy=remedy)
