"""Testing a target: connect, ask the host about itself, and judge whether a step can run there."""

import re
import shlex
import sys
import time
from pathlib import Path

import msgspec

from runtime.model import Diagnostic, SshSettings, TargetReport
from runtime.targets.remote.connector import Connector
from runtime.targets.remote.found import FLOOR
from runtime.targets.remote.found import packages as found_here

MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
BASE = f"$(command -v python{MINOR} || command -v python3)"
"""The host's own Python, in the words of its shell."""

_SCRIPT = Path(__file__).with_name("found.py")


async def probe(connector: Connector, name: str, settings: SshSettings) -> TargetReport:
    """Connect to a host and say what it offers.

    Args:
        connector: Not connected so far; it is closed at the end.
        name: What the target is called.
        settings: Which Python runs steps, and where the designer may write.

    Raises:
        InfrastructureError: T003, T004, T006 when there is no way in.
    """
    began = time.monotonic()
    await connector.connect()
    try:
        python = shell_path(settings.python) if settings.python else BASE
        command = f"{python} - {shlex.quote(settings.folder)}"
        done = await connector.run(command, _SCRIPT.read_bytes())
    finally:
        await connector.close()
    seconds = round(time.monotonic() - began, 4)
    try:
        report = msgspec.json.decode(done.output.strip().rpartition(b"\n")[2], type=TargetReport)
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = done.errors.decode(errors="replace").strip().rpartition("\n")[2]
        where = f"at '{settings.python}'" if settings.python else "that it finds"
        problem = cannot(f"'{name}' has no Python {where}: {said or 'it said nothing'}.")
        return TargetReport(python=settings.python, seconds=seconds, problems=(problem,))
    report = msgspec.structs.replace(report, seconds=seconds)
    return judged(name, report, builds=not settings.python)


def judged(name: str, report: TargetReport, *, builds: bool) -> TargetReport:
    """A report with what is to be said of it, and whether a step can run there.

    Args:
        name: What the target is called.
        report: What a Python there said of itself.
        builds: An environment is made upon that Python before the first step.
    """
    problems = _problems(name, report, builds=builds)
    can_run = not any(problem.severity == "error" for problem in problems)
    return msgspec.structs.replace(report, problems=problems, can_run=can_run)


def shell_path(path: str) -> str:
    """A path for the host's shell; one that starts with `~/` is below its user's own folder.

    >>> shell_path("~/env/bin/python")
    '~/env/bin/python'
    >>> shell_path("/opt/my env/bin/python")
    "'/opt/my env/bin/python'"
    """
    if path.startswith("~/"):
        return "~/" + shlex.quote(path[2:])
    return shlex.quote(path)


def _problems(name: str, report: TargetReport, *, builds: bool) -> tuple[Diagnostic, ...]:
    if not report.python_version.startswith(f"{MINOR}."):
        return (
            cannot(
                f"'{name}' runs steps with Python {report.python_version} ('{report.python}'), "
                f"but runs here are planned for {MINOR}.",
                remedy=f"Name a Python {MINOR} there.",
            ),
        )
    if builds:
        return (_builds(name, report),)
    lacking = [
        f"{package} {least}"
        for package, least in FLOOR.items()
        if _numbers(report.packages.get(package, "")) < _numbers(least)
    ]
    if not lacking:
        return _differences(name, report)
    return (
        cannot(
            f"The Python of '{name}' ('{report.python}') lacks {', '.join(lacking)} or newer.",
            remedy="Install them there, or name another Python.",
        ),
    )


def _differences(name: str, report: TargetReport) -> tuple[Diagnostic, ...]:
    """Packages of other versions than here: results may differ, and are reused all the same."""
    others = [
        f"{package} {report.packages.get(package) or 'missing'} ({version} here)"
        for package, version in found_here().items()
        if version and report.packages.get(package) != version
    ]
    if not others:
        return ()
    return (
        Diagnostic(
            code="T007",
            severity="warning",
            message=f"The Python of '{name}' has other packages than here: {', '.join(others)}.",
            remedy="Install the same versions there, so that steps give the same results.",
        ),
    )


def _builds(name: str, report: TargetReport) -> Diagnostic:
    """What is to be said of a host whose environment we make."""
    if not report.can_build:
        return cannot(
            f"No environment can be made on '{name}': its Python has neither venv nor uv.",
            remedy="Install python3-venv or uv there, or name a Python that has the packages.",
        )
    return Diagnostic(
        code="T007",
        severity="info",
        message=f"'{name}' names no Python: an environment is built there before its first step.",
        remedy="Name a Python that has the packages if that takes too long.",
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def cannot(message: str, *, remedy: str = "Name a Python that is there.") -> Diagnostic:
    """Why no step can run there."""
    return Diagnostic(code="T007", severity="error", message=message, remedy=remedy)
